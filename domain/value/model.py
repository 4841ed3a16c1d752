"""The shapes every model is made of: frozen, closed to unknown fields, with constraints in the types."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

SEVERITY = r"^[A-Z]+\d$"
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
SPOKEN = {"d": " day", "h": " h", "m": " min", "s": " s", "ms": " ms"}


class Model(BaseModel):
    """A frozen model that refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """What never changes is its own copy."""
        return self


class OtherIncident:
    """Marks a field that names another incident, so that a story can say which by its number."""


def duration_of(words: str) -> timedelta | None:
    """The span that a person means by "5m", "1h30m", "14d" or "300ms"; None for other words, and beyond all spans."""
    if not re.fullmatch(r"(\d+(\.\d+)?(ms|[smhd]))+", words):
        return None
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|[smhd])", words)
    try:
        return timedelta(seconds=sum(float(number) * UNITS[unit] for number, unit in parts))
    except OverflowError:
        return None


def parse_duration(value: Any) -> Any:
    """Turn a person's words into a span; leave ISO 8601 and a clock's 0:05:00 to pydantic."""
    if not isinstance(value, str):
        return value
    span = duration_of(value)
    if span is None and not re.match(r"[-+]?(P|\d)", value):
        raise ValueError("expected a span such as 90s, 5m, 1h30m or 14d")
    return value if span is None else span


def unsaid(value: object) -> bool:
    """Whether a field is left out of what is written because it says nothing, so that records stay as they were."""
    return not value


def by_default(value: Any) -> Any:
    """A field that is left out of what is written while it says what it says by default, for the same reason."""
    return Field(default=value, exclude_if=lambda found: found == value)


def comma_list(words: str) -> list[str]:
    """What somebody wrote with commas between, without what is empty."""
    return [one.strip() for one in words.split(",") if one.strip()]


def parse_list(value: Any) -> Any:
    """Turn words with commas between into a list; leave a list as it is."""
    return comma_list(value) if isinstance(value, str) else value


def read_severity(word: Any) -> Any:
    """A severity's name as policies write it."""
    name = word.strip().upper() if isinstance(word, str) else ""
    return name if re.fullmatch(SEVERITY, name) else word


def read_wait(span: timedelta) -> timedelta:
    """Refuse no time at all."""
    if span <= timedelta():
        raise ValueError("expected a span longer than 0s")
    return span


def read_pattern(words: str) -> str:
    """Refuse a regular expression that is none, before an alert meets it."""
    try:
        re.compile(words)
    except re.error as error:
        raise ValueError(f"expected a regular expression: {error}") from None
    return words


def format_duration(span: timedelta) -> str:
    """Write a timedelta as files and programs have it: 90 seconds is "1m30s"."""
    return "".join(f"{count}{unit}" for count, unit in _counted(round(span.total_seconds() * 1000))) or "0s"


def to_the_second(span: timedelta) -> str:
    """A length of time as people say it, to the second."""
    return spoken(timedelta(seconds=round(span.total_seconds())))


def spoken(span: timedelta) -> str:
    """A span as people say it when seconds count: 3 min 12 s, 2 days 4 h; below one second 300 ms."""
    millis = round(span.total_seconds() * 1000)
    whole = round(millis / 1000) * 1000 if millis >= 1000 else millis
    said = (f"{count}{SPOKEN[unit]}{'s' * (unit == 'd' and count > 1)}" for count, unit in _counted(whole))
    return " ".join(said) or "0 s"


def _counted(millis: int) -> Iterator[tuple[int, str]]:
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, millis = divmod(millis, size)
        if count:
            yield count, unit


def said_count(number: int, what: str) -> str:
    """So many of something: 1 incident, 2 incidents."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def said_outcome(spare: timedelta, broken: bool = False) -> str:
    """What became of a promise with so much to spare, the same on every surface: `kept, 8 min early`, `1 min late`."""
    if broken:
        return "never kept"
    if spare < timedelta():
        return f"{said_span(-spare) if -spare >= timedelta(seconds=1) else 'under 1 s'} late"
    return f"kept, {said_span(spare)} early" if spare >= timedelta(seconds=1) else "kept"


def said_span(span: timedelta) -> str:
    """A span as people say it in a hurry: 40 s, 12 min, 3 h 20 min, and to the nearest hour 1 day 4 h, 2 days."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 86_400:
        hours, minutes = divmod(seconds // 60, 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod((seconds + 1800) // 3600, 24)
    return f"{days} days" if days > 1 else f"1 day {hours} h" if hours else "1 day"


Instant = AwareDatetime
Duration = Annotated[timedelta, BeforeValidator(parse_duration), PlainSerializer(format_duration, return_type=str)]
PositiveDuration = Annotated[Duration, AfterValidator(read_wait)]
"""A span that is not nothing: what is repeated after no time at all never ends."""
Regex = Annotated[str, AfterValidator(read_pattern)]
IncidentId = Annotated[str, StringConstraints(pattern=r"^INC-[0-9A-HJKMNP-TV-Z]{5}$")]
ClauseId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}-\d+$")]
Severity = Annotated[str, BeforeValidator(read_severity), StringConstraints(pattern=SEVERITY)]
"""However it is written: a person who types `p1` means P1."""
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=250)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3000)]
