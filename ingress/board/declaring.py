"""Declaring an incident from the board, for whom a provider or a trusted proxy names: where the chat is away, too."""

import uuid
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ingress.act_sender import Said
from ingress.board import own_form
from ingress.board.access import person_of
from ingress.board.frame import PageFrame
from ingress.board.gate import Guest
from ingress.board.page import NAMED
from ingress.chat.prefill import Prefill
from ingress.chat.question import DECLARATION
from ingress.declaration import APART, Declarations

NEEDED = ("title", "service")
UNKNOWN = "Who declares must be somebody: your sign-in or a trusted proxy names you, and the catalog knows that name."


class Declaring:
    """Shows the form that opens an incident, and opens it once."""

    def __init__(self, declarations: Declarations, frame: PageFrame, prefill: Prefill) -> None:
        self._declarations, self._frame, self._prefill = declarations, frame, prefill

    def routes(self) -> list[Route]:
        """Beside the list."""
        return [
            Route("/declare", self._frame.admitting(self.asked), methods=["GET"]),
            Route("/declare", self._frame.admitting(self.sent), methods=["POST"]),
        ]

    async def asked(self, request: Request, guest: Guest) -> Response:
        """The form."""
        if not person_of(guest, self._frame.catalog):
            return self._frame.gone(request, guest, "Not to be done here", UNKNOWN, 403)
        return self._form(request, guest, {"once": uuid.uuid4().hex}, {})

    async def sent(self, request: Request, guest: Guest) -> Response:
        """What was filled in opens an incident; the same form twice opens one."""
        person = person_of(guest, self._frame.catalog)
        if not person:
            return self._frame.gone(request, guest, "Not to be done here", UNKNOWN, 403)
        try:
            form = await own_form.filled(request)
        except own_form.NotSent as error:
            return self._frame.gone(request, guest, "Not sent", str(error), error.status)
        fields = {one.field: form.get(one.field, "").strip() for one in DECLARATION} | {APART: form.get(APART, "")}
        wrong = {name: "this is needed" for name in NEEDED if not fields[name]}
        if fields["service"] and fields["service"] not in self._frame.catalog.services:
            wrong["service"] = "found no service of the catalog"
        if wrong:
            return self._form(request, guest, form, wrong)
        once = f"board/{form.get('once', '')[:40]}"
        said = await self._declarations.declare(
            once, person, fields, self._frame.now(), _untold, via=guest.via, proof=guest.proof
        )
        if not said.accepted:
            return self._form(request, guest, form, {"": said.text})
        found = NAMED.findall(said.text)
        if said.decided and found and not said.offers:
            return RedirectResponse(f"/incidents/{found[0]}", 303)
        word = own_form.word(request)
        page = self._frame.show(
            request, guest, "declared.html", "", "Declared · Standfast", every=0, status=200 if found else 202,
            words=said.text, opened=bool(found), offers=said.offers, anew={"once": uuid.uuid4().hex, "word": word},
        )  # fmt: skip
        return own_form.carrying(page, request, word)

    def _form(self, request: Request, guest: Guest, said: Mapping[str, str], wrong: Mapping[str, str]) -> Response:
        choices, word = self._prefill.choices(None), own_form.word(request)
        asks = [(one, choices.get(one.field, one.options)) for one in DECLARATION]
        page = self._frame.show(
            request, guest, "declare.html", "", "Declare an incident · Standfast", every=0,
            status=400 if wrong else 200, asks=asks, said=said, wrong=wrong, word=word,
        )  # fmt: skip
        return own_form.carrying(page, request, word)


async def _untold(said: Said) -> None:
    """What becomes of it later stands on the list: nobody waits at this form."""
