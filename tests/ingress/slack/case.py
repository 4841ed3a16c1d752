"""Buttons as the code makes them, and the scenes in which people meet them."""

import ast
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from domain.rule.act import IncidentAct, people_do
from domain.value.kind import kind_of
from tests.ingress.slack.scene import DANA, INES, JONAS, MIRA, SAM, Scene

ROOT = Path(__file__).parents[3]
Setup = Callable[[Scene], Awaitable[str]]


class Case(NamedTuple):
    """One button: `code` is the module, the act and the label as they stand in the source."""

    code: str
    setup: Setup
    label: str
    right: str
    event: str = ""
    """The event that comes of it; none where it is a reading."""
    wrong: str = ""
    """Somebody whose press is refused; nobody where it is anybody's."""
    values: dict[str, str] | None = None
    """What is filled in where the button opens a form."""
    said: str = ""
    """Words of the message that carries it, where others carry it too."""
    where: str = "room"
    """The war room, #incidents, the menu of the war room, the lobby's, or the home."""
    heard: str = ""
    """Words that the person alone is told, where it is a reading."""
    reason: str = ""
    """Why nobody is refused, where the policy restricts the act."""


def buttons() -> set[str]:
    """Every button that is made anywhere in the code: its act and its label, as far as that is written there."""
    menu = {f"{kind} {act.label}" for kind, act in people_do().items() if act.in_menu}
    acts = {act.__name__: act for act in people_do().values()}
    return menu | {made for text in _sources() for call in _calls(text) if (made := _made(call, acts))}


def _sources() -> Iterator[str]:
    for folder in ("domain", "ingress", "vendors", "workflows", "activities"):
        texts = (file.read_text() for file in sorted((ROOT / folder).rglob("*.py")) if file.name != "act.py")
        yield from (text for text in texts if "utton(" in text)


def _calls(text: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))


def _made(call: ast.Call, acts: dict[str, type[IncidentAct]]) -> str:
    """The act and the label of the button that a call makes; empty where it makes none."""
    if isinstance(call.func, ast.Name) and call.func.id == "Button":
        told = {word.arg: _as_written(word.value) for word in call.keywords}
        return f"{told['act']} {told['label']}" if "act" in told else ""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "button" and isinstance(call.func.value, ast.Name):
        act = acts.get(call.func.value.id)
        return f"{kind_of(act)} {_as_written(call.args[0]) if call.args else act.label}" if act else ""
    return ""


def _as_written(value: ast.expr) -> str:
    """A text; of one with values in it, what stands before the first."""
    if isinstance(value, ast.JoinedStr):
        return _as_written(value.values[0])
    return str(value.value).strip() if isinstance(value, ast.Constant) else ast.unparse(value)


# How each scene comes about


def once(setup: Setup) -> Setup:
    """Played once: a scene in which nothing has happened yet finds everything as the first one left it."""
    known: list[tuple[str, dict[str, Any]]] = []

    async def played(scene: Scene) -> str:
        if scene.begun:
            return await setup(scene)
        if not known:
            incident = await setup(scene)
            known.append((incident, scene.held()))
        else:
            incident, held = known[0]
            scene.finds(held)
        return incident

    return played


async def alerting(scene: Scene) -> str:
    """An alert has opened it, and nobody has answered."""
    return await scene.alert()


async def two_alerting(scene: Scene) -> str:
    """Two were opened by alerts, and nobody has answered either."""
    await scene.alert()
    return await scene.alert("billing is slow: p99 latency")


async def unanswered(scene: Scene) -> str:
    """A P1 that Jonas declared before anybody acknowledged."""
    incident = await scene.alert()
    await scene.command(f"{incident} sev1", JONAS)
    await scene.settles(incident)
    return incident


@once
async def commanded(scene: Scene) -> str:
    """Dana investigates, Jonas commands, and nobody has declared the severity."""
    incident = await scene.alert()
    await scene.command(f"{incident} ack", DANA)
    await scene.command(f"{incident} lead", JONAS)
    await scene.settles(incident)
    return incident


@once
async def active(scene: Scene) -> str:
    """A P1 that Jonas commands, with its war room."""
    incident = await commanded(scene)
    await scene.command(f"{incident} sev1", JONAS)
    await scene.settles(incident)
    return incident


def later(setup: Setup, **span: float) -> Setup:
    """The same, a while later: reminders have gone out."""

    async def after(scene: Scene) -> str:
        incident = await setup(scene)
        await scene.passes(incident, **span)
        return incident

    return after


def then(setup: Setup, *typed: tuple[str, str]) -> Setup:
    """The same, after somebody typed something."""

    async def after(scene: Scene) -> str:
        incident = await setup(scene)
        for user, words in typed:
            await scene.command(f"{incident} {words}", user)
            await scene.settles(incident)
        return incident

    return once(after)


async def declined(scene: Scene) -> str:
    """The tracker says that an action item was declined there."""
    incident = await itemised(scene)
    scene.tracker = "declined"
    await scene.passes(incident, hours=7)
    return incident


@once
async def breached(scene: Scene) -> str:
    """Mira said that personal data was breached; a form asked her since when the company knows."""
    incident = await resolved(scene)
    await scene.command(f"{incident} breach yes a dump was copied", MIRA)
    await scene.fill({"aware_at": str(int(scene.now.timestamp()))}, MIRA)
    await scene.settles(incident)
    return incident


async def taken_back(scene: Scene) -> str:
    """Mira says that it was none after all, which waits for a second person."""
    incident = await breached(scene)
    await scene.command(f"{incident} breach no only test data", MIRA)
    await scene.settles(incident)
    return incident


resolved = then(active, (JONAS, "resolve Rolled back."))
itemised = then(resolved, (DANA, f"action <@{SAM}> alert on the pool"))
complete = then(itemised, (MIRA, "breach no nothing was read"))
accounted = then(
    active,
    (INES, "update approve"),
    (JONAS, "resolve Rolled back."),
    (DANA, f"action <@{SAM}> alert on the pool"),
    (MIRA, "breach no nothing was read"),
    (MIRA, "postmortem deployment"),
)
"""The post-mortem is complete, and customers are owed an account of what the page has shown (COM-8)."""
raised = then(commanded, (JONAS, "update identified Cards fail."), (JONAS, "update approve"), (JONAS, "sev P1"))
partial = then(commanded, (JONAS, "sev P2 only some"), (SAM, "sev P2 only some"))
downgraded = then(commanded, (JONAS, "sev P3 one customer only"))
found = then(active, (DANA, "finding the disk is full"))
tasked = then(active, (JONAS, f"task assign <@{SAM}> read the queries"))
untaken = then(active, (JONAS, "task assign read the queries"))
left = then(tasked, (JONAS, "resolve Rolled back."))
marked = then(active, (DANA, "security mark a session nobody knows"))
unmarking = then(marked, (DANA, "security unmark an export"))
bypassing = then(active, (JONAS, "change hotfix bypass by hand"))
shown_resolved, shown_complete = later(resolved, minutes=1), later(complete, minutes=1)
"""The same, when the card shows it: edits are coalesced."""
