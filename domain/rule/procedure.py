"""The procedure as one value: its rulesets in their order, and every reading over them."""

from collections.abc import Iterator
from functools import cached_property

from domain.alerting.alert import Alert
from domain.incident.clock import Clock
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.any_duty import Duty
from domain.port.duty import Effect, Outcome
from domain.rule.clause import Clause, Promise
from domain.rule.ruleset import BringsAbout, Hears, Ruleset, Tell
from domain.value.act import Act
from domain.value.key import ClockKey
from domain.value.kind import kind_of

CHAPTERS = ("SCP", "DET", "ACK", "TRI", "WAR", "COM", "FIX", "RES", "PM", "ACT", "REP", "GDP", "KPI", "SOC")
"""The chapters of the SOP in the order in which people read them."""


class Procedure:
    """The rulesets in their order; everything that lists clauses, clocks or duties reads them here."""

    def __init__(self, *rulesets: Ruleset) -> None:
        self.rulesets = rulesets

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """Every clause by its id, in the order of the SOP."""
        found = (clause for rules in self.rulesets for clause in rules.clauses)
        return {clause.id: clause for clause in sorted(found, key=_place)}

    @cached_property
    def promises(self) -> dict[str, Promise]:
        """What is promised by the clock, by the clause's id."""
        return {clause.id: clause.promise for clause in self.clauses.values() if clause.promise}

    def clocks(self, incident: Incident) -> Iterator[Clock]:
        """Every clock of an incident."""
        return (clock for rules in self.rulesets for clock in rules.clocks(incident))

    def duties(self, incident: Incident) -> Iterator[Duty]:
        """Everything owed to the world, done or not."""
        return (duty for rules in self.rulesets for duty in rules.duties(incident))

    def settle(self, incident: Incident) -> Iterator[Fact]:
        """What the state itself asks for."""
        return (fact for rules in self.rulesets for fact in rules.settle(incident))

    def expired(self, incident: Incident, key: ClockKey) -> Iterator[Fact]:
        """What follows when a clock is missed, or its wait is over."""
        return (fact for rules in self.rulesets for fact in rules.expired(incident, key))

    def done(self, duty: Duty, outcome: Outcome) -> Iterator[Fact]:
        """What follows from a duty that was done."""
        return (fact for rules in self.rulesets for fact in rules.done(duty, outcome))

    def tell(self, event: Event) -> Tell | None:
        """What makes the message for an event; None where its line is enough."""
        fact = event.what
        return self._told.get(f"done {fact.duty}" if isinstance(fact, Done) else fact.kind)

    @cached_property
    def _told(self) -> dict[str, Tell]:
        found = (pair for rules in self.rulesets for pair in rules.tell.items())
        return {f"{'done ' if issubclass(what, Effect) else ''}{kind_of(what)}": tell for what, tell in found}

    def bring_about(self, incident: Incident, event: Event, done: Done) -> None:
        """Let a done duty change the reading of an incident."""
        change = self._brought_about.get(done.duty)
        if change:
            change(incident, event, done)

    def hear(self, incident: Incident, duty: Duty, outcome: Outcome) -> Iterator[Act | Alert]:
        """What the answer to a duty says of alerts or as an act."""
        hears = self._heard.get(duty.kind)
        return iter(hears(incident, outcome) if hears else ())

    @cached_property
    def _heard(self) -> dict[str, Hears]:
        found = (pair for rules in self.rulesets for pair in rules.hears.items())
        return {kind_of(duty): hears for duty, hears in found}

    @cached_property
    def _brought_about(self) -> dict[str, BringsAbout]:
        found = (pair for rules in self.rulesets for pair in rules.brings_about.items())
        return {kind_of(duty): change for duty, change in found}


def _place(clause: Clause) -> tuple[int, int]:
    chapter, _, number = clause.id.partition("-")
    return CHAPTERS.index(chapter), int(number)
