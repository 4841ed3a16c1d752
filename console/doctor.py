"""Looks at everything an incident will need, and says of each thing that is wrong what to do about it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from pydantic_settings import BaseSettings
from rich.text import Text

from console import examination
from console.code import CHECK_FAILED
from console.examination import CheckResult
from console.page import table
from console.screen import show, show_json
from console.session import AsJson, finish
from console.sign_in import board

app = typer.Typer()
LOOKS = {
    "ok": ("ok", "green"),
    "warn": ("to see to", "yellow"),
    "failed": ("FAILED", "bold red"),
    "absent": ("not configured", "dim"),
}
ASKED_MUCH = {"vendors": 30.0}
"""Seconds for what is asked of many people's accounts."""
PATIENCE = 8.0
"""Seconds for one examination; the doctor must answer when nothing else does."""
Examination = Callable[[], Awaitable[list[CheckResult]]]


class Settings(BaseSettings):
    """Which workers should be at work."""

    standfast_task_queue: str = "standfast"


@app.command()
def doctor(
    as_json: AsJson = False,
    only: Annotated[
        str, typer.Option("--only", help="engine, company, records, evidence, inbox, board or vendors.")
    ] = "",
) -> None:
    """Look at Temporal, workers, policy, records, inbox, board and vendors, and say what to do about what is wrong."""
    finish(_doctor(as_json, only))


async def _doctor(as_json: bool, only: str) -> int:
    queue = Settings().standfast_task_queue
    every: dict[str, Examination] = {
        "company": examination.company,
        "engine": lambda: examination.engine(queue),
        "records": examination.records,
        "evidence": examination.evidence,
        "inbox": examination.inbox,
        "board": board,
        "vendors": examination.vendors,
    }
    chosen = {name: look for name, look in every.items() if only in ("", name)}
    results = await asyncio.gather(*(patient(name, look) for name, look in chosen.items()))
    found = [one for result in results for one in result]
    show_json(found) if as_json else report(found)
    return CHECK_FAILED if not found or any(one.state == "failed" for one in found) else 0


async def patient(name: str, look: Examination) -> list[CheckResult]:
    """An examination that does not end is a finding too, and so is one that breaks."""
    seconds = ASKED_MUCH.get(name, PATIENCE)
    try:
        return await asyncio.wait_for(look(), seconds)
    except TimeoutError:
        return [
            CheckResult(
                what=name,
                state="failed",
                said=f"no answer in {seconds:g} s",
                do="look at its host and network",
            )
        ]
    except Exception as error:  # the doctor must report whatever is broken, and go on with the rest
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        return [CheckResult(what=name, state="failed", said=said[:300], do="mend the setting that this names")]


def report(found: list[CheckResult]) -> None:
    """One line for each thing, and what to do under it."""
    made = table("what", "state", "found", "do")
    for one in found:
        words, style = LOOKS[one.state]
        made.add_row(one.what, Text(words, style), Text(one.said), Text(one.do))
    show(made)
