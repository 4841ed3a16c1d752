"""REP: whether this has happened before, said at once and counted.

Two readings. When an incident opens nobody knows its cause, so whoever opens it hands over the earlier incidents it
knows of: those of the same service with the same failure mode, the same alert or a runbook that both match, are said as
what may be happening again, with the cause they had and what is still to be done about it. When the root cause is
named, `FindRepeats` is owed to the archive: the same cause within the policy's time is a repetition,
said in the war room, shown in the incident and counted by KPI-6.

The archive, on the records' task queue, reads the incidents that fired in the time given and whose root cause is the
duty's, each from its events, and answers `as_earlier` of them as the outcome's `repeats`. The rules here judge the
answer again, so that the archive may answer too much.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from domain.company.policy import Policy
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.opening import Opened
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.port.internal import FindRepeats
from domain.port.message import Message
from domain.rule.clause import Clause
from domain.rule.deputies import deputies
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Slug, said_count, spoken
from domain.value.repeat import OpenAction, Repeat


class RepeatFound(Fact):
    """Earlier incidents had the same root cause, the newest first (REP-1)."""

    told = True
    minor = True
    clause: ClauseId = "REP-1"
    cause: Slug
    repeats: tuple[Repeat, ...]

    def apply(self, incident: Incident, event: Event) -> None:
        for one in self.repeats:
            incident.learning.told.setdefault(one.incident, 0)
        if self.cause == incident.learning.cause:
            incident.learning.repeats = self.repeats

    def line(self, names: Names) -> Line:
        if not self.repeats:
            return Line(f"no other incident has the root cause {self.cause} any more", alone=True)
        return Line(f"the same cause as {', '.join(one.incident for one in self.repeats)}", tone="warn", alone=True)


SAME_DAY = timedelta(days=1)
"""What failed in the same way within it is said, though nobody knows yet why."""
MOST = 20
"""Earlier incidents that are kept of one answer; the newest say enough."""


def modes(alerts: Iterable[str], runbooks: Iterable[str]) -> tuple[str, ...]:
    """What a failure is known again by: a mark for each alert and each runbook, of one length and telling nothing."""
    named = {*(f"alert {key}" for key in alerts if key), *(f"runbook {url}" for url in runbooks)}
    return tuple(sorted(hashlib.sha256(name.encode()).hexdigest()[:16] for name in named))


def modes_of(incident: Incident) -> tuple[str, ...]:
    """The failure modes that an incident has shown so far."""
    return modes(incident.alerts, (link.url for link in incident.corrections.books(incident.opened.runbooks)))


def modes_at_opening(opened: Opened) -> tuple[str, ...]:
    """The failure modes that an incident opens with."""
    return modes((alert.key for alert in opened.alerts), (link.url for link in opened.runbooks))


def as_earlier(incident: Incident) -> Repeat:
    """An incident as later ones know it."""
    return Repeat(
        incident=incident.id,
        title=str(incident.title),
        service=incident.service.name,
        fired_at=incident.opened.fired_at,
        cause=incident.learning.cause,
        runbooks=tuple(link.url for link in incident.corrections.books(incident.opened.runbooks)),
        modes=modes_of(incident),
        private=incident.secret,
        closed=incident.closed_at is not None,
        items=tuple(
            OpenAction(title=item.title, owner=item.owner, due_at=item.due_at, url=item.url)
            for item in incident.items.values()
            if item.state == "open"
        ),
        drill=incident.opened.drill,
    )


def alike(earlier: Iterable[Repeat], opened: Opened, policy: Policy) -> tuple[Repeat, ...]:
    """REP-1 at the opening: earlier incidents of the service with the same failure mode, the newest first.

    One that taught nothing yet, neither a cause nor anything still to be done, is said only where it was the same day.
    """
    shown, since = set(modes_at_opening(opened)), opened.fired_at - policy.learn.repeat_within
    found = [one for one in earlier if one.service == opened.service and shown & set(one.modes)]
    within = [one for one in found if since <= one.fired_at < opened.fired_at]
    day = opened.fired_at - SAME_DAY
    return newest(one for one in within if not one.drill and (one.cause or one.items or one.fired_at >= day))


def same_cause(duty: FindRepeats, earlier: Iterable[Repeat]) -> tuple[Repeat, ...]:
    """REP-1 once the cause is named: the same cause within the time, another incident, not a drill; newest first.

    Whichever of two gets its cause named later finds the other, so that the pair counts once. A cause of the company's
    list is a category: it repeats where the same thing failed.
    """
    found = (one for one in earlier if one.cause == duty.cause and duty.since <= one.fired_at < duty.until)
    same = (one for one in found if not duty.service or one.service == duty.service or set(one.modes) & set(duty.modes))
    return newest(one for one in same if one.incident != duty.incident and not one.drill)


def newest(repeats: Iterable[Repeat]) -> tuple[Repeat, ...]:
    """Each incident once, the newest first, and no more than say enough."""
    once = {one.incident: one for one in repeats}
    return tuple(sorted(once.values(), key=lambda one: (one.fired_at, one.incident), reverse=True)[:MOST])


def has_same_cause(incident: Incident, other: Repeat) -> bool:
    """Whether an incident that says its cause has the one that is named here, whenever either was named."""
    asked = next(duties(incident), None)
    until = incident.opened.fired_at + incident.policy.learn.repeat_within
    return bool(asked and same_cause(asked.model_copy(update={"until": until}), [other]))


def repeated(incident: Incident) -> tuple[Repeat, ...]:
    """KPI-6: which incidents it counts as a repetition of, the newest first.

    One that fired later and knows of this one's cause counts the pair itself.
    """
    known, own = incident.learning, (incident.opened.fired_at, incident.id)
    there = {one.incident for one in known.repeats if (one.fired_at, one.incident) > own and _knows(incident, one)}
    return tuple(one for one in known.repeats if one.incident not in there)


def _knows(incident: Incident, one: Repeat) -> bool:
    return incident.learning.told.get(one.incident, 0) >= incident.learning.naming > 0


def duties(incident: Incident) -> Iterator[FindRepeats]:
    """The archive is asked once for each cause that was named; a drill repeats nothing."""
    cause = incident.learning.cause
    if not cause or incident.opened.drill:
        return
    fired_at, within = incident.opened.fired_at, incident.policy.learn.repeat_within
    yield FindRepeats(
        key=f"find_repeats/{cause}",
        incident=incident.id,
        clause="REP-1",
        summary=f"look for other incidents with the root cause {cause}",
        cause=cause,
        since=fired_at - within,
        until=min(incident.learning.cause_at or fired_at, fired_at + within),
        service=incident.service.name if cause in incident.policy.learn.causes else "",
        modes=modes_of(incident) if cause in incident.policy.learn.causes else (),
    )


def follow(incident: Incident, duty: AnyDuty, outcome: Outcome) -> tuple[Fact, ...]:
    """What the archive found becomes part of the incident; nothing found is nothing said."""
    if not isinstance(duty, FindRepeats):
        return ()
    found = same_cause(duty, outcome.repeats)
    return (RepeatFound(cause=duty.cause, repeats=found),) if found else ()


def _tell_seen(incident: Incident, event: Event, opened: Opened) -> Message | None:
    if not opened.repeats:
        return None
    learned = incident.policy.learn.recurrence_told and any(one.closed and one.cause for one in opened.repeats)
    to = incident.people(deputies(incident, event.at)[:1]) if learned else ()
    return Message(text=f"REP-1 this failure mode was seen before:\n{_listed(event, opened.repeats)}", to=to)


def _tell_found(incident: Incident, event: Event, found: RepeatFound) -> Message:
    if not found.repeats:
        return Message(text=f"REP-1 no other incident has the root cause {found.cause} any more")
    times = f"{len(found.repeats)} other time{'s' if len(found.repeats) > 1 else ''}"
    return Message(text=f"REP-1 the root cause {found.cause} was met {times}:\n{_listed(event, found.repeats)}")


def _listed(event: Event, repeats: tuple[Repeat, ...]) -> str:
    """Each earlier incident with its open action items under it."""
    lines = []
    for one in repeats:
        cause = f", root cause {one.cause}" if one.cause and not one.private else ""
        lines.append(f"{one.incident}, {ago(one, event.at)}: {one.title}{cause}")
        items = () if one.private else one.items
        lines += [f"• still open: {item.title}, due {item.due_at:%d %b} {item.url}".rstrip() for item in items]
    return "\n".join(lines)


def ago(one: Repeat, now: datetime) -> str:
    """How long ago an earlier incident was, in days."""
    days = (now - one.fired_at).days
    return f"{days} day{'' if days == 1 else 's'} ago" if days else "today"


def seen_before(repeats: tuple[Repeat, ...], now: datetime) -> str:
    """The newest earlier incident in one line, for the headline: its cause, and what is still to be done about it."""
    first = repeats[0]
    words = [f"{first.incident}, {ago(first, now)}"]
    if not first.private:
        words += [f"root cause {first.cause}"] if first.cause else []
        titles = ", ".join(item.title for item in first.items[:3])
        words += [f"{said_count(len(first.items), 'action item')} still open: {titles}"] if first.items else []
    words += [f"and {len(repeats) - 1} more"] if len(repeats) > 1 else []
    return "; ".join(words)


def was_searched(incident: Incident) -> bool:
    """Whether earlier incidents were looked for, for the cause that is named now."""
    cause = incident.learning.cause
    return bool(cause) and f"find_repeats/{cause}" in incident.done


def _searched(incident: Incident) -> bool | None:
    if incident.opened.repeats and not incident.learning.cause:
        return True
    return was_searched(incident) if incident.learning.cause and not incident.opened.drill else None


def _explain_causes(policy: Policy) -> list[str]:
    span = spoken(policy.learn.repeat_within)
    return [f"The same root cause within {span} is said at once in the new incident, and counted."]


REP_1 = Clause(
    "REP-1",
    "Same root cause within 90 days: said at once in the new incident, and counted.",
    still=True,
    judged_by="earlier incidents were said at the opening, or looked for once the cause was named",
    judge=_searched,
    explain=_explain_causes,
)
RULES = Ruleset(clauses=(REP_1,), duties=duties, done=follow, tell={Opened: _tell_seen, RepeatFound: _tell_found})
