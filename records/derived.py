"""What of a bundle follows from its events and population: written by whoever exports, made again by whoever checks."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.procedure.sop import PROCEDURE
from domain.report.kpi import KpiCounts, Scope, sheet, tallies
from domain.report.scorecard import OVERDUE, WORDS, Verdict, scorecard
from domain.report.view import View, kind, view
from domain.rule.clause import Clause
from domain.run import read as fold
from records.delivery import Deliveries
from records.erasure import Erasure
from records.guide import GUIDE
from records.overview import SuppressedRow
from records.population import Population
from records.record import Record, canonical, write_moment
from records.report import REPORT, Report

POLICIES, SCORECARD, TOTALS, KPI = "policies.jsonl", "scorecard.csv", "clauses.csv", "kpi.json"
POPULATION = "population.csv"
README = "README.txt"
DERIVED = (POLICIES, SCORECARD, TOTALS, KPI, POPULATION, REPORT, README)
"""The files that follow from the events, from what was suppressed, from what the inbox counted, and from nothing."""
RECKONING = 18
"""Raised by hand when a verdict, a figure or a file comes out otherwise for the same events."""
ABOUT = ("incident", "kind", "service", "severity", "phase", "fired_at", "closed_at")
VERDICTS = (*WORDS, OVERDUE)
Cell = str | int | float | bool | None


def derivation(clauses: Iterable[Clause]) -> str:
    """By what these files are made: our number, and a mark of the clauses that are judged."""
    judged = canonical([(clause.id, clause.text) for clause in clauses])
    return f"{RECKONING}-{hashlib.sha256(judged.encode()).hexdigest()[:16]}"


DERIVATION = derivation(PROCEDURE.clauses.values())


class Derived:
    """Takes in chain by chain, and keeps counts, policies and a line for each incident."""

    def __init__(self, since: datetime, until: datetime, at: datetime) -> None:
        self._since, self._until, self._at = since, until, at
        self._scope = Scope(since=since, until=until)
        self._policies: dict[str, dict[str, Any]] = {}
        self._latest: tuple[datetime, Incident] | None = None
        self._rows = [row((*ABOUT, *PROCEDURE.clauses))]
        self._verdicts: dict[str, Counter[str]] = {clause: Counter() for clause in PROCEDURE.clauses}
        self._tallies: list[KpiCounts] = []
        self._report = Report(since, until, at)
        self._population = Population(since, until)
        self.elsewhere: set[str] = set()
        """Incidents that had no event in the period and, by their events, were not open in it."""

    def suppress(self, alert: SuppressedRow) -> None:
        """One alert that opened nothing (SCP-2)."""
        self._report.suppress(alert.reason)
        self._population.suppress(alert)

    def deliver(self, deliveries: Deliveries) -> None:
        """What the inbox received (SOC-1)."""
        self._population.deliver(deliveries)
        self._report.leave(*deliveries.not_taken)

    def erase(self, *erasures: Erasure) -> None:
        """What somebody was taken out of; it is told of the incidents that are there."""
        self._report.erase(*erasures)

    def take(self, chain: Sequence[Record]) -> None:
        """One incident: the policies it ran under, what it says of each clause and adds to each key figure."""
        try:
            policy = self._note_policies(chain)
            incident = fold.read(Event.model_validate_json(record.body) for record in chain)
            verdicts, seen = scorecard(incident, self._at), view(incident, ())
            self._report.take(incident, seen, verdicts=verdicts, policy=policy)
            self._population.take(incident)
        except (ValueError, KeyError) as error:  # pydantic's and json's are ValueErrors
            said = str(error).partition("\n")[0][:200]
            self._rows.append(row((chain[0].incident, f"its events could not be read: {said}")))
            self._report.pass_over(chain[0].incident, said)
            return
        self._rows.append(row((*_about(incident), *(one.told for one in verdicts))))
        self._place(chain, seen)
        if self._latest is None or incident.opened_at >= self._latest[0]:
            self._latest = incident.opened_at, incident
        if self._scope.holds(seen):
            self._tallies += tallies(seen, self._scope)
        if not seen.left_out:
            self._add_up(verdicts)

    def files(self) -> Mapping[str, Iterable[str]]:
        """The lines of each file, to be read once; the targets are those of the policy that was in force last."""
        targets = self._latest[1].policy.targets if self._latest else {}
        made = sheet(self._tallies, targets, self._scope, self._at)
        totals = [
            (clause.id, clause.text, *(str(self._verdicts[clause.id][word]) for word in VERDICTS))
            for clause in PROCEDURE.clauses.values()
        ]
        policies = _by_first_use(self._policies.values())
        return {
            POLICIES: [canonical(one) for one in policies],
            SCORECARD: self._rows,
            TOTALS: [row(("clause", "title", *VERDICTS)), *map(row, totals)],
            KPI: [canonical(made)],
            POPULATION: map(row, self._population.rows()),
            README: GUIDE.splitlines(),
            REPORT: self._report.lines(made, policies, totals, self._population.by_door()),
        }

    @property
    def unheard(self) -> list[str]:
        """What would have to be believed of what arrived."""
        return self._population.unproved()

    @property
    def policies(self) -> int:
        """How many versions of the policy there were."""
        return len(self._policies)

    def _place(self, chain: Iterable[Record], seen: View) -> None:
        """Whether an incident is of the period."""
        since, until = self._since, self._until
        still = seen.opened_at < until and (seen.closed_at is None or seen.closed_at >= since)
        if not (still or any(since <= record.at < until for record in chain)):
            self.elsewhere.add(seen.id)

    def _note_policies(self, chain: Iterable[Record]) -> str:
        """The policy as the record has it, not as this release would write it; answers the last one's digest."""
        sha256 = ""
        for record in chain:
            if record.kind in ("opened", "policy_adopted"):
                policy = json.loads(record.body)["what"]["policy"]
                sha256 = hashlib.sha256(canonical(policy).encode()).hexdigest()
                first = {"first_used_at": write_moment(record.at), "first_used_by": record.incident}
                known = self._policies.setdefault(sha256, {"sha256": sha256, "incidents": 0, "policy": policy, **first})
                known["incidents"] += 1
                known |= min(first, {name: known[name] for name in first}, key=lambda one: one["first_used_at"])
        return sha256

    def _add_up(self, verdicts: Iterable[Verdict]) -> None:
        for one in verdicts:
            self._verdicts[one.clause][OVERDUE if one.overdue else one.verdict] += 1


def row(cells: Iterable[Cell]) -> str:
    """One row of a table."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([_harmless(cell) for cell in cells])
    return text.getvalue()


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula is shown instead: alerts may carry anything."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _by_first_use(policies: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(policies, key=lambda one: (one["first_used_at"], one["sha256"]))


def _about(incident: Incident) -> tuple[str, ...]:
    closed = write_moment(incident.closed_at) if incident.closed_at else ""
    fired = write_moment(incident.opened.fired_at)
    severity = incident.severity or ""
    return (incident.id, kind(incident), incident.service.name, severity, incident.phase, fired, closed)
