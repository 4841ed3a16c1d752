"""What was done for an incident that had ended, and that it did not take any more, as people read it at a terminal."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from config.place import catalog_file
from console.completion import called, table_of
from console.moment import clock
from ingress.webhook.late import LateWord


def sentences(words: Iterable[LateWord], now: datetime, zone: tzinfo) -> list[str]:
    """A sentence for each, with its moment and who did it first."""
    names = _words()
    return [f"{clock(one.at, now, zone)} {names.get(one.by, one.by)} {one.words}" for one in words]


def _words() -> dict[str, str]:
    """What people call whoever a vendor knows by a word of its own: an address, an id."""
    names = called()
    people = table_of(catalog_file(), "people")
    return names | {word: names[id] for id, one in people for word in one.values() if isinstance(word, str)}
