"""GET /kpi: the key figures of a period with their months, for people, as JSON and as CSV (KPI)."""

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.company.policy import Policy
from domain.procedure.figure_part import MICROSECOND
from domain.procedure.figures import KEY_FIGURES
from domain.report.kpi import Figure, KpiReport, Scope, sentence
from domain.value.model import said_count, said_span
from ingress.board import chart, period
from ingress.board.access import title_of
from ingress.board.frame import PageFrame
from ingress.board.gate import Guest
from ingress.board.memory import RecordsReader
from ingress.board.status import Trouble
from records import column
from records.overview import MissedPart
from records.refusal import RecordsUnavailable

FRESH = timedelta(seconds=15)
"""How long one count serves everybody who asks for the same."""
OLD = timedelta(hours=1)
"""How long the count of a month that is over serves: it changes only as its follow-up does."""
AT_ONCE = 4
KEPT, MONTHS = 64, 1000
"""Counts that are kept, of periods and of months."""
MISSED = 500
"""Misses that are listed, those that fired last first."""
FEW = 3
"""As many misses stand on a tile at once; more are one press away."""
PRESETS = (("quarter", 3), ("half a year", 6), ("year", 12))


class Month(NamedTuple):
    """The figures of one month, when they were counted."""

    at: datetime
    scope: Scope
    incidents: int
    figures: tuple[Figure, ...]


class Counted(NamedTuple):
    """The sheet of a period and the months around it."""

    at: datetime
    whole: KpiReport
    months: tuple[Month, ...]
    missed: tuple[MissedPart, ...]
    """Who did not keep what a figure asks."""


class KpiPage:
    """Asks the records for sheets, a few at a time, and shows them."""

    def __init__(self, records: RecordsReader, frame: PageFrame) -> None:
        self._records, self._frame = records, frame
        self._kept: OrderedDict[tuple[str, ...], Counted] = OrderedDict()
        self._months: OrderedDict[str, Month] = OrderedDict()
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def kpi(self, request: Request, guest: Guest) -> Response:
        """The figures, in the form that is asked for."""
        form = _form(request)
        try:
            counted = await self._counted(request)
        except period.Unclear as error:
            return self._refused(request, guest, form, error)
        except RecordsUnavailable as error:
            return self._away(request, guest, form, error)
        if form == "json":
            return JSONResponse(_json(counted))
        if form == "csv":
            named = {"content-disposition": 'attachment; filename="kpi.csv"'}
            return Response(_csv(counted), media_type="text/csv", headers=named)
        context = await asyncio.to_thread(self._context, request, counted)
        return self._show(request, guest, **context)

    async def _counted(self, request: Request) -> Counted:
        now = self._frame.now()
        asked = {name: value for name, value in request.query_params.items() if name != "format"}
        key = tuple(asked.get(name, "") for name in ("from", "to", "service", "team", "severity"))
        kept = self._kept.get(key)
        if kept and now - kept.at < FRESH:
            return kept
        whole = period.scope(asked, now)
        months = asyncio.gather(*(self._month(one, now) for one in period.months(whole)))
        missed = self._records.read(lambda records: records.missed(whole, MISSED))
        sheet, found, missing = await asyncio.gather(self._sheet(whole, now), months, missed)
        self._kept[key] = Counted(now, sheet, tuple(found), missing)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]

    async def _month(self, scope: Scope, now: datetime) -> Month:
        """A month that is over is not counted again for every look."""
        name = scope.model_dump_json()
        kept = self._months.get(name)
        if kept and now - kept.at < OLD and scope.until and scope.until <= kept.at:
            return kept
        sheet = await self._sheet(scope, now)
        self._months[name] = Month(now, scope, sheet.incidents, sheet.figures)
        while len(self._months) > MONTHS:
            self._months.popitem(last=False)
        return self._months[name]

    async def _sheet(self, scope: Scope, now: datetime) -> KpiReport:
        async with self._gate:
            return await self._records.read(lambda records: records.sheet(self._frame.policy.targets, scope, now))

    def _context(self, request: Request, counted: Counted) -> dict[str, Any]:
        targets = self._frame.policy.targets
        cards = [
            (one, points, chart.drawn(points, targets[one.clause]))
            for one in sorted(counted.whole.figures, key=lambda one: one.met is not False)  # the worst first
            for points in [_points(counted, one.clause)]
        ]
        missed = {one.clause: [miss for miss in counted.missed if miss.figure == one.clause] for one, _, _ in cards}
        cut = len(counted.missed) == MISSED
        sentences = {one.clause: sentence(one.clause, targets[one.clause]) for one, _, _ in cards}
        known = {"sheet": counted.whole, "parts": counted.whole.parts, "missed": missed, "cut": cut}
        known |= {"sentences": sentences, "few": FEW, "whose": lambda miss: _whose(miss, self._frame.policy)}
        return {"cards": cards, "found": [], "wrong": "", "title_of": title_of, "took": _took, **known}

    def _show(self, request: Request, guest: Guest, status: int = 200, **context: Any) -> Response:
        asked = dict(request.query_params)
        now = self._frame.now()
        policy, catalog = self._frame.policy, self._frame.catalog
        choices = {
            "service": sorted(catalog.services),
            "team": sorted(catalog.teams),
            "severity": list(policy.severities),
        }
        chosen = {name: asked.get(name, "") for name in choices}
        empty: dict[str, Any] = {"sheet": None, "cards": [], "parts": {}, "found": [], "wrong": ""}
        frame = {
            "asked": {"from": asked.get("from", ""), "to": asked.get("to", ""), **chosen},
            "choices": choices,
            "presets": [
                (name, _address({"from": f"{period.months_before(now, n):%Y-%m-%d}", **chosen})) for name, n in PRESETS
            ],
            "forms": [(form, _address({**asked, "format": form})) for form in ("json", "csv")],
        }
        return self._frame.show(
            request, guest, "kpi.html", "/kpi", "Key figures · Standfast", status=status, every=0,
            **{**empty, **context}, **frame,
        )  # fmt: skip

    def _refused(self, request: Request, guest: Guest, form: str, error: period.Unclear) -> Response:
        if form == "html":
            return self._show(request, guest, 400, wrong=str(error))
        return JSONResponse({"path": error.path, "found": error.found, "expected": error.expected}, 400)

    def _away(self, request: Request, guest: Guest, form: str, error: RecordsUnavailable) -> Response:
        if form == "html":
            means = f"No figure can be shown ({error.said}). Try again in a moment."
            return self._show(request, guest, 503, found=[Trouble(what="The records do not answer", means=means)])
        return JSONResponse({"error": "the records do not answer", "said": error.said}, 503, {"retry-after": "5"})


