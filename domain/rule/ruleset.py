"""A ruleset: the clauses of one file and what they do. A file offers only what it has."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from domain.alerting.alert import Alert
from domain.incident.clock import Clock
from domain.incident.effects import Done, Failed
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.duty import Duty, Outcome
from domain.port.message import Button, Message
from domain.rule.clause import Clause
from domain.value.act import Act
from domain.value.key import ClockKey

BringsAbout = Callable[[Incident, Event, Done], None]
Tell = Callable[..., Message | None]
ByHand = Callable[[Failed], tuple[Button, ...]]
Hears = Callable[[Incident, Outcome], Iterable[Act | Alert]]


def nothing(*_: object) -> tuple[()]:
    """The answer of a file that has none; it is not asked for."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """What one file of the procedure answers; its acts and facts are known by being defined."""

    @property
    def name(self) -> str:
        """The file it stands in, as it is called when one of its rules fails."""
        said = (self.clocks, self.duties, self.settle, self.expired, self.done)
        own = next((one.__module__ for one in said if one is not nothing), "")
        return own.rpartition(".")[2] or (self.clauses[0].id if self.clauses else "rules")

    clauses: tuple[Clause, ...] = ()
    clocks: Callable[[Incident], Iterable[Clock]] = nothing
    duties: Callable[[Incident], Iterable[AnyDuty]] = nothing
    settle: Callable[[Incident], Iterable[Fact]] = nothing
    """What the state itself asks for."""
    expired: Callable[[Incident, ClockKey], Iterable[Fact]] = nothing
    """What follows when one of its clocks is missed, or its wait is over."""
    done: Callable[[Incident, AnyDuty, Outcome], Iterable[Fact]] = nothing
    """What follows from a duty that was done."""
    brings_about: Mapping[type[Duty], BringsAbout] = field(default_factory=dict)
    """What a done duty changes in the reading of the incident."""
    hears: Mapping[type[Duty], Hears] = field(default_factory=dict)
    """What the answer to a duty says, as a webhook would have; each is received before the next is asked for."""
    tell: Mapping[type[Fact] | type[Duty], Tell] = field(default_factory=dict)
    """The message for an event of a kind, or a done duty, where the line alone is not enough; None is silence.

    Each is called with the incident, the event and its fact.
    """
    by_hand: Mapping[type[Duty], ByHand] = field(default_factory=dict)
    """The presses that say that a person did what a vendor would not."""
    wanted: Mapping[type[Duty], type[Fact]] = field(default_factory=dict)
    """The fact by which somebody asks for what a duty does: they hear that it could not be done."""
