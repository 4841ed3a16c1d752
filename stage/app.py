"""The stage as an application: what one person sees, and a route for each thing that people do there."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from stage.form import kept, sent
from stage.guard import HEADERS, Guard
from stage.link import HERE, led
from stage.page import Page, Place
from stage.play import Play
from standins.slack.workspace import Refusal

STATIC = Path(__file__).with_name("static")
KINDS = {".css": "text/css", ".js": "text/javascript"}
REWRITTEN = 20
"""Times, a tenth of a second apart, that a form is looked at for what a choice changed in it."""
Filled = Mapping[str, str]
Act = Callable[[Filled], Awaitable[Response | None]]
"""Does what was pressed; without an answer of its own the page that it was pressed on is shown again."""


class App:
    """Everything under /stage."""

    def __init__(self, play: Play, page: Page) -> None:
        self._play, self._page, self._guard = play, page, Guard()
        self._desk = play.desk

    def application(self) -> Starlette:
        """The routes; nothing else is served."""
        acts: dict[str, Act] = {
            "press": self._press,
            "write": self._write,
            "react": self._react,
            "join": self._join,
            "submit": self._submit,
            "choose": self._choose,
            "answer": self._answer,
            "finish": self._finish,
            "alert": self._alert,
            "step": self._step,
            "follow": self._follow,
            "break": self._break,
            "mend": self._mend,
            "kill": self._kill,
        }
        return Starlette(
            routes=[
                Route("/", self._to_the_stage),
                Route(HERE, self._look(self._stage)),
                Route(f"{HERE}/outside", self._look(self._outside)),
                Route(f"{HERE}/real", self._look(self._real)),
                Route(f"{HERE}/static/{{name}}", self._static),
                *(Route(f"{HERE}/{name}", self._do(act), methods=["POST"]) for name, act in acts.items()),
                *(Route(f"{HERE}/{shelf}", self._look(self._shelf)) for shelf in self._page.shelves),
                Route(f"{HERE}/{{path:path}}", self._led),
            ]
        )

    def _look(self, look: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            if not self._guard.admits(request):
                return PlainTextResponse("The stage is for this machine alone.", 403)
            response = await look(request)
            response.headers.update(HEADERS)
            return response

        return endpoint

    def _do(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        """A press: believed, done, and answered with the page that it was made on."""

        async def endpoint(request: Request) -> Response:
            filled = dict(parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True))
            if not self._guard.believes(request, filled):
                return PlainTextResponse("This press does not come from the stage: load the page anew.", 403)
            try:
                answer = await act(filled) or self._back(filled)
            except (LookupError, ValueError, Refusal) as error:
                self._desk.note(f"Not done: {error}", wrong=True)
                answer = self._back(filled)
            self._desk.on.keep()
            return answer

        return self._look(endpoint)

    async def _to_the_stage(self, request: Request) -> Response:
        return RedirectResponse(HERE, 307)

    async def _stage(self, request: Request) -> Response:
        asked = request.query_params
        place = self._page.place(asked.get("as", ""), asked.get("room", ""), asked.get("form", ""))
        if place.home:
            await self._desk.slack(self._desk.on.slack.go_home(self._desk.user(place.person)))
        return await self._shown(place)

    async def _shelf(self, request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        place = self._page.place(request.query_params.get("as", ""))
        return HTMLResponse(self._page.shelf(name, place, self._guard.word))

    async def _outside(self, request: Request) -> Response:
        return HTMLResponse(self._page.outside(request.query_params.get("to", "")))

    async def _real(self, request: Request) -> Response:
        return HTMLResponse(self._page.real())

    async def _led(self, request: Request) -> Response:
        """A link that a vendor printed leads to what its reader sees."""
        return RedirectResponse(led(request.url.path.removeprefix(HERE)), 307)

    async def _static(self, request: Request) -> Response:
        path = STATIC / request.path_params["name"]
        if path.parent != STATIC or not path.is_file():
            return PlainTextResponse("Not Found", 404)
        return FileResponse(path, media_type=KINDS[path.suffix], headers=dict(HEADERS))

    async def _shown(
        self, place: Place, written: Filled | None = None, errors: Filled | None = None, status: int = 200
    ) -> Response:
        page = await self._page.stage(place, self._guard.word, written or {}, errors or {})
        return HTMLResponse(page, status)

    def _back(self, filled: Filled, opened: str = "") -> Response:
        """The page that was pressed on, with the form that the press opened."""
        here = {"as": filled.get("as", ""), "room": filled.get("room", ""), "form": opened}
        where = filled.get("back", "")
        path = f"{HERE}/{where}" if where in self._page.shelves else HERE
        return RedirectResponse(f"{path}?{urlencode({k: v for k, v in here.items() if v})}", 303)

    async def _press(self, filled: Filled) -> Response:
        place = (filled.get("channel", ""), filled.get("message", ""))
        return self._back(filled, await self._desk.press(filled["as"], *place, filled["button"]))

    async def _write(self, filled: Filled) -> Response:
        words = filled.get("words", "").strip()
        thread = filled.get("thread", "")
        return self._back(filled, await self._desk.types(filled["as"], filled["room"], words, thread) if words else "")

    async def _react(self, filled: Filled) -> None:
        user = self._desk.user(filled["as"])
        await self._desk.slack(self._desk.on.slack.react(filled["room"], filled["message"], filled["with"], user))

    async def _join(self, filled: Filled) -> None:
        user = self._desk.user(filled["as"])
        room = self._page.channels.room(filled["room"], user)
        if not room.private:
            room.members.add(user)

    async def _submit(self, filled: Filled) -> Response | None:
        view = filled["form"]
        written = sent(self._desk.on.slack.views[view], filled)
        errors = await self._desk.submits(filled["as"], view, filled)
        return await self._shown(self._placed(filled), written, errors, 422) if errors else None

    async def _choose(self, filled: Filled) -> Response:
        """What is chosen may change the form: it is shown as it is then, with what was written in it."""
        views, id = self._desk.on.slack.views, filled["form"]
        before, written = views[id], sent(views[id], filled)
        await self._desk.chooses(filled["as"], id, filled["choose"], filled)
        for _ in range(REWRITTEN):
            if id not in views or views[id]["hash"] != before["hash"]:
                break
            await asyncio.sleep(0.1)
        return await self._shown(self._placed(filled), kept(before, views.get(id, before), written))

    async def _answer(self, filled: Filled) -> None:
        await self._desk.answers_page(filled["as"], filled["item"])

    async def _finish(self, filled: Filled) -> None:
        await self._desk.finishes(filled["as"], filled["item"])

    async def _alert(self, filled: Filled) -> None:
        await self._play.alerts.send(filled["alert"])

    async def _step(self, filled: Filled) -> Response:
        return self._back({**filled, **await self._play.steps.do(int(filled["step"]))})

    async def _follow(self, filled: Filled) -> None:
        """The steps leave the incident that they are of for the newest."""
        self._play.steps.follows = ""

    async def _break(self, filled: Filled) -> None:
        self._desk.note(self._play.troubles.break_(filled["vendor"], filled["way"]), wrong=True)

    async def _mend(self, filled: Filled) -> None:
        self._play.troubles.mend(filled["vendor"])
        self._desk.note(f"{filled['vendor']} is well again")

    async def _kill(self, filled: Filled) -> None:
        await self._play.troubles.kill()
        self._desk.note("The worker was killed, and is started again in a moment: nothing is forgotten", wrong=True)

    def _placed(self, filled: Filled) -> Place:
        return self._page.place(filled["as"], filled.get("room", ""), filled.get("form", ""))
