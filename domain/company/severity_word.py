"""Which word of the matrix a sender means, however it is written: `SEV-1`, `P1 - Critical`, `CRIT`, `1` (TRI-3)."""

import re
from collections.abc import Collection, Iterator, Mapping

CODE = re.compile(r"(?<![a-z0-9])(p|s|sev|severity|prio|priority)[\s_#:.-]*(\d)(?![0-9])")
SPELLINGS: Mapping[str, str] = {
    "crit": "critical",
    "alert": "critical",
    "emerg": "emergency",
    "panic": "emergency",
    "urgent": "critical",
    "highest": "critical",
    "blocker": "critical",
    "err": "error",
    "medium": "warning",
    "moderate": "warning",
    "average": "warning",
    "minor": "warning",
    "lowest": "low",
    "trivial": "low",
    "debug": "info",
    "information": "info",
}
"""Other spellings of what a matrix usually has."""


def plain(word: str) -> str:
    """A severity however its sender writes it: SEV-1, sev 1 and sev_1 are one word."""
    return re.sub(r"[\s_-]", "", word.lower())


def meant(severity: str, known: Collection[str], spellings: Mapping[str, str]) -> str:
    """The first word in what the sender says that the matrix knows; empty when it knows none."""
    return next((word for word in _words(severity, spellings) if word in known), "")


def _words(severity: str, spellings: Mapping[str, str]) -> Iterator[str]:
    """The whole, then its code, then its words one by one, each as it stands and as it is usually spelt."""
    told = severity.lower().strip()
    yield plain(told)
    for name, number in CODE.findall(told):
        yield f"{name}{number}"
        yield f"{name[0]}{number}" if name.startswith("p") else f"sev{number}"
    words = re.findall(r"[^\W_]+", told)
    if words and re.fullmatch(r"\d", words[0]):
        yield f"sev{words[0]}"
    for word in (plain(told), *words):
        yield word
        yield spellings.get(word, "")
