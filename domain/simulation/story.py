"""A scenario as people write it in a file: who does what when, in the words of the procedure.

A line of the story is an alert (`alert`, `recovers`), a report by a person (`report`), a vendor that is away (`away`),
what nobody has written of the post-mortem (`unwritten`), or somebody's act: `dana: acknowledge`, `jonas: declare P1`,
`jonas: {resolve: it was the flag}`. Somebody is a person of the catalog, or whoever holds a level or a role in the
service's team: `primary`, `secondary`, `commander`, `comms`, `manager`; anybody else is a stranger, whom the catalog
does not know.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator, model_validator

from domain.port.duty import Role
from domain.simulation.expectation import Expectation
from domain.simulation.phrase import OWN, told
from domain.simulation.scenario import Window
from domain.value.act import Act
from domain.value.model import Duration, Instant, Model, ShortText

START = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
"""When scenarios begin, unless their file says otherwise: a Tuesday morning."""
AFTER = timedelta(minutes=30)
"""How long a scenario goes on after its last line, unless its file says otherwise."""


class Fires(Model):
    """An alert that fires: once or several times, for good or for a while."""

    at: Duration
    alert: ShortText
    """Its title; `{n}` in it counts, so that several times are several alerts."""
    key: str = ""
    """What tells it from other alerts; the title where nothing is said."""
    severity: str = "critical"
    service: str = ""
    environment: str = "production"
    description: str = ""
    labels: dict[str, str] = Field(default_factory=dict)
    paged: tuple[str, ...] = ()
    """Whom its source has paged already (ACK-3)."""
    late: Duration = timedelta()
    """How long ago it fired at its source."""
    times: int = Field(default=1, ge=1, le=1000)
    every: Duration = timedelta()
    lasts: Duration | None = None
    """After so long it recovers."""
    count: int = Field(default=1, ge=1)
    """How many duplicates are heard at once."""


class Recovers(Model):
    """An alert recovers: its title or its key."""

    at: Duration
    recovers: ShortText


class Reports(Model):
    """A person reports what no monitor saw (DET-2)."""

    at: Duration
    report: ShortText
    by: str
    severity: str = ""
    service: str = ""
    description: str = ""


class OutageLine(Model):
    """The vendor of a role is away: it does nothing, or nothing of one kind of duty."""

    at: Duration
    away: Role
    lasts: Duration = timedelta(days=365)
    only: str = ""
    person: str = ""
    """Only what concerns this person."""
    said: str = "503 Service Unavailable"
    refuses: bool = False
    """Whether trying again cannot help."""


class NotWritten(Model):
    """From then on nobody has written under these headings of the post-mortem (PM-3); under all others somebody has."""

    at: Duration
    unwritten: tuple[str, ...]


class ActLine(Model):
    """Somebody does something."""

    at: Duration
    by: str
    act: Act
    incident: int = Field(default=0, ge=0)
    """Which incident, counted from 1; the newest when nothing is said."""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        people = [key for key in data if key not in OWN] if isinstance(data, dict) else []
        if isinstance(data, dict) and "act" not in data and len(people) != 1:
            raise ValueError(
                f"{', '.join(map(str, people)) or 'nobody'} in one line, expected one person and their act"
            )
        return told(data, START) if isinstance(data, dict) else data


def _kind(data: Any) -> str:
    """Which sort of line it is."""
    words = data if isinstance(data, dict) else type(data).model_fields
    return next((kind for kind in ("alert", "recovers", "report", "away", "unwritten") if kind in words), "act")


StoryLine = Annotated[
    Annotated[Fires, Tag("alert")]
    | Annotated[Recovers, Tag("recovers")]
    | Annotated[Reports, Tag("report")]
    | Annotated[OutageLine, Tag("away")]
    | Annotated[NotWritten, Tag("unwritten")]
    | Annotated[ActLine, Tag("act")],
    Discriminator(_kind),
]


class ScenarioFile(Model):
    """A scenario's file."""

    name: str = ""
    says: ShortText
    """What it shows."""
    service: str = ""
    """The service it is about; otherwise the catalog's first customer-facing one of the tier."""
    tier: int = 1
    starts_at: Instant = START
    lasts: Duration | None = None
    kind: Literal["incident", "drill"] = "incident"
    maintenance: tuple[Window, ...] = ()
    catalog: dict[str, Any] = Field(default_factory=dict)
    """Lines of the catalog that are otherwise in this scenario: `{services: {checkout: {depends_on: [platform]}}}`."""
    policy: dict[str, Any] = Field(default_factory=dict)
    """Lines of the policy that are otherwise in this scenario: `{alerts: {join: link}}`."""
    story: tuple[StoryLine, ...]
    expect: Expectation = Expectation()

    @field_validator("story", mode="before")
    @classmethod
    def _since_its_start(cls, lines: Any, info: ValidationInfo) -> Any:
        """What the lines say of moments after the start is meant from the file's own start."""
        if not isinstance(lines, list | tuple):
            return lines
        start = info.data.get("starts_at", START)
        return [told(line, start) if isinstance(line, dict) and _kind(line) == "act" else line for line in lines]

    @model_validator(mode="after")
    def _begins_with_an_alert(self) -> Self:
        if not any(isinstance(beat, Fires | Reports) for beat in self.story):
            raise ValueError("story: found no line with `alert` or `report`, expected one, for nothing happens without")
        return self

    @property
    def length(self) -> timedelta:
        """How long it is played."""
        return self.lasts or max(beat.at for beat in self.story) + AFTER
