"""WAR-2: the headline in #incidents; and what else an incident shows of itself: the pinned card, the topic, links."""

from collections.abc import Iterator
from datetime import datetime

from domain.company.catalog import Link
from domain.incident.clock import Deadline
from domain.incident.incident import Incident
from domain.incident.lifecycle import ENDS
from domain.incident.work import Task
from domain.port.any_duty import Duty
from domain.port.chat import ShowHeadline
from domain.port.message import Button, Message
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import AddItem
from domain.procedure.data_breach import AnswerBreach, must_answer
from domain.procedure.findings import PostFinding
from domain.procedure.impact import told
from domain.procedure.postmortem import PM_1, CompletePostmortem, NameCause, completed_at, is_owed
from domain.procedure.postmortem_clock import due_at
from domain.procedure.repeats import seen_before
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.severity import Declare
from domain.procedure.status_page import DraftUpdate
from domain.rule.clause import Clause
from domain.rule.judge import has_room
from domain.rule.ruleset import Ruleset

WORDS = {
    "alerting": "nobody has acknowledged yet",
    "triage": "acknowledged, being triaged",
    "active": "being fought",
    "resolved": "resolved, follow-up",
    "closed": "closed",
}
"""What each phase is called when people read it."""

SOURCES = 10
"""Links of alerts that are shown; a storm brings more than anybody would follow."""


def title(incident: Incident) -> str:
    """The incident in one line; a security incident keeps its subject to itself (SCP-3)."""
    severity = incident.severity or f"{incident.proposal[0]} proposed"
    return f"{incident.mark}{incident.id} [{severity}] {incident.service.title}: {incident.title}"[:150]


def headline(incident: Incident) -> Message:
    """WAR-2: one message per incident in #incidents, kept up to date, with the presses that fit the phase."""
    return Message(
        title=title(incident),
        text=_state(incident),
        facts=_facts(incident),
        links=_public(incident),
        buttons=_buttons(incident),
    )


def card(incident: Incident) -> Message:
    """WAR-1: the pinned summary of the war room."""
    text = f"{_state(incident)}\n{incident.description.inside}".strip()
    return Message(
        title=_open_title(incident),
        text=text,
        facts=(*_facts(incident), *_work(incident)),
        links=links(incident),
        buttons=_buttons(incident),
    )


def topic(incident: Incident) -> str:
    """WAR-1: severity, phase and commander in one line; what changes more often stands on the card."""
    commander = incident.called(incident.commander) if incident.commander else ""
    commands = f"{commander} commands" if commander else "nobody commands yet"
    return f"{incident.mark}{incident.severity or 'severity not declared'} · {WORDS[incident.phase]} · {commands}"


def links(incident: Incident) -> tuple[Link, ...]:
    """TRI-1, TRI-2: dashboards, logs, deployments, runbooks, what alerts link to; then what grew out of it."""
    service = incident.service
    deployed = tuple(Link(label=one.told, url=one.url) for one in incident.lookups.deployments if one.url)
    grown = {"status page": incident.status_url, "post-mortem": incident.learning.document_url}
    grown |= {f"tracker: {item.ref}": item.url for item in incident.items.values()}
    places = tuple(Link(label=label, url=url) for label, url in grown.items() if url)
    where = (*service.dashboards, *service.logs, *deployed)
    return (*where, *incident.runbooks, *_sources(incident), *places)


def _sources(incident: Incident) -> tuple[Link, ...]:
    """Where the alerts came from: monitors, and the customers' tickets, of those that joined too (DET-2, DET-4)."""
    joined = (link for alert in incident.alerts.values() for link in alert.links)
    return tuple(dict.fromkeys([*incident.opened.links, *joined]))[:SOURCES]


def _public(incident: Incident) -> tuple[Link, ...]:
    return () if incident.secret else links(incident)


def _open_title(incident: Incident) -> str:
    severity = incident.severity or f"{incident.proposal[0]} proposed"
    return f"{incident.mark}{incident.id} [{severity}] {incident.title.inside}"[:150]


def _state(incident: Incident) -> str:
    """The phase in words, with who and how many alerts."""
    words = f"closed: {ENDS[incident.closed_reason]}" if incident.retracted else WORDS[incident.phase]
    if incident.phase == "alerting" and incident.pages:
        paged = [name for sent in incident.pages.values() for name in sent.people]
        words += f"; paged: {', '.join(map(incident.called, dict.fromkeys(paged)))}" if paged else ""
    if incident.phase in ("triage", "active") and incident.acknowledged_by:
        words += f"; {incident.called(incident.acknowledged_by)} is investigating"
    if incident.over and incident.summary:
        words += f": {incident.summary}"
    return words[:1].upper() + words[1:]


