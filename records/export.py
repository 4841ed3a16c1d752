"""Makes the audit bundle of a period from the records: what happened, under which policy, how each clause was kept."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import NamedTuple, Self, TextIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records.archive import Part, pack
from records.bundle import CHECKPOINTS, DELIVERIES, EVENTS, NOT_TAKEN, STAMPS, SUPPRESSED
from records.delivery import Deliveries
from records.derived import DERIVATION, DERIVED, Derived
from records.evidence import Evidence
from records.manifest import NAME, Manifest, SignedManifest, seal, sign_manifest
from records.record import Head, Record, canonical


class Draft:
    """Lines go to files by name; `seal` makes the bundle of them, whole or not at all.

    The same lines in the same order give the same bytes.
    """

    def __init__(self, path: Path, since: datetime, until: datetime, written_at: datetime) -> None:
        self._path, self._since, self._until, self._written_at = path, since, until, written_at
        self._folder = TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-")
        self._files: dict[str, TextIO] = {}
        self._held = ExitStack()
        self._heads: list[Head] = []

    def __enter__(self) -> Self:
        self.write(EVENTS)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._held.close()
        self._folder.cleanup()

    def write(self, name: str, *lines: str) -> None:
        """Add lines to a file; without any it is there and empty."""
        self.extend(name, lines)

    def extend(self, name: str, lines: Iterable[str]) -> None:
        """Add lines that may be too many for memory."""
        if name not in self._files:
            file = Path(self._folder.name, name)
            self._files[name] = self._held.enter_context(file.open("w", encoding="utf-8", newline="\n"))
        self._files[name].writelines(f"{line}\n" for line in lines)

    def add(self, chain: Sequence[Record]) -> None:
        """Add the whole chain of one incident; incidents come in the order of their ids."""
        self.write(EVENTS, *(record.line() for record in chain))
        last = chain[-1]
        self._heads.append(Head(incident=last.incident, number=last.number, hash=last.hash, at=last.at))

    def seal(self, key: Ed25519PrivateKey, derived: Iterable[str] = ()) -> SignedManifest:
        """Sign what was written, pack it, and answer its manifest; `derived` files follow from the events."""
        for file in self._files.values():
            file.flush()
        parts = {name: Part.of(Path(self._folder.name, name)) for name in self._files}
        names = tuple(sorted(derived))
        manifest = Manifest(
            since=self._since,
            until=self._until,
            written_at=self._written_at,
            files={name: seal(part, by_line=name != EVENTS) for name, part in sorted(parts.items())},
            heads=tuple(self._heads),
            derived=names,
            derivation=DERIVATION if names else "",
        )
        sealed = sign_manifest(manifest, key)
        unfinished = Path(self._folder.name, "unfinished")
        with unfinished.open("w+b") as target:
            pack({**parts, NAME: Part.holding(sealed.content())}, target)
        unfinished.replace(self._path)
        return sealed


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
