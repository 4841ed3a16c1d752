"""Compares what the engine tells of incidents with what the records have of them; what the records lack is added."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus

from client.listing import INCIDENTS, RUNNING
from client.restoring import described, needs_restoring, recorded, told
from domain.incident.event import Event
from domain.report.view import view
from domain.run import read as fold
from domain.run.agenda import owed
from domain.value.model import Model, said_count
from domain.value.portion import portions
from records.overview import overview
from records.record import Stored
from records.store import Records

State = Literal["same", "older", "behind", "mended", "ahead", "differs", "lost", "unanswered"]


class Compared(Model):
    """How one incident stands on both sides."""

    incident: str
    state: State
    engine: int = 0
    """Events the engine tells of."""
    records: int = 0
    """Events the records have."""
    said: str = ""
    do: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in ("same", "older", "mended")


class Reconciler:
    """Looks at every open incident of either side, or at all there are."""

    def __init__(self, client: Client, records: Records) -> None:
        self._client, self._records = client, records

    async def incidents(self, *, every: bool = False) -> tuple[str, ...]:
        """The incidents of both sides, open ones unless every one is wanted."""
        known = [one.id async for one in self._client.list_workflows(INCIDENTS if every else RUNNING)]
        last = None
        while rows := await self._records.incidents(open_only=not every, after=last):
            last = rows[-1].id
            known += [row.id for row in rows]
        return tuple(sorted(set(known)))

    async def compare(self, incident: str, *, mend: bool = False) -> Compared:
        """One incident; with `mend` the records get the events that they lack."""
        found = await described(self._client, incident)
        kept = await recorded(self._records, incident)
        if found is None and _over(kept):
            return Compared(incident=incident, state="same", records=len(kept), said="over, and only recorded by now")
        if found is None or (found.status != WorkflowExecutionStatus.COMPLETED and needs_restoring(found)):
            return _lost(incident, found, len(kept))
        events = await told(self._client, found)
        if not events:
            do = "start a worker; `standfast doctor` says what is wrong"
            return Compared(incident=incident, state="unanswered", records=len(kept), said="no worker answers", do=do)
        compared = compare(incident, events, kept)
        if not mend or compared.state != "behind":
            return compared
        await self._add(incident, events, len(kept))
        said = f"{said_count(len(events) - len(kept), 'event')} written to the records"
        return compared.model_copy(update={"state": "mended", "records": len(events), "said": said, "do": ""})

    async def _add(self, incident: str, events: Sequence[Event], there: int) -> None:
        """Write what is missing, and how the incident stands after it."""
        read = fold.read(events, excusing=True)
        shown = overview(view(read, tuple(duty.summary for duty in owed(read))))
        *before, last = portions(tuple(events[there:]))
        for some in before:
            await self._records.append(incident, [Stored.of(event) for event in some])
        await self._records.append(incident, [Stored.of(event) for event in last], shown)


def _over(events: Sequence[Event]) -> bool:
    return bool(events) and fold.read(events, excusing=True).phase == "closed"


def _lost(incident: str, found: WorkflowExecutionDescription | None, kept: int) -> Compared:
    said = "the engine does not know it" if found is None else "the engine ended it, or cannot go on with it"
    return Compared(incident=incident, state="lost", records=kept, said=said, do=f"standfast restore {incident}")


def compare(incident: str, events: Sequence[Event], kept: Sequence[Event]) -> Compared:
    """Event by event, as far as both have them."""
    counts = {"engine": len(events), "records": len(kept)}
    if differing := next(iter(_differing(events, kept)), 0):
        said = f"event {differing} is not the same on both sides"
        return Compared(incident=incident, state="differs", said=said, do="standfast audit verify", **counts)
    if len(kept) < len(events):
        said = f"the records lack {said_count(len(events) - len(kept), 'event')}"
        return Compared(
            incident=incident, state="behind", said=said, do=f"standfast reconcile {incident} --mend", **counts
        )
    if len(kept) > len(events):
        said = f"the engine has forgotten {said_count(len(kept) - len(events), 'event')}"
        do = f"stop the workers, standfast restore {incident}, start them again"
        return Compared(incident=incident, state="ahead", said=said, do=do, **counts)
    if older := sum(one != other for one, other in zip(events, kept, strict=False)):
        said = (
            f"an older release carried {said_count(older, 'event')} without what it does not know; the records have all"
        )
        return Compared(incident=incident, state="older", said=said, do="standfast audit verify", **counts)
    return Compared(incident=incident, state="same", **counts)


def _differing(events: Iterable[Event], kept: Iterable[Event]) -> Iterable[int]:
    """What the engine tells otherwise than the records; what it tells less of was carried by a release of before."""
    return (one.number for one, other in zip(events, kept, strict=False) if one != other and not _within(one, other))


def _within(one: Event, other: Event) -> bool:
    return _part(one.model_dump(mode="json"), other.model_dump(mode="json"))


def _part(one: Any, whole: Any) -> bool:
    """Whether everything that one says is said by the other too."""
    if isinstance(one, dict) and isinstance(whole, dict):
        return all(name in whole and _part(value, whole[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(whole, list) and len(one) == len(whole):
        return all(_part(*both) for both in zip(one, whole, strict=True))
    return bool(one == whole)
