"""An exporter who has the key: takes a bundle apart, changes it, and derives and signs everything anew."""

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from records.chain import GENESIS, chained
from records.delivery import read_deliveries
from records.derived import DERIVED, Derived
from records.export import Draft
from records.manifest import SignedManifest
from records.overview import SuppressedRow
from records.record import Record, Stored
from tests.records.test_export import KEY

TAKEN_OVER = ("checkpoints.jsonl", "stamps.jsonl", "suppressed.jsonl", "deliveries.jsonl")


class Forger:
    """What a bundle holds, to be changed; `sign` makes another of it that contradicts itself nowhere."""

    def __init__(self, bundle: Path) -> None:
        with zipfile.ZipFile(bundle) as archive:
            held = {name: archive.read(name).decode() for name in archive.namelist()}
        manifest = SignedManifest.model_validate_json(held["manifest.json"]).manifest
        self.since, self.until, self.at = manifest.since, manifest.until, manifest.written_at
        self.files = {name: held[name].splitlines() for name in TAKEN_OVER}
        self.chains: dict[str, list[Record]] = {}
        for line in held["events.jsonl"].splitlines():
            record = Record.model_validate_json(line)
            self.chains.setdefault(record.incident, []).append(record)

    def rewrite(self, incident: str, records: Sequence[Stored]) -> None:
        """Give an incident another history, numbered and hashed as if it were its own."""
        loose = [
            Stored(**record.model_dump(include={*Stored.model_fields} - {"number"}), number=number)
            for number, record in enumerate(records, 1)
        ]
        self.chains[incident] = [*chained(incident, GENESIS, loose)]

    def edit(self, incident: str, old: str, new: str) -> Self:
        """Put other words into the events of an incident."""
        assert any(old in record.body for record in self.chains[incident])
        self.rewrite(
            incident,
            [one.model_copy(update={"body": one.body.replace(old, new)}) for one in self.chains[incident]],
        )
        return self

    def sign(self, path: Path, more: Iterable[tuple[str, str]] = ()) -> Path:
        """Write it, with everything that follows from it made again."""
        with Draft(path, self.since, self.until, self.at) as draft:
            derived = Derived(self.since, self.until, self.at)
            for name, lines in self.files.items():
                draft.write(name, *lines)
            derived.deliver(read_deliveries(line.encode() for line in self.files["deliveries.jsonl"]))
            for line in self.files["suppressed.jsonl"]:
                derived.suppress(SuppressedRow.model_validate_json(line))
            for _, chain in sorted(self.chains.items()):
                draft.add(chain)
                derived.take(chain)
            for name, derived_lines in derived.files().items():
                draft.extend(name, derived_lines)
            for name, said in more:
                draft.write(name, said)
            draft.seal(KEY, DERIVED)
        return path
