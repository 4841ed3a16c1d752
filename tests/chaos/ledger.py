"""What was owed, read from the engine's histories, against what the recorders of the vendors saw."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.exceptions import TemporalError

from domain.exchange import DutyBatch, DutyEnded
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from standins.stage import Stage
from vendors.jira.issue import label
from vendors.smtp.client import message_id
from vendors.statuspage.page import OURS
from workflows.performing import BATCH

Seen = Counter[str]
SENDER = "standfast@stage.example"


@dataclass
class Effect:
    """One effect that was ordered: how often, and how it ended."""

    kind: str
    name: str
    done: bool = False
    refused: bool = False
    """Given up after the vendor's refusals, which people were told."""
    recalled: bool = False
    refs: list[str] = field(default_factory=list)


def _pages(on: Stage) -> Seen:
    """Pages by their marks, but for those of the ingress's watchdog, which pages while no workflow can."""
    ours = [page.key for page in on.pagerduty.pages if page.key.startswith("INC-")]
    return Counter(key for key in ours if "/page/watchdog-" not in key)


def _messages(on: Stage, slot: str) -> Seen:
    """Messages by their mark: what is said by its duty, what is edited in place by the slot it fills."""
    marks = [
        message["metadata"]["event_payload"]
        for room in on.slack.workspace.rooms
        for message in room.messages
        if "metadata" in message
    ]
    if slot:
        return Counter(mark["slot"] for mark in marks if mark.get("slot", "").endswith(slot))
    return Counter(mark["key"] for mark in marks if "slot" not in mark)


def _rooms(on: Stage) -> Seen:
    return Counter(f"INC-{name.removeprefix('incident-').upper()}" for name in on.slack.rooms if "incident-" in name)


def _updates(on: Stage) -> Seen:
    """Updates by their marks; a text that no mark speaks of is one more of the last."""
    seen: Seen = Counter()
    for shown in on.statuspage.incidents.values():
        marks = dict(shown["metadata"].get(OURS, {}))
        incident = marks.pop("incident", "")
        names = [f"{incident}/{key}" for key in marks]
        seen.update(names)
        if names:
            seen[names[-1]] += len(shown["incident_updates"]) - len(names)
    return seen


def _issues(on: Stage) -> Seen:
    return Counter(one for issue in on.jira.issues.values() for one in issue["fields"]["labels"] if "-inc-" in one)


def _documents(on: Stage) -> Seen:
    titles = [str(page["title"]) for page in on.confluence.pages.values()]
    return Counter(title for title in titles if "INC-" in title)


def _mails(on: Stage) -> Seen:
    return Counter(str(mail["Message-ID"]) for mail in on.smtp.messages)


RECORDERS: dict[str, Callable[[Stage], Seen]] = {
    "page": _pages,
    "say": lambda on: _messages(on, ""),
    "show_headline": lambda on: _messages(on, "/headline"),
    "show_card": lambda on: _messages(on, "/card"),
    "open_room": _rooms,
    "publish_update": _updates,
    "open_item": _issues,
    "open_document": _documents,
    "send_mail": lambda on: Counter({name: n for name, n in _mails(on).items() if ".invite" not in name}),
}
"""What the world saw of each kind of effect, by its name there."""
REPEATABLE = frozenset({"send_mail"})
"""A mail whose answer was lost is sent again under its Message-ID, by which mail systems drop it (vendors/smtp)."""


def name_of(duty: Any) -> str:
    """How the world names an effect."""
    match duty.kind:
        case "show_headline":
            return f"{duty.incident}/headline"
        case "show_card":
            return f"{duty.incident}/card"
        case "open_room":
            return str(duty.incident)
        case "open_item":
            return label(duty.incident, duty.item)
        case "open_document":
            return str(duty.title)
        case "send_mail":
            return message_id(duty.mark, SENDER)
        case _:
            return str(duty.mark)


