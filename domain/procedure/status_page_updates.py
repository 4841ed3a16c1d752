"""COM-3, COM-6, COM-7 towards the page: updates are drafted from its templates, published in order, and read back."""

from collections.abc import Iterator

from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.any_duty import Duty
from domain.port.duty import Outcome
from domain.port.message import Message
from domain.port.status_page import DraftFromTemplate, PublishUpdate, ReadStatus
from domain.procedure.status_page import UpdateDrafted, clocks, filled, fresh_status, has_page, published
from domain.rule.people import held_by
from domain.rule.ruleset import Ruleset

SHOWN = {"critical": "major_outage", "major": "partial_outage", "minor": "degraded", "none": "operational"}
"""What a component shows by the severity's impact."""


def duties(incident: Incident) -> Iterator[Duty]:
    """The next draft, the next approved update, the read-back."""
    if has_page(incident) and incident.since("status_page"):
        yield from _draft(incident)
    yield from _publish(incident)
    yield from _read_back(incident)


def _draft(incident: Incident) -> Iterator[Duty]:
    """COM-3: the first draft at once, each further one when its reminder went out."""
    posts = published(incident)
    running = {clock.key for clock in clocks(incident) if clock.running}
    again = bool(posts and incident.reopenings and incident.reopenings[-1] > posts[-1])
    wanted = not posts or again or running & (incident.reminded.keys() | incident.missed.keys())
    if incident.over or not wanted or any(not update.published_at for update in incident.updates.values()):
        return
    number, status = max(incident.updates, default=0) + 1, fresh_status(incident)
    yield DraftFromTemplate(
        key=f"draft/{number}",
        incident=incident.id,
        clause="COM-3",
        summary=f"draft status page update {number}",
        number=number,
        status=status,
        template=incident.policy.updates.templates.get(status, ""),
        fallback=filled(incident, incident.policy.updates.draft(status)),
        values={"service": incident.service.title, "summary": str(incident.summary), "id": incident.id},
    )


def _publish(incident: Incident) -> Iterator[Duty]:
    """COM-1, COM-2, COM-6: approved updates, one after the other."""
    owed = [u for number, u in sorted(incident.updates.items()) if u.approved_at and not u.published_at]
    for update in owed[:1]:
        final = update.status == "resolved"
        impact = incident.policy.severities[incident.likely].impact
        yield PublishUpdate.model_validate(
            {
                "key": f"publish/{update.number}",
                "incident": incident.id,
                "clause": "COM-6" if final else "COM-2" if published(incident) else "COM-1",
                "summary": f"publish status page update {update.number} ({update.status})",
                "number": update.number,
                "ref": incident.status_ref,
                "status": update.status,
                "title": f"{incident.service.title}: {incident.policy.severities[incident.likely].title}"[:250],
                "body": update.body,
                "impact": impact,
                "components": dict.fromkeys(incident.service.components, "operational" if final else SHOWN[impact]),
            }
        )


def _read_back(incident: Incident) -> Iterator[Duty]:
    """COM-7: what the page shows, compared with what we last published."""
    posts = [u for u in incident.updates.values() if u.published_at]
    checks = [key for key in incident.rung if key.startswith("COM-7/")]
    if not posts or not checks or incident.over:
        return
    last = max(posts, key=lambda update: (update.published_at, update.number))
    yield ReadStatus.model_validate(
        {
            "key": f"read/{checks[-1].removeprefix('COM-7/')}",
            "incident": incident.id,
            "clause": "COM-7",
            "summary": "compare the status page with the incident",
            "ref": incident.status_ref,
            "status": last.status,
            "body": last.body,
        }
    )


def follow(duty: Duty, outcome: Outcome) -> tuple[Fact, ...]:
    """COM-3: a fetched template becomes the draft."""
    if duty.kind != "draft_from_template":
        return ()
    return (UpdateDrafted(number=duty.number, status=duty.status, body=outcome.text or duty.fallback),)


def _post(incident: Incident, event: Event, done: Done) -> None:
    incident.updates[int(done.about)].published_at = event.at
    incident.status_ref, incident.status_url = done.outcome.ref, done.outcome.url or incident.status_url


def _tell_published(incident: Incident, event: Event, done: Done) -> Message:
    return Message(text=f"{event.clause} done: {done.summary} {done.outcome.url}".strip())


def _tell_difference(incident: Incident, event: Event, done: Done) -> Message | None:
    text = f"COM-7 the status page differs: {done.outcome.text}"
    return Message(text=text, to=held_by(incident, "comms", "commander")) if done.outcome.text else None


RULES = Ruleset(
    duties=duties,
    done=follow,
    brings_about={PublishUpdate: _post},
    tell={PublishUpdate: _tell_published, ReadStatus: _tell_difference},
)
