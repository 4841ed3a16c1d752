"""What became of duties."""

import re
from typing import TYPE_CHECKING

from pydantic import Field

from domain.incident.entry import Failure, Shown
from domain.incident.fact import Fact
from domain.port.any_duty import DUTIES
from domain.port.duty import Outcome
from domain.value.key import DutyKey
from domain.value.line import Line, Names, Tone, in_words
from domain.value.model import ClauseId, unsaid

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident

PAGES = "page "
"""How the summary of a page begins, before the level that it is for."""
DONE = "done: "
"""What a line begins with that names what was owed to the world, as it was to be done."""
PAST = {
    "bring": "brought",
    "find": "found",
    "give": "gave",
    "have": "had",
    "keep": "kept",
    "make": "made",
    "put": "put",
    "read": "read",
    "say": "said",
    "send": "sent",
    "set": "set",
    "take": "took",
    "tell": "told",
    "wake": "woke",
    "write": "wrote",
}
"""The verbs of what is owed whose past is their own."""


class Done(Fact):
    """A duty was done; `digest` tells which content was shown where a message is edited in place."""

    clause: ClauseId
    key: DutyKey
    duty: str
    summary: str
    outcome: Outcome
    digest: str = ""
    vendor: str = Field(default="", exclude_if=unsaid)
    """Who did it, where somebody else plays the role by then (DET-7)."""

    @property
    def upkeep(self) -> bool:
        """Whether that it was done is no news."""
        duty = DUTIES.get(self.duty)
        return duty is not None and duty.upkeep

    @property
    def unseen(self) -> bool:
        """Whether nobody outside saw anything of it."""
        duty = DUTIES.get(self.duty)
        return duty is not None and duty.unseen

    def moves(self) -> bool:
        """Not where it was a word or an edit."""
        duty = DUTIES.get(self.duty)
        return duty is None or not duty.is_inert(self.about)

    def ticks(self) -> bool:
        """Not where it was a question whose answer, where it is news, is an event of its own."""
        duty = DUTIES.get(self.duty)
        return self.moves() and not (duty and duty.untimed)

    @property
    def about(self) -> str:
        """What the duty was about: its key without its name."""
        return self.key.about

    @property
    def place(self) -> str:
        duty = DUTIES.get(self.duty)
        return duty.place(self.about) if duty else ""

    def may_tell(self) -> bool:
        """Where the duty's own kind says so."""
        duty = DUTIES.get(self.duty)
        return duty is not None and bool(duty.is_told(self.outcome) or duty.left_out(self.outcome))

    @property
    def left_out(self) -> str:
        """The part of it that the vendor would not take, and what to do."""
        duty = DUTIES.get(self.duty)
        return duty.left_out(self.outcome) if duty else ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It is owed no more; of a message that is edited in place it is kept what it shows."""
        incident.done[self.key] = event.at
        incident.failures.pop(self.key, None)
        duty = DUTIES.get(self.duty)
        if duty and duty.edits:
            before = incident.shown.get(duty.edits)
            ref = self.outcome.ref or (before.ref if before else "")
            incident.shown[duty.edits] = Shown((before.count if before else 0) + 1, event.at, self.digest, ref)

    def line(self, names: Names) -> Line:
        known = all(_names(self.summary, names.person(one)) for one in self.outcome.people)
        whom, summary = "" if known else names.people(self.outcome.people), in_words(self.summary)
        if whom and summary.startswith(PAGES):
            summary, whom = f"{PAGES}{whom}, {summary.removeprefix(PAGES)}", ""
        tone: Tone = "quiet" if self.upkeep and not self.left_out else ""
        said = f"{DONE}{summary}{' → ' if whom else ''}{whom}"
        return Line(said, self.left_out, tone, self.outcome.url, alone=True)


class Failed(Fact):
    """A duty could not be done for now; it stays owed."""

    long = True
    clause: ClauseId
    key: DutyKey
    duty: str
    summary: str
    said: str
    by_hand: str = ""
    retryable: bool
    times: int
    given_up: bool = Field(default=False, exclude_if=unsaid)
    """It was owed no more, and was only looked for: nobody knows whether it had happened."""

    def may_tell(self) -> bool:
        """The first time; what is tried again and again needs no further word."""
        duty = DUTIES.get(self.duty)
        return (self.times == 1 or self.given_up) and (duty is None or duty.failure_told)

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.failures[self.key] = Failure(self.times, event.at, self.retryable)
        if not self.retryable and self.duty == "page":
            incident.reach.refused.setdefault(self.key.about, event.at)

    def line(self, names: Names) -> Line:
        why = "; ".join(one for one in (self.said, in_words(self.by_hand)) if one)
        return Line(f"could not {in_words(self.summary)}", why, "bad", alone=True)


def _names(words: str, person: str) -> bool:
    """Whether some words name somebody already."""
    return re.search(rf"(?<!\w){re.escape(person)}(?!\w)", words, re.IGNORECASE) is not None


def in_past(words: str) -> str:
    """What was done as it was: `done: page Dana` is `paged Dana`; other words stay."""
    if not words.startswith(DONE):
        return words
    verb, space, rest = words.removeprefix(DONE).partition(" ")
    if not verb.isalpha():
        return words
    past = PAST.get(verb) or verb.removesuffix("e") + "ed"
    return f"{past}{space}{rest}"