@dataclass
class Ledger:
    """Every effect that any run of any incident ordered."""

    effects: dict[tuple[str, str], Effect] = field(default_factory=dict)

    async def read(self, history: WorkflowHistory, converter: DataConverter) -> None:
        """Enter what one run ordered, and what came of it."""
        ordered: dict[int, list[Effect | None]] = {}
        for event in history.events:
            if event.HasField("activity_task_scheduled_event_attributes"):
                ordered[event.event_id] = await self._ordered(event, converter)
            else:
                await self._ended(event, ordered, converter)

    async def _ordered(self, event: HistoryEvent, converter: DataConverter) -> list[Effect | None]:
        """What one activity is asked for, in its order; None for what no recorder sees."""
        said, duties = event.activity_task_scheduled_event_attributes, []
        if said.activity_type.name == BATCH:
            (batch,) = await converter.decode(said.input.payloads, [DutyBatch])
            duties = list(batch.duties)
        elif said.activity_type.name in RECORDERS:
            duties = await converter.decode(said.input.payloads, [AnyDuty])  # type: ignore[list-item]
        return [self._effect(duty) if duty.kind in RECORDERS else None for duty in duties]

    def _effect(self, duty: Any) -> Effect:
        key = (duty.kind, name_of(duty))
        return self.effects.setdefault(key, Effect(*key))

    async def _ended(
        self, event: HistoryEvent, ordered: dict[int, list[Effect | None]], converter: DataConverter
    ) -> None:
        if event.HasField("activity_task_completed_event_attributes"):
            done = event.activity_task_completed_event_attributes
            if effects := ordered.get(done.scheduled_event_id):
                for effect, ended in zip(effects, await _endings(done.result.payloads, converter), strict=True):
                    _note(effect, ended)
        for name in ("failed", "timed_out"):
            said = getattr(event, f"activity_task_{name}_event_attributes")
            for effect in filter(None, ordered.get(said.scheduled_event_id, ())):
                effect.refused = True
        for effect in filter(None, ordered.get(event.activity_task_canceled_event_attributes.scheduled_event_id, ())):
            effect.recalled = True


async def _endings(payloads: Sequence[Payload], converter: DataConverter) -> list[DutyEnded]:
    """What came of each: an outcome, or a list of endings."""
    [answer] = await converter.decode(payloads)
    if isinstance(answer, list):
        [ended] = await converter.decode(payloads, [list[DutyEnded]])
        return list(ended)
    [outcome] = await converter.decode(payloads, [Outcome])
    return [DutyEnded(outcome=outcome)]


def _note(effect: Effect | None, ended: DutyEnded) -> None:
    if effect and ended.outcome:
        effect.done = True
        effect.refs.append(ended.outcome.ref)
    elif effect and not ended.begun:
        effect.recalled = True
    elif effect and not ended.retryable:
        effect.refused = True


@dataclass
class Count:
    """How one kind of effect came out."""

    owed: int = 0
    once: int = 0
    twice: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    given_up: int = 0
    recalled: int = 0
    unasked: list[str] = field(default_factory=list)
    repeated: int = 0
    """Sent again under the same id."""


def counted(effects: Iterable[Effect], on: Stage) -> dict[str, Count]:
    """What the recorders saw of everything that was owed, kind by kind."""
    counts: dict[str, Count] = defaultdict(Count)
    seen = {kind: recorder(on) for kind, recorder in RECORDERS.items()}
    places = {f"{room.id}:{one['ts']}" for room in on.slack.workspace.rooms for one in room.messages}
    for effect in effects:
        count, times = counts[effect.kind], seen[effect.kind].pop(effect.name, 0)
        if not times and effect.kind == "say" and places.intersection(effect.refs):
            times = 1  # it was edited since, and bears the mark of its last words
        count.owed += 1
        if times > 1 and effect.kind in REPEATABLE:
            count.repeated, times = count.repeated + 1, 1
        if times == 1:
            count.once += 1
        elif times > 1:
            count.twice.append(effect.name)
        elif effect.done or not (effect.refused or effect.recalled):
            count.missing.append(effect.name)
        elif effect.recalled:
            count.recalled += 1
        else:
            count.given_up += 1
    for kind, left in seen.items():
        counts[kind].unasked += [name for name, times in left.items() if times]
    return dict(counts)


async def histories(client: Client) -> dict[str, list[WorkflowHistory]]:
    """Every run of every workflow, by its type."""
    found: dict[str, list[WorkflowHistory]] = defaultdict(list)
    async for one in client.list_workflows():
        try:
            history = await client.get_workflow_handle(one.id, run_id=one.run_id).fetch_history()
        except TemporalError as error:
            raise AssertionError(f"{one.id} cannot be read: {error}") from None
        found[one.workflow_type].append(history)
    return found
