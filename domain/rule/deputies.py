"""Who may act for a manager who is absent, in which order, and for whom they then act (WAR-7)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from domain.company.catalog import Person
from domain.incident.incident import Incident
from domain.incident.tenure import left_by
from domain.rule.explain import allowing
from domain.rule.people import held_by
from domain.value.act import Act
from domain.value.key import ClockKey

NONE = ClockKey("")
"""No clock."""


def leads(incident: Incident, at: datetime) -> tuple[str, ...]:
    """The team's managers, then the last resort."""
    team = incident.catalog.teams[incident.service.team]
    last = team.levels.get(team.last_resort(incident.policy.ladder))
    return tuple(dict.fromkeys([*team.managers, *(last.on_call(at) if last else ())]))


def deputies(incident: Incident, at: datetime | None) -> tuple[str, ...]:
    """The team's managers, then the last resort; others of the ladder where fewer than two are there.

    Who is away comes last; who was relieved of the manager's role, or gave it up, stands in no more.
    """
    moment = at or incident.events[-1].at
    team, people, names = (
        incident.catalog.teams[incident.service.team],
        incident.catalog.people,
        leads(incident, moment),
    )
    counts_away, role = incident.policy.absence.counts_away, incident.policy.role("manager")
    gone = set[str]() if counts_away else left_by(incident, role, moment)
    there = {name for name in names if counts_away or (name in people and not people[name].is_away(moment))}
    if len(there - gone) < 2:
        levels = [team.levels[name] for name in dict.fromkeys(reversed(incident.policy.ladder)) if name in team.levels]
        others = (name for level in levels[1:] for name in level.on_call(moment))
        names = tuple(dict.fromkeys([*names, *others, *team.commanders]))
    left = [name for name in names if name not in gone] or names
    return tuple(sorted((name for name in left if name in people), key=lambda name: people[name].is_away(moment)))


def called(incident: Incident, at: datetime) -> tuple[str, ...]:
    """Who is woken for the manager because all who lead are on leave: who is there, and has no role to see to."""
    people = incident.people(leads(incident, at))
    if not incident.policy.absence.deputies_called or not people or _here(people, at):
        return ()
    busy = {*incident.holders.values()}
    return tuple(one.id for one in _here(incident.people(deputies(incident, at)), at) if one.id not in busy)


def stands_in(incident: Incident, act: Act) -> bool:
    """Whether somebody may do an act because it is the manager's, for whom they may stand in at any time."""
    allowed = allowing(incident.policy, type(act))
    if asker := _asked_alone(incident, act, allowed):
        others = [name for name in deputies(incident, act.at) if name != asker]
        return act.by in (others or incident.catalog.people)
    return incident.policy.role("manager") in allowed and act.by in deputies(incident, act.at)


def _asked_alone(incident: Incident, act: Act, allowed: Collection[str]) -> str:
    """Who asked for what an act answers (FIX-2), where they alone hold every role that may; empty where others do."""
    change = incident.changes.get(getattr(act, "number", 0)) if act.kind == "authorise_change" else None
    holders = {incident.holders[role] for role in allowed if role in incident.holders}
    return change.by if change and incident.policy.absence.asker_alone and holders == {change.by} else ""


def deputy_for(incident: Incident, act: Act) -> str:
    """The manager for whom somebody acts whose own roles would not allow it; empty where they act for themselves."""
    allowed = allowing(incident.policy, type(act))
    own = any(incident.holders.get(role) == act.by for role in allowed)
    if own or "anyone" in allowed or not stands_in(incident, act):
        return ""
    managers = [incident.holder("manager"), *incident.catalog.teams[incident.service.team].managers]
    return next((name for name in managers if name and name != act.by), "")


def understudies(incident: Incident, owner: str, key: ClockKey, at: datetime) -> list[str]:
    """Who is asked, one after the other, when the role that owes an answer gives none: never who asks for it."""
    team, policy, people = incident.catalog.teams[incident.service.team], incident.policy, incident.catalog.people
    others: tuple[str, ...] = ()
    if owner == policy.role("manager"):
        others = deputies(incident, at)
    elif owner == policy.role("comms"):
        away = {name for name in team.comms if name in people and people[name].is_away(at)}
        others = tuple(name for name in team.comms if policy.absence.counts_away or name not in away)
    change = incident.changes.get(int(key.about)) if key.clause == "FIX-2" and key.about else None
    known = {incident.holders.get(owner, ""), change.by if change else ""}
    return [name for name in others if name not in known]


def there(
    incident: Incident, people: tuple[Person, ...], role: str, at: datetime, key: ClockKey = NONE
) -> tuple[Person, ...]:
    """These people of a role without who is on leave; where nobody is left, who stands in, else the commander (WAR-7).

    `key` is the clock they are told of: who asked for its answer does not stand in. Where nobody is there at all it
    stays with them.
    """
    if incident.policy.absence.counts_away or not people:
        return people
    others = incident.people(understudies(incident, role, key, at))
    first, instead = _here(people, at), _here(others, at)[:1]
    return first or instead or _here(held_by(incident, "commander"), at) or people


def comms(incident: Incident, at: datetime) -> tuple[Person, ...]:
    """The communications lead, else the team's first candidate; of who is on leave whoever stands in (WAR-7).

    Who gave the role up, or was relieved of it, is asked no more: the commander where nobody else is listed.
    """
    role, listed = incident.policy.role("comms"), incident.catalog.teams[incident.service.team].comms
    left = left_by(incident, role, at) if incident.policy.absence.asks_on else set()
    could = incident.people([name for name in listed if name not in left][:1])
    found = held_by(incident, "comms") or could or (held_by(incident, "commander") if left else ())
    return there(incident, found, role, at)


def heir(incident: Incident, name: str, at: datetime) -> str:
    """Whose an action item is that somebody leaves behind: theirs; of who has left, or is on leave, who stands in.

    Where nobody is there at all it is theirs as long as they are of the company (ACT-1, WAR-7).
    """
    person, manager = incident.catalog.people.get(name), incident.holder("manager")
    stays = person is not None and not person.left
    if person and stays and not person.is_away(at):
        return name
    leads = incident.people([manager or next(iter(deputies(incident, at)), "")])
    others = there(incident, leads, incident.policy.role("manager"), at)
    return next((one.id for one in others if not (stays and one.is_away(at))), name if stays else manager)


def owes_by_name(incident: Incident, name: str, at: datetime) -> tuple[Person, ...]:
    """Who is asked for what somebody owes by name: they; while they are on leave, or gone, who could see to it now.

    That is the commander of a fight, who gives the task to another, and else who stands in (ACT-2, WAR-7, WAR-8).
    """
    person = incident.catalog.people.get(name)
    if not incident.policy.absence.items_there or (person and not (person.left or person.is_away(at))):
        return incident.people([name])
    commands = () if incident.over else held_by(incident, "commander")
    return _here(commands, at) or incident.people([heir(incident, name, at)])


def _here(people: Iterable[Person], at: datetime) -> tuple[Person, ...]:
    return tuple(person for person in people if not person.is_away(at))
