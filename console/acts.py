"""A command for every act that people do, made from the act: its object is the argument, other fields are options."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from os import getpid
from socket import gethostname
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import uuid4

import typer
from pydantic.fields import FieldInfo

from client.port import IncidentClient, NoWorker
from console import page
from console.code import REFUSED, UNANSWERED
from console.completion import OFFERS
from console.ending import CommandRefused
from console.moment import in_zone, local
from console.screen import complain, show, show_json
from console.session import AsJson, By, IncidentArg, Utc, build, run, zone
from console.way import way
from domain.rule.act import Ask, IncidentAct, Typed, people_do
from domain.value.act import WAYS, Act
from domain.value.model import UNITS, OtherIncident, duration_of

PLURALS = {"clause": "clauses", "service": "services", "team": "teams", "role": "roles"}
"""What TAB offers for a field by its name, where its question does not say it."""
AWAY = "noted; no worker answered, it will be answered when one is back (`standfast doctor` says what is wrong)"
GROUPS = {
    "role": "Take, offer, decline or give up a role, or relieve who is absent (WAR-3, WAR-7).",
    "update": "Draft and approve what customers are told (COM-3, COM-5).",
    "change": "Record what is changed, and authorise a bypass (FIX-1, FIX-2).",
    "action": "Add action items and bring them to their end (ACT-1, ACT-2).",
    "postmortem": "Name the root cause and complete the post-mortem (PM-1, PM-3).",
    "task": "Assign, take and end the tasks of the fight (WAR-8).",
    "security": "Mark a security incident, and take the mark back (SCP-3).",
    "customers": "Are customers to be told of a security incident now (COM-1)?",
    "law": "Does a law or a contract ask for reports, and what was reported (GDP-2)?",
    "breach": "Was personal data breached, and was it notified (GDP-1, GDP-2)?",
}
"""The commands of several words, by their first."""
app = typer.Typer()
groups = {name: typer.Typer(no_args_is_help=True, help=text) for name, text in GROUPS.items()}


def make(model: type[Act], by: str, **fields: object) -> Act:
    """An act that came by the command line."""
    operator = f"{WAYS['cli']} {getpid()}@{gethostname()}"
    return build(model, id=str(uuid4()), by=by, via="cli", proof=operator, **fields)


@dataclass(frozen=True)
class Sent:
    """What became of an act; `accepted` is None where no worker answered in time, `here` has the reader's own times."""

    incident: str
    act: Act
    accepted: bool | None
    text: str
    here: str

    @property
    def data(self) -> dict[str, str | bool | None]:
        """The same for a program."""
        said = {"incident": self.incident, "act": self.act.kind, "id": self.act.id}
        return {**said, "accepted": self.accepted, "text": self.text}

    @property
    def code(self) -> int:
        """The exit status."""
        return {True: 0, False: REFUSED, None: UNANSWERED}[self.accepted]

    def show(self) -> None:
        """Tell the person."""
        if self.accepted is False:
            where = "" if self.incident in self.here else f" ({self.incident})"
            complain(f"{self.here[:1].upper()}{self.here[1:].removesuffix('.')}{where}.")
        else:
            show(f"{self.incident}: {self.here}")


async def deliver(link: IncidentClient, incident: str, act: Act, as_json: bool = False) -> int:
    """Send an act, show what became of it, and answer the exit status."""
    one = await sent(link, incident, act)
    if as_json:
        show_json(one.data)
    else:
        one.show()
        if one.accepted is False and (instead := await way(link, incident, act)):
            complain(instead)
    return one.code


async def sent(link: IncidentClient, incident: str, act: Act) -> Sent:
    """Ask for an answer; where no worker gives one in time, leave the act as a signal."""
    try:
        answer = await link.update(incident, act)
        accepted, text = answer.accepted, answer.text
        here = in_zone(text, answer.moments, datetime.now(UTC), local())
    except NoWorker:
        await link.signal(incident, act)
        accepted, text = None, AWAY
        here = AWAY
    return Sent(incident, act, accepted, text, here)


def command(act: type[IncidentAct], typed: Typed) -> Callable[..., None]:
    """The function that typer makes one command of."""

    def invoke(context: typer.Context, incident: str, by: str, as_json: bool = False, **fields: Any) -> None:
        async def work(link: IncidentClient) -> int:
            said = {name: read(act.model_fields[name], value) for name, value in fields.items() if value is not None}
            return await deliver(link, incident, make(act, by, **said, **typed.fixed), as_json)

        run(context, work)

    invoke.__signature__ = inspect.Signature(list(_parameters(act, typed)))  # type: ignore[attr-defined]
    invoke.__annotations__ = {}
    invoke.__doc__ = typed.help or act.doc_line()
    return invoke


