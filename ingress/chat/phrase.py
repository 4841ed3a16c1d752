"""The parts that every typed sentence is read with, and what comes of reading one."""

import re

from pydantic import Field, field_validator

from domain.port.conversation import UnclearInput
from domain.value.model import Model
from ingress.chat.word import USAGE

_INCIDENT = re.compile(r"^#?inc(?:[-_\u2010-\u2014]|(?=[a-z]*[0-9]))([0-9a-hjkmnp-tv-z]{5})\b[:,]?", re.IGNORECASE)
"""An incident however a telephone writes it: with another dash, or none."""
QUOTES = {'"': '"', "'": "'", "\u201c": "\u201d", "\u201e": "\u201c", "\u2018": "\u2019", "\u00ab": "\u00bb"}
_QUOTED = re.compile("|".join(f"{begin}[^{begin}{end}]+{end}" for begin, end in QUOTES.items()))


class ParsedCommand(Model):
    """What somebody typed. `kind` is an act's kind, open, help, or one of the readings (`ingress.chat.reading`).

    `asks` says that the words for the act are missing and its form should be opened. `incident` is empty when the
    room tells which one is meant.
    """

    kind: str
    fields: dict[str, str] = Field(default_factory=dict)
    incident: str = ""
    asks: bool = False

    @field_validator("fields")
    @classmethod
    def _unquote(cls, fields: dict[str, str]) -> dict[str, str]:
        return {name: unquoted(value) for name, value in fields.items()}


class UnknownWord(UnclearInput):
    """A word that no verb is called; `near` is the one that is written most like it, empty where none is."""

    def __init__(self, word: str, near: str) -> None:
        super().__init__({"command": f"found {word!r}{f': did you mean `{near}`?' if near else ''}"})
        self.word, self.near = word, near


def person(word: str) -> str:
    """The name in a mention: "@ada" is ada."""
    return word.lstrip("@")


def unquoted(words: str) -> str:
    """Words without the quotes around the whole of them, or the dash that led to them."""
    told = re.sub(r"^[\u2013\u2014:]\s+", "", words)
    return told[1:-1].strip() or told if _QUOTED.fullmatch(told) else told


def split_name(words: str) -> tuple[str, str]:
    """The name that the words begin with, in quotes or as it is set in Slack, and the rest."""
    quoted = _QUOTED.match(words)
    name, rest = (quoted[0][1:-1], words[quoted.end() :].lstrip(" :,")) if quoted else split(words)
    return name.strip("*`_~:,#"), rest


def split(words: str) -> tuple[str, str]:
    """The first word, and the rest with its line breaks."""
    first, *rest = words.split(maxsplit=1)[:2] or [""]
    return first, rest[0] if rest else ""


def take_incident(words: str) -> tuple[str, str]:
    """The incident that the words begin with, empty where they name none, and the rest."""
    found = _INCIDENT.match(words)
    return (f"INC-{found[1].upper()}", words[found.end() :].strip()) if found else ("", words)


def told(**fields: str) -> dict[str, str]:
    """The fields that were said."""
    return {name: value for name, value in fields.items() if value}


def usage(verb: str, found: str) -> UnclearInput:
    return UnclearInput({verb: f"found {found or 'nothing'!r}, expected `{USAGE[verb]}`"})
