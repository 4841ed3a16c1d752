"""The page that the Instatus stand-in keeps: its components and incidents, and the words its subscribers got."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from standins.standin import now

Status = Literal["INVESTIGATING", "IDENTIFIED", "MONITORING", "RESOLVED"]
State = Literal["OPERATIONAL", "UNDERMAINTENANCE", "DEGRADEDPERFORMANCE", "PARTIALOUTAGE", "MAJOROUTAGE"]


class Shown(BaseModel):
    """What a component is to show."""

    model_config = ConfigDict(extra="forbid")

    id: str
    status: State


class Update(BaseModel):
    """POST incident-updates."""

    model_config = ConfigDict(extra="forbid")

    status: Status
    components: list[str]
    statuses: list[Shown]
    message: str = ""
    started: datetime | None = None
    notify: bool = False

    @model_validator(mode="after")
    def _names_what_it_shows(self) -> Self:
        if strange := {one.id for one in self.statuses} - set(self.components):
            raise ValueError(f"statuses of components that are not named: {sorted(strange)}")
        return self


class Create(Update):
    """POST incidents."""

    name: str = Field(min_length=1)
    components: list[str] = Field(default_factory=list)
    statuses: list[Shown] = Field(default_factory=list)
    shouldPublish: bool = True


class Account:
    """Everything the page knows. `notified` holds every message its subscribers were sent, in order."""

    def __init__(self, components: tuple[str, ...], templates: dict[str, str]) -> None:
        self.components: dict[str, str] = dict.fromkeys(components, "OPERATIONAL")
        self.templates = dict(templates)
        self.incidents: dict[str, dict[str, Any]] = {}
        self.notified: list[str] = []

    def strange(self, wanted: Update) -> list[str]:
        """The components that the page does not have."""
        return sorted(set(wanted.components) - self.components.keys())

    def open(self, wanted: Create) -> dict[str, Any]:
        """Open an incident with its first update; twice is two incidents."""
        ident = f"ckinc{len(self.incidents) + 1:020}"
        opened: dict[str, Any] = {"id": ident, "name": wanted.name, "started": now(), "resolved": None, "updates": []}
        self.incidents[ident] = opened | {"status": wanted.status, "duration": None, "components": []}
        self.append(ident, wanted)
        return self.incidents[ident]

    def append(self, ident: str, wanted: Update) -> dict[str, Any]:
        """Add an update; twice is two updates, and the subscribers hear both."""
        incident, at = self.incidents[ident], now()
        update = {
            "id": f"ckupd{len(incident['updates']) + 1:020}",
            "message": wanted.message,
            "messageHtml": f"<p>{wanted.message}</p>",
            "status": wanted.status,
            "notify": wanted.notify,
            "started": at,
            "ended": None,
            "duration": None,
            "createdAt": at,
        }
        incident["updates"].append(update)
        incident |= {"status": wanted.status, "resolved": at if wanted.status == "RESOLVED" else None}
        self.components |= {one.id: one.status for one in wanted.statuses}
        if wanted.components:
            incident["components"] = [self.component(key) for key in wanted.components]
        self.notified += [wanted.message] if wanted.notify else []
        return update

    def component(self, key: str) -> dict[str, Any]:
        """A component as an incident shows it."""
        return {"id": key, "name": key, "status": self.components[key], "showUptime": True}

    def told(self, ident: str) -> dict[str, Any]:
        """An incident as the webhook tells it: other names, and HTML."""
        incident = self.incidents[ident]
        updates = [
            {"id": one["id"], "incident_id": ident, "body": one["messageHtml"], "status": one["status"]}
            | {"created_at": one["createdAt"], "updated_at": one["createdAt"]}
            for one in incident["updates"]
        ]
        times = {"created_at": incident["started"], "updated_at": now(), "resolved_at": incident["resolved"] or ""}
        url = f"https://status.example/incidents/{ident}"
        named = {name: incident[name] for name in ("id", "name", "status")}
        return {**named, **times, "backfilled": False, "impact": "MAJOROUTAGE", "url": url, "incident_updates": updates}