def _took(miss: MissedPart) -> str:
    """What became of it instead: the time it took, or how many of several were kept."""
    if counts := KEY_FIGURES[miss.figure].counts:
        return said_count(miss.spent, counts)
    if miss.timed:
        return said_span(miss.spent // miss.timed * MICROSECOND)
    return f"{miss.kept} of {miss.judged}" if miss.judged > 1 else ""


def _whose(miss: MissedPart, policy: Policy) -> tuple[str, str]:
    """Who was to keep it, and what they did: the first who answered or declared, else the last; empty where nobody."""
    part, did = KEY_FIGURES[miss.figure].whose
    if part == "declared" or part == "owned":
        did_it = [person for what, person in miss.takers if what == part]
        return (did_it[0], did) if did_it else ("", "")
    people = [person for role, person in miss.takers if role == policy.role(part)]
    if part == "commander" and miss.commander:
        people.append(miss.commander)
    return (people[0 if part == "on_call" else -1], did) if people else ("", "")


def _form(request: Request) -> str:
    """`?format=`, else what the client would rather have."""
    asked = request.query_params.get("format", "")
    if asked in ("json", "csv", "html"):
        return asked
    wanted = request.headers.get("accept", "")
    if "text/html" in wanted:
        return "html"
    return "json" if "application/json" in wanted else "csv" if "text/csv" in wanted else "html"


def _points(counted: Counted, clause: str) -> list[chart.Point]:
    """One figure month by month."""
    inside = counted.whole.scope
    found = []
    for month in counted.months:
        start, end = month.scope.since, month.scope.until
        assert start
        assert end
        figure = next(one for one in month.figures if one.clause == clause)
        within = (inside.since is None or end > inside.since) and (inside.until is None or start < inside.until)
        found.append(chart.Point(start, figure, within))
    return found


def _json(counted: Counted) -> dict[str, Any]:
    """What `standfast kpi --json` prints, with the months."""
    months = [
        {
            "month": f"{one.scope.since:%Y-%m}",
            "incidents": one.incidents,
            "figures": [figure.model_dump(mode="json") for figure in one.figures],
        }
        for one in counted.months
    ]
    missed = [
        one.model_dump(mode="json", include={"figure", "id", "service", "judged", "kept"}) for one in counted.missed
    ]
    return {**counted.whole.model_dump(mode="json"), "months": months, "missed": missed}


def _csv(counted: Counted) -> str:
    """The columns of `standfast kpi --csv`; the months follow as parts of their own."""
    months = [("month", f"{one.scope.since:%Y-%m}", one.scope, one.figures) for one in counted.months]
    return column.written([*column.parts(counted.whole), *months])


def _address(query: dict[str, str]) -> str:
    return "/kpi?" + urlencode({name: value for name, value in query.items() if value})
