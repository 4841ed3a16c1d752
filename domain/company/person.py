"""Somebody of the company: their names at the vendors, when they are on leave, and whether they have left."""

from datetime import UTC, date, datetime
from typing import Any

from pydantic import Field, field_validator, model_validator

from domain.company.vendor_ids import AtVendors
from domain.value.calendar import Zone
from domain.value.model import Instant, Model, Slug, by_default, unsaid

ERASED = "erased-"
"""How a word begins that stands for somebody who was erased (SOC-1)."""


class Absence(Model):
    """A span in which somebody is on leave."""

    starts_at: Instant
    ends_at: Instant

    @model_validator(mode="before")
    @classmethod
    def _from_two_moments(cls, value: Any) -> Any:
        """`[from, to]`; a day alone begins and ends at its midnight in UTC."""
        if isinstance(value, list | tuple) and len(value) == 2:
            return dict(zip(("starts_at", "ends_at"), map(_midnight, value), strict=True))
        return value


def _midnight(value: Any) -> Any:
    day = date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-07-01") else value
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if type(day) is date else value


class Person(AtVendors):
    """Somebody of the company, and their names at the vendors."""

    written_flat = ("slack", "pagerduty", "opsgenie")
    id: Slug
    name: str
    email: str = ""
    ids: dict[Slug, str] = Field(default_factory=dict)
    zone: Zone | None = by_default(None)
    """The time zone in which their office hours are counted, where that is not their team's."""
    left: bool = Field(default=False, exclude_if=unsaid)
    """Whether they are of the company no more; what they did stays theirs by name."""
    away: tuple[Absence, ...] = Field(default=(), exclude_if=unsaid)
    """When they are on leave: `[from, to]`, or several of them; others stand in meanwhile (WAR-7)."""

    @model_validator(mode="before")
    @classmethod
    def _erased(cls, value: Any) -> Any:
        """Of somebody who was erased only a word is left, which no vendor knows: they count as one who has left."""
        if isinstance(value, dict) and str(value.get("id", "")).startswith(ERASED):
            return {"id": value["id"], "name": value.get("name", value["id"]), "left": True}
        return value

    @field_validator("away", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        alone = isinstance(value, list | tuple) and len(value) == 2 and not isinstance(value[0], list | tuple | dict)
        return [value] if alone and not isinstance(value[0], Absence) else value

    def __hash__(self) -> int:
        """People are told apart by their id."""
        return hash(self.id)

    def is_away(self, at: datetime) -> bool:
        """Whether they are on leave at a moment."""
        return self.away_until(at) is not None

    def away_until(self, at: datetime) -> datetime | None:
        """When the leave ends that they are on at a moment; None where they are there."""
        return max((one.ends_at for one in self.away if one.starts_at <= at < one.ends_at), default=None)

    @property
    def called(self) -> frozenset[str]:
        """Every word that means this person alone, in small letters."""
        words = (self.id, self.name, self.email, self.email.partition("@")[0], *self.ids.values())
        return frozenset(word.casefold() for word in words if word)

    @property
    def reachable(self) -> bool:
        """Whether any vendor knows this person."""
        return bool(self.email or any(self.ids.values()))

    def knows(self, vendor: str) -> bool:
        """Whether this vendor has a name for this person, or needs none of its own."""
        return vendor not in self.written_flat or bool(self.at(vendor))

    def hidden(self) -> "Person":
        """The same person, whom no vendor can reach."""
        return self.model_copy(update={"email": "", "ids": {}})
