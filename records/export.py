"""Makes the audit bundle of a period from the records: what happened, under which policy, how each clause was kept."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records.bundle import CHECKPOINTS, DELIVERIES, NOT_TAKEN, STAMPS, SUPPRESSED
from records.delivery import Deliveries
from records.derived import DERIVED, Derived
from records.draft import Draft
from records.evidence import Evidence
from records.manifest import SignedManifest
from records.record import canonical


class Exported(NamedTuple):
    """What went into a bundle."""

    manifest: SignedManifest
    incidents: int
    events: int
    checkpoints: int
    policies: int
    suppressed: int


async def export(
    evidence: Evidence, path: Path, key: Ed25519PrivateKey, at: datetime, *, deliveries: Deliveries
) -> Exported:
    """Write the bundle of the evidence's period, whole or not at all.

    The evidence is read once, chain by chain; nothing in the bundle is counted from anything but what is in it.
    `deliveries` are what the inbox counted, which is another store.
    """
    with Draft(path, evidence.since, evidence.until, at) as draft:
        derived = Derived(evidence.since, evidence.until, at)
        draft.write(DELIVERIES, *deliveries.lines())
        if deliveries.not_taken:
            draft.write(NOT_TAKEN, *map(canonical, deliveries.not_taken))
        derived.deliver(deliveries)
        counts = await _read(evidence, draft, derived)
        for name, lines in derived.files().items():
            draft.extend(name, lines)
        return Exported(draft.seal(key, DERIVED), policies=derived.policies, **counts)


async def _read(evidence: Evidence, draft: Draft, derived: Derived) -> dict[str, int]:
    """Take in everything that the evidence has, and count it."""
    counts = Counter[str]()
    for name in (CHECKPOINTS, STAMPS, SUPPRESSED):
        draft.write(name)
    async for signed in evidence.checkpoints():
        counts["checkpoints"] += 1
        draft.write(CHECKPOINTS, signed.text())
        derived.erase(*signed.checkpoint.erasures)
    async for stamp in evidence.stamps():
        draft.write(STAMPS, stamp.text())
    async for alert in evidence.suppressed():
        counts["suppressed"] += 1
        draft.write(SUPPRESSED, canonical(alert))
        derived.suppress(alert)
    async for chain in evidence.chains():
        counts["incidents"] += 1
        counts["events"] += len(chain)
        draft.add(chain)
        derived.take(chain)
    return {name: counts[name] for name in ("incidents", "events", "checkpoints", "suppressed")}
