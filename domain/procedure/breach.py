"""GDP: what is known of each breach of personal data, read from the answers and the notifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import Field

from domain.incident.entry import BreachAnswer
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Instant, by_default, unsaid

Risk = Literal["likely", "none"]
"""Whether a breach is likely to be a risk to anybody; `none` is documented and not notified (Article 33(1))."""
FOUND_LATER = (
    "for a breach that is found later, or was known earlier, declare a new incident that names this one, and answer "
    "there since when the company knew: the 72 hours count from that moment"
)
"""What becomes of news about personal data once its incident has ended."""


class BreachAnswered(Fact):
    """Whether personal data was breached (GDP-1)."""

    told = True
    step = "answered the breach checkpoint"
    clause: ClauseId = "GDP-1"
    breach: bool
    reason: str
    aware_at: Instant
    another: bool = Field(default=False, exclude_if=unsaid)
    """Another breach than the one that is known: it has 72 hours of its own."""
    risk: Risk = by_default("likely")
    asked_by: str = Field(default="", exclude_if=unsaid)
    """Who answered so first, where it took a second person."""

    def apply(self, incident: Incident, event: Event) -> None:
        incident.learning.answers.append(BreachAnswer(event.at, self.breach, self.reason, self.aware_at))

    def line(self, names: Names) -> Line:
        return Line(f"answered: {in_words(self)}", self.reason)


class BreachAnswerAsked(Fact):
    """An answer that eases what is owed for a breach waits for a second person (GDP-2)."""

    answered_by = (BreachAnswered,)
    told = True
    clause: ClauseId = "GDP-2"
    breach: bool
    reason: str
    aware_at: Instant
    risk: Risk = by_default("likely")

    def line(self, names: Names) -> Line:
        return Line(f"answered anew, for a second person to confirm: {in_words(self)}", self.reason, "warn")


class NotificationRecorded(Fact):
    """The authority was notified of the breach, or the reason for lateness was given (GDP-2)."""

    told = True
    minor = True
    clause: ClauseId = "GDP-2"
    reference: str = ""
    authority: str = ""
    notified_at: Instant | None = None
    late_reason: str = ""
    nature: str = ""
    contact: str = ""
    consequences: str = ""
    measures: str = ""

    def apply(self, incident: Incident, event: Event) -> None:
        """The first notification counts, and any reason for lateness."""
        known = incident.learning
        known.late_reason = self.late_reason or known.late_reason
        if self.reference and not known.notified_at:
            known.notified_at = self.notified_at or event.at

    def line(self, names: Names) -> Line:
        said = f"recorded the notification of {self.authority or 'the authority'} {self.reference}".rstrip()
        return Line(said if self.reference else "recorded why the notification is late", self.late_reason)


@dataclass(slots=True)
class Breach:
    """One breach of personal data and what became of it."""

    aware_at: datetime
    reason: str
    gone_at: datetime | None = None
    """When it was taken back, or documented as a risk to nobody (Article 33(5)); by two people."""
    reference: str = ""
    notified_at: datetime | None = None
    recorded_at: datetime | None = None
    """When we heard of the notification."""
    earlier_at: datetime | None = None
    """Since when the company was aware, by an earlier moment that was said only after the notification."""
    explained: bool = True
    """Whether a reason for lateness was given since then."""

    @property
    def settled(self) -> bool:
        """Whether nothing is owed for it."""
        return bool(self.notified_at or self.gone_at)


def breaches(incident: Incident) -> list[Breach]:
    """Every breach that was known, the newest last; one whose awareness moves is still the same."""
    found: list[Breach] = []
    said = [event for kind in (BreachAnswered, NotificationRecorded) for event, _ in incident.all(kind)]
    for event in sorted(said, key=lambda event: event.number):
        if isinstance(event.what, BreachAnswered):
            _answer(found, event, event.what)
        elif isinstance(event.what, NotificationRecorded) and event.what.reference:
            _notify(found, event, event.what)
        if isinstance(event.what, NotificationRecorded) and event.what.late_reason.strip():
            for one in found:
                one.explained = one.explained or event.what.reference in ("", one.reference)
    return found


def _answer(found: list[Breach], event: Event, answer: BreachAnswered) -> None:
    known = [one for one in found if one.gone_at is None]
    if not answer.breach or answer.risk == "none":
        for one in known if not answer.breach else known[-1:]:
            one.gone_at = None if one.notified_at else event.at
    elif answer.another or not known:
        found.append(Breach(answer.aware_at, answer.reason))
    else:
        last = known[-1]
        if last.recorded_at and answer.aware_at < last.aware_at:
            last.explained = last.explained and last.earlier_at is not None
            last.earlier_at = answer.aware_at
        last.aware_at, last.reason = answer.aware_at, answer.reason


def _notify(found: Sequence[Breach], event: Event, said: NotificationRecorded) -> None:
    """The notification is that of the newest breach without one; more facts go under a reference that is known."""
    if any(one.reference == said.reference for one in found):
        return
    waiting = [one for one in found if not one.settled]
    for one in waiting[-1:]:
        one.reference, one.notified_at, one.recorded_at = said.reference, said.notified_at or event.at, event.heard_at


def in_words(answer: BreachAnswered | BreachAnswerAsked) -> str:
    """An answer in a sentence."""
    if isinstance(answer, BreachAnswerAsked) and answer.breach and answer.risk == "likely":
        return f"the company became aware on {answer.aware_at:%d %b %H:%M} UTC"
    again = " once more" if isinstance(answer, BreachAnswered) and answer.another else ""
    risk = ", which is a risk to nobody (Article 33(1))" if answer.breach and answer.risk == "none" else ""
    return f"personal data was {'' if answer.breach else 'not '}breached{again}{risk}"
