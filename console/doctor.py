"""Looks at everything an incident will need, and says of each thing that is wrong what to do about it."""

import asyncio
from typing import Annotated

import typer
from pydantic_settings import BaseSettings
from rich.text import Text

from console import examination, vendor_check
from console.check import PATIENCE, CheckResult, Examination, patient
from console.code import CHECK_FAILED
from console.ending import CommandRefused
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
ASKED_MUCH = {"vendors": vendor_check.VENDOR + PATIENCE}
"""Seconds for what waits for each of many itself."""


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
        "vendors": vendor_check.vendors,
    }
    if only and only not in every:
        raise CommandRefused(f"--only: found {only!r}, expected one of {', '.join(every)}")
    chosen = {name: look for name, look in every.items() if only in ("", name)}
    results = await asyncio.gather(
        *(patient(name, look, ASKED_MUCH.get(name, PATIENCE)) for name, look in chosen.items())
    )
    found = [one for result in results for one in result]
    show_json(found) if as_json else report(found)
    return CHECK_FAILED if any(one.state == "failed" for one in found) else 0


def report(found: list[CheckResult]) -> None:
    """One line for each thing, and what to do under it."""
    made = table("what", "state", "found", "do")
    for one in found:
        words, style = LOOKS[one.state]
        made.add_row(one.what, Text(words, style), Text(one.said), Text(one.do))
    show(made)
