"""Serve the ingress, or the whole house on this machine; and the demo.

What is embedded is imported when it is asked for: the image that serves has neither a Temporal server nor stand-ins.
"""

import asyncio
import os
import runpy
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from console.code import CHECK_FAILED
from demo.played import home, left
from demo.stopped import Stopped
from ingress.serve import run as run_ingress

if TYPE_CHECKING:
    from demo.stack import Stack

app = typer.Typer()
NEEDED = "the embedded parts are not installed: pip install 'standfast[demo]'"
PORTS = {"temporal": 7233, "ui": 8233, "ingress": 8080, "stage": 8088}
"""Where `make up` listens, unless somebody else does."""


@app.command()
def serve(
    embedded: Annotated[
        bool, typer.Option("--embedded", help="Start Temporal, worker, ingress and the vendors played, until Ctrl-C.")
    ] = False,
) -> None:
    """Serve webhooks and Slack; with --embedded the whole house on this machine."""
    if embedded:
        folder = home()
        folder.mkdir(parents=True, exist_ok=True)
        raise typer.Exit(_ended(_up(Console(), folder)))
    run_ingress()


@app.command()
def worker() -> None:
    """Carry the procedure out: run a worker until SIGTERM."""
    runpy.run_module("worker", run_name="__main__", alter_sys=True)  # it stands above the rooms: nobody imports it


@app.command()
def demo(
    vendors: Annotated[
        str, typer.Option(help="Which set of vendors is played: default or alternate.", metavar="SET")
    ] = "default",
) -> None:
    """Play one P1 from its alert to its close, in about a minute, on embedded parts; at a terminal until Enter."""
    raise typer.Exit(_ended(_play(vendors)))


async def _play(vendors: str) -> None:
    from demo.chosen import CATALOGS
    from demo.play import play

    if vendors not in CATALOGS:
        raise typer.BadParameter(f"found {vendors!r}, expected {' or '.join(CATALOGS)}", param_hint="--vendors")
    watched = sys.stdin.isatty() and sys.stdout.isatty() and not os.environ.get("CI")
    await play(Console(highlight=False), vendors, _until_enter if watched else None)


async def _until_enter() -> None:
    """Wait for the key without holding up what is still served."""
    loop, pressed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin, pressed.set)
    try:
        await pressed.wait()
    finally:
        loop.remove_reader(sys.stdin)


def _ended(work: Coroutine[Any, Any, object]) -> int:
    """Run it; Ctrl-C and a reason that people can read are ends too."""
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # both end it with its children
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        return 130
    except ModuleNotFoundError as error:
        Console(stderr=True).print(f"[bold red]It stopped:[/] {escape(f'{NEEDED} ({error})')}")
        return CHECK_FAILED
    except (Stopped, TimeoutError) as error:
        Console(stderr=True).print(f"[bold red]It stopped:[/] {escape(str(error))}")
        return CHECK_FAILED
    return 0


async def _up(console: Console, folder: Path) -> None:
    """Everything at work until Ctrl-C, under the real policy; what dies comes again, state is kept in var/."""
    from demo.process import is_free
    from demo.stack import own_settings, stack
    from demo.supervisor import Supervisor

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    ports = {name: port for name, port in PORTS.items() if is_free(port)}
    async with stack(folder, own_settings(), ports, keeps=True, told=console.print) as running:
        _welcome(console, running)
        with left(folder, running.reached):
            await Supervisor((running.temporal, running.worker, running.ingress), console.print).watch(stop)
        console.print("\nEnding.")


def _welcome(console: Console, running: "Stack") -> None:
    token = running.environment["ALERTMANAGER_WEBHOOK_TOKEN"]
    real = ", ".join(running.real) or "none, all are played; the stage says what each needs in .env"
    board = "" if running.real else "   say there who you are, and act"
    console.print(f"[bold]Standfast is up. Start here:  {running.shown}[/]", soft_wrap=True)
    console.print(f"Board            {running.url}/{board}\nTemporal Web UI  {running.ui}", soft_wrap=True)
    console.print(f"Logs and state   {running.folder}, the played vendors' too", soft_wrap=True)
    console.print(f"Real vendors     {real}")
    console.print(f"\nIn another terminal:\n  export TEMPORAL_ADDRESS={running.environment['TEMPORAL_ADDRESS']}")
    console.print("  .venv/bin/standfast declare checkout 'Customers cannot pay' --by dana\n  .venv/bin/standfast due")
    console.print(f"Or point an Alertmanager at {running.url}/webhooks/alertmanager with bearer token {token}")
    console.print("Ctrl-C ends everything.")
