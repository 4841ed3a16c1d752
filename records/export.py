"""Makes the audit bundle of a period from the records: what happened, under which policy, how each clause was kept."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.company.policy_follow_up import Target
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.procedure.sop import PROCEDURE
from domain.report.scorecard import Verdict, scorecard
from domain.report.view import kind
from domain.run import read as fold
from domain.value.model import ClauseId
from records.bundle import CHECKPOINTS
from records.draft import Draft
from records.evidence import Evidence
from records.guide import GUIDE
from records.manifest import SignedManifest
from records.record import Record, canonical, write_moment

POLICIES, SCORECARD, TOTALS = "policies.jsonl", "scorecard.csv", "clauses.csv"
SUPPRESSED, KPI, README = "suppressed.jsonl", "kpi.json", "README.txt"
ABOUT = ("incident", "kind", "service", "severity", "phase", "fired_at", "closed_at")
VERDICTS = ("met", "late", "missed", "open", "waived", "not_applicable")


class Exported(NamedTuple):
    """What went into a bundle."""

    manifest: SignedManifest
    incidents: int
    events: int
    checkpoints: int
    policies: int
    suppressed: int


class Export:
    """One export: reads the evidence once, chain by chain, and keeps only counts and policies in memory."""

    def __init__(self, draft: Draft, at: datetime) -> None:
        self._draft, self._at = draft, at
        self._counts: Counter[str] = Counter()
        self._policies: dict[str, dict[str, Any]] = {}
        self._verdicts: dict[str, Counter[str]] = {clause: Counter() for clause in PROCEDURE.clauses}

    async def read(self, evidence: Evidence, targets: Mapping[ClauseId, Target]) -> None:
        """Take in everything that the evidence has."""
        for name in (CHECKPOINTS, SUPPRESSED, POLICIES):
            self._draft.write(name)
        self._draft.write(README, GUIDE.rstrip("\n"))
        self._draft.row(SCORECARD, (*ABOUT, *PROCEDURE.clauses))
        async for signed in evidence.checkpoints():
            self._count("checkpoints")
            self._draft.write(CHECKPOINTS, signed.text())
        async for alert in evidence.suppressed():
            self._count("suppressed")
            self._draft.write(SUPPRESSED, canonical(alert.model_dump(mode="json")))
        async for chain in evidence.chains():
            self._take(chain)
        sheet = await evidence.sheet(targets, self._at)
        self._draft.write(KPI, canonical(sheet.model_dump(mode="json")))

    def finish(self, key: Ed25519PrivateKey) -> Exported:
        """Write what was counted on the way, and seal the bundle."""
        self._draft.write(POLICIES, *(canonical(one) for one in _by_first_use(self._policies.values())))
        self._draft.row(TOTALS, ("clause", "title", *VERDICTS))
        for clause in PROCEDURE.clauses.values():
            self._draft.row(TOTALS, (clause.id, clause.text, *(self._verdicts[clause.id][word] for word in VERDICTS)))
        return Exported(self._draft.seal(key), policies=len(self._policies), **self._counted())

    def _counted(self) -> dict[str, int]:
        return {name: self._counts[name] for name in ("incidents", "events", "checkpoints", "suppressed")}

    def _count(self, name: str, many: int = 1) -> None:
        self._counts[name] += many

    def _take(self, chain: Sequence[Record]) -> None:
        """One incident: its chain, the policies it ran under, and what it says of each clause."""
        self._count("incidents")
        self._count("events", len(chain))
        self._draft.add(chain)
        try:
            self._note_policies(chain)
            incident = fold.read(Event.model_validate_json(record.body) for record in chain)
            verdicts = scorecard(incident, self._at)
        except (ValueError, KeyError) as error:  # pydantic's and json's are ValueErrors
            said = str(error).partition("\n")[0][:200]
            self._draft.row(SCORECARD, (chain[0].incident, f"its events could not be read: {said}"))
            return
        self._draft.row(SCORECARD, (*_about(incident), *(one.told for one in verdicts)))
        if not incident.opened.drill:
            self._add_up(verdicts)

    def _note_policies(self, chain: Iterable[Record]) -> None:
        """The policy as the record has it, not as this release would write it."""
        for record in chain:
            if record.kind in ("opened", "policy_adopted"):
                policy = json.loads(record.body)["what"]["policy"]
                sha256 = hashlib.sha256(canonical(policy).encode()).hexdigest()
                first = {"first_used_at": write_moment(record.at), "first_used_by": record.incident}
                known = self._policies.setdefault(sha256, {"sha256": sha256, "incidents": 0, "policy": policy, **first})
                known["incidents"] += 1
                known |= min(first, {name: known[name] for name in first}, key=lambda one: one["first_used_at"])

    def _add_up(self, verdicts: Iterable[Verdict]) -> None:
        for one in verdicts:
            self._verdicts[one.clause][one.verdict] += 1


def _by_first_use(policies: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(policies, key=lambda one: (one["first_used_at"], one["sha256"]))


def _about(incident: Incident) -> tuple[str, ...]:
    closed = write_moment(incident.closed_at) if incident.closed_at else ""
    fired = write_moment(incident.opened.fired_at)
    severity = incident.severity or ""
    return (incident.id, kind(incident), incident.opened.service, severity, incident.phase, fired, closed)


async def export(
    evidence: Evidence, path: Path, targets: Mapping[ClauseId, Target], key: Ed25519PrivateKey, at: datetime
) -> Exported:
    """Write the bundle of the evidence's period, whole or not at all."""
    with Draft(path, evidence.since, evidence.until, at) as draft:
        made = Export(draft, at)
        await made.read(evidence, targets)
        return made.finish(key)
