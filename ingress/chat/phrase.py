"""The parts that every typed sentence is read with, and what comes of reading one."""

import re

from pydantic import Field

from domain.port.conversation import UnclearInput
from domain.value.model import Model
from ingress.chat.word import USAGE

_INCIDENT = re.compile(r"^#?(inc-[0-9a-hjkmnp-tv-z]{5})\b", re.IGNORECASE)


class ParsedCommand(Model):
    """What somebody typed. `kind` is an act's kind, open, help, or one of the readings (`ingress.chat.reading`).

    `asks` says that the words for the act are missing and its form should be opened. `incident` is empty when the
    room tells which one is meant.
    """

    kind: str
    fields: dict[str, str] = Field(default_factory=dict)
    incident: str = ""
    asks: bool = False


class UnknownWord(UnclearInput):
    """A word that no verb is called; `near` is the one that is written most like it, empty where none is."""

    def __init__(self, word: str, near: str) -> None:
        super().__init__({"command": f"found {word!r}{f': did you mean `{near}`?' if near else ''}"})
        self.word, self.near = word, near


def person(word: str) -> str:
    """The name in a mention: "@ada" is ada."""
    return word.lstrip("@")


def split(words: str) -> tuple[str, str]:
    """The first word, and the rest with its line breaks."""
    first, *rest = words.split(maxsplit=1)[:2] or [""]
    return first, rest[0] if rest else ""


def take_incident(words: str) -> tuple[str, str]:
    """The incident that the words begin with, empty where they name none, and the rest."""
    found = _INCIDENT.match(words)
    return (found[1].upper(), words[found.end() :].strip()) if found else ("", words)


def told(**fields: str) -> dict[str, str]:
    """The fields that were said."""
    return {name: value for name, value in fields.items() if value}


def usage(verb: str, found: str) -> UnclearInput:
    return UnclearInput({verb: f"found {found or 'nothing'!r}, expected `{USAGE[verb]}`"})
