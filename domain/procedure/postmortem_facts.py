"""PM-3: what is known of a post-mortem: its cause, that nothing is to be done, that somebody calls it complete."""

from pydantic import Field

from domain.incident.entry import Waiver
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.procedure.repeats import RepeatFound
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Slug, unsaid


class CauseNamed(Fact):
    """The root cause is this from now on (PM-3, REP-1)."""

    told = True
    step = "named the root cause"
    minor = True
    clause: ClauseId = "PM-3"
    cause: Slug
    title: str

    def apply(self, incident: Incident, event: Event) -> None:
        """Another cause has other repetitions; one that was named before has those that were found then."""
        known = incident.learning
        if self.cause != known.cause:
            found = [said.repeats for _, said in incident.all(RepeatFound) if said.cause == self.cause]
            known.repeats = found[-1] if found else ()
            known.cause_at, known.naming = event.at, event.number
        known.cause, known.cause_title = self.cause, self.title

    def line(self, names: Names) -> Line:
        return Line(f"named the root cause: {self.cause}", self.title)


class ItemsWaived(Fact):
    """Nothing is to be done, by the word of a named person (PM-3)."""

    told = True
    minor = True
    clause: ClauseId = "PM-3"
    reason: str

    def apply(self, incident: Incident, event: Event) -> None:
        incident.learning.no_items = Waiver(event.at, event.by, self.reason)

    def line(self, names: Names) -> Line:
        return Line("no action items", self.reason)


class CompletionAsked(Fact):
    """Somebody completes the post-mortem, once it was read back (PM-3)."""

    minor = True
    clause: ClauseId = "PM-3"

    @property
    def remark(self) -> str:
        """What happens first."""
        return "the document is read back first"

    def line(self, names: Names) -> Line:
        return Line("calls the post-mortem complete")


class PostmortemCompleted(Fact):
    """The post-mortem is complete (PM-1)."""

    told = True
    step = "completed the post-mortem"
    minor = True
    clause: ClauseId = "PM-1"
    person: str = Field(default="", exclude_if=unsaid)
    """Who had called it complete, where it was read back first."""
    despite: str = Field(default="", exclude_if=unsaid)
    """Why it is complete though sections are empty."""
    unread: bool = Field(default=False, exclude_if=unsaid)
    """Whether its document could not be read."""

    def apply(self, incident: Incident, event: Event) -> None:
        incident.learning.completions.append(event.at)

    def line(self, names: Names) -> Line:
        words = f"the post-mortem that {names.person(self.person)} wrote is complete" if self.person else ""
        words = f"{words or 'completed the post-mortem'}{', and nobody could read it back' if self.unread else ''}"
        detail = f"sections stay empty, because {self.despite}" if self.despite else ""
        return Line(words, detail, "warn" if detail or self.unread else "good", alone=bool(self.person))
