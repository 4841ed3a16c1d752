"""How an incident stands, in sentences: what the headline and the pinned card say (WAR-1, WAR-2)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.company.core_role import CORE_ROLES, CoreRole
from domain.incident.clock import Clock
from domain.incident.incident import Incident
from domain.incident.lifecycle import ENDS
from domain.incident.pages import is_for_role
from domain.incident.severity import outage_began
from domain.incident.tenure import heard_since
from domain.incident.work import Task
from domain.procedure import update_clocks
from domain.procedure.data_breach import must_answer
from domain.procedure.findings import newest
from domain.procedure.impact import told
from domain.procedure.postmortem import PM_1, completed_at, is_owed
from domain.procedure.postmortem_clock import due_at
from domain.procedure.postmortem_reading import listed
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
FOUND, DECIDED = 300, 2
"""Characters of a finding, and decisions, that are shown."""
TOLD = "Customers"
"""The fact that says what customers know."""
Fact = tuple[str, str]
Facts = tuple[Fact, ...]


def state(incident: Incident) -> str:
    """Who has it, in a sentence or two: the first line that everybody reads."""
    if incident.phase == "closed":
        how = ENDS.get(incident.closed_reason, "")
        return f"*Closed{f': {how}' if how and incident.retracted else ''}.*"
    if incident.calmed_at:
        return f"*Over: {ENDS['self_resolved']}.*"
    if incident.resolved_at:
        return _solved(incident)
    if incident.phase == "active":
        who = "; ".join(filter(None, [*_nobody(incident), people(incident)]))
        return f"*{who}.* Since {_hour(incident, outage_began(incident))}."
    if incident.acknowledged_at:
        who, since = incident.catalog.short(incident.acknowledged_by), _hour(incident, incident.acknowledged_at)
        return f"*{who} is on it* since {since}. Nobody has said yet how bad it is."
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
    listed = _owed_later(incident) if left is None else _left(incident, left)
    return (*said, *_known(incident), *listed)


def outside(incident: Incident) -> Facts:
    """What everybody sees in #incidents; a secret one keeps what was found to itself (SCP-3)."""
    if incident.secret:
        return _owed_later(incident)
    return (*_found(incident), *_customers(incident), *_room(incident), *_known(incident), *_owed_later(incident))


def why(incident: Incident) -> str:
    """Which incident it is, and why it counts as so bad."""
    return _which(incident, incident.proposal[1])


def why_outside(incident: Incident) -> str:
    """The same for everybody; the reason may name what a secret one is about (SCP-3)."""
    return _which(incident, "" if incident.secret else incident.proposal[1])


def _which(incident: Incident, because: str) -> str:
    proposed = f"likely {incident.proposal[0]}{f': {because}' if because else ''}" if not incident.severity else ""
    alerts = len(incident.alerts) + incident.unseen
    more = f"{alerts} alerts" if alerts > 1 else ""
    return " · ".join(part for part in (incident.id, proposed, more) if part)


def moments(incident: Incident) -> tuple[datetime, ...]:
    """Every moment that these words name."""
    last = newest(incident)
    found = [last[0].at] if last else []
    shown = on_the_page(incident)
    told = [shown.published_at] if shown and shown.published_at else []
    paged = [sent.at for sent in incident.pages.values()]
    owed = [at for at in (due_at(incident), completed_at(incident), _again(incident)) if at]
    own = [at for at in (incident.opened.fired_at, incident.acknowledged_at, incident.resolved_at) if at]
    return tuple(dict.fromkeys([*own, *paged, *found, *told, *owed]))


def named(incident: Incident, words: str, left: Sequence[Clock] = ()) -> tuple[datetime, ...]:
    """Those of them that some words name, for a chat that says them in its reader's own time."""
    known = dict.fromkeys([*moments(incident), *(one.due_at for one in left)])
    return tuple(at for at in known if clock_time(at) in words)


def _nobody(incident: Incident) -> list[str]:
    return [] if incident.commander else ["Nobody commands"]


def _paged(incident: Incident) -> str:
    """Whom the pages reached, the last one's moment."""
    names = dict.fromkeys(name for sent in incident.pages.values() for name in sent.people)
    if not names:
        return ""
    last = max(sent.at for sent in incident.pages.values())
    were = "was" if len(names) == 1 else "were"
    return (
        f" {_listed([incident.catalog.short(name) for name in names])} {were} paged, last at {_hour(incident, last)}."
    )


def _solved(incident: Incident, by: str = "", inside: str = "") -> str:
    at = incident.resolved_at or incident.opened_at
    lasted = said_span(at - outage_began(incident))
    words = (inside or str(incident.summary)).rstrip(".")
    who = f" by {by}" if by else ""
    return f"*Solved at {_hour(incident, at)}*{who}, after {lasted}{f': {words}' if words else ''}."


def ended(incident: Incident, by: str, summary: str) -> str:
    """That it is over, for those who fought it: who ended it, and what is owed now."""
    owed = [f"{name}: {words}." for name, words in _owed_later(incident)]
    return " ".join([_solved(incident, by, summary), *owed])


def _found(incident: Incident) -> Iterator[Fact]:
    """The newest finding, in the engineer's words (WAR-4)."""
    last = newest(incident)
    if last and not incident.over:
        event, finding = last
        who = f"{incident.catalog.short(event.by)}, {_hour(incident, event.at)}"
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
        by = f", hear again by {_hour(incident, again)}" if again else ""
        yield (TOLD, f"told at {_hour(incident, shown.published_at)} ({shown.status}){by}")
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
        names = (f"{incident.catalog.short(name)} at {_hour(incident, at)}" for name, at in silent.items())
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
    words = [_promised(incident, one) for one in first]
    words += [f"{len(left) - most} more"] if len(left) > most else []
    words += _items_owed(incident) if incident.over else []
    if words:
        yield ("Next", " · ".join(words))


def _promised(incident: Incident, clock: Clock) -> str:
    """A promise in a line: who does what by when; in bold once it is overdue."""
    holder = incident.catalog.person_called(incident.holders.get(clock.owner, clock.owner))
    who = incident.catalog.short(holder.id) if holder else "somebody"
    said, at = f"{who} {clock.says}", _hour(incident, clock.due_at)
    return f"*overdue since {at}: {said}*" if clock.key in incident.missed else f"{said} by {at}"


def _owed_later(incident: Incident) -> Facts:
    """What is owed in the follow-up; that the checkpoint is open is said in #incidents, its answer is not."""
    ended = incident.retracted or incident.closed_reason in ("self_resolved", "drill_over")
    words = [] if not incident.over or ended else [*_page_owed(incident), *_rest_owed(incident)]
    return (("Still owed", "; ".join(words)),) if words else ()


def _page_owed(incident: Incident) -> Iterator[str]:
    due = due_at(incident)
    if is_owed(incident) and due and not completed_at(incident) and PM_1.id not in incident.learning.waivers:
        empty = incident.learning.unwritten
        missing = f" (nobody has written in {listed(empty)} yet)" if empty else ""
        yield f"post-mortem by {_hour(incident, due)}{missing}"


def _rest_owed(incident: Incident) -> Iterator[str]:
    if must_answer(incident):
        yield "whether personal data was touched"
    yield from _items_owed(incident)


def _items_owed(incident: Incident) -> Iterator[str]:
    left = sum(item.state == "open" for item in incident.items.values())
    if left:
        yield f"{left} of {len(incident.items)} action items"


def _hour(incident: Incident, at: datetime) -> str:
    return clock_time(at, incident.opened.fired_at)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
