"""One remembered event, and the one way to write it down."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Protocol, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
)

from domain.value.model import Instant, Model

M = TypeVar("M", bound=Model)
FORM = "%Y-%m-%dT%H:%M:%S.%fZ"
"""How a moment stands in evidence. Of one width, so that text sorts as time; ours, so that a hash stays."""


ONE_FORM = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def write_moment(at: datetime) -> str:
    """Write a moment as evidence has it: UTC, to the microsecond."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _only_our_form(value: Any) -> Any:
    """Refuse a text that means a moment but is not written as ours: a changed byte is a change."""
    if isinstance(value, str) and value != write_moment(datetime.fromisoformat(value).replace(tzinfo=UTC)):
        raise ValueError(f"expected a moment like {FORM}")
    return value


def canonical(value: Any) -> str:
    """JSON, or a model's, in its one form: keys sorted, no spaces, UTF-8."""
    value = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return ONE_FORM.encode(value)


def _without_nul(text: str) -> str:
    """PostgreSQL keeps no NUL in text, and an alert that carries one must not stop the records."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


Utc = Annotated[
    Instant,
    AfterValidator(lambda at: at.astimezone(UTC)),
    PlainSerializer(write_moment, return_type=str, when_used="json"),
]
StoredInstant = Annotated[Utc, BeforeValidator(_only_our_form)]
Plain = Annotated[str, AfterValidator(_without_nul)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _What(Protocol):
    """What happened, as far as the records look."""

    @property
    def kind(self) -> str: ...


class Recordable(Protocol):
    """The part of an event that the records must understand."""

    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def by(self) -> str: ...
    @property
    def clause(self) -> str | None: ...
    @property
    def what(self) -> _What: ...
    def model_dump(self, *, mode: Literal["json"]) -> dict[str, Any]: ...


class Stored(Model):
    """An event as it is handed to the records: what is searched, and the whole of it as canonical JSON."""

    number: int = Field(ge=1)
    at: Utc
    by: Plain
    clause: Plain | None = None
    kind: Plain
    body: Plain

    @classmethod
    def of(cls, event: Recordable) -> Self:
        """The event of the domain, ready to be recorded."""
        body = canonical(event)
        return cls(number=event.number, at=event.at, by=event.by, clause=event.clause, kind=event.what.kind, body=body)


class Record(Stored):
    """An event as it is remembered: `hash` covers every other field, so that the chain covers all there is."""

    at: StoredInstant
    incident: str
    previous_hash: Hash
    hash: Hash

    def line(self) -> str:
        """The record as one line of evidence."""
        return canonical(self)


class Head(Model):
    """How far an incident's chain has come."""

    incident: str
    number: int
    hash: Hash
    at: StoredInstant
    """When the event of this number happened."""


def readable(
    kind: type[M], lines: Iterable[bytes], file: str, what: str, found: list[str]
) -> Iterator[tuple[int, bytes, M]]:
    """The lines of a file that are of a kind, by their numbers; `found` is told of the others, which were altered."""
    for number, line in enumerate(lines, 1):
        try:
            one = kind.model_validate_json(line)
        except ValidationError as error:
            said = error.errors(include_url=False)[0]["msg"]
            found.append(f"{file} line {number}: altered: it cannot be read as {what}: {said}")
        else:
            yield number, line, one
