"""The account that the PagerDuty stand-in keeps: its users, services and schedules, and every page there was."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from standins.standin import written

Status = Literal["triggered", "acknowledged", "resolved"]


@dataclass(frozen=True)
class User:
    """Somebody who can be paged; `email` is what the From header names."""

    id: str
    name: str
    email: str


@dataclass(frozen=True)
class Service:
    """A service, the integration key of its events, and whom its escalation policy pages, level by level."""

    id: str
    name: str
    policy: tuple[str, ...]
    routing_key: str = field(default="", repr=False)


@dataclass
class Page:
    """One PagerDuty incident: somebody is, or was, being woken."""

    id: str
    number: int
    key: str
    title: str
    service: str
    who: tuple[str, ...]
    created_at: datetime
    via: Literal["event", "rest"]
    text: str = ""
    status: Status = "triggered"
    changed_at: datetime | None = None
    repeats: int = 0
    """How often a trigger with its key joined it."""
    resolution: str = ""
    priority: str = ""
    reopened_at: datetime | None = None
    taken_by: str = ""
    """Who acknowledged it: a user, or the integration where nobody did."""
    merged_into: str = ""

    @property
    def shown_key(self) -> str | None:
        """Incidents that were made of alerts show no key, though they can be found by it."""
        return (self.key or None) if self.via == "rest" else None


@dataclass
class Account:
    """Everything PagerDuty knows."""

    users: Mapping[str, User]
    services: Mapping[str, Service]
    schedules: Mapping[str, tuple[tuple[int, str], ...]]
    """Who is on call in a schedule now: the level of the escalation policy, and the user."""
    clock: Callable[[], datetime]
    holes: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """When a schedule has nobody."""
    pages: list[Page] = field(default_factory=list)
    site: str = "https://standin.pagerduty.com/"
    """Where people read the account."""

    def is_manned(self, schedule: str, at: datetime) -> bool:
        """Whether a schedule has somebody on call at a moment."""
        begins, ends = self.holes.get(schedule, (at, at))
        return bool(self.schedules[schedule]) and not begins <= at < ends

    def new(self, key: str, title: str, service: str, who: Iterable[str], via: Literal["event", "rest"]) -> Page:
        """Open a page with the next number; without people the service's policy pages its first level."""
        number = len(self.pages) + 1
        people = tuple(who) or self.services[service].policy[:1]
        page = Page(f"Q{number:013}", number, key, title, service, people, self.clock(), via)
        self.pages.append(page)
        return page

    def find(self, ref: str) -> Page:
        """The newest page of an incident id or of `event:` and a key; `KeyError` when there is none."""
        key = ref.removeprefix("event:")
        for page in reversed(self.pages):
            if ref == page.id or (key != ref and key == page.key):
                return page
        raise KeyError(ref)

    def open_with(self, key: str, service: str) -> Page | None:
        """The open page of this key on this service."""
        found = (page for page in self.pages if (page.key, page.service) == (key, service))
        return next((page for page in found if page.status != "resolved"), None) if key else None

    def move(self, page: Page, status: Status, resolution: str = "", by: str = "") -> None:
        """Change a status, and remember who acknowledged; leaving `resolved` reopens, as PagerDuty does."""
        now = self.clock()
        if page.status == "resolved" and status != "resolved":
            page.reopened_at = now
        page.status, page.changed_at, page.resolution = status, now, resolution or page.resolution
        page.taken_by = by if status == "acknowledged" else ""

    def reference(self, kind: str, ident: str, name: str) -> dict[str, Any]:
        """How PagerDuty refers to a thing."""
        plural = "escalation_policies" if kind == "escalation_policy" else f"{kind}s"
        return {
            "id": ident,
            "type": f"{kind}_reference",
            "summary": name,
            "self": f"https://api.pagerduty.com/{plural}/{ident}",
            "html_url": f"{self.site}{plural}/{ident}",
        }

    def user(self, ident: str) -> dict[str, Any]:
        """A reference to a user, known or not."""
        return self.reference("user", ident, self.users[ident].name if ident in self.users else ident)

    def acknowledger(self, page: Page) -> dict[str, Any]:
        """Who acknowledged: the user, else the service's integration."""
        service = self.services[page.service]
        return self.user(page.taken_by) if page.taken_by else self.reference("service", service.id, service.name)

    def merge(self, page: Page) -> dict[str, Any]:
        """Why a page is resolved that went into another."""
        target = self.find(page.merged_into)
        return {"type": "merge_resolve_reason", "incident": self.reference("incident", target.id, target.title)}

    def answer(self, page: Page) -> dict[str, Any]:
        """The page as the REST API shows it."""
        changed = written(page.changed_at or page.created_at)
        who = () if page.status == "resolved" else page.who
        shown: dict[str, Any] = {"incident_key": page.shown_key} if page.shown_key else {}
        shown |= {"resolve_reason": self.merge(page)} if page.merged_into else {}
        return (
            self._named(page)
            | shown
            | {
                "incident_number": page.number,
                "summary": f"[#{page.number}] {page.title}",
                "created_at": written(page.created_at),
                "updated_at": changed,
                "last_status_change_at": changed,
                "resolved_at": changed if page.status == "resolved" else None,
                "assigned_via": "direct_assignment" if page.via == "rest" else "escalation_policy",
                "assignments": [{"at": written(page.created_at), "assignee": self.user(one)} for one in who],
                "acknowledgements": [{"at": changed, "acknowledger": self.acknowledger(page)}]
                if page.status == "acknowledged"
                else [],
            }
        )

    def event_data(self, page: Page) -> dict[str, Any]:
        """The page as a V3 webhook shows it."""
        who = () if page.status == "resolved" else page.who
        return self._named(page) | {
            "number": page.number,
            "incident_key": page.shown_key,
            "created_at": written(page.created_at),
            "reopened_at": written(page.reopened_at) if page.reopened_at else None,
            "assignees": [self.user(one) for one in who],
            "escalation_policy": None,
            "teams": [],
            "priority": self.reference("priority", "PPRIORITY", page.priority) if page.priority else None,
            "conference_bridge": None,
            "resolve_reason": None,
            "incident_type": {"name": "incident_default"},
        }

    def _named(self, page: Page) -> dict[str, Any]:
        shown = self.reference("incident", page.id, page.title)
        service = self.services[page.service]
        return {
            "id": page.id,
            "type": "incident",
            "self": shown["self"],
            "html_url": shown["html_url"],
            "status": page.status,
            "title": page.title,
            "service": self.reference("service", service.id, service.name),
            "urgency": "high",
        }
