"""The key figures of the procedure: what they are, what they should be, and what they were counted from."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from config.company import Company
from config.company import Settings as CompanySettings
from console import period, scope
from console.database import opened
from console.due_page import HOT
from console.ending import CommandRefused
from console.page import table
from console.period import DAY
from console.screen import show, show_json
from console.session import AsJson, build, finish
from domain.report.kpi import Figure, KpiReport, Scope, Split
from ingress.board import period as calendar
from records import column

app = typer.Typer()
MONTH = "month"
MET = {True: Text("kept", "green"), False: Text("not kept", "bold red"), None: Text("-", "dim")}
Asked = Annotated[str, typer.Option("--by", help="Beside the whole, each service, team, severity, person or month.")]
TREND = 6
"""Months that are shown at least."""


@app.command()
def kpi(
    from_: period.From = "",
    to: period.To = "",
    service: scope.Service = "",
    team: scope.Team = "",
    severity: scope.Severity = "",
    by: Asked = "",
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, with every service, team and severity.")] = False,
) -> None:
    """Show the key figures of a period with their targets; incidents count at their first end, drills never do."""
    finish(_kpi(from_, to, service, team, severity, by, as_json, as_csv))


async def _kpi(
    from_: str, to: str, service: str, team: str, severity: str, by: str, as_json: bool, as_csv: bool
) -> int:
    first, last = period.since(from_), period.until(to)
    period.ordered(first, last)
    if as_json and as_csv:
        raise CommandRefused("--json and --csv are two ways to print: take one")
    scope = build(Scope, since=first, until=last, service=service, team=team, severity=severity.upper())
    part, now = _part(by), datetime.now(UTC)
    targets = Company(CompanySettings()).policy.targets
    async with opened() as records:
        sheet = await records.sheet(targets, scope, now)
        asked = _months(scope, now) if by == MONTH else ()
        months = [await records.sheet(targets, one, now) for one in asked]
    if as_json:
        more = {"months": [one.model_dump(mode="json") for one in months]} if months else {}
        show_json({**sheet.model_dump(mode="json"), **more})
    elif as_csv:
        each = [(MONTH, _named(one), one.scope, one.figures) for one in months]
        print(column.written([*column.parts(sheet), *each]), end="")
    else:
        show(page(sheet, part), *([trend(months)] if months else []))
    return 0


def _months(scope: Scope, now: datetime) -> tuple[Scope, ...]:
    """The months of the period; the last half year up to its end where no beginning is asked for."""
    until = scope.until or now
    return calendar.months(scope.model_copy(update={"since": scope.since or until - DAY, "until": until}), TREND)


def _part(by: str) -> Split | None:
    if by in ("service", "team", "severity", "person"):
        return by  # type: ignore[return-value]  # mypy does not narrow a str by membership
    if by and by != MONTH:
        raise CommandRefused(f"--by: found {by!r}, expected service, team, severity, person or {MONTH}")
    return None


def page(sheet: KpiReport, by: Split | None = None) -> RenderableType:
    """The sheet for people: the whole first, then its parts."""
    asked = [f"{name} {value}" for name in ("service", "team", "severity") if (value := getattr(sheet.scope, name))]
    count = f"{sheet.incidents} incident{'' if sheet.incidents == 1 else 's'}"
    running = [f"{sheet.running} of them not over by then"] if sheet.running else []
    out = [f"left out: {many} {reason}{'' if many == 1 else 's'}" for reason, many in sheet.left_out.items()]
    words = ", ".join([f"{count} {period.said(sheet.scope.since, sheet.scope.until)}", *asked, *running, *out])
    parts: list[RenderableType] = [Text(words), Text(""), figures(sheet.figures)]
    for name, found in (sheet.parts.get(by, {}) if by else {}).items():
        parts += [Text(f"\n{by} {name}", HOT.get(name, "bold")), figures(found)]
    if not sheet.figures:
        parts += [Text("The policy has no targets, so there is nothing to measure by: see `targets:` in policy.yaml.")]
    return Group(*parts)


def trend(months: Sequence[KpiReport]) -> RenderableType:
    """How each figure was month by month, the newest last; the last month may not be over."""
    made = table("clause", *map(_named, months))
    for same in zip(*(one.figures for one in months), strict=True):
        made.add_row(same[0].clause, *(Text(one.says, MET[one.met].style) for one in same))
    return Group(Text("\nby month", "bold"), made)


def _named(month: KpiReport) -> str:
    return f"{month.scope.since:%Y-%m}"


def figures(found: tuple[Figure, ...]) -> RenderableType:
    """One figure a line."""
    made = table("clause", "figure", "value", "target", "", "counted from")
    for one in found:
        words = MET[one.met]
        made.add_row(one.clause, one.title, Text(one.says, words.style), one.target, words, one.counted)
    return made
