"""An incident as people ask for it: the answers of the queries, the board and the command line."""

from typing import Any

from pydantic import Field

from domain.company.policy import Policy, RoleRule
from domain.company.policy_follow_up import ItemDue
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.ringing import first_acknowledged_at
from domain.incident.severity import gravest
from domain.port.duty import Outcome
from domain.procedure import sitrep
from domain.procedure.action_items import in_time, is_judged, offered
from domain.procedure.figure_part import FigurePart
from domain.procedure.figures import ended_at, left_out, parts
from domain.procedure.postmortem import completed_at
from domain.procedure.postmortem_clock import due_at
from domain.procedure.public_update import fresh_status, on_page
from domain.procedure.public_words import values
from domain.procedure.repeats import modes_of, repeated
from domain.procedure.report import reports_until
from domain.report.due import Due, due
from domain.report.words import Draft, LatestFinding, draft, findings, found, mail
from domain.run.talk import TalkCounts, talk_counts
from domain.value.line import in_words
from domain.value.model import Instant, Model, by_default, unsaid
from domain.value.portion import portion

PAGE = 200
"""Events in one answer of the timeline query."""


class View(Model):
    """An incident as people ask for it."""

    id: str
    title: str
    phase: str
    severity: str | None
    proposed: str
    service: str
    team: str
    environment: str
    group: str
    kind: str
    commander: str
    roles: dict[str, str]
    opened_at: Instant
    fired_at: Instant
    acknowledged_at: Instant | None
    declared_at: Instant | None
    resolved_at: Instant | None
    closed_at: Instant | None
    room: str
    status_page: str
    on_page: bool = Field(default=False, exclude_if=unsaid)
    """Whether it is fought and customers read of it on the status page, or are to (COM-1)."""
    summary: str
    alerts: int
    events: int
    root_cause: str = ""
    repeat_of: str = ""
    """The newest earlier incident with the same root cause (REP-1)."""
    postmortem: str = ""
    """Where the post-mortem is."""
    postmortem_due_at: Instant | None = None
    postmortem_completed_at: Instant | None = None
    breach: bool | None = None
    """Whether personal data was breached; None while nobody has answered (GDP-1)."""
    items: int
    items_due: int = 0
    """Action items whose fate is known: done, or overdue (KPI-5)."""
    items_in_time: int = 0
    misses: int
    gravest: str = ""
    """The severest that was declared, else the proposed one: what it counts as (KPI)."""
    left_out: str = ""
    """Why no figure counts it; empty where they do."""
    ended_at: Instant | None = None
    """Its first end, which no reopening moves."""
    parts: tuple[FigurePart, ...] = ()
    """What it adds to each key figure."""
    modes: tuple[str, ...] = ()
    """What a later incident knows this one again by (REP-1)."""
    due: tuple[Due, ...]
    owed: tuple[str, ...]
    room_url: str = ""
    reports_until: Instant | None = None
    """Until when a further declaration for the service joins this one (DET-4)."""
    retracted: str = ""
    """Why it was none: merged, false_alarm, duplicate, not_ours; no figure counts it then (DET-7)."""
    merged_into: str = ""
    words: dict[str, str] = Field(default_factory=dict, exclude_if=unsaid)
    """What texts for customers are filled in with, by name."""
    severities: dict[str, str] = Field(default_factory=dict)
    """The titles of the severities and, below, the roles that the incident's own policy knows."""
    role_titles: dict[str, str] = Field(default_factory=dict)
    role_rules: dict[str, RoleRule] = Field(default_factory=dict, exclude_if=unsaid)
    """Its own policy's roles and, below, who may do what by it; nothing of an older release."""
    may: dict[str, tuple[str, ...]] = Field(default_factory=dict, exclude_if=unsaid)
    names: dict[str, str] = Field(default_factory=dict)
    """The names of those who hold a role."""
    tasks: dict[str, str] = Field(default_factory=dict, exclude_if=unsaid)
    """Of the tasks left, the title by number; below, of open items by key; then how long one is given."""
    open_items: dict[str, str] = Field(default_factory=dict, exclude_if=unsaid)
    item_due: ItemDue | None = Field(default=None, exclude_if=unsaid)
    findings: dict[str, str] = Field(default_factory=dict, exclude_if=unsaid)
    """The last findings that stand, by number: whose each is, and how it begins (WAR-4)."""
    links: dict[str, str] = Field(default_factory=dict, exclude_if=unsaid)
    """The incidents that have to do with it, and what each is about where that is known (DET-7)."""
    service_title: str = Field(default="", exclude_if=unsaid)
    card: tuple[tuple[str, str], ...] = Field(default=(), exclude_if=unsaid)
    """What the pinned card says: found, decided, told to customers; its moments in UTC as `clock_time` has them."""
    card_moments: tuple[Instant, ...] = Field(default=(), exclude_if=unsaid)
    found: LatestFinding | None = None
    draft: Draft | None = None
    fresh_state: str = Field(default="", exclude_if=unsaid)
    """The state that a fresh update for customers begins with: what a person said last (COM-3)."""
    mail: Draft | None = None
    talk: TalkCounts = by_default(TalkCounts())
    """What the next plain words in the war room come to (ACK-5, WAR-4)."""

    @property
    def security(self) -> bool:
        """Whether it is a security incident."""
        return self.kind == "security"

    @property
    def drill(self) -> bool:
        """Whether it was a drill, which no figure counts."""
        return self.kind == "drill"


