"""The post-mortem's headings in their order, and what is said under them before anybody wrote: roles, no names.

What nobody but people can say has a heading alone. Moments are in the team's own time, with UTC beside it where that
is another.
"""

from datetime import datetime

from domain.incident.alerts import AlertsJoined
from domain.incident.clocks import Kept, Missed
from domain.incident.effects import Done, Failed, in_past
from domain.incident.entry import Change, Update
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.names import actor, nameless
from domain.incident.office import local_time
from domain.incident.ringing import first_acknowledged_at
from domain.incident.roles import RoleTaken
from domain.incident.severity import outage_began
from domain.port.any_duty import DUTIES
from domain.port.mailer import SendMail
from domain.port.notebook import Section
from domain.port.status_page import PublishUpdate
from domain.procedure.disclosure import has_vendor
from domain.procedure.findings import withdrawn_findings
from domain.rule.names import Blameless, with_titles
from domain.value.model import said_count, said_outcome, said_span, spoken
from domain.value.private import VEIL

PEOPLES = ("Contributors", "What went well", "What was hard", "Lessons")
"""The headings under which nothing is generated."""
NEEDED = frozenset({"Summary", "Contributors", "Lessons"})
"""Under these people write before it is complete (PM-3)."""
WHY = "to be written above"
AGENDA = ("10 min: what happened", "15 min: why it could happen", "20 min: what we change")
"""Of the meeting."""
LONGEST = 300
"""Lines of the timeline, and promises; the records have the rest."""

TELLS_CUSTOMERS = (PublishUpdate, SendMail)
"""What Standfast does that is part of the story; the rest is upkeep, and in the records."""


def title(incident: Incident) -> str:
    """The document's title; a security incident keeps its subject to itself (SCP-3)."""
    return f"{incident.mark}Post-mortem {incident.id} [{incident.likely}] {incident.service.title}: {incident.title}"[
        :250
    ]


def sections(incident: Incident) -> tuple[Section, ...]:
    """The generated sections; what people write stands beside them. Those of a security incident are in the records."""
    if incident.secret:
        where = f"`standfast timeline {incident.id}`, or the board for those who may see it"
        return (Section(heading="Account", lines=(f"- {VEIL.capitalize()}: its account is in the records, {where}.",)),)
    return _account(incident)


def headings(incident: Incident) -> tuple[str, ...]:
    """The headings under which nobody needs to write, those that a security incident keeps back among them (SCP-3)."""
    every = (section.heading for section in (*sections(incident), *_account(incident)))
    return tuple(heading for heading in dict.fromkeys(every) if heading not in NEEDED)


def _account(incident: Incident) -> tuple[Section, ...]:
    contents = {
        "Summary": _summary(incident),
        "Impact": _impact(incident),
        "Contributors": (),
        "Timeline": _timeline(incident),
        "What went well": (),
        "What was hard": (),
        "Promises": _promises(incident),
        **({"Deployments before the alert": _deployments(incident)} if incident.policy.asks.deployments else {}),
        "Changes": _changes(incident),
        "Root cause": _cause(incident),
        "Action items": _items(incident),
        "Lessons": (),
        **_for_customers(incident),
        "Agenda of the meeting": tuple(f"- {one}" for one in AGENDA),
    }
    peoples = (*PEOPLES, *_for_customers(incident))
    return tuple(
        Section(heading=heading, lines=lines if heading in peoples else lines or ("None.",))
        for heading, lines in contents.items()
    )


def _for_customers(incident: Incident) -> dict[str, tuple[str, ...]]:
    """COM-8: the heading under which people write what customers may read, where they are to read it."""
    asked = incident.policy.clock("COM-8") and has_vendor(incident)
    return {incident.policy.updates.account.heading: ()} if asked else {}


def _summary(incident: Incident) -> tuple[str, ...]:
    """What customers saw, for how long, what changed: a start for the three lines that people write."""
    began, end = outage_began(incident), _ended(incident)
    told = [update.body for update in incident.updates.values() if update.published_at]
    seen = nameless(incident, told[0]) if told else "they were told nothing"
    changed = [nameless(incident, one.description or one.change) for one in incident.changes.values() if one.counts]
    return (
        f"- What customers read first: {seen}",
        f"- For how long: {said_span(end - began)}, from {local_time(incident, began)} to {local_time(incident, end)}",
        f"- What changed: {'; '.join(changed) or 'nothing that was recorded'}",
    )


def _ended(incident: Incident) -> datetime:
    return incident.resolutions[-1][0] if incident.resolutions else incident.events[-1].at


def joined(incident: Incident) -> int:
    """How many alerts it has had."""
    return len(incident.opened.alerts) + sum(one.count for _, one in incident.all(AlertsJoined))


def _impact(incident: Incident) -> tuple[str, ...]:
    opened, service = incident.opened, incident.service
    acknowledged_at = first_acknowledged_at(incident)
    published = [update for update in incident.updates.values() if update.published_at]
    facing = "customer-facing" if service.customer_facing else "internal"
    began, end = outage_began(incident), _ended(incident)
    known = {address: one.name for one in incident.catalog.accounts for address in one.contacted}
    mailed = dict.fromkeys(known.get(to, to) for mail in incident.outward.mails.values() for to in mail.accounts)
    lines = [
        f"- {service.title}, {facing}, tier {service.tier}: {nameless(incident, incident.title.inside)}",
        f"- From {local_time(incident, began)} to {local_time(incident, end)}: {spoken(end - began)}",
        f"- {said_count(joined(incident), 'alert')}; {said_count(len(published), 'public update')}",
        *_severities(incident),
    ]
    if acknowledged_at:
        lines.append(f"- Acknowledged {spoken(acknowledged_at - opened.fired_at)} after the alert fired")
    if incident.summary:
        lines.append(f"- {nameless(incident, incident.summary.inside)}")
    lines += [f"- Written to by mail: {', '.join(mailed)}"] if mailed else []
    return (*lines, *(_published(incident, one) for one in published), *_moments(incident))


