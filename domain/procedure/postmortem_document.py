"""What the post-mortem says before anybody wrote in it: impact, timeline, promises, decisions; roles, no names."""

from domain.incident.alerts import AlertsJoined
from domain.incident.clocks import Kept, Missed
from domain.incident.effects import Done, Failed, in_past
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.names import actor, nameless
from domain.incident.roles import RoleTaken
from domain.incident.severity import outage_began
from domain.port.any_duty import DUTIES
from domain.port.mailer import SendMail
from domain.port.notebook import Section
from domain.port.status_page import PublishUpdate
from domain.rule.names import Blameless
from domain.value.model import said_count, said_outcome, spoken
from domain.value.private import VEIL

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
    """The headings that are no people's: of what is generated, and of what a security incident keeps back (SCP-3)."""
    return tuple(dict.fromkeys(section.heading for section in (*sections(incident), *_account(incident))))


def _account(incident: Incident) -> tuple[Section, ...]:
    contents = {
        "Impact": _impact(incident),
        "Severity": _severities(incident),
        "Timeline": _timeline(incident),
        **({"As it stood": _moments(incident)} if incident.policy.board else {}),
        **({"Deployments before the alert": _deployments(incident)} if incident.policy.asks.deployments else {}),
        "Promises kept and missed": _promises(incident),
        "Changes and decisions": _changes(incident),
        "Root cause": _cause(incident),
        "Action items": _items(incident),
    }
    return tuple(Section(heading=heading, lines=lines or ("None.",)) for heading, lines in contents.items())


def joined(incident: Incident) -> int:
    """How many alerts it has had."""
    return len(incident.opened.alerts) + sum(one.count for _, one in incident.all(AlertsJoined))


def _impact(incident: Incident) -> tuple[str, ...]:
    opened, service = incident.opened, incident.service
    end = incident.resolutions[-1][0] if incident.resolutions else incident.events[-1].at
    acknowledged_at = incident.rounds[0].acknowledged_at
    published = sum(1 for update in incident.updates.values() if update.published_at)
    facing = "customer-facing" if service.customer_facing else "internal"
    began = outage_began(incident)
    lasted = spoken(end - began)
    lines = [
        f"- {service.title}, {facing}, tier {service.tier}: {nameless(incident, incident.title.inside)}",
        f"- From {began:%d %b %H:%M:%S} to {end:%d %b %H:%M:%S} UTC: {lasted}",
        f"- {said_count(joined(incident), 'alert')}; {said_count(published, 'public update')}",
    ]
    if acknowledged_at:
        lines.append(f"- Acknowledged {spoken(acknowledged_at - opened.fired_at)} after the alert fired")
    if incident.summary:
        lines.append(f"- {nameless(incident, incident.summary.inside)}")
    return tuple(lines)


def _deployments(incident: Incident) -> tuple[str, ...]:
    """TRI-1: what was deployed when; by whom is no part of a blameless account (PM-4)."""
    return tuple(
        f"- {one.at:%d %b %H:%M:%S} UTC {nameless(incident, one.what)}, {one.state} {one.url}".rstrip()
        for one in incident.lookups.deployments
    )


def _severities(incident: Incident) -> tuple[str, ...]:
    proposed = f"- Proposed {incident.opened.proposed}: {incident.opened.because}"
    return (proposed, *(f"- {at:%d %b %H:%M:%S} UTC {severity}" for at, severity in incident.severities))


def _timeline(incident: Incident) -> tuple[str, ...]:
    told = [(event.at, words) for event in incident.events if (words := _words(incident, event))]
    lines = [f"- {at:%d %b %H:%M:%S} UTC {nameless(incident, words)}" for at, words in told[:LONGEST]]
    more = (f"- … and {len(told) - LONGEST} more, in the records",) if len(told) > LONGEST else ()
    return (*lines, *more)


def _moments(incident: Incident) -> tuple[str, ...]:
    """What was known, due and owed when it mattered, for whoever looks back: the board at those moments."""
    stood = {
        "acknowledged": incident.rounds[0].acknowledged_at,
        "declared": incident.severities[0][0] if incident.severities else None,
        "resolved": incident.resolutions[-1][0] if incident.resolutions else None,
    }
    address = f"{incident.policy.board}/incidents/{incident.id}?at="
    moments = [(what, at) for what, at in stood.items() if at]
    return tuple(
        f"- {what.capitalize()}, {at:%d %b %H:%M:%S} UTC: {address}{at.replace(tzinfo=None).isoformat()}"
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
    words = line._replace(words=in_past(line.words)).said_by(actor(incident, event))
    return f"{line.label} {words}".strip()


def _comes_with_an_act(incident: Incident, event: Event) -> bool:
    """Whether whoever took the role did something else in the same breath, which says it."""
    beside = incident.events[max(event.number - 2, 0) : event.number + 1]
    return any(one is not event and (one.at, one.by) == (event.at, event.by) for one in beside)


def _promises(incident: Incident) -> tuple[str, ...]:
    """How many promises were kept, and the verdict on each that was not kept in time, from the events."""
    ended = [e.what for e in incident.events if isinstance(e.what, Kept | Missed) and e.what.stopped_at]
    late = [one for one in ended if isinstance(one, Missed)]
    kept = (f"- {len(ended) - len(late)} kept",) if len(late) < len(ended) else ()
    more = (f"| … | and {len(late) - LONGEST} more, in the records | |",) if len(late) > LONGEST else ()
    rows = [f"| {one.key} | {nameless(incident, one.says)} | {_verdict(one)} |" for one in late[:LONGEST]]
    return (*kept, *(("| promise | what | verdict |", *rows, *more) if rows else ()))


def _verdict(promise: Missed) -> str:
    return said_outcome(promise.due_at - (promise.stopped_at or promise.due_at), promise.broken)


def _changes(incident: Incident) -> tuple[str, ...]:
    return tuple(
        f"- {change.at:%d %b %H:%M:%S} UTC {change.change}: {nameless(incident, change.description)}"
        f"{'' if not change.bypass else ' (bypass, authorised)' if change.granted else ' (bypass, not authorised)'}"
        for change in incident.changes.values()
    )


def _cause(incident: Incident) -> tuple[str, ...]:
    known = incident.learning
    earlier = (f"- The same cause as {', '.join(one.incident for one in known.repeats)}",) if known.repeats else ()
    cause = nameless(incident, known.cause_title)
    return (f"- {known.cause}: {cause}", *earlier) if known.cause else ("Not named yet.",)


def _items(incident: Incident) -> tuple[str, ...]:
    waived = incident.learning.no_items
    items = [
        f"- {nameless(incident, item.title)}: due {item.due_at:%d %b}, {item.state} {item.url}".rstrip()
        for item in incident.items.values()
    ]
    return (*items, *((f"- None, because: {nameless(incident, waived.reason)}",) if waived and not items else ()))
