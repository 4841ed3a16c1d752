"""What the events hold of some kinds of facts: every turn asks for it, so an event is looked at only once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.incident.entry import mark
from domain.incident.event import Event
from domain.incident.fact import Fact

Kinds = tuple[type[Fact], ...]


@dataclass(slots=True)
class Search:
    """How far the events were searched, which were found, and their moments in order."""

    searched: int = 0
    found: list[Event] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)

    def go_on(self, events: Sequence[Event], kinds: Kinds) -> "Search":
        """Search what came since."""
        for event in events[self.searched :]:
            if isinstance(event.what, kinds):
                self.found.append(event)
                mark(self.moments, event.at)
        self.searched = len(events)
        return self
