"""The board's pages: what is open, one incident, history, suppressed alerts, key figures. Acts are `acting`'s."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from client.port import IncidentReader
from config.company import Company
from domain.incident.incident import Incident
from domain.procedure.linking import ID
from domain.report.due import Due
from domain.report.offer import FIRST, by_phase
from domain.report.view import view
from domain.run.read import known_at
from domain.value.incident_id import spelled
from ingress.act_sender import ActSender
from ingress.board import access as privacy
from ingress.board import export, suppressed
from ingress.board.access import person_of
from ingress.board.acting import Acting
from ingress.board.answers import parts_of
from ingress.board.declaring import Declaring
from ingress.board.frame import EVERY, PageFrame
from ingress.board.gate import BoardAccess, Guest
from ingress.board.incident_page import PARTS, USUAL, AskedLines, IncidentPage, dossier, veiled
from ingress.board.kpi_page import KpiPage
from ingress.board.memory import RecordsReader
from ingress.board.page import SOON
from ingress.board.played import PlayedSignIn
from ingress.board.reader import HistoryReader, Recalled
from ingress.board.sign_in import ProviderSignIn
from ingress.board.snapshot import Snapshots
from ingress.board.status import BoardSnapshot, OpenIncident, Trouble
from ingress.board.wanted import PHASES, SearchQuery
from ingress.chat.prefill import Prefill
from ingress.declaration import Declarations
from ingress.webhook.inbox import InboxUnavailable
from ingress.webhook.late import LateWord
from records.refusal import RecordsUnavailable
from records.store import Records

LISTED = 12
"""Clocks, or suppressed alerts, in a list before the rest is folded away."""
PAGE, EXPORTED = 50, 10_000
"""Incidents on one page of the history, and in its export, the newest."""
FEW = 5
"""Teams, or severities, that have a press of their own above a list."""
MOST, DAYS = 200, 30
"""Suppressed alerts on their page."""
AWAY = "The records do not answer"
LateWords = Callable[[str], Awaitable[dict[str, list[LateWord]]]]
"""What an incident that has ended did not take, under its headings; raises `InboxUnavailable`."""
Row = TypeVar("Row")


class Board:
    """The page where people look, over an engine and records that may both be away."""

    def __init__(
        self,
        engine: IncidentReader,
        records: RecordsReader,
        company: Company,
        gate: BoardAccess,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        asking: ActSender | None = None,
        http: httpx.AsyncClient | None = None,
        late: LateWords | None = None,
    ) -> None:
        """Without `asking` it only reads; `http` asks the provider by which people sign in; `late` asks the inbox."""
        self._records, self._now, self._late = records, now, late
        self._recall = HistoryReader(records, engine)
        self._sight = Snapshots(engine, records, self._recall, now)
        self._frame = PageFrame(gate, company, now)
        self._measure = KpiPage(records, self._frame)
        self._acting = Acting(engine, asking, self._frame, company) if asking else None
        declarations = Declarations(asking.engine, asking, "board") if asking else None
        self._declaring = Declaring(declarations, self._frame, Prefill(company)) if declarations else None
        self._sign_in = ProviderSignIn(gate, self._frame, http) if http and gate.by_oidc else None
        self._played = PlayedSignIn(gate, self._frame) if gate.plays else None

    def admits(self, request: Request) -> bool:
        """Whether who asks may look at the board."""
        return self._frame.guest(request) is not None

    def routes(self) -> list[Route]:
        """For `ingress.webhook.app.app(extra_routes=...)`."""
        pages = {
            "/": self.board,
            "/incidents": self.history,
            "/incidents/{id}": self.incident,
            "/suppressed": self.suppressed,
            "/kpi": self._measure.kpi,
        }
        return [
            *(Route(path, self._frame.admitting(look)) for path, look in pages.items()),
            *(self._acting.routes() if self._acting else ()),
            *(self._declaring.routes() if self._declaring else ()),
            Route("/sign-in", self._frame.sign_in, methods=["POST"]),
            *(self._sign_in.routes() if self._sign_in else ()),
            *(self._played.routes() if self._played else ()),
            Route("/sign-out", self._frame.sign_out, methods=["POST"]),
            Route("/board/{digest}/{name}", self._frame.asset),
        ]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Has its templates ready; stops looking at the end, and lets go of the records."""
        self._frame.pages.compile()
        try:
            yield
        finally:
            await self._sight.stop()
            if self._acting:
                await self._acting.stop()
            await self._records.close()

    async def board(self, request: Request, guest: Guest) -> Response:
        """Open incidents, what is due next and who owes it."""
        scene = privacy.shielded(await self._sight.scene(), guest, self._frame.catalog, self._frame.policy.secrecy)
        wanted, naming = SearchQuery.read(request.query_params), self._frame.naming
        found = tuple(one for one in scene.standing if wanted.holds(one, naming))
        if export.is_wanted(request):
            return export.open_incidents(found, naming)
        search = self._search(guest, wanted, naming.choices(PHASES), "word, id or service")
        context = search | self._context(scene.model_copy(update={"standing": found}), wanted, search["me"])
        context |= {"passed": len(scene.standing) - len(found), "declares": bool(self._declaring and search["me"])}
        return self._frame.show(request, guest, "board.html", "/", "Standfast board", **context)

    async def incident(self, request: Request, guest: Guest) -> Response:
        """One incident with its clocks, its timeline and its links."""
        asked = request.path_params["id"]
        name = spelled(asked[:20])
        if not ID.fullmatch(name):
            return self._frame.gone(request, guest, "No such incident", f"{asked[:40]} is no incident's id.")
        if name != asked:
            return RedirectResponse(f"/incidents/{name}")
        found = await self._recall.whole(name)
        self._sight.met(found)
        if found.incident is None:
            return self._unknown(request, guest, name, found)
        at = _moment(request, found.incident, self._now())
        shown = self._dossier(request, guest, found.incident, at)
        if export.is_wanted(request) and shown.whole:
            events = [event for event in found.incident.events if not at or event.heard_at <= at]
            return export.timeline(name, events, self._frame.naming)
        title = f"{name} {shown.view.title}"
        acts = self._acting.offers(guest, shown.view) if self._acting and shown.whole and not at else ()
        context = {**shown.context(), "found": self._missing(found), "at": at}
        told = self._acting.told(guest, name) if self._acting and shown.whole else ()
        context |= {"acts": acts[:FIRST], "more": by_phase(acts[FIRST:])}
        context |= {"told": told, "late": await self._not_taken(shown, at)}
        every = 0 if at else EVERY
        return self._frame.show(request, guest, "incident.html", "", title, every=every, **context)

    async def history(self, request: Request, guest: Guest) -> Response:
        """Every incident the records have, the newest first."""
        most = EXPORTED if export.is_wanted(request) else PAGE
        wanted, naming = SearchQuery.read(request.query_params), self._frame.naming
        asked = wanted.recorded(naming) if wanted.address else None
        after = request.query_params.get("after")
        rows, found = await self._recorded(lambda records: records.incidents(limit=most, after=after, wanted=asked))
        if export.is_wanted(request) and not found:
            return export.history(rows)
        after = rows[-1].id if len(rows) == PAGE else ""
        return self._frame.show(
            request, guest, "history.html", "/incidents", "History · Standfast", rows=rows, found=found, after=after,
            title_of=privacy.title_of,
            **self._search(guest, wanted, naming.choices((*PHASES, "closed")), "word, id or service"),
        )  # fmt: skip

    async def suppressed(self, request: Request, guest: Guest) -> Response:
        """Alerts that opened nothing, and why."""
        now = self._now()
        wanted, naming = SearchQuery.read(request.query_params), self._frame.naming
        since = now - timedelta(days=DAYS)
        rows, found = await self._recorded(lambda records: records.suppressed(since, now, newest=EXPORTED))
        known = [suppressed.line(one, self._frame.policy.alerts, naming) for one in rows]
        lines = [one for one in known if wanted.suppressed(one, naming)]
        if export.is_wanted(request) and not found:
            return export.suppressed(lines)
        choices = naming.choices((), "service") | suppressed.choices(known)
        return self._frame.show(
            request, guest, "suppressed.html", "/suppressed", "Suppressed alerts · Standfast", rows=lines[:MOST],
            found=found, days=DAYS, most=MOST, shown=LISTED,
            **self._search(guest, wanted, choices, "word of alert or reason"),
        )  # fmt: skip

    async def _recorded(
        self, question: Callable[[Records], Awaitable[tuple[Row, ...]]]
    ) -> tuple[tuple[Row, ...], list[Trouble]]:
        """What the records answer; nothing and why where they are away."""
        try:
            rows = await self._records.read(question)
        except RecordsUnavailable as error:
            return (), [self._sight.records.trouble(AWAY, f"{error.said}. Try again in a moment.")]
        self._sight.records.heard(self._now())
        return rows, []

    def _search(
        self, guest: Guest, wanted: SearchQuery, choices: dict[str, list[tuple[str, str]]], placeholder: str
    ) -> dict[str, Any]:
        """What the form of a search is made of."""
        me = person_of(guest, self._frame.catalog)
        return {"wanted": wanted, "choices": choices, "me": me, "placeholder": placeholder, "few": FEW}

    def _context(self, scene: BoardSnapshot, wanted: SearchQuery, me: str) -> dict[str, Any]:
        now, rank = self._now(), self._frame.naming.rank
        owed = wanted.owed(scene.standing)
        late = sum(due.due_at <= now for due, _ in owed)
        soon = sum(now < due.due_at <= now + SOON for due, _ in owed)
        fought = [one for one in scene.standing if one.fought]
        return {
            "scene": scene,
            "wrong": (*scene.troubles, *self._frame.unfit),
            "mine": [pair for pair in owed if _is_of(me, pair[0])],
            "others": [pair for pair in owed if not _is_of(me, pair[0])] if me and not wanted.person else owed,
            "shown": max(LISTED, late + soon),
            "sums": {"late": late, "soon": soon},
            "fought": sorted(fought, key=lambda one: (rank(one.severity), _next_at(one))),
            "followed": sorted((one for one in scene.standing if not one.fought), key=_next_at),
            "blind": bool(scene.troubles) and not scene.standing and not wanted.address,
        }

    def _dossier(self, request: Request, guest: Guest, incident: Incident, at: datetime | None) -> IncidentPage:
        """As it stands, or as it was known at a moment: for whoever may read it as it stands."""
        seen = view(incident, ())
        rule, catalog = self._frame.policy.secrecy, self._frame.catalog
        if not privacy.may_read(guest, seen.kind, seen.roles, seen.team, catalog=catalog, rule=rule):
            return veiled(seen, self._frame.naming, parts_of(self._frame.policy), self._now())
        then = known_at(incident.events, at) if at else None
        return dossier(then or incident, self._frame.naming, at or self._now(), _asked(request, at))

    async def _not_taken(self, shown: IncidentPage, at: datetime | None) -> dict[str, list[LateWord]] | None:
        """What it did not take after its end, as the inbox has it now; None where the inbox does not answer."""
        if not self._late or not shown.whole or at or shown.view.phase != "closed":
            return {}
        try:
            return await self._late(shown.view.id)
        except InboxUnavailable:
            return None

    def _unknown(self, request: Request, guest: Guest, name: str, found: Recalled) -> Response:
        if found.records_away or found.engine_away:
            who = " and ".join(["the records"] * found.records_away + ["Temporal"] * found.engine_away)
            words = f"{name} cannot be looked up now: {who} did not answer. Try again in a moment."
            return self._frame.gone(request, guest, "Not to be read just now", words, 503)
        return self._frame.gone(request, guest, "No such incident", f"Nobody knows {name}. Is it spelled right?")

    def _missing(self, found: Recalled) -> list[Trouble]:
        """What the page of an incident that was found may lack."""
        earlier, later = "earlier events may be missing", "what stands here is from the records and may be behind"
        records = self._sight.records.trouble(AWAY, f"What stands here is what Temporal knows; {earlier}.")
        engine = self._sight.engine.trouble("Temporal does not answer", later.capitalize() + ".")
        return [records] * found.records_away + [engine] * found.engine_away


def _is_of(person: str, due: Due) -> bool:
    """Whether this person owes it."""
    return bool(person) and person in (due.person, due.owner)


def _next_at(one: OpenIncident) -> datetime:
    """What is overdue longest, or due next, stands first among those that are as grave."""
    at = one.next.due_at if one.next else one.next_due_at
    return at or datetime.max.replace(tzinfo=UTC)


def _moment(request: Request, incident: Incident, now: datetime) -> datetime | None:
    """The moment that is asked for, in UTC where it says no offset; None where it is no moment of the incident yet."""
    try:
        at = datetime.fromisoformat(request.query_params.get("at", ""))
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at if incident.opened_at <= at <= now else None


def _asked(request: Request, at: datetime | None) -> AskedLines:
    """Which events are asked for; what is none of ours is the newest page of what matters."""
    said = request.query_params
    before, part, every = said.get("before", ""), said.get("show", ""), said.get("all") == "1"
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 9 else 0
    return AskedLines(number, every, part if part in PARTS else "" if every else USUAL, said["at"] if at else "")
