"""PM-1: the document is opened and kept up to date, and its owner and who held a role are invited to the meeting."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from domain.company.catalog import Person
from domain.company.policy_follow_up import FollowUpRule
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.office import local_time, office_hours
from domain.port.any_duty import AnyDuty
from domain.port.mailer import SendInvitation
from domain.port.message import Message
from domain.port.notebook import OpenDocument, WriteDocument
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.postmortem import CompletePostmortem, NameCause, completed_at, is_owed
from domain.procedure.postmortem_clock import due_at, owed_since
from domain.procedure.postmortem_document import AGENDA, sections, title
from domain.rule.people import held_by
from domain.rule.ruleset import Ruleset
from domain.value.calendar import Calendar
from domain.value.model import said_span
from domain.value.moment import clock_time

HOUR = timedelta(hours=1)


SATURDAY = 5


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """PM-1: the document once, brought up to date when something ended; the meeting for each resolution."""
    if incident.learning.document and incident.policy.learn.veils_document and incident.secrecy.turns:
        yield from _write(incident, f"security-{len(incident.secrecy.turns)}")
    if not _is_asked(incident):
        return
    has_notebook = incident.catalog.vendor("notebook", incident.service.name) != "none"
    if has_notebook:
        yield from _written(incident)
    waits = has_notebook and incident.policy.learn.invites_with_document and not _is_opened_or_failed(incident)
    if incident.phase == "resolved" and not completed_at(incident) and not waits:
        yield from _invitations(incident)


def _is_asked(incident: Incident) -> bool:
    return bool(incident.resolutions) and is_owed(incident) and "PM-1" not in incident.learning.waivers


def _is_opened_or_failed(incident: Incident) -> bool:
    return bool(incident.learning.document) or "document" in incident.failures


def _written(incident: Incident) -> Iterator[AnyDuty]:
    """The document; put together only while it is owed, because it reads every event."""
    if not incident.learning.document:
        yield _document(incident)
    elif incident.over and _stage(incident) != "1-0-resolved":
        yield from _write(incident, _stage(incident))


def _write(incident: Incident, why: str) -> Iterator[AnyDuty]:
    """The document once more, for a reason; its title too once it was a secret, for a while or not yet (SCP-3)."""
    marked = incident.policy.learn.veils_document and incident.secrecy.turns
    if f"write_document/{why}" not in incident.done:
        yield WriteDocument(
            key=f"write_document/{why}",
            incident=incident.id,
            clause="PM-1",
            summary="bring the post-mortem up to date",
            ref=incident.learning.document,
            title=title(incident) if marked else "",
            sections=sections(incident),
        )


def _stage(incident: Incident) -> str:
    return f"{len(incident.resolutions)}-{len(incident.learning.completions)}-{incident.phase}"


def _document(incident: Incident) -> OpenDocument:
    return OpenDocument(
        key="document",
        incident=incident.id,
        clause="PM-1",
        summary="open the post-mortem from its template",
        title=title(incident),
        sections=sections(incident),
    )


def _invitations(incident: Incident) -> Iterator[AnyDuty]:
    """PM-1: the calendars of its owner, and of who held a role, hold the meeting before the post-mortem is due."""
    due, rule = due_at(incident), incident.policy.learn
    owner = incident.policy.clocks["PM-1"].owner if "PM-1" in incident.policy.clocks else ""
    manager = incident.catalog.people.get(incident.holders.get(owner, "") or incident.holder("manager"))
    if due is None:
        return
    when = _starts_at(incident, due), due
    if manager and manager.email:
        text = f"{incident.service.title} works again. Its post-mortem is yours to complete"
        yield _invitation(incident, manager, when, text=text)
    held = incident.people(person for _, person, _ in incident.taken) if rule.invites == "everybody" else ()
    for person in held:
        if person.email and not person.left and person != manager:
            whose = f", which {manager.name} completes" if manager else ""
            text = f"{incident.service.title} works again. Bring what you saw to its post-mortem{whose}"
            yield _invitation(incident, person, when, text=text, also=f"/{person.id}")


def _invitation(
    incident: Incident, person: Person, when: tuple[datetime, datetime], *, text: str, also: str = ""
) -> SendInvitation:
    """To the meeting that begins then, of the post-mortem that is due then."""
    number, rule, (starts_at, due) = len(incident.resolutions), incident.policy.learn, when
    meets = f"We meet on {local_time(incident, starts_at, person)}, for {said_span(rule.meeting)}:"
    links = filter(None, (incident.policy.board_page(incident.id), incident.id))
    told = "\n".join([f"{text} by {local_time(incident, due, person)}.", "", meets, *AGENDA, "", *links]).strip()
    return SendInvitation(
        key=f"invite_postmortem/{number}{also}",
        incident=incident.id,
        clause="PM-1",
        summary=f"invite {person.name} to the post-mortem",
        person=person,
        title=f"Post-mortem of {title(incident).removeprefix('Post-mortem ')}",
        text=told,
        url=incident.learning.document_url,
        uid=f"{incident.id}/postmortem".lower(),
        sequence=number - 1,
        starts_at=starts_at,
        length=rule.meeting,
    )


def _starts_at(incident: Incident, due: datetime) -> datetime:
    """When the meeting begins, by what was so at the end: whoever is invited later is invited to the same."""
    rule, ended_at = incident.policy.learn, owed_since(incident) or due
    named = incident.policy.calendars.get(rule.hours or "")
    if not rule.meets_in_zones:
        return meeting_at(ended_at, due, rule, (named,) if named else ())
    held = [person for number, person, _ in incident.taken if incident.events[number - 1].at <= ended_at]
    offices = dict.fromkeys(office_hours(incident, person, named) for person in incident.people(held))
    return meeting_at(ended_at, due, rule, tuple(offices) or (office_hours(incident, None, named),))


def meeting_at(
    resolved_at: datetime, due: datetime, rule: FollowUpRule, calendars: Collection[Calendar] = ()
) -> datetime:
    """The first full hour in the office hours of as many as can be, with time to prepare and before the deadline."""
    earliest = resolved_at + rule.meet_after
    first = earliest.replace(minute=0, second=0, microsecond=0)
    first = first if first == earliest else first + HOUR
    hours = (first + HOUR * count for count in range(max(int((due - first) / HOUR), 0) + 1))
    fits = [at for at in hours if at + rule.meeting <= due]
    return max(fits, key=lambda at: _in_office(at, rule, calendars), default=first)


def _in_office(at: datetime, rule: FollowUpRule, calendars: Collection[Calendar]) -> int:
    """In the office hours of how many a meeting is held that begins then."""
    if calendars:
        return sum(one.between(at, at + rule.meeting) == rule.meeting for one in calendars)
    return at.weekday() < SATURDAY and rule.office[0] <= at.hour <= rule.office[1]


def _documented(incident: Incident, event: Event, done: Done) -> None:
    incident.learning.document, incident.learning.document_url = done.outcome.ref, done.outcome.url


def _tell_document(incident: Incident, event: Event, done: Done) -> Message:
    where = done.outcome.url or done.outcome.ref
    if not _is_asked(incident):
        return Message(text=f"PM-1 A post-mortem had been opened before none was owed: {where}")
    due = due_at(incident)
    when = f", due by {clock_time(due, event.at)}" if due else ""
    text = f"PM-1 Here is the post-mortem{when}: {where}"
    asked = AnswerBreach.button("Was data touched?")
    complete = CompletePostmortem.button("Complete", "primary")
    buttons = (NameCause.button(), asked, complete)
    return Message(text=text, to=held_by(incident, "manager"), buttons=buttons, moments=(due,) if due else ())


RULES = Ruleset(duties=duties, brings_about={OpenDocument: _documented}, tell={OpenDocument: _tell_document})