def _published(incident: Incident, update: Update) -> str:
    """What customers read, as it was published."""
    at = update.published_at or update.drafted_at
    return f"- {local_time(incident, at)}, {update.status}: {nameless(incident, update.body)}"


def _deployments(incident: Incident) -> tuple[str, ...]:
    """TRI-1: what was deployed when; by whom is no part of a blameless account (PM-4)."""
    return tuple(
        f"- {local_time(incident, one.at)}: {nameless(incident, one.what)}, {one.state} {one.url}".rstrip()
        for one in incident.lookups.deployments
    )


def _severities(incident: Incident) -> tuple[str, ...]:
    proposed = f"- Proposed {incident.opened.proposed}: {incident.opened.because}"
    return (proposed, *(f"- {severity} from {local_time(incident, at)}" for at, severity in incident.severities))


def _timeline(incident: Incident) -> tuple[str, ...]:
    withdrawn = {event.number for event in withdrawn_findings(incident)}
    events = (event for event in incident.events if event.number not in withdrawn)
    told = [(event.at, words) for event in events if (words := _words(incident, event))]
    lines = [f"- {local_time(incident, at)} {nameless(incident, words)}" for at, words in told[:LONGEST]]
    more = (f"- … and {len(told) - LONGEST} more, in the records",) if len(told) > LONGEST else ()
    return (*lines, *more)


def _moments(incident: Incident) -> tuple[str, ...]:
    """What was known, due and owed when it mattered, for whoever looks back: the board at those moments."""
    if not incident.policy.board:
        return ()
    stood = {
        "acknowledged": first_acknowledged_at(incident),
        "declared": incident.severities[0][0] if incident.severities else None,
        "resolved": incident.resolutions[-1][0] if incident.resolutions else None,
    }
    address = f"{incident.policy.board}/incidents/{incident.id}?at="
    moments = [(what, at) for what, at in stood.items() if at]
    return tuple(
        f"- As it stood when {what}, {local_time(incident, at)}: {address}{at.replace(tzinfo=None).isoformat()}"
        for what, at in moments
    )


def _words(incident: Incident, event: Event) -> str:
    """An event in one line; empty when it is of no interest later: upkeep, and a role that came with an act."""
    what = event.what
    if what.minor or (isinstance(what, Missed) and (what.stopped_at or what.times > 1)):
        return ""
    if isinstance(what, Failed) or (isinstance(what, Done) and DUTIES.get(what.duty) not in TELLS_CUSTOMERS):
        return ""
    if isinstance(what, RoleTaken) and _comes_with_an_act(incident, event):
        return ""
    line = what.line(Blameless(incident))
    return line._replace(words=with_titles(in_past(line.words), incident)).said_by(actor(incident, event))


def _comes_with_an_act(incident: Incident, event: Event) -> bool:
    """Whether whoever took the role did something else in the same breath, which says it."""
    beside = incident.events[max(event.number - 2, 0) : event.number + 1]
    return any(one is not event and (one.at, one.by) == (event.at, event.by) for one in beside)


def _promises(incident: Incident) -> tuple[str, ...]:
    """How many promises were kept, and the verdict on each that was not, from the events; people say why."""
    ended = [e.what for e in incident.events if isinstance(e.what, Kept | Missed) and e.what.stopped_at]
    late = [one for one in ended if isinstance(one, Missed)]
    kept = (f"- {len(ended) - len(late)} kept",) if len(late) < len(ended) else ()
    more = (f"| … | and {len(late) - LONGEST} more, in the records | |",) if len(late) > LONGEST else ()
    rows = [f"| {nameless(incident, one.says)} ({one.clause}) | {_verdict(one)} | {WHY} |" for one in late[:LONGEST]]
    return (*kept, *(("| promise | verdict | why |", *rows, *more) if rows else ()))


def _verdict(promise: Missed) -> str:
    return said_outcome(promise.due_at - (promise.stopped_at or promise.due_at), promise.broken)


def _changes(incident: Incident) -> tuple[str, ...]:
    return tuple(
        f"- {local_time(incident, change.at)} {change.change}: {nameless(incident, change.description)}{_past(change)}"
        for change in incident.changes.values()
    )


def _past(change: Change) -> str:
    """FIX-2: whether it was allowed to go past the normal deployment."""
    said = "allowed" if change.granted else "refused" if change.granted is False else "never answered"
    return f" (without a normal deployment, {said})" if change.bypass else ""


def _cause(incident: Incident) -> tuple[str, ...]:
    known = incident.learning
    earlier = (f"- The same cause as {', '.join(one.incident for one in known.repeats)}",) if known.repeats else ()
    cause = nameless(incident, known.cause_title)
    return (f"- {known.cause}: {cause}", *earlier) if known.cause else ("Not named yet.",)


def _items(incident: Incident) -> tuple[str, ...]:
    waived = incident.learning.no_items
    names = Blameless(incident)
    items = [
        f"- {nameless(incident, item.title)}: {names.person(item.owner) if item.owner else 'nobody yet'}, "
        f"due {item.due_at:%d %b}, {item.state} {item.url}".rstrip()
        for item in incident.items.values()
    ]
    return (*items, *((f"- None, because: {nameless(incident, waived.reason)}",) if waived and not items else ()))
