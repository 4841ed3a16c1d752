"""When what is owed after the fight is asked for, where that goes by day: in office hours of who owes it (PM-2).

A deadline is noted when it passes; who owes it hears of it in office hours, then once a day, and after a while once a
week. A reminder that would come at night is said in the morning, or on the day before where that is too late. What the
law counts has its own steps up to its deadline.
"""

from datetime import datetime, timedelta

from domain.company.policy_clock import ClockRule
from domain.incident.clock import Clock
from domain.incident.incident import Incident
from domain.incident.lifecycle import unresolved_end
from domain.incident.office import office_hours
from domain.run.telling import owed_by
from domain.value.calendar import Calendar

EARLIER = timedelta(hours=4)
"""How much earlier than a day later may be the same hour of the next morning."""
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


def chased_at(incident: Incident, clock: Clock, rule: ClockRule | None) -> datetime | None:
    """When it is asked for again; never where its line of the policy has no `every`."""
    if rule is None or rule.every is None:
        return None
    office, last, ended = _office(incident, clock), _last(incident, clock), _ended(incident)
    if last < ended:
        return office.next(max(ended, last + EARLIER))
    return office.next(office.next(last) + _pause(incident, clock, rule.every) - EARLIER)


def reminders(incident: Incident, clock: Clock, moments: list[datetime]) -> list[datetime]:
    """The same moments where the law counts; else each in office hours before the deadline, if there are any left."""
    if clock.clause in incident.policy.room.at_any_hour:
        return moments
    office = _office(incident, clock)
    moved = sorted({_by_day(office, at, clock.due_at) for at in moments})
    return [at for at in moved if at >= max(clock.started_at, _ended(incident))]


def _by_day(office: Calendar, at: datetime, due_at: datetime) -> datetime:
    first = office.next(at)
    return first if first < due_at else office.before(at, HOUR)


def _pause(incident: Incident, clock: Clock, every: timedelta) -> timedelta:
    rule = incident.policy.room
    is_old = _last(incident, clock) - clock.due_at >= rule.weekly_after and clock.clause not in rule.at_any_hour
    return max(WEEK if is_old else rule.owed_every, every)


def _last(incident: Incident, clock: Clock) -> datetime:
    return incident.presence.chased.get(clock.key, clock.due_at)


def _ended(incident: Incident) -> datetime:
    return incident.resolved_at or unresolved_end(incident) or incident.opened_at


def _office(incident: Incident, clock: Clock) -> Calendar:
    """The office hours of who owes it first; the team's where nobody does."""
    owners = owed_by(incident, clock.key, clock.owner, incident.events[-1].at)
    return office_hours(incident, next(iter(owners), None))
