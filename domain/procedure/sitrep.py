"""How an incident stands, in sentences: what the headline and the pinned card say (WAR-1, WAR-2)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.company.core_role import CORE_ROLES, CoreRole
from domain.incident.alerts import AlertSeen
from domain.incident.clock import Clock
from domain.incident.entry import CALM
from domain.incident.incident import Incident
from domain.incident.lifecycle import ENDS
from domain.incident.pages import is_for_role
from domain.incident.severity import outage_began
from domain.incident.tenure import heard_since
from domain.incident.work import Task
from domain.procedure import severity, update_clocks
from domain.procedure.acknowledgement import next_paged
from domain.procedure.findings import newest
from domain.procedure.follow_up import asked_by, follows, hour, is_followed_up, items_owed, owed_later, promised
from domain.procedure.impact import told
from domain.procedure.postmortem import completed_at
from domain.procedure.postmortem_clock import due_at
from domain.procedure.public_update import has_page, on_the_page
from domain.procedure.repeats import seen_before
from domain.value.clip import clipped
from domain.value.line import AsTheyAre
from domain.value.model import said_span
from domain.value.moment import clock_time

DOES = {
    "commander": "commands",
    "on_call": "is on it",
    "comms": "writes to customers",
    "manager": "manages",
}
"""What whoever holds a core role does; another role is said by its title."""
YOU: dict[CoreRole, str] = {
    "commander": "You command",
    "on_call": "You are on it",
    "comms": "You write to customers",
    "manager": "You manage",
}
"""The same as whoever does it is told."""
ALERT = 60
"""Characters of the newest alert's title, where it stands in the small line."""
FOUND, DECIDED = 300, 2
"""Characters of a finding, and decisions, that are shown."""
TOLD = "Customers"
"""The fact that says what customers know."""
Fact = tuple[str, str]
Facts = tuple[Fact, ...]


def state(incident: Incident) -> str:
    """Who has it, in a sentence or two: the first line that everybody reads."""
    if incident.phase == "closed":
        how = "" if incident.closed_reason == "followed_up" else ENDS.get(incident.closed_reason, "")
        solved = _solved(incident).replace("*", "", 2) if incident.resolved_at and not how else ""
        return " ".join(filter(None, [f"*Closed{f': {how}' if how else ''}.*", solved]))
    if incident.calmed_at:
        return f"*Over: {ENDS['self_resolved']}.*"
    if incident.resolved_at:
        return _solved(incident)
    if incident.phase == "active":
        who = "; ".join(filter(None, [*_nobody(incident), people(incident)]))
        return f"*{who}.* Since {hour(incident, outage_began(incident))}."
    if incident.acknowledged_at:
        who, since = incident.catalog.short(incident.acknowledged_by), hour(incident, incident.acknowledged_at)
        by = _classified_by(incident)
        counts = f"; from {hour(incident, by)} it counts as {incident.proposal[0]}" if by else ""
        return f"*{who} is on it* since {since}. Nobody has said yet how bad it is{counts}."
    return f"*Nobody is on it yet.*{_paged(incident)}"


def people(incident: Incident) -> str:
    """Who does what, the command first; whoever holds two roles is named once."""
    does = {incident.policy.role(part): DOES[part] for part in CORE_ROLES}
    does |= {role: f"is {rule.title}" for role, rule in incident.policy.roles.items() if role not in does}
    held: dict[str, list[str]] = {}
    for role in does:
        if role in incident.holders:
            held.setdefault(incident.holders[role], []).append(does[role])
    return ", ".join(f"{incident.catalog.short(person)} {_listed(doing)}" for person, doing in held.items())


def inside(incident: Incident, left: Sequence[Clock] | None = None) -> Facts:
    """What those who fight it see on the card: found, decided, told to customers, and the promises that are left."""
    said = (*_found(incident), *_decided(incident), *_customers(incident), *_called(incident), *_work(incident))
    listed = owed_later(incident) if left is None else _left(incident, left)
    return (*said, *_known(incident), *listed)


def outside(incident: Incident) -> Facts:
    """What everybody sees in #incidents; a secret one keeps what was found to itself (SCP-3)."""
    if incident.secret:
        return owed_later(incident)
    return (*_found(incident), *_customers(incident), *_room(incident), *_known(incident), *owed_later(incident))


def why(incident: Incident) -> str:
    """Which incident it is, and why it counts as so bad."""
    return _which(incident, incident.proposal[1], [*incident.alerts.values()][-1:])