def read(field: FieldInfo, value: Any) -> Any:
    """What was typed, as the field has it: a moment may be said as a span from now, such as 15m."""
    ask = _ask(field)
    if ask.how == "moment" and isinstance(value, str):
        span = duration_of(value)
        if span is None and not value[:1].isdigit():
            raise CommandRefused(
                f"found {value!r}, expected a moment with its offset, or {UNITS_SAID}, such as 15m or 1h30m"
            )
        return value if span is None else datetime.now(UTC) + span
    return getattr(value, ask.case)() if ask.case and isinstance(value, str) else value


UNITS_SAID = f"numbers with {', '.join(UNITS)}"


def _parameters(act: type[IncidentAct], typed: Typed) -> Iterator[inspect.Parameter]:
    keyword = inspect.Parameter.KEYWORD_ONLY
    yield inspect.Parameter("context", keyword, annotation=typer.Context)
    yield inspect.Parameter("incident", keyword, annotation=IncidentArg)
    arguments = typed.arguments if typed.arguments is not None else tuple(filter(None, [act.about()]))
    for name in arguments:
        info = act.model_fields[name]
        called = typed.names.get(name, name).upper()
        shown = typer.Argument(metavar=called, help=_help(info), autocompletion=_offered(name, info))
        yield inspect.Parameter(name, keyword, annotation=Annotated[_kind(info), shown])
    yield inspect.Parameter("by", keyword, annotation=By)
    for name, info in act.model_fields.items():
        if name not in Act.model_fields and name not in (*arguments, *typed.fixed, *typed.without):
            yield _option(name, info, typed)
    yield inspect.Parameter("as_json", keyword, annotation=AsJson, default=False)


def _option(name: str, info: FieldInfo, typed: Typed) -> inspect.Parameter:
    flag = "/".join(f"--{one.strip('-').replace('_', '-')}" for one in typed.names.get(name, name).split("/"))
    shown = typer.Option(flag, help=_help(info), autocompletion=_offered(name, info))
    kind, keyword = _kind(info), inspect.Parameter.KEYWORD_ONLY
    if info.is_required() or name in typed.needs:
        return inspect.Parameter(name, keyword, annotation=Annotated[kind, shown])
    if kind is bool:
        return inspect.Parameter(name, keyword, annotation=Annotated[bool, shown], default=info.default)
    return inspect.Parameter(name, keyword, annotation=Annotated[kind | None, shown], default=None)


def _offered(name: str, info: FieldInfo) -> Callable[..., list[tuple[str, str]]] | None:
    """What TAB offers for a field: people, what the policy or the catalog knows, other or linked incidents."""
    ask = _ask(info)
    if any(isinstance(one, OtherIncident) for one in info.metadata):
        return OFFERS["linked" if ask.choose == "linked" else "incidents"]
    known = {"person": "people", "severity": "severities", "role": "roles", "waivable": "waivable"}
    return OFFERS.get(known.get(ask.choose or ask.how, PLURALS.get(name, "")))


def _kind(info: FieldInfo) -> Any:
    """What typer reads: whole numbers and flags as such, everything else as text for the act itself to judge."""
    kinds = get_args(info.annotation) if get_origin(info.annotation) in (Union, UnionType) else (info.annotation,)
    kind = next(one for one in kinds if one is not NoneType)
    return kind if kind in (bool, int) else str


def _ask(info: FieldInfo) -> Ask:
    return next((one for one in info.metadata if isinstance(one, Ask)), Ask(""))


def _help(info: FieldInfo) -> str:
    kinds = get_args(info.annotation) if get_origin(info.annotation) in (Union, UnionType) else (info.annotation,)
    choices = [word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)]
    ask = _ask(info)
    label = f"{ask.label}." if ask.label[-1:].isalnum() else ask.label
    said = [label, ask.hint, f"One of {', '.join(choices)}." if choices else ""]
    return " ".join(part for part in said if part)


@groups["postmortem"].command("show")
def show_postmortem(context: typer.Context, incident: IncidentArg, utc: Utc = False, as_json: AsJson = False) -> None:
    """Show where the post-mortem is, what is known and what is still due."""

    async def work(link: IncidentClient) -> int:
        view = await link.view(incident)
        show_json(view) if as_json else show(page.postmortem(view, datetime.now(UTC), zone(utc)))
        return 0

    run(context, work)


def _add_all() -> None:
    for act in people_do().values():
        for typed in act.commands():
            first, _, rest = typed.verb.partition(" ")
            place, name = (groups[first], rest) if rest else (app, first)
            place.command(name)(command(act, typed))


for _name, _group in groups.items():
    app.add_typer(_group, name=_name)
_add_all()
