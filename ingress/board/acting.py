"""Acts from the board, for whom a provider or a trusted proxy names: they go the way that presses in the chat go.

A form is ours where the browser says that it came from our own page, and brings the word that only our page gave it.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from client.port import IncidentReader, NotTaken, Unanswered
from config.company import Company
from domain.company.status_template import STATUSES
from domain.port.conversation import Options
from domain.procedure.sop import PROCEDURE
from domain.procedure.status_page import DraftUpdate
from domain.report.offer import Acts, offered
from domain.report.view import View
from domain.rule.act import Ask, IncidentAct, Question, people_do
from domain.value.act import Act
from domain.value.incident_id import spelled
from domain.value.kind import kind_of
from ingress.act_sender import ActSender
from ingress.board import own_form
from ingress.board.access import may_read, person_of
from ingress.board.frame import PageFrame
from ingress.board.gate import Guest
from ingress.board.pending import LastWord, Pending
from ingress.board.stale import is_over, may_not, standing
from ingress.chat.others import others
from ingress.chat.prefill import Prefill
from ingress.chat.question import submits
from ingress.chat.templates import Templates

NUMBER = "number"
"""The draft that a form was filled from: what was read is approved, and no other."""
INTO = "into"
"""The other incident, where a link to the form says which."""
OBJECT = {
    "item": Ask("Which action item?", "line", "Its key, such as item-1."),
    "number": Ask("Which change?", "line", "Its number, such as 1."),
    "role": Ask("Which role?", choose="role"),
}
"""How it is asked what an act is about that is a press in some message elsewhere."""
AWAY = "The engine is away, so this form cannot be made now. Try again in a moment."
UNKNOWN = "Who acts must be somebody: your sign-in or a trusted proxy names you, and the catalog knows that name."


class Acting:
    """Shows the form of an act, and asks its incident."""

    def __init__(self, engine: IncidentReader, asking: ActSender, frame: PageFrame, company: Company) -> None:
        self._engine, self._asking, self._frame = engine, asking, frame
        self._prefill, self._pending = Prefill(company), Pending(frame.now)
        self._templates = Templates(company, now=frame.now)

    def routes(self) -> list[Route]:
        """Beside the incident's page."""
        path = "/incidents/{id}/acts/{kind}"
        return [
            Route(path, self._frame.admitting(self.asked), methods=["GET"]),
            Route(path, self._frame.admitting(self.sent), methods=["POST"]),
        ]

    async def stop(self) -> None:
        """Leave off what is still being read."""
        await self._templates.stop()

    def offers(self, guest: Guest, seen: View) -> Acts:
        """What this person may do now, what keeps their next promise first; nothing for whom nobody names."""
        person = person_of(guest, self._frame.catalog)
        acts = offered(seen, person, self._frame.policy, self._frame.catalog, every=True) if person else ()
        return tuple(sorted(acts, key=lambda act: act is not _keeping(acts, seen, person)))

    def told(self, guest: Guest, incident: str) -> tuple[LastWord, ...]:
        """What became of what this person did here while the engine was away."""
        return self._pending.of(incident, person_of(guest, self._frame.catalog))

    async def asked(self, request: Request, guest: Guest) -> Response:
        """The form of one act."""
        found = await self._found(request, guest)
        if isinstance(found, Response):
            return found
        seen, act = found
        kind, state = kind_of(act), request.query_params.get("status", "")
        known = self._prefill.known(kind, self._own(guest, kind, seen), seen)
        known = {"status": state} if state and act is DraftUpdate else known
        known |= {INTO: into} if (into := request.query_params.get(INTO, "")) and INTO in act.model_fields else {}
        known |= await self._templates.at_the_start(kind, seen, known)
        return await self._form(request, guest, seen, act, said=await self._templates.at_the_end(kind, seen) | known)

    def _own(self, guest: Guest, kind: str, seen: View) -> dict[str, str]:
        """What the form has of whoever opens it, as in the chat; a moment as a browser writes it."""
        own = self._prefill.own(kind, person_of(guest, self._frame.catalog), seen, self._frame.now())
        if due_at := own.get("due_at"):
            own["due_at"] = f"{datetime.fromtimestamp(int(due_at), UTC):%Y-%m-%dT%H:%M}"
        return own

    async def sent(self, request: Request, guest: Guest) -> Response:
        """What was filled in becomes an act, once; what customers read is shown to its writer first."""
        try:
            form = await own_form.filled(request)
        except own_form.NotSent as error:
            return self._frame.gone(request, guest, "Not sent", str(error), error.status)
        found = await self._found(request, guest)
        if isinstance(found, Response):
            return found
        seen, act = found
        read = self._read(act, form, guest)
        if isinstance(read, dict):
            return await self._form(request, guest, seen, act, said=form, wrong=read)
        preview = self._preview(act, seen, form)
        if preview and form.get("seen") != _digest(_told(act, form)):
            return await self._form(request, guest, seen, act, said=form, preview=preview)
        said = await self._asking.ask(seen.id, read, self._pending.telling(seen.id, read))
        if not said.accepted:
            return await self._form(request, guest, seen, act, said=form, wrong={"": said.text})
        if said.decided:
            return RedirectResponse(f"/incidents/{seen.id}", 303)
        self._pending.note(seen.id, read, said.text)
        title = f"Not decided yet · {seen.id}"
        return self._frame.show(
            request, guest, "pending.html", "", title, every=0, status=202, id=seen.id, label=act.label, words=said.text
        )

    async def _found(self, request: Request, guest: Guest) -> tuple[View, type[IncidentAct]] | Response:
        """The incident and the act that are meant, where this person may do it."""
        person = person_of(guest, self._frame.catalog)
        if not person:
            return self._frame.gone(request, guest, "Not to be done here", UNKNOWN, 403)
        act = people_do().get(request.path_params["kind"])
        try:
            seen = await self._engine.view(spelled(request.path_params["id"][:20]))
        except NotTaken as error:
            return self._frame.gone(request, guest, "No such incident", str(error))
        except (Unanswered, TimeoutError):
            return self._frame.gone(request, guest, "Not now", AWAY, 503)
        rule, catalog = self._frame.policy.secrecy, self._frame.catalog
        reads = may_read(guest, seen.kind, seen.roles, seen.team, catalog=catalog, rule=rule)
        if act is not None and reads and act in self.offers(guest, seen):
            return seen, act
        now = standing(seen, self._frame) if reads else ""
        stale = bool(now) and act is not None and is_over(act, seen)
        words = now if stale else f"{may_not(act, seen, self._frame)} {now}".strip()
        heading = "Not any more" if stale else "Not yours to do"
        return self._frame.gone(request, guest, heading, words, 409 if stale else 403, incident=seen.id)

    def _read(self, act: type[IncidentAct], form: Mapping[str, str], guest: Guest) -> Act | dict[str, str]:
        """The act, or what is wrong with each field."""
        told = _told(act, form)
        who: dict[str, Any] = {
            "by": person_of(guest, self._frame.catalog),
            "via": guest.via,
            "proof": guest.proof,
        }
        try:
            once = f"board/{form.get('once', '')[:40]}/{_digest(told)}"
            return act.model_validate({**told, **who, "id": once, "at": self._frame.now()})
        except ValidationError as error:
            return {str(one["loc"][0] if one["loc"] else ""): one["msg"] for one in error.errors(include_url=False)}

    async def _form(
        self, request: Request, guest: Guest, seen: View, act: type[IncidentAct], *,
        said: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None, preview: str = "",
    ) -> Response:  # fmt: skip
        word = own_form.word(request)
        choices = self._prefill.choices(seen) | await self._others(kind_of(act), seen.id)
        choices |= self._prefill.owned(kind_of(act), person_of(guest, self._frame.catalog), seen)
        found = ((one, self._options(one, choices)) for one in _questions(act))
        public = bool(preview or self._preview(act, seen, said or {}))
        unseen = "" if public else act.last_words
        asks = [(one, options) for one, options in found if one.field != unseen and (options or not one.ask.spare)]
        form = {"once": uuid.uuid4().hex, **(said or {}), **({"once": uuid.uuid4().hex} if wrong else {})}
        kept = {name: form[name] for name in _unasked(act) if form.get(name)}
        label = act.form_title or act.label
        page = self._frame.show(
            request, guest, "act.html", "", f"{label} · {seen.id}", every=0,
            status=400 if wrong else 200, seen=seen, label=label, kind=kind_of(act), asks=asks, said=form,
            wrong=wrong or {}, preview=preview, word=word, public=public,
            submit=submits(kind_of(act), telling=bool(form.get(act.last_words))),
            kept=kept, now_is=standing(seen, self._frame), begins={} if preview else await self._begins(act, seen),
            seen_digest=_digest(_told(act, form)),
        )  # fmt: skip
        return own_form.carrying(page, request, word)

    async def _begins(self, act: type[IncidentAct], seen: View) -> dict[str, str]:
        """The states that fresh words for customers may say, each of which has words to begin with."""
        offered = await self._templates.offered(seen) if act is DraftUpdate else {}
        return {one.status: dict(STATUSES)[one.status] for one in offered.values() if one.status}

    def _preview(self, act: type[IncidentAct], seen: View, form: Mapping[str, str]) -> str:
        """Title, state and words as customers read them, and what the page shows of components."""
        words = self._prefill.preview(kind_of(act), seen, form)
        if not act.published:
            return words
        said = form.get("components", "").strip() or "as was said last, else by the severity"
        return f"{words}\nComponents: {said}"

    async def _others(self, kind: str, incident: str) -> dict[str, Options]:
        try:
            return await others(self._engine, kind, incident)
        except (Unanswered, TimeoutError):
            return {}

    def _options(self, one: Question, choices: Mapping[str, Options]) -> list[tuple[str, str]]:
        """What can be chosen: of the incident's policy, of the company, of what is open, or of the act itself."""
        if one.ask.choose:
            return [*choices.get(one.ask.choose, ())]
        if one.how == "person":
            return self._frame.naming.choices(())["person"]
        return list(one.options)


