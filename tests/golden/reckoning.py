"""What a bundle's files come to for events that never change: another verdict or figure takes another `RECKONING`.

`python -m tests.golden.reckoning` writes the marks anew once `RECKONING` in records/derived.py was raised, or a clause
is new or says something else; for the same derivation it refuses.
"""

import gzip
import hashlib
import json
import sys
from itertools import groupby
from pathlib import Path

from records.derived import DERIVATION, Derived
from records.overview import SuppressedRow
from records.record import Record
from tests.domain.learn.case import NOON, days

EVENTS = Path(__file__).with_name("reckoned.jsonl.gz")
FILE = Path(__file__).with_name("reckoning.json")
RAISE = (
    "raise RECKONING in records/derived.py: the same events come out otherwise, and older bundles are not to be forged"
)


def marks() -> dict[str, str]:
    """Each derived file's digest, for the events that are kept here."""
    derived = Derived(NOON, NOON + days(30), NOON + days(40))
    derived.suppress(SuppressedRow(key="disk-1", at=NOON, reason="staging is not production", alert="{}"))
    records = map(Record.model_validate_json, gzip.decompress(EVENTS.read_bytes()).decode().splitlines())
    for _, chain in groupby(records, key=lambda record: record.incident):
        derived.take(list(chain))
    made = {name: "\n".join(lines).encode() for name, lines in derived.files().items()}
    return {name: hashlib.sha256(content).hexdigest()[:16] for name, content in made.items()}


def differing(kept: dict[str, dict[str, str]], derivation: str, now: dict[str, str]) -> list[str]:
    """The files that come out otherwise under the derivation under which they were marked."""
    before = kept.get(derivation, now)
    return [name for name in {**before, **now} if before.get(name) != now.get(name)]


if __name__ == "__main__":
    if differing(json.loads(FILE.read_text()) if FILE.exists() else {}, DERIVATION, marks()):
        sys.exit(RAISE)
    FILE.write_text(json.dumps({DERIVATION: marks()}, indent=1) + "\n")
