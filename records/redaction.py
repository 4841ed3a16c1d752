"""Takes somebody out of what was recorded: one word that says nothing stands for each of their names (SOC-1)."""

import json
import re
from collections.abc import Collection, Iterable
from typing import Any

from domain.company.person import Person
from records.chain import digest
from records.record import Record, canonical

KEPT = frozenset({"kind", "clause"})
"""Fields that say what an event is; nobody is named by them."""


class Redaction:
    """Puts one word in the place of some others, wherever they stand as whole words, in any case.

    The word is the same everywhere, so that two people stay two, and what somebody did stays one person's.
    """

    def __init__(self, words: Collection[str], instead: str) -> None:
        self.words = tuple(
            sorted({word.strip() for word in words if word.strip()}, key=lambda word: (-len(word), word))
        )
        self._written = tuple(json.dumps(word.casefold(), ensure_ascii=False)[1:-1] for word in self.words)
        self.instead = instead
        some = "|".join(re.escape(word) for word in self.words) or r"(?!)"
        self._found = re.compile(rf"(?<![\w-])(?:{some})(?![\w-])", re.IGNORECASE)
        self._longer = re.compile(rf"(?<![\w-])(?:{some})\w+", re.IGNORECASE)

    def may_be_in(self, json_text: str) -> bool:
        """Whether to look closer at a JSON text."""
        small = json_text.casefold()
        return any(word in small for word in self._written)

    def longer(self, json_text: str) -> set[str]:
        """Words that only begin with one of the words, `Danas`: they are others, and stay."""
        return {found.casefold() for found in self._longer.findall(self._found.sub(" ", json_text))}

    def text(self, text: str) -> str:
        """A text without the words; an address stays one."""
        return self._found.sub(
            lambda found: f"{self.instead}@erased.invalid" if "@" in found[0] else self.instead, text
        )

    def value(self, value: Any) -> Any:
        """Whatever JSON can hold, keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(one) for one in value]
        if isinstance(value, dict):
            return {self.text(key): one if key in KEPT else self.value(one) for key, one in value.items()}
        return value

    def body(self, body: str) -> str:
        """A JSON text; one that names nobody stays to the byte."""
        read = json.loads(body)
        cleaned = self.value(read)
        return body if cleaned == read else canonical(cleaned)

    def record(self, record: Record) -> Record:
        """What is left of a record, under the hash that it was recorded with."""
        return record.model_copy(update={"by": self.text(record.by), "body": self.body(record.body)})


def changed(records: Iterable[Record], redaction: Redaction) -> dict[int, Record]:
    """The records that say one of the words, as they are without, by their numbers."""
    cleaned = ((record, redaction.record(record)) for record in records)
    return {after.number: after for before, after in cleaned if digest(before) != digest(after)}


def names(people: Collection[Person]) -> set[str]:
    """Every word that means one of these people alone."""
    found = {(one.id, one.name, one.email, one.email.partition("@")[0], *one.ids.values()) for one in people}
    return {word for words in found for word in words if word}


def parts(people: Collection[Person]) -> set[str]:
    """Parts of their names, which may mean somebody or something else."""
    known = {word.casefold() for word in names(people)}
    return {part for one in people for part in one.name.split() if len(part) > 2 and part.casefold() not in known}
