"""What a scenario's file expects to come of it."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from domain.company.status_template import UpdateStatus
from domain.incident.incident import Phase
from domain.value.model import ClauseId, Model, Severity


def counted(words: Any) -> Any:
    """Clauses as a list, as a mapping to how many promises there are, or mixed: `[COM-1, {COM-2: 15}]`."""
    if isinstance(words, Mapping) or not isinstance(words, list | tuple):
        return words
    found: dict[Any, Any] = {}
    for word in words:
        found |= word if isinstance(word, Mapping) else {word: None}
    return found


def paired(words: Any) -> Any:
    """A list of words, each alone or as `{word: more}`, as pairs; of a word alone the second is empty."""
    if not isinstance(words, list | tuple):
        return words
    listed = [[*word.items()] if isinstance(word, Mapping) else [word] for word in words]
    return [(word, "") if isinstance(word, str) else word for line in listed for word in line]


Clauses = Annotated[dict[ClauseId, int | None], BeforeValidator(counted)]
"""Clauses, and of how many promises each is to be judged where that is said."""


class ExpectedMail(Model):
    """A mail that went to an account; what is not named may be as it likes."""

    to: str = ""
    subject: str = ""
    text: str = ""


def lettered(words: Any) -> Any:
    """A letter by words alone is one whose subject or text has them."""
    return {"text": words} if isinstance(words, str) else words


class ExpectedIncident(Model):
    """What becomes of one incident; what is not named may be as it likes."""

    phase: Phase | None = None
    severity: Severity | None = None
    holders: dict[str, str | None] = Field(default_factory=dict)
    """Who holds which role in the end; nobody where nothing is said."""
    said: Annotated[tuple[tuple[str, str], ...], BeforeValidator(paired)] = ()
    """Words that were said, each to somebody where they are named: `[it is over, {"the mail waits": comms}]`."""
    unsaid: tuple[str, ...] = ()
    """Words that nobody was told."""
    posts: Annotated[tuple[tuple[UpdateStatus, str], ...] | None, BeforeValidator(paired)] = None
    """The states that reached the public page, in their order, each with words of its text where they are named."""
    mails: tuple[Annotated[ExpectedMail, BeforeValidator(lettered)], ...] | None = None
    """The mails that went to accounts, in their order."""
    met: Clauses = Field(default_factory=dict)
    late: Clauses = Field(default_factory=dict)
    missed: Clauses = Field(default_factory=dict)
    open: Clauses = Field(default_factory=dict)
    waived: Clauses = Field(default_factory=dict)
    not_applicable: Clauses = Field(default_factory=dict)


class Expectation(ExpectedIncident):
    """What comes of a scenario; what is said of one incident is said of the last."""

    incidents: int | None = None
    of: dict[int, ExpectedIncident] = Field(default_factory=dict)
    """What becomes of an incident that is not the last, counted from 1."""
    paged: tuple[str, ...] | None = None
    """Who was woken, in order, each time again."""
    woken: tuple[str, ...] = ()
    """Who was woken among others, in whatever order."""
    suppressed: int | None = None
    """How many alerts opened nothing (SCP-2), for they are out of scope or too old."""
    refused: tuple[str, ...] | None = None
    """The acts that were not allowed, in order."""
    reopened: int | None = None
    """How many times an incident was reopened (RES-3)."""
    components: dict[str, str] = Field(default_factory=dict)
    """What the public page shows of a component in the end."""
