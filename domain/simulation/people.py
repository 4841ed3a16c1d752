"""Who plays a scenario: its file's words become the people, the service and the alerts of one company."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from domain.check import Finding
from domain.company.catalog import Catalog, Service, Team
from domain.simulation.phrase import moments, people
from domain.simulation.scenario import Outage, Scenario, ScenarioAct, ScenarioAlert
from domain.simulation.story import ActLine, Fires, NotWritten, OutageLine, Recovers, Reports, ScenarioFile
from domain.value.act import Act
from domain.value.merge import merged
from domain.value.model import duration_of

RUNGS = {"primary": 0, "secondary": 1, "last_resort": -1}
"""The first levels of every ladder and its last one, whatever a company calls them."""


class UnknownPeople(Exception):
    """The company has not what the scenario names: each finding as path, found and expected."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings


def cast(script: ScenarioFile, catalog: Catalog, starts_at: datetime | None = None) -> Scenario:
    """The scenario for this company; raises `UnknownPeople` where the company lacks somebody or something."""
    begins_at = starts_at or script.starts_at
    lines = _dated(script.catalog, begins_at)
    catalog = _company(lines, catalog)
    service = about(script, catalog)
    if service is None:
        expected = f"one of {', '.join(catalog.services)}" if catalog.services else "a service in the catalog"
        raise UnknownPeople([Finding("service", repr(script.service), expected)])
    team = catalog.teams[service.team]
    turns = [
        _turn(beat, number, (begins_at, begins_at - script.starts_at), team, catalog)
        for number, beat in enumerate(script.story)
        if isinstance(beat, ActLine)
    ]
    return Scenario(
        name=script.name,
        service=service.name,
        starts_at=begins_at,
        lasts=script.length,
        kind=script.kind,
        alerts=tuple(_numbered(_sounds(script, begins_at, service, team, catalog))),
        acts=tuple(turns),
        outages=tuple(_outage(beat, begins_at, team, catalog) for beat in script.story if isinstance(beat, OutageLine)),
        unwritten=tuple((beat.at, beat.unwritten) for beat in script.story if isinstance(beat, NotWritten)),
        maintenance=script.maintenance,
        catalog=lines,
        policy=script.policy,
    )


def _dated(lines: dict[str, Any], start: datetime) -> dict[str, Any]:
    """The catalog's lines; a leave that is written in times after the start, `away: [40m, 9d]`, in moments."""
    people = {name: {**said, **_leave(said, start)} for name, said in lines.get("people", {}).items()}
    return {**lines, "people": people} if people else lines


def _leave(said: dict[str, Any], start: datetime) -> dict[str, Any]:
    spans = [duration_of(one) if isinstance(one, str) else None for one in said.get("away", ())]
    moments = [start + span for span in spans if span is not None]
    return {"away": moments} if len(moments) == len(spans) == 2 else {}


def _company(lines: dict[str, Any], catalog: Catalog) -> Catalog:
    """The company with the scenario's lines in it; raises `UnknownPeople` where they don't fit it."""
    try:
        return merged(catalog, lines)
    except ValidationError as error:
        raise UnknownPeople(
            [
                Finding(".".join(["catalog", *map(str, one["loc"])]), repr(one["input"])[:60], one["msg"])
                for one in error.errors(include_url=False)
            ]
        ) from None


def about(script: ScenarioFile, catalog: Catalog) -> Service | None:
    """The service that is meant: by name, or the first that customers see of the wanted tier, or else the first."""
    if script.service:
        return catalog.service_called(script.service)
    services = sorted(catalog.services.values(), key=lambda one: (one.tier != script.tier, not one.customer_facing))
    return services[0] if services else None


def meant(word: str, team: Team, catalog: Catalog, at: datetime) -> tuple[str, ...]:
    """The people who are meant: one of the catalog, or those who hold a level or a role in the team at that moment.

    Nobody for a stranger's name.
    """
    person = catalog.person_called(word)
    if person:
        return (person.id,)
    roles = {"manager": team.managers[:1], "comms": team.comms[:1], "commander": team.commanders[:1]}
    rungs = list(team.levels.values())
    if word in team.levels or word in RUNGS:
        level = team.levels.get(word) or rungs[max(min(RUNGS[word], len(rungs) - 1), -1)]
        return level.on_call(at) or roles.get(word, (word,))  # a schedule knows who it is, we don't
    return (roles[word] or team.managers[:1]) if word in roles else team.candidates.get(word, ())


def who(word: str, team: Team, catalog: Catalog, at: datetime) -> str:
    """The person who is meant; the first where there are several, the word itself for a stranger."""
    return next(iter(meant(word, team, catalog, at)), word)