def kind(incident: Incident) -> str:
    """What sort of incident it is: `drill`, `security` or `incident`."""
    return "drill" if incident.opened.drill else "security" if incident.secret else "incident"


def view(incident: Incident, owed: tuple[str, ...]) -> View:
    """The incident in one answer."""
    return View(
        id=incident.id,
        title=incident.title.inside,
        phase=incident.phase,
        severity=incident.severity,
        proposed=incident.proposal[0],
        service=incident.service.name,
        team=incident.service.team,
        environment=incident.opened.environment,
        group=incident.corrections.group(incident.opened.group),
        kind=kind(incident),
        commander=incident.commander,
        roles=dict(incident.holders),
        room=incident.room_name,
        room_url=incident.room_url,
        reports_until=reports_until(incident),
        retracted=incident.closed_reason if incident.retracted else "",
        merged_into=incident.relations.merged_into,
        status_page=incident.status_url,
        on_page=not incident.over and on_page(incident),
        summary=incident.summary.inside,
        alerts=len(incident.alerts),
        events=incident.number,
        misses=len(incident.missed),
        gravest=gravest(incident),
        left_out=left_out(incident),
        parts=parts(incident),
        due=due(incident),
        owed=tuple(map(in_words, owed)),
        names={id: incident.called(id) for id in incident.holders.values()},
        **_ruled(incident.policy),
        **_said(incident),
        **_moments(incident),
        **_learned(incident),
        **_left(incident),
    )


def _ruled(policy: Policy) -> dict[str, Any]:
    """What the incident's own policy calls its severities and roles, and who may do what by it."""
    severities = {name: rule.title for name, rule in policy.severities.items()}
    titles = {name: rule.title for name, rule in policy.roles.items()}
    return {"severities": severities, "role_titles": titles, "role_rules": policy.roles, "may": policy.may}


def _said(incident: Incident) -> dict[str, Any]:
    """What was found, what words count, what waits to be told to customers, and what texts are filled in with."""
    waiting: dict[str, Any] = {"draft": draft(incident), "mail": mail(incident)}
    card = sitrep.inside(incident)
    named = {"card": card, "card_moments": sitrep.named(incident, " ".join(words for _, words in card))}
    waiting["fresh_state"] = fresh_status(incident) if incident.phase == "active" else ""
    here = {"found": found(incident), "talk": talk_counts(incident), "service_title": incident.service.title}
    return here | {"words": values(incident)} | waiting | named


def _moments(incident: Incident) -> dict[str, Any]:
    """When what happened; acknowledged is the first time, as MTTA wants it."""
    return {
        "opened_at": incident.opened_at,
        "fired_at": incident.opened.fired_at,
        "acknowledged_at": first_acknowledged_at(incident),
        "declared_at": incident.declared_at,
        "resolved_at": incident.resolved_at,
        "ended_at": ended_at(incident),
        "closed_at": incident.closed_at if incident.phase == "closed" else None,
    }


def _learned(incident: Incident) -> dict[str, Any]:
    """The follow-up, as the records count it."""
    repeats = repeated(incident)
    return {
        "root_cause": incident.learning.cause,
        "repeat_of": repeats[0].incident if repeats else "",
        "postmortem": incident.learning.document_url,
        "postmortem_due_at": due_at(incident),
        "postmortem_completed_at": completed_at(incident),
        "breach": incident.learning.breach.breach if incident.learning.breach else None,
        "modes": modes_of(incident),
        "items": len(incident.items),
        "items_due": sum(is_judged(incident, item) for item in incident.items.values()),
        "items_in_time": sum(in_time(item) for item in incident.items.values()),
    }


def _left(incident: Incident) -> dict[str, Any]:
    """What people may still answer: the tasks of the fight, the action items of its lessons, the links."""
    items = (item for item in incident.items.values() if item.state == "open")
    links = incident.relations.links
    return {
        "links": dict.fromkeys(incident.relations.linking, "") | links if incident.phase != "closed" else {},
        "tasks": {str(task.number): task.title for task in incident.work.left},
        "open_items": {item.key: item.title for item in items},
        "item_due": offered(incident),
        "findings": findings(incident) if not incident.closed_at else {},
    }


def pointer(there: View) -> Outcome:
    """Where another incident is; a security incident keeps its subject and its room to itself (SCP-3)."""
    if there.kind == "security":
        return Outcome(ref=there.id)
    return Outcome(ref=there.id, text=there.room, url=there.room_url, title=there.title, on_page=there.on_page)


def timeline(incident: Incident, after: int) -> list[Event]:
    """The events after a number, at most a page of them, and no more than fit into an answer."""
    return list(portion(incident.events[after : after + PAGE]))