def why_outside(incident: Incident) -> str:
    """The same for everybody; the reason may name what a secret one is about (SCP-3)."""
    if incident.secret:
        return _which(incident, "")
    return _which(incident, incident.proposal[1], [*incident.alerts.values()][-1:])


def _which(incident: Incident, because: str, last: Sequence[AlertSeen] = ()) -> str:
    proposed, why = incident.proposal[0], f": {because}" if because else ""
    graded = f"likely {proposed}{why}" if not incident.severity else ""
    graded = f"{proposed}{why}" if why and incident.severity == proposed else graded
    return " · ".join(part for part in (incident.id, graded, _alerts(incident, last)) if part)


def _alerts(incident: Incident, last: Sequence[AlertSeen]) -> str:
    """How many alerts there are, where it is more than one; and how many fire, where no line of the room says it."""
    every, firing = len(incident.alerts) + incident.unseen, incident.unseen
    firing += sum(alert.state not in CALM for alert in incident.alerts.values())
    joined = f", {firing} still firing" if incident.policy.room.joins_on_card else ""
    newest = f", the last {clipped(last[0].title, ALERT)}" if joined and last else ""
    return f"{every} alerts{joined}{newest}" if every > 1 else ""


def moments(incident: Incident) -> tuple[datetime, ...]:
    """Every moment that these words name."""
    last = newest(incident)
    found = [last[0].at] if last else []
    shown = on_the_page(incident)
    told = [shown.published_at] if shown and shown.published_at else []
    paged = [sent.at for sent in incident.pages.values()]
    later = (due_at(incident), completed_at(incident), _again(incident), asked_by(incident), _classified_by(incident))
    owed = [at for at in (*later, (_next(incident) or (None,))[0]) if at]
    own = [at for at in (incident.opened.fired_at, incident.acknowledged_at, incident.resolved_at) if at]
    return tuple(dict.fromkeys([*own, *paged, *found, *told, *owed]))


def named(incident: Incident, words: str, left: Sequence[Clock] = ()) -> tuple[datetime, ...]:
    """Those of them that some words name, for a chat that says them in its reader's own time."""
    known = dict.fromkeys([*moments(incident), *(one.due_at for one in left)])
    return tuple(at for at in known if clock_time(at) in words)


def _nobody(incident: Incident) -> list[str]:
    return [] if incident.commander else ["Nobody commands"]


def _classified_by(incident: Incident) -> datetime | None:
    """When what nobody classifies counts as proposed, where that is said (TRI-4)."""
    said = incident.policy.room.says_next and incident.acknowledged_at and not incident.severity
    running = (one.due_at for one in severity.clocks(incident) if one.running and not one.wait)
    return next(running, None) if said else None


def _next(incident: Incident) -> tuple[datetime, str] | None:
    """When the next level is paged, and who is there, where that is said (ACK-2)."""
    found = next_paged(incident) if incident.policy.room.says_next else None
    if not found:
        return None
    names = [incident.catalog.short(name) for name in found.people] or [f"the {found.rung.title} on-call"]
    does = f"{'is' if len(names) == 1 else 'are'} {'paged again' if found.repeated else 'next'}"
    return found.started_at, f"; {_listed(names)} {does}"


def _paged(incident: Incident) -> str:
    """Whom the pages reached, the last one's moment, and who is next."""
    names = dict.fromkeys(name for sent in incident.pages.values() for name in sent.people)
    if not names:
        return ""
    last = max(sent.at for sent in incident.pages.values())
    were = "was" if len(names) == 1 else "were"
    at, who = _next(incident) or (last, "")
    then = f"{who}, at {hour(incident, at)}" if who else ""
    named = _listed([incident.catalog.short(name) for name in names])
    return f" {named} {were} paged, last at {hour(incident, last)}{then}."


def _solved(incident: Incident, by: str = "", inside: str = "") -> str:
    at = incident.resolved_at or incident.opened_at
    lasted = said_span(at - outage_began(incident))
    words = (inside or str(incident.summary)).rstrip(".")
    who = f" by {by}" if by else ""
    return f"*Solved at {hour(incident, at)}*{who}, after {lasted}{f': {words}' if words else ''}."


def ended(incident: Incident, by: str, summary: str) -> str:
    """That it is over, for those who fought it: who ended it, and what is owed now."""
    owed = [*follows(incident), *items_owed(incident)] if is_followed_up(incident) else []
    return " ".join([_solved(incident, by, summary), *([f"Next: {'; '.join(owed)}."] if owed else [])])


