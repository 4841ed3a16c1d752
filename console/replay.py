"""Past incidents under another policy: one side by side, a period in figures, or a synthetic quarter to try with."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from config.company import SHIPPED, load
from console import period, replaying, scope
from console.completion import incidents
from console.database import opened
from console.ending import CommandRefused
from console.reach import Opener, reach
from console.screen import complain, show, show_json
from console.session import AsJson, build, finish
from console.source import events_in, events_of, read
from demo.quarter import quarter
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.replay.comparison import Comparison, compare
from domain.replay.difference import difference
from domain.replay.replay import PolicyNotApplicable, Replay, replay
from domain.report.kpi import Scope
from domain.report.view import view
from domain.value.incident_id import spelled
from records.overview import overview
from records.record import Stored
from records.store import Records

app = typer.Typer()
EVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
NewPolicy = Annotated[Path, typer.Option("--policy", metavar="FILE", help="The policy to try on.")]
File = Annotated[
    Path | None, typer.Option("--events", metavar="FILE", help="Read an audit bundle, or `timeline --json`, instead.")
]
Every = Annotated[bool, typer.Option("--all", help="What is the same in both, too.")]


@app.command("replay")
def replay_past(
    context: typer.Context,
    policy: NewPolicy,
    incident: Annotated[
        str, typer.Argument(metavar="[INCIDENT]", help="One incident, side by side.", autocompletion=incidents)
    ] = "",
    from_: period.From = "",
    to: period.To = "",
    service: scope.Service = "",
    team: scope.Team = "",
    synthetic: Annotated[bool, typer.Option("--synthetic", help="A made-up quarter of the shipped company.")] = False,
    seed: Annotated[int, typer.Option("--seed", help="Another synthetic quarter.")] = 1,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="FILE", help="Also write the synthetic quarter as new records.")
    ] = None,
    events: File = None,
    every: Every = False,
    as_json: AsJson = False,
) -> None:
    """Replay past incidents under another policy: an incident, a period of the records, or a synthetic quarter.

    People and monitors do what they did then, at their old moments; what the policy causes is played anew.
    """
    scope = build(Scope, since=period.since(from_), until=period.until(to), service=service, team=team)
    wanted = [bool(incident), bool(from_ or to), synthetic]
    if sum(wanted) != 1:
        complain("say what to replay: an incident, a period (--from, --to), or --synthetic")
        raise typer.Exit(CommandRefused.code)
    if incident:
        finish(_one(spelled(incident), policy, events, context.obj or reach, every, as_json))
    elif synthetic:
        finish(_synthetic(policy, scope, seed, keep, every, as_json))
    else:
        finish(_period(policy, scope, every, as_json))


async def _one(incident: str, file: Path, source: Path | None, opener: Opener, every: bool, as_json: bool) -> int:
    policy = load(file, Policy)
    until: datetime | None = None
    if source:
        events = events_in(source, incident)
    else:
        events, until = await events_of(incident, opener, datetime.now(UTC))
    differs = difference(_played(events, policy, until), policy.name)
    show_json(differs) if as_json else show(replaying.incident(differs, every))
    return 0


async def _period(file: Path, scope: Scope, every: bool, as_json: bool) -> int:
    period.ordered(scope.since, scope.until)
    policy = load(file, Policy)
    async with opened() as records:
        rows = await records.kpi_rows(scope.since or EVER[0], scope.until or EVER[1])
        played = [_played(read(await records.events(row.id)), policy) for row in rows if scope.holds(row)]
    _tell(compare(played, policy, scope), every, as_json, "the records")
    return 0


async def _synthetic(file: Path, scope: Scope, seed: int, keep: Path | None, every: bool, as_json: bool) -> int:
    policy = load(file, Policy)
    _refuse_to_overwrite(keep)
    made = list(quarter(load(SHIPPED / "policy.yaml", Policy), load(SHIPPED / "catalog.yaml", Catalog), seed))
    if keep:
        await _write(keep, made)
    inside = [one for one in made if scope.holds(view(one, ()))]
    compared = compare([_played(one.events, policy) for one in inside], policy, scope)
    _tell(compared, every, as_json, f"a synthetic quarter (seed {seed})")
    if keep:
        complain(f"The quarter is in {keep}: set STANDFAST_DATABASE_URL=sqlite:///{keep} to look at it.")
    return 0


def _refuse_to_overwrite(keep: Path | None) -> None:
    if keep and keep.exists():
        raise CommandRefused(f"--keep: {keep} is there already; name a new file")


def _tell(compared: Comparison, every: bool, as_json: bool, past: str) -> None:
    show_json(compared) if as_json else show(replaying.comparison(compared, every, past))


def _played(events: list[Event], policy: Policy, until: datetime | None = None) -> Replay:
    try:
        return replay(events, policy, until)
    except PolicyNotApplicable as unplayable:
        raise CommandRefused(str(unplayable)) from None


async def _write(file: Path, made: Iterable[Incident]) -> None:
    """New records with these incidents."""
    async with await Records.open(f"sqlite:///{file}") as records:
        await records.migrate()
        for one in made:
            await records.append(one.id, [Stored.of(event) for event in one.events], overview(view(one, ())))
