"""PM-3: a post-mortem is complete once it was read back, with a word of somebody's under each of its own headings.

Asked for while its document can be read, the completion waits for what stands there. Empty sections are named to who
asked, who may complete it all the same with a reason; a document that cannot be read holds it up only for a while.
"""

from collections.abc import Iterator

from domain.incident.clock import Clock
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.port.message import Message
from domain.port.notebook import ReviewDocument
from domain.procedure.postmortem import PM_1, is_owed
from domain.procedure.postmortem_document import headings
from domain.procedure.postmortem_facts import CompletionAsked, PostmortemCompleted
from domain.rule.ruleset import Ruleset
from domain.value.key import ClockKey
from domain.value.line import Line, Names
from domain.value.model import ClauseId

CLAUSE = "PM-3"
SAYS = "wait until the post-mortem is read back"


class DocumentRead(Fact):
    """The post-mortem was read back: which of people's sections nobody has written in (PM-3)."""

    told = True
    minor = True
    clause: ClauseId = "PM-3"
    unwritten: tuple[str, ...] = ()

    def may_tell(self) -> bool:
        """What is missing; what is whole is told as complete."""
        return bool(self.unwritten)

    def apply(self, incident: Incident, event: Event) -> None:
        incident.learning.unwritten = self.unwritten

    def line(self, names: Names) -> Line:
        if not self.unwritten:
            return Line("read the post-mortem: every section is written", tone="quiet", alone=True)
        return Line(f"nobody has written in {listed(self.unwritten)} of the post-mortem", tone="warn", alone=True)


def listed(headings: tuple[str, ...]) -> str:
    """Headings as people name them; the whole document where it has none of their own."""
    return ", ".join(f"“{heading}”" for heading in headings if heading) or "any part"


def waiting(incident: Incident) -> tuple[int, Event] | None:
    """The completion that waits for the document, and which one it is; an answer or a reopening ends it."""
    asked = [event for event, _ in incident.all(CompletionAsked)]
    if not asked or incident.phase != "resolved":
        return None
    last = asked[-1]
    ends = [*incident.all(DocumentRead), *incident.all(PostmortemCompleted)]
    answered = any(event.number > last.number for event, _ in ends)
    reopened = bool(incident.reopenings) and incident.reopenings[-1] >= last.at
    return None if answered or reopened else (len(asked), last)


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """The document is read for each completion that was asked for."""
    asked = waiting(incident)
    if asked and incident.learning.document and is_owed(incident):
        yield ReviewDocument(
            key=f"review_document/{asked[0]}",
            incident=incident.id,
            clause=CLAUSE,
            summary="read the post-mortem back",
            ref=incident.learning.document,
            generated=headings(incident),
        )


def clocks(incident: Incident) -> Iterator[Clock]:
    """How long it is waited for."""
    asked = waiting(incident)
    if asked:
        key, at = ClockKey.of(CLAUSE, f"read-{asked[0]}"), asked[1].at
        due = at + incident.policy.learn.read_within
        yield Clock(CLAUSE, key, SAYS, STANDFAST, at, due, incident.rung.get(key), wait=True)


def expired(incident: Incident, key: ClockKey) -> tuple[Fact, ...]:
    """What cannot be read is complete by the word of who asked, and that is said."""
    asked = waiting(incident)
    if asked is None or key != ClockKey.of(CLAUSE, f"read-{asked[0]}"):
        return ()
    return (PostmortemCompleted(person=asked[1].by, unread=True),)


def follow(incident: Incident, duty: AnyDuty, outcome: Outcome) -> tuple[Fact, ...]:
    """What was read: complete, or what is missing."""
    asked = waiting(incident)
    if not isinstance(duty, ReviewDocument) or asked is None:
        return ()
    read = DocumentRead(unwritten=outcome.unwritten)
    return (read,) if outcome.unwritten else (read, PostmortemCompleted(person=asked[1].by))


def _tell(incident: Incident, event: Event, read: DocumentRead) -> Message:
    asked = [one.by for one, _ in incident.all(CompletionAsked)][-1:]
    missing = f"Nobody has written in {listed(read.unwritten)}: the post-mortem is not complete yet."
    text = f"{CLAUSE} {missing}\nWrite there and press again, or say why it stays empty."
    presses = PM_1.promise.buttons(ClockKey(PM_1.id)) if PM_1.promise else ()
    return Message(text=text, to=incident.people(asked), buttons=presses)


RULES = Ruleset(duties=duties, clocks=clocks, expired=expired, done=follow, tell={DocumentRead: _tell})