def _found(incident: Incident) -> Iterator[Fact]:
    """The newest finding, in the engineer's words (WAR-4)."""
    last = newest(incident)
    if incident.policy.room.says_next and incident.phase == "active" and not last:
        yield ("Found last", "nothing yet")
    if last and not incident.over:
        event, finding = last
        who = f"{incident.catalog.short(event.by)}, {hour(incident, event.at)}"
        yield ("Found last", f"{who}: {clipped(finding.line(AsTheyAre()).detail, FOUND)}")


def _decided(incident: Incident) -> Iterator[Fact]:
    """The changes that count (FIX-1, FIX-2)."""
    counted = [one for one in incident.changes.values() if one.counts][-DECIDED:]
    words = "; ".join(f"{one.description or one.change} ({incident.catalog.short(one.by)})" for one in counted)
    if words and not incident.over:
        yield ("Decided", words)


def _customers(incident: Incident) -> Iterator[Fact]:
    """When customers were told, and what the page shows (COM-1)."""
    if not has_page(incident) or not (incident.severity or incident.status_ref):
        return
    shown = on_the_page(incident)
    if shown and shown.published_at:
        again = _again(incident)
        by = f", hear again by {hour(incident, again)}" if again else ""
        yield (TOLD, f"told at {hour(incident, shown.published_at)} ({shown.status}){by}")
    elif incident.since("status_page"):
        yield (TOLD, "know nothing yet")


def _again(incident: Incident) -> datetime | None:
    """By when customers hear again (COM-2)."""
    return min((one.due_at for one in update_clocks.clocks(incident) if one.running), default=None)


def _called(incident: Incident) -> Iterator[Fact]:
    """Who was woken for a role and was not heard from since (WAR-3, WAR-5)."""
    woken = {name: sent.at for page, sent in incident.pages.items() if is_for_role(page) for name in sent.people}
    silent = {name: at for name, at in woken.items() if heard_since(incident, name, at) is None}
    if silent and not incident.over:
        names = (f"{incident.catalog.short(name)} at {hour(incident, at)}" for name, at in silent.items())
        yield ("Called, not heard from", ", ".join(names))


def _work(incident: Incident) -> Iterator[Fact]:
    """How far the harm reaches, and the tasks that are left (TRI-6, WAR-8)."""
    left, every, harm = incident.work.left, len(incident.work.tasks), told(incident)
    if harm:
        yield ("Impact", harm)
    if left:
        yield ("Tasks", f"{every - len(left)} of {every} ended; {'; '.join(_task(incident, one) for one in left)}")


def _task(incident: Incident, task: Task) -> str:
    """A task in a line: whose it is, and what is in its way."""
    blocked = f", blocked: {task.reason}" if task.state == "blocked" else ""
    return f"{task.number}. {task.title} ({incident.catalog.short(task.to) or 'nobody yet'}{blocked})"


def _room(incident: Incident) -> Facts:
    """The war room's name, where no button leads there."""
    led = incident.policy.room.leads_in and incident.room_url and incident.open_room
    return (("War room", f"#{incident.room_name}"),) if incident.room_name and not (led or incident.over) else ()


def _known(incident: Incident) -> Iterator[Fact]:
    """What happened before, and which incidents it has to do with (REP-1, DET-7)."""
    if incident.opened.repeats and not incident.over:
        yield ("Seen before", seen_before(incident.opened.repeats, incident.opened_at))
    known = incident.relations
    taken = [f"{id}, {one.title}" for id, one in known.taken_in.items()]
    links = [f"{id}, {title}" if title else id for id, title in known.links.items()]
    said = {"Merged into": known.merged_into, "Merged in": "; ".join(taken), "Linked to": "; ".join(links)}
    yield from ((name, words) for name, words in said.items() if words)


def _left(incident: Incident, left: Sequence[Clock]) -> Iterator[Fact]:
    """The checklist: what nobody has done yet, what is overdue first, by whom and by when; the rest is counted."""
    most = incident.policy.room.checklist
    first = sorted(left, key=lambda one: (one.key not in incident.missed, one.due_at, one.key))[:most]
    words = [promised(incident, one) for one in first]
    words += [f"{len(left) - most} more"] if len(left) > most else []
    words += items_owed(incident) if incident.over else []
    if words:
        yield ("Next", " · ".join(words))


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
