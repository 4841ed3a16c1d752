"""The procedure as one value: its rulesets in their order, and every reading over them."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from domain.alerting.alert import Alert
from domain.incident.clock import Clock
from domain.incident.effects import Done, Failed
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.duty import Duty, Outcome
from domain.port.message import Button
from domain.rule.clause import Clause, Promise
from domain.rule.ruleset import BringsAbout, ByHand, Hears, Ruleset, Tell, nothing
from domain.value.act import Act
from domain.value.key import ClockKey
from domain.value.kind import kind_of

QUESTIONS = ("clocks", "duties", "settle", "expired", "done")
"""What every ruleset is asked, one after the other."""
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
        return self._each("clocks", incident)

    def duties(self, incident: Incident) -> Iterator[AnyDuty]:
        """Everything owed to the world, done or not."""
        return self._each("duties", incident)

    def settle(self, incident: Incident) -> Iterator[Fact]:
        """What the state itself asks for."""
        return self._each("settle", incident)

    def expired(self, incident: Incident, key: ClockKey) -> Iterator[Fact]:
        """What follows when a clock is missed, or its wait is over."""
        return self._each("expired", incident, key)

    def done(self, incident: Incident, duty: AnyDuty, outcome: Outcome) -> Iterator[Fact]:
        """What follows from a duty that was done."""
        return self._each("done", incident, duty, outcome)

    def _each(self, question: str, incident: Incident, *about: object) -> Iterator[Any]:
        """What every ruleset answers; one that fails keeps no other from it, where the incident excuses that."""
        for name, answer in self._answers[question]:
            try:
                yield from answer(incident, *about)
            except Exception as error:
                if not incident.faults.excuse(f"{name} {question}", error):
                    raise

    @cached_property
    def _answers(self) -> dict[str, list[tuple[str, Callable[..., Iterable[object]]]]]:
        """By question: who answers it, and with what, in the order of the rulesets."""
        asked = {question: [(one.name, getattr(one, question)) for one in self.rulesets] for question in QUESTIONS}
        return {question: [one for one in every if one[1] is not nothing] for question, every in asked.items()}

    def tell(self, event: Event) -> Tell | None:
        """What makes the message for an event; None where its line is enough."""
        fact = event.what
        return self._told.get(f"done {fact.duty}" if isinstance(fact, Done) else fact.kind)

    @cached_property
    def _told(self) -> dict[str, Tell]:
        found = (pair for rules in self.rulesets for pair in rules.tell.items())
        return {f"{'done ' if issubclass(what, Duty) else ''}{kind_of(what)}": tell for what, tell in found}

    def by_hand(self, failed: Failed) -> tuple[Button, ...]:
        """The presses that say that a person did what a vendor would not."""
        answers = self._by_hand.get(failed.duty)
        return answers(failed) if answers else ()

    @cached_property
    def _by_hand(self) -> dict[str, ByHand]:
        return {kind_of(duty): answers for rules in self.rulesets for duty, answers in rules.by_hand.items()}

    def wanted_by(self, incident: Incident, failed: Failed) -> str:
        """Who asked for what could not be done, by the number in its key where it has one; empty where nobody did."""
        every = [(event.by, fact) for event, fact in incident.all(self._wanted.get(failed.duty, Failed))]
        own = [by for by, fact in every if str(getattr(fact, "number", "")) == failed.key.about]
        return next(reversed(own or [by for by, _ in every]), "") if failed.duty in self._wanted else ""

    @cached_property
    def _wanted(self) -> dict[str, type[Fact]]:
        return {kind_of(duty): fact for rules in self.rulesets for duty, fact in rules.wanted.items()}

    def bring_about(self, incident: Incident, event: Event, done: Done) -> None:
        """Let a done duty change the reading of an incident."""
        change = self._brought_about.get(done.duty)
        if change:
            try:
                change(incident, event, done)
            except Exception as error:
                if not incident.faults.excuse(f"{done.duty} brings about", error):
                    raise

    def hear(self, incident: Incident, duty: AnyDuty, outcome: Outcome) -> Iterator[Act | Alert]:
        """What the answer to a duty says of alerts or as an act."""
        hears = self._heard.get(duty.kind)
        try:
            return iter(tuple(hears(incident, outcome)) if hears else ())
        except Exception as error:
            if not incident.faults.excuse(f"{duty.kind} hears", error):
                raise
            return iter(())

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