def _keeping(acts: Acts, seen: View, person: str) -> type[IncidentAct] | None:
    """The act that keeps what this person owes next, or what nobody was named for."""
    mine = sorted((due for due in seen.due if due.person in ("", person)), key=lambda due: due.order)
    made = ((due, PROCEDURE.promises.get(due.clause)) for due in mine)
    keeps = (promise.kept_by for due, promise in made if promise and due.says == promise.what)
    return next((act for kept in keeps for act in acts if act is kept), None)


def _told(act: type[IncidentAct], form: Mapping[str, str]) -> dict[str, str]:
    """What the form says of an act's own fields: those that are asked for, and those that it was opened with."""
    asked = {one.field: _value(one, form.get(one.field, "").strip()) for one in _questions(act)}
    kept = {name: form.get(name, "") for name in _unasked(act)}
    return {name: value for name, value in (asked | kept).items() if value}


def _unasked(act: type[IncidentAct]) -> list[str]:
    """The field that says which thing it is about, where nobody types it."""
    return [NUMBER] if NUMBER in act.model_fields and NUMBER not in {one.field for one in _questions(act)} else []


def _questions(act: type[IncidentAct]) -> tuple[Question, ...]:
    """What is asked here: first which thing it is about, where a press elsewhere says so."""
    asks, about = act.questions(), act.about()
    known = about in {one.field for one in asks} or about not in OBJECT
    if known or not act.model_fields[about].is_required():
        return asks
    ask = OBJECT[about]
    return (Question(about, ask, "choice" if ask.choose else "line", optional=False), *asks)


def _digest(told: Mapping[str, str]) -> str:
    """Tells one content from another: other words are another act, and are looked at anew."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _value(one: Question, said: str) -> str:
    """As we write it: a browser ends lines its own way, and a moment has no zone; the page says that it is UTC."""
    said = said.replace("\r\n", "\n")
    return f"{said}:00+00:00" if one.how == "moment" and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", said) else said
