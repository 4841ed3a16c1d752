"""Sign-in on the embedded run: whoever sits at this machine says whom they play, as on the stage. It proves nobody."""

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from domain.company.parts import usual_parts
from ingress.board import own_form
from ingress.board.frame import HEADERS, PageFrame, within
from ingress.board.gate import PLAYED, WORKING, BoardAccess
from ingress.body import Turned, small

LARGEST = 4096
"""Bytes of its form."""


class PlayedSignIn:
    """A page with everybody of the catalog, and a press for each."""

    def __init__(self, gate: BoardAccess, frame: PageFrame) -> None:
        self._gate, self._frame = gate, frame

    def routes(self) -> list[Route]:
        """Beside the other ways to sign in."""
        return [
            Route("/sign-in/as", self.asked, methods=["GET"]),
            Route("/sign-in/as", self.chosen, methods=["POST"]),
        ]

    async def asked(self, request: Request) -> Response:
        """Who are you?"""
        if not self._gate.is_played(request):
            return PlainTextResponse("Not Found", 404)
        catalog = self._frame.catalog
        parts = usual_parts(catalog)
        people = [(id, one.name, parts[id]) for id, one in catalog.people.items() if not one.left]
        onward, guest = within(request.query_params.get("next", "/")), self._frame.guest(request)
        response = self._frame.show(
            request, guest, "played.html", "", "Who are you? · Standfast", every=0, people=people, next=onward
        )
        response.headers.update(HEADERS)
        return response

    async def chosen(self, request: Request) -> Response:
        """A session for one of them, asked for from a page of ours."""
        if not self._gate.is_played(request) or not own_form.is_own(request):
            return PlainTextResponse("Not Found", 404)
        try:
            form = dict(parse_qsl((await small(request, LARGEST)).decode(errors="replace")))
        except Turned as error:
            return PlainTextResponse("no form that fits", error.status, {"connection": "close"})
        person = form.get("person", "")
        known = self._frame.catalog.people.get(person)
        if known is None or known.left:
            return PlainTextResponse("nobody of the catalog", 400)
        response = RedirectResponse(within(form.get("next", "/")), 303, HEADERS)
        session, seconds = self._gate.part(person, self._frame.now()), int(WORKING.total_seconds())
        response.set_cookie(PLAYED, session, seconds, httponly=True, samesite="strict")
        return response
