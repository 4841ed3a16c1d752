"""Who plays a scenario: its file's words become the people, the service and the alerts of one company."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.act import Act
from domain.catalog import Catalog, Service, Team
from domain.lint import Finding
from domain.scenario import Outage, Scenario, Sound, Turn
from domain.script import START, Away, Does, Fires, Recovers, Reports, Script
from domain.verb import moments

RUNGS = ("primary", "secondary")
"""The first levels of every ladder, whatever a company calls them."""
NAMING = {"offer_role": "to", "add_item": "owner"}
"""The fields of acts that name somebody."""


class Miscast(Exception):
    """The company has not what the scenario names: each finding as path, found and expected."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings


def cast(script: Script, catalog: Catalog, starts_at: datetime | None = None) -> Scenario:
    """The scenario for this company; raises `Miscast` where the company lacks somebody or something."""
    service = about(script, catalog)
    if service is None:
        expected = f"one of {', '.join(catalog.services)}" if catalog.services else "a service in the catalog"
        raise Miscast([Finding("service", repr(script.service), expected)])
    team = catalog.teams[service.team]
    strangers = list(_strangers(script, team, catalog))
    if strangers:
        raise Miscast(strangers)
    begins_at = starts_at or script.starts_at
    later = begins_at - START
    return Scenario(
        name=script.name,
        service=service.name,
        starts_at=begins_at,
        lasts=script.length,
        kind=script.kind,
        alerts=tuple(_numbered(_sounds(script, service, team, catalog))),
        acts=tuple(
            _turn(beat, n, later, team, catalog) for n, beat in enumerate(script.story) if isinstance(beat, Does)
        ),
        outages=tuple(_outage(beat) for beat in script.story if isinstance(beat, Away)),
        maintenance=script.maintenance,
    )


def about(script: Script, catalog: Catalog) -> Service | None:
    """The service that is meant: by name, or the first that customers see of the wanted tier, or else the first."""
    if script.service:
        return catalog.service_called(script.service)
    services = sorted(catalog.services.values(), key=lambda one: (one.tier != script.tier, not one.customer_facing))
    return services[0] if services else None


def who(word: str, team: Team, catalog: Catalog) -> str:
    """The person who is meant: of the catalog, or who holds a level or a role in the team; empty when it is nobody."""
    person = catalog.person_called(word)
    if person:
        return person.id
    roles = {"manager": (team.manager,), "comms": team.comms, "commander": team.commanders}
    if word in team.levels or word in RUNGS:
        rungs = list(team.levels.values())
        level = team.levels.get(word) or rungs[min(RUNGS.index(word), len(rungs) - 1)]
        return level.people[0] if level.people else roles.get(word, (word,))[0]  # a schedule knows who it is, we don't
    return (*roles[word], team.manager)[0] if word in roles else ""


def _strangers(script: Script, team: Team, catalog: Catalog) -> Iterator[Finding]:
    """People whom the company does not have."""
    known = ", ".join(dict.fromkeys([*catalog.people, *team.levels, "commander", "comms", "manager"]))
    for number, beat in enumerate(script.story):
        if isinstance(beat, Does | Reports) and not who(beat.by, team, catalog):
            yield Finding(f"story.{number}.{beat.by}", "nobody of that name", f"one of {known}")


def _turn(beat: Does, number: int, later: timedelta, team: Team, catalog: Catalog) -> Turn:
    act = beat.act
    changes: dict[str, object] = {"id": act.id or f"line-{number}", "by": who(beat.by, team, catalog)}
    changes |= {name: at + later for name in moments(act.kind) if name != "at" and (at := getattr(act, name))}
    named = NAMING.get(act.kind, "")
    if named:
        changes[named] = who(getattr(act, named), team, catalog) or getattr(act, named)
    played: Act = act.model_copy(update=changes)
    return Turn(after=beat.at, act=played, incident=beat.incident)


def _outage(beat: Away) -> Outage:
    return Outage(
        role=beat.away,
        begins=beat.at,
        ends=beat.at + beat.lasts,
        kind=beat.only,
        said=beat.said,
        retryable=not beat.refuses,
    )


def _sounds(script: Script, service: Service, team: Team, catalog: Catalog) -> Iterator[Sound]:
    """Everything that is heard, in the order of the file."""
    fired: dict[str, Sound] = {}
    for beat in script.story:
        if isinstance(beat, Fires):
            for sound in _firings(beat, service, team, catalog):
                fired[sound.key] = sound
                yield sound
                if beat.lasts is not None:
                    yield sound.model_copy(update={"after": sound.after + beat.lasts, "state": "resolved"})
        elif isinstance(beat, Recovers):
            for sound in _meant(beat.recovers, script, fired):
                yield sound.model_copy(update={"after": beat.at, "fired": None, "state": "resolved"})
        elif isinstance(beat, Reports):
            yield _report(beat, service, team, catalog)


def _firings(beat: Fires, service: Service, team: Team, catalog: Catalog) -> Iterator[Sound]:
    for number in range(beat.times):
        after = beat.at + number * beat.every
        yield Sound(
            after=after,
            fired=after - beat.late,
            key=(beat.key or beat.alert).replace("{n}", str(number + 1)),
            title=beat.alert.replace("{n}", str(number + 1)),
            description=beat.description,
            service=beat.service or service.name,
            environment=beat.environment,
            severity=beat.severity,
            labels=beat.labels,
            paged=tuple(who(word, team, catalog) or word for word in beat.paged),
            count=beat.count,
        )


def _meant(word: str, script: Script, fired: dict[str, Sound]) -> list[Sound]:
    """The alerts that a word means: one, or all that were counted under it."""
    counted = [beat for beat in script.story if isinstance(beat, Fires) and word in (beat.alert, beat.key)]
    keys = {(beat.key or beat.alert).replace("{n}", str(n + 1)) for beat in counted for n in range(beat.times)}
    return [sound for key, sound in fired.items() if key in keys or word in (key, sound.title)]


def _report(beat: Reports, service: Service, team: Team, catalog: Catalog) -> Sound:
    return Sound(
        after=beat.at,
        source="cli",
        key=f"report/{beat.report}",
        title=beat.report,
        description=beat.description,
        service=beat.service or service.name,
        severity=beat.severity,
        labels={"kind": "escalation"},
        by=who(beat.by, team, catalog),
    )


def _numbered(sounds: Iterator[Sound]) -> Iterator[Sound]:
    """In the order of time, each firing of an alert as an episode of its own."""
    episodes = Counter[str]()
    for sound in sorted(sounds, key=lambda one: one.after):
        episodes[sound.key] += sound.state == "firing"
        yield sound.model_copy(update={"episode": str(episodes[sound.key])})
