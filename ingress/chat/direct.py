"""What somebody writes to the app alone, in a direct message: always answered, there.

Words are no press: what can be read is read at once, what would be an act is offered as one press with what was
written filled in, so that nothing is done by a sentence which only began like a command.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from client.port import NotTaken, Unanswered
from domain.port.conversation import Reply, UnclearInput, Written
from domain.port.message import Button, Message
from domain.rule.act import people_do
from ingress.chat.answer import DECLARE
from ingress.chat.command import parse
from ingress.chat.conversation import Conversation, Who
from ingress.chat.lately import Lately
from ingress.chat.phrase import ParsedCommand
from ingress.chat.question import OPEN

log = logging.getLogger("standfast.ingress.chat")

REPEATED = timedelta(minutes=10)
"""How long the same message may come again (docs.slack.dev/apis/events-api, Retries)."""
ON_IT = frozenset({"on it", "i'm on it", "im on it", "looking", "here", "awake"})
"""What people answer to a page."""
CANNOT = frozenset({"can't", "i can't", "cannot", "i cannot", "can not", "page the next", "i can't, page the next"})
NOT_YET = "Nothing is done until you press."


class DirectTalk:
    """Answers what is written to the app; the same message again is answered once."""

    def __init__(self, conversation: Conversation, now: Callable[[], datetime]) -> None:
        self._conversation = conversation
        self._answered = Lately[tuple[str, str], bool](REPEATED, now)

    def written(self, written: Written) -> None:
        """Somebody wrote to the app; the answer follows in the background."""
        place = written.channel, written.message
        if place not in self._answered:
            self._answered[place] = True
            self._conversation.asking.begin(self._answer(written))

    async def _answer(self, written: Written) -> None:
        who, asked = Who(written.user, "", written.id, written.at), _read(written)
        act = people_do().get(asked.kind)
        label = DECLARE.label if asked.kind == OPEN else act.label if act else ""
        incident = await self._meant(asked) if act else ""
        if label and (incident or asked.kind == OPEN):
            told = Reply(shown=((_offer(asked, label, incident), incident),))
        else:
            told = await self._conversation.answer(asked, who)
        await self._conversation.whisper(who, told)

    async def _meant(self, asked: ParsedCommand) -> str:
        """The incident that is meant; empty where there are several, or nobody can say."""
        try:
            return await self._conversation.meant(asked)
        except (NotTaken, Unanswered, TimeoutError) as error:
            log.warning("which incident a direct message means cannot be read: %r", error)
            return ""


def _read(written: Written) -> ParsedCommand:
    """The words as a command; those that are none ask for the menu, and never declare."""
    words = written.text.strip()
    plain = words.lower().replace("\u2019", "'").rstrip(".!")
    words = "ack" if plain in ON_IT else "decline" if plain in CANNOT else words
    try:
        return parse(words, written.at)
    except UnclearInput:
        return ParsedCommand(kind="menu")


def _offer(asked: ParsedCommand, label: str, incident: str) -> Message:
    """The press that does what was written, or opens its form with it."""
    said = " · ".join(value for value in asked.fields.values() if value)
    button = Button(act=asked.kind, label=label, fields=asked.fields, asks=asked.asks)
    return Message(text=f"*{label}*{f': {said}' if said else ''}? {NOT_YET}", buttons=(button,), small=incident)
