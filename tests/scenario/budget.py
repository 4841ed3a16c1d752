"""How long what is shown and said may be, and how often somebody is asked for the same."""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.incident.incident import Incident
from domain.port.chat import Say, ShowCard
from domain.port.message import Message
from domain.run.question import question
from domain.simulation.incident import DutyDone

CARD, SAID, PAUSE = 12, 4, timedelta(minutes=5)
QUOTES = "May ", "By hand: ", "recorded the notification"
"""What somebody is asked to approve, to send by hand, or has sent, is quoted whole: it is as long as they wrote it."""


def too_long(done: DutyDone) -> str:
    """What has more lines than there is room for; presses and the small line do not count in what is said."""
    if not isinstance(done.duty, ShowCard | Say):
        return ""
    words = done.duty.message
    if isinstance(done.duty, ShowCard) or words.facts:  # the card, and the briefing of who takes over
        more = sum(map(bool, [words.title, words.links, words.buttons, words.small]))
        return words.text if said(words) + more > CARD else ""
    return words.text if said(words) > SAID and not any(quote in words.text for quote in QUOTES) else ""


def said(message: Message) -> int:
    """Lines of the words and of the facts under them."""
    return sum(
        bool(line.strip()) for part in (message.text, *(f for _, f in message.facts)) for line in part.splitlines()
    )


def too_often(incident: Incident, done: Iterable[DutyDone]) -> list[tuple[str, str, datetime]]:
    """Who was asked alone for the same, so soon after; an edit rings nobody."""
    asked: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for one in done:
        if isinstance(one.duty, Say) and one.duty.person and not one.duty.ref and one.duty.key.startswith("say/"):
            about = question(incident.events[int(one.duty.key.split("/")[1]) - 1].what)
            asked[one.duty.person.id, about].append(one.at)
    pairs = ((who, at, then) for who, moments in asked.items() for at, then in itertools.pairwise(moments))
    return [(person, about, then) for (person, about), at, then in pairs if about and then - at < PAUSE]
