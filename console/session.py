"""Runs one command against the engine, and turns every way it can end into a sentence and an exit code."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from client.error import IncidentNotFound, NotTaken, Unanswered
from config.place import InvalidFile
from console.code import REFUSED
from console.completion import incidents, people
from console.ending import CommandRefused, Ending, code_of
from console.moment import local
from console.screen import complain

if TYPE_CHECKING:
    from pydantic import BaseModel

    from client.port import IncidentClient
    from console.reach import Opener


def spelled(word: str) -> str:
    """An incident id as it was typed; the models of the procedure are read when one is."""
    from domain.value import incident_id

    return incident_id.spelled(word)


IncidentArg = Annotated[
    str,
    typer.Argument(
        metavar="INCIDENT",
        help="The incident's id, such as INC-7KQ2M or 7kq2m.",
        callback=spelled,
        autocompletion=incidents,
    ),
]
By = Annotated[
    str,
    typer.Option("--by", envvar="STANDFAST_USER", help="Who acts: a person of the catalog.", autocompletion=people),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Utc = Annotated[bool, typer.Option("--utc", help="Times in UTC, not in this machine's zone.")]
Built = TypeVar("Built", bound="BaseModel")
Work = Callable[["IncidentClient"], Awaitable[int]]
"""What a command does with a link; its exit code comes of it."""
Otherwise = Callable[[Unanswered | IncidentNotFound], Awaitable[int]]
"""What is done instead where nobody answers."""


def run(context: typer.Context, work: Work, otherwise: Otherwise | None = None) -> None:
    """Do the work with a link, or what is to be done where nobody answers, and end with its exit code."""
    finish(linked(context.obj or _engine(), work, otherwise))


def _engine() -> "Opener":
    """The engine; who asks for no incident need not wait for its library."""
    from console.reach import reach

    return reach


def zone(utc: bool = False) -> tzinfo:
    """In which time moments are shown."""
    return UTC if utc else local()


def finish(work: Coroutine[Any, Any, int]) -> None:
    """Wait for the work and end with its exit code; an expected ending is said in a sentence."""
    try:
        code = asyncio.run(work)
    except Ending as ending:
        complain(str(ending))
        code = ending.code
    except (NotTaken, Unanswered) as error:
        complain(str(error))
        code = code_of(error)
    except InvalidFile as unfit:
        complain(f"{unfit}; `standfast policy check` says more")
        code = REFUSED
    raise typer.Exit(code)


def build(model: type[Built], **fields: object) -> Built:
    """Make a model of what was typed; what does not fit is said as path, found and expected."""
    from pydantic import ValidationError  # who only reads need not wait for it

    try:
        return model(**fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        raise CommandRefused(f"{path}: found {str(first['input'])[:80]!r}: {first['msg']}") from None


async def linked(opener: Any, work: Callable[[Any], Awaitable[int]], otherwise: Otherwise | None = None) -> int:
    """Do the work with what the opener opens; where nobody answers or knows of it, what is to be done instead."""
    try:
        async with opener() as link:
            return await work(link)
    except (Unanswered, IncidentNotFound) as error:
        if otherwise is None:
            raise
        return await otherwise(error)
