"""A sample of a bundle's incidents that anybody can draw again from its seed (SOC-1)."""

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from records.archive import unpack
from records.derived import SCORECARD


class Drawn(NamedTuple):
    """One incident of a sample, as the scorecard has it."""

    incident: str
    kind: str
    service: str
    severity: str
    fired_at: str


def population(bundle: Path, severity: str = "") -> list[Drawn]:
    """The incidents that may be drawn: no drills, of one severity where that is asked."""
    files, _ = unpack(bundle)
    if SCORECARD not in files:
        return []
    rows = csv.DictReader(line.decode() for line in files[SCORECARD].lines())
    every = [Drawn(*((row.get(name) or "") for name in Drawn._fields)) for row in rows]
    return [one for one in every if one.kind != "drill" and severity in ("", one.severity)]


def draw(among: Iterable[Drawn], seed: str, size: int) -> list[Drawn]:
    """The first of them in the order of SHA-256 of `SEED/INCIDENT`: a larger sample holds the smaller one."""
    return sorted(among, key=lambda one: hashlib.sha256(f"{seed}/{one.incident}".encode()).hexdigest())[:size]
