"""Runs one command against the engine, and turns every way it can end into a sentence and an exit code."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from client.port import IncidentClient, NotTaken, Unanswered
from config.company import InvalidFile
from console.code import REFUSED
from console.completion import incidents, people
from console.ending import CommandRefused, Ending, code_of
from console.screen import complain
from domain.value.incident_id import spelled

if TYPE_CHECKING:
    from console.reach import Opener

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
Built = TypeVar("Built", bound=BaseModel)
Result = TypeVar("Result")
Work = Callable[[IncidentClient], Awaitable[int]]
"""What a command does with a link; its exit code comes of it."""
Otherwise = Callable[[Unanswered], Awaitable[int]]
"""What is done instead where nobody answers."""


def run(context: typer.Context, work: Work, otherwise: Otherwise | None = None) -> None:
    """Do the work with a link, or what is to be done where nobody answers, and end with its exit code."""
    finish(_linked(context.obj or _engine(), work, otherwise))


def _engine() -> "Opener":
    """The engine; who asks for no incident need not wait for its library."""
    from console.reach import reach

    return reach


def finish(work: Awaitable[int]) -> None:
    """Wait for the work and end with its exit code; an expected ending is said in a sentence."""
    try:
        code = asyncio.run(_awaited(work))
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
    try:
        return model(**fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        raise CommandRefused(f"{path}: found {str(first['input'])[:80]!r}: {first['msg']}") from None


async def _awaited(work: Awaitable[Result]) -> Result:
    return await work


async def _linked(
    opener: "Opener", work: Callable[[IncidentClient], Awaitable[int]], otherwise: Otherwise | None
) -> int:
    try:
        async with opener() as link:
            return await work(link)
    except Unanswered as error:
        if otherwise is None:
            raise
        return await otherwise(error)
