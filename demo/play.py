"""Plays one P1 from its alert to its close, under clocks that are seconds, and says which clauses were kept."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from rich.console import Console

from demo.chosen import CATALOGS, Chosen
from demo.people import People, until
from demo.score import ending
from demo.stack import ROOT, Stack, stack
from demo.teller import Follower
from domain.incident.effects import Done
from domain.incident.incident import Incident
from domain.incident.pages import WAKE, call_of
from domain.incident.roles import RoleTaken
from domain.run import read as fold

POLICY = ROOT / "deploy/demo/policy.yaml"
SENT = 3
"""How often the alert is delivered: senders repeat what they are not sure of."""
ITEMS = 2
"""The bypass to bring back (FIX-2), and what the post-mortem found."""


async def play(
    console: Console,
    vendors: str = "default",
    stay: Callable[[], Awaitable[None]] | None = None,
    begun: Callable[[Stack], None] = lambda running: None,
) -> Incident:
    """The whole demo; raises `Stuck` or `NotStarted` with the reason when it can't be finished.

    Everything is still there while `stay` is waited for; `begun` is told of the stack before anything happens.
    """
    with tempfile.TemporaryDirectory(prefix="standfast-demo-") as folder:
        console.print("[bold]Standfast[/] plays one P1: a minute is a second, everything else is real.")
        settings = {"STANDFAST_POLICY": str(POLICY), "STANDFAST_CATALOG": str(CATALOGS[vendors])}
        async with stack(Path(folder), settings) as running:
            begun(running)
            chosen = Chosen(running.stage, running.company.catalog)
            console.print(f"Played: {chosen.everybody}\nWatch it: {running.shown}\n", soft_wrap=True)
            async with httpx.AsyncClient() as http:
                ended = await _live_through(console, running, People(running, http, chosen))
            _whereabouts(console, running, ended, staying=stay is not None)
            if stay:
                await stay()
            return ended


async def _live_through(console: Console, running: Stack, people: People) -> Incident:
    alert = people.chosen.fires()
    for _ in range(SENT):
        await people.delivers(alert)
    console.print(f"  +0 s  {people.chosen.monitor}'s webhook comes three times; it is night, and Dana sleeps on.")
    incident = await _opened(running)
    teller = Follower(console, running.client.get_workflow_handle(incident))
    following = asyncio.create_task(teller.follow())
    acting = asyncio.create_task(_act(running, people, teller, incident))
    try:
        await asyncio.gather(acting, following)
    finally:
        acting.cancel()
        following.cancel()
    ended = fold.read(teller.events)
    query = "WorkflowType = 'Incident' AND ExecutionStatus != 'ContinuedAsNew'"  # a long one has several runs
    opened = (await running.client.count_workflows(query)).count
    console.print("", *ending(ended, SENT, opened, people.chosen.pages_to("sam")), sep="\n", soft_wrap=True)
    console.print(f"  Written by itself: the post-mortem in {people.chosen.named('notebook')}")
    return ended


def _whereabouts(console: Console, running: Stack, ended: Incident, *, staying: bool) -> None:
    """Where everything can be looked at, and what to do next."""
    board = f"{running.url}/incidents/{ended.id.removeprefix('INC-').lower()}"
    where = f"{running.ui}/namespaces/default/workflows/{ended.id}"
    if staying:
        console.print("[bold]It is all still here, until you press Enter:[/]")
        console.print(f"  The stage     {running.shown}  (its buttons work)", soft_wrap=True)
        console.print(f"  The incident  {board}\n  Web UI        {where}", soft_wrap=True)
    console.print("Next: make up, then docs/reader/adopt.md", soft_wrap=True)


async def _opened(running: Stack) -> str:
    for _ in range(100):
        async for one in running.client.list_workflows("WorkflowType = 'Incident'"):
            return one.id
        await asyncio.sleep(0.1)
    raise TimeoutError("no incident was opened")


async def _act(running: Stack, people: People, teller: Follower, incident: str) -> None:
    """What the people do, and when: after what they would have seen."""
    room = f"incident-{incident.removeprefix('INC-').lower()}"

    def happened(kind: str, clause: str = "", key: str = "") -> bool:
        return any(
            event.what.kind == kind and clause in ("", event.clause) and key in ("", getattr(event.what, "key", ""))
            for event in teller.events
        )

    await until(lambda: happened("done", "ACK-2"), "the page of the secondary")
    await people.delivers(people.chosen.acknowledges("sam"))
    await until(lambda: happened("acknowledged"), "the acknowledgement")
    await people.presses("sam", "Declare P1", "incidents")
    await until(lambda: room in running.stage.slack.rooms, "the war room")
    await _hand_over(people, teller, room)
    await people.types("ines", "role comms", room)
    # What is said before the room is open is said in the thread of the headline.
    await people.presses("ines", "Publish and mail 2 accounts", room, "incidents")
    await people.fills_in("sam", "Tell the room", room, conditions="The new fraud check times out on every order.")
    await people.types("jonas", "change hotfix bypass Switch the fraud check off by flag", room)
    await people.presses("mira", "Allow it", room)
    await until(lambda: happened("missed", "COM-2"), "the second update to be missed")
    await people.presses("ines", "Publish", room)
    await until(lambda: happened("done", key="publish/2"), "the late update")
    await people.fills_in("jonas", "Resolve", room, summary="A new fraud check timed out; it was switched off.")
    await until(lambda: happened("resolved"), "the resolution")
    if not happened("update_approved", "COM-6"):  # the form was sent before it had the last words for customers
        await people.presses("ines", "Publish", room)
    await _follow_up(people, room)


async def _hand_over(people: People, teller: Follower, room: str) -> None:
    """Sam is on call and commands; Jonas was woken to take one of the two, and the command is offered to him."""

    def woken() -> bool:
        pages = (one.what.about for one in teller.events if isinstance(one.what, Done) and one.what.duty == "page")
        return any(call_of(page) == f"{WAKE}commander" for page in pages)

    def handed_over() -> bool:
        return any(isinstance(one.what, RoleTaken) and one.what.person == "jonas" for one in teller.events)

    await until(woken, "the page of the commander")
    await people.types("sam", f"role commander <@{people.slack_id('jonas')}>", room)
    await people.presses("jonas", "I command now", room)
    await until(handed_over, "the command to be handed over")


async def _follow_up(people: People, room: str) -> None:
    """The post-mortem is completed; the action items are closed in the tracker, and the tracker tells us."""
    reason = "The fraud check saw no more than it always does."
    await people.fills_in("mira", "Was data touched?", room, breach="false", reason=reason)
    await people.presses("ines", "Mail 2 accounts", room)
    dana = people.slack_id("dana")
    await people.fills_in("sam", "Add an action item", room, title="Give the fraud check a timeout", owner=dana)
    people.chosen.write("A new time-out should have been tried with the slowest check first.")
    await people.fills_in("mira", "Complete", room, cause="dependency")
    await people.presses("ines", "Post it", room)
    if not people.chosen.posts_accounts:
        await people.fills_in("jonas", "I posted it", room, url="https://blog.example.com/the-fraud-check")
    await until(lambda: len(people.chosen.items) == ITEMS, "the action items in the tracker")
    for item in people.chosen.items:
        await people.delivers(people.chosen.finishes(item, "sam"))