def strangers(scenario: Scenario, catalog: Catalog) -> tuple[str, ...]:
    """Who plays a part and is nobody of the company, each once."""
    actors = [turn.act.by for turn in scenario.acts] + [sound.by for sound in scenario.alerts if sound.by]
    return tuple(name for name in dict.fromkeys(actors) if not catalog.person_called(name))


def _turn(beat: ActLine, number: int, begins: tuple[datetime, timedelta], team: Team, catalog: Catalog) -> ScenarioAct:
    """The act of a line; `begins` is when it is played, and how much later that is than its file says."""
    begins_at, later = begins
    act, now = beat.act, begins_at + beat.at
    changes: dict[str, object] = {"id": act.id or f"line-{number}", "by": who(beat.by, team, catalog, now)}
    changes |= {name: at + later for name in moments(act.kind) if name != "at" and (at := getattr(act, name))}
    changes |= {name: who(word, team, catalog, now) for name in people(act.kind) if (word := getattr(act, name))}
    played: Act = act.model_copy(update=changes)
    return ScenarioAct(after=beat.at, act=played, incident=beat.incident)


def _outage(beat: OutageLine, begins_at: datetime, team: Team, catalog: Catalog) -> Outage:
    return Outage(
        role=beat.away,
        begins=beat.at,
        ends=beat.at + beat.lasts,
        kind=beat.only,
        person=who(beat.person, team, catalog, begins_at + beat.at),
        said=beat.said,
        retryable=not beat.refuses,
    )


def _sounds(
    script: ScenarioFile, begins_at: datetime, service: Service, team: Team, catalog: Catalog
) -> Iterator[ScenarioAlert]:
    """Everything that is heard, in the order of the file."""
    fired: dict[str, ScenarioAlert] = {}
    for beat in script.story:
        if isinstance(beat, Fires):
            paged = [who(word, team, catalog, begins_at + beat.at) for word in beat.paged]
            for sound in _firings(beat, service, tuple(paged)):
                fired[sound.key] = sound
                yield sound
                if beat.lasts is not None:
                    yield sound.model_copy(update={"after": sound.after + beat.lasts, "state": "resolved"})
        elif isinstance(beat, Recovers):
            for sound in _recovering(beat.recovers, script, fired):
                yield sound.model_copy(update={"after": beat.at, "fired": None, "state": "resolved"})
        elif isinstance(beat, Reports):
            yield _report(beat, service, who(beat.by, team, catalog, begins_at + beat.at))


def _firings(beat: Fires, service: Service, paged: tuple[str, ...]) -> Iterator[ScenarioAlert]:
    for number in range(beat.times):
        after = beat.at + number * beat.every
        yield ScenarioAlert(
            after=after,
            fired=after - beat.late,
            key=(beat.key or beat.alert).replace("{n}", str(number + 1)),
            title=beat.alert.replace("{n}", str(number + 1)),
            description=beat.description,
            service=beat.service or service.name,
            environment=beat.environment,
            severity=beat.severity,
            labels=beat.labels,
            paged=paged,
            count=beat.count,
        )


def _recovering(word: str, script: ScenarioFile, fired: dict[str, ScenarioAlert]) -> list[ScenarioAlert]:
    """The alerts that a word means: one, or all that were counted under it."""
    counted = [beat for beat in script.story if isinstance(beat, Fires) and word in (beat.alert, beat.key)]
    keys = {(beat.key or beat.alert).replace("{n}", str(n + 1)) for beat in counted for n in range(beat.times)}
    return [sound for key, sound in fired.items() if key in keys or word in (key, sound.title)]


def _report(beat: Reports, service: Service, by: str) -> ScenarioAlert:
    return ScenarioAlert(
        after=beat.at,
        source="cli",
        key=f"report/{beat.report}",
        title=beat.report,
        description=beat.description,
        service=beat.service or service.name,
        severity=beat.severity,
        labels={"kind": "escalation"},
        by=by,
    )


def _numbered(sounds: Iterator[ScenarioAlert]) -> Iterator[ScenarioAlert]:
    """In the order of time; an alert that fires after it has recovered is in its next episode, a repeat in the same."""
    episodes, since = Counter[str](), dict[str, timedelta | None]()
    for sound in sorted(sounds, key=lambda one: one.after):
        if sound.state != "firing":
            since.pop(sound.key, None)
        elif sound.key in since:
            sound = sound.model_copy(update={"fired": since[sound.key], "again": True})
        else:
            episodes[sound.key] += 1
            since[sound.key] = sound.fired
        yield sound.model_copy(update={"episode": str(episodes[sound.key])})