def _facts(incident: Incident) -> tuple[tuple[str, str], ...]:
    """Who holds which role, since when, how much has joined, where."""
    roles = [
        (rule.title, incident.called(incident.holders[role]))
        for role, rule in incident.policy.roles.items()
        if role in incident.holders
    ]
    fired = ("Fired", f"{incident.opened.fired_at:%d %b %H:%M:%S} UTC")
    proposed = ("Proposed", f"{incident.proposal[0]}: {incident.proposal[1]}")
    room = [("War room", f"#{incident.room_name}")] if incident.room_name and not incident.secret else []
    alerts = [("Alerts", str(len(incident.alerts)))] if len(incident.alerts) > 1 else []
    repeats = incident.opened.repeats if not incident.over else ()
    before = [("Seen before", seen_before(repeats, incident.opened_at))] if repeats else []
    known = (*([] if incident.severity else [proposed]), *roles, fired, *alerts, *room, *before)
    return (*known, *_related(incident), *_owed_later(incident))


def _related(incident: Incident) -> tuple[tuple[str, str], ...]:
    """DET-7: where it goes on, what went into it, what it has to do with."""
    known = incident.relations
    taken = [f"{id}, {one.title}" for id, one in known.taken_in.items()]
    links = [f"{id}, {title}" if title else id for id, title in known.links.items()]
    said = {"Merged into": known.merged_into, "Merged in": "; ".join(taken), "Linked to": "; ".join(links)}
    return tuple((name, words) for name, words in said.items() if words)


def _work(incident: Incident) -> tuple[tuple[str, str], ...]:
    """WAR-8, TRI-6: how far the harm reaches, and the tasks that are left; read in the room alone."""
    left, every, harm = incident.work.left, len(incident.work.tasks), told(incident)
    impact = [("Impact", harm)] if harm else []
    tasks = [("Tasks", f"{every - len(left)} of {every} ended; {'; '.join(_task(incident, one) for one in left)}")]
    return (*impact, *(tasks if left else ()))


def _task(incident: Incident, task: Task) -> str:
    """A task in a line: whose it is, and what is in its way."""
    blocked = f", blocked: {task.reason}" if task.state == "blocked" else ""
    return f"{task.number}. {task.title} ({incident.called(task.to) or 'nobody yet'}{blocked})"


def _owed_later(incident: Incident) -> tuple[tuple[str, str], ...]:
    """What is owed in the follow-up; that the checkpoint is open is said in #incidents, its answer is not."""
    if not incident.over or incident.retracted or incident.closed_reason in ("self_resolved", "drill_over"):
        return ()
    due, done = due_at(incident), completed_at(incident)
    left = sum(item.state == "open" for item in incident.items.values())
    items = [("Action items", f"{left} of {len(incident.items)} open")] if incident.items else []
    page = f"complete since {done:%d %b %H:%M}" if done else f"due {due:%d %b %H:%M} UTC" if due else ""
    waived = "waived" if PM_1.id in incident.learning.waivers else page
    breach = [("Breach checkpoint", "not answered")] if must_answer(incident) else []
    return (*([("Post-mortem", waived)] if waived else []), *items, *breach)


def _buttons(incident: Incident) -> tuple[Button, ...]:
    """The acts that fit the phase."""
    declare = [
        Declare.button(f"Declare {name}", "plain" if rank else "danger", asks=False, severity=name)
        for rank, name in enumerate(incident.policy.severities)
        if not incident.policy.lower(name, incident.likely)
    ]
    first = () if incident.acknowledged_at else (Acknowledge.button(),)
    if incident.phase in ("alerting", "triage"):
        return (*first, *declare, Declare.button("Declare other"))
    if incident.phase == "active":
        return (*first, PostFinding.button(), DraftUpdate.button(), Resolve.button())
    return _afterwards(incident) if incident.phase == "resolved" else ()


def _afterwards(incident: Incident) -> tuple[Button, ...]:
    """What the follow-up still asks for, and the way back."""
    wanted = is_owed(incident) and not completed_at(incident)
    lessons = (
        (NameCause.button(), AddItem.button(), CompletePostmortem.button("Complete", "primary"))
        if wanted
        else (AddItem.button(),)
    )
    breach = (AnswerBreach.button("Breach checkpoint"),) if must_answer(incident) else ()
    return (*breach, *lessons, Reopen.button())


def due_lines(deadlines: list[Deadline]) -> str:
    """What is due next, one line each."""
    return "\n".join(f"{one.key} {one.says} by {one.due_at:%H:%M:%S} UTC ({one.owner})" for one in deadlines)


def duties(incident: Incident) -> Iterator[Duty]:
    """WAR-2: the headline, for every incident."""
    shown = incident.shown.get("headline")
    duty = ShowHeadline(
        key=f"headline/{shown.count if shown else 0}",
        incident=incident.id,
        clause=WAR_2.id,
        summary="keep the headline in #incidents up to date",
        ref=shown.ref if shown else "",
        message=headline(incident),
        not_before=quiet_until(incident, "headline"),
    )
    if not shown or shown.digest != duty.digest:
        yield duty


def quiet_until(incident: Incident, lane: str) -> datetime | None:
    """Edits of one message are coalesced."""
    shown = incident.shown.get(lane)
    return shown.at + incident.policy.room.edit_every if shown else None


def _stands(incident: Incident) -> bool | None:
    return "headline" in incident.shown if has_room(incident) else None


WAR_2 = Clause(
    "WAR-2",
    "#incidents carries one message per incident, kept up to date.",
    still=True,
    judged_by="the headline stands in #incidents",
    judge=_stands,
)
RULES = Ruleset(clauses=(WAR_2,), duties=duties)
