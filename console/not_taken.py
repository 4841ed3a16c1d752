"""What was done for an incident that had ended, and that it did not take any more: when, who, what, and why not."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from config.place import catalog_file
from console.completion import called, table_of
from console.moment import clock
from ingress.webhook.kept_act import DOOR, Kept, kept_in
from ingress.webhook.table import Row
from ingress.webhook.unheard import done
from vendors.door import Unreadable


def kept_by(row: Row) -> Kept | None:
    """What a row says that an act of people is kept in; none where it is another's, or cannot be read."""
    try:
        return kept_in(row) if row.door == DOOR else None
    except Unreadable:
        return None


def not_taken(rows: Iterable[Row], now: datetime, zone: tzinfo, incident: str = "") -> list[str]:
    """A sentence for each act among rows that were set aside, of one incident or of all."""
    names = called()
    return [
        f"{clock(act.at or row.request.received_at, now, zone)} {names.get(act.by, act.by)} in {kept.incident}: "
        f"{done(act)} was not taken: {row.found}"
        for row in rows
        if (kept := kept_by(row)) and (act := kept.act) and kept.incident and incident in ("", kept.incident)
    ]


def unheard_of(rows: Iterable[Row], now: datetime, zone: tzinfo, incident: str = "") -> list[str]:
    """A sentence for each thing that a vendor's webhook told of what had ended, of one incident or of all."""
    names, said = _words(), list[str]()
    for row in rows:
        if incident in ("", row.path):
            by, _, done_there = row.found.partition(": ")
            when = clock(row.request.received_at, now, zone)
            said.append(f"{when} {names.get(by, by)} in {row.door}, for {row.path}: {done_there}: {row.expected}")
    return said


def _words() -> dict[str, str]:
    """What people call whoever a vendor knows by a word of its own: an address, an id."""
    names = called()
    people = table_of(catalog_file(), "people")
    return names | {word: names[id] for id, one in people for word in one.values() if isinstance(word, str)}
