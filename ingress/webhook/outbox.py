"""What was read and is on its way to the engine; a row is marked when every receiver has what it says."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from activities import tracing
from client.port import GroupClient, IncidentEnded, IncidentNotFound, NotTaken, Unanswered
from domain.alerting.alert import Alert, UnreadPart, VendorAct
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import Group
from domain.company.deployment import Deployment
from domain.value.act import Act
from ingress.webhook.digest import Digests, pause_after
from ingress.webhook.inbox import Inbox
from ingress.webhook.kept_act import Telling
from ingress.webhook.unheard import Unheard, mark_unheard
from records.refusal import RecordsUnavailable

ABREAST = 20
"""How many groups are told at the same time."""
TRIES = 10
"""How often a message is tried that fails in a way nobody foresaw, about three minutes; then it is set aside."""

AWAY = timedelta(seconds=30)
"""The pause after the records could not take deployments: asking costs the alerts a moment, and these can wait."""
BATCH = 500
NOBODYS = "no incident that is open there is about it"
ENGINE = "engine"
"""Where a row could be read and its receiver could not be told."""

log = logging.getLogger(__name__)


@dataclass
class _Letters:
    """What waits to be told to one incident, in order."""

    waiting: deque[tuple[int, Telling]] = field(default_factory=deque)
    tries: int = 0
    not_before: datetime | None = None


@dataclass
class _Deployed:
    """What was deployed and is not in the records yet, by row."""

    waiting: dict[int, tuple[Deployment, ...]] = field(default_factory=dict)
    tries: int = 0
    not_before: datetime | None = None


class Shelved(Protocol):
    """Takes deployments; may be told the same ones twice."""

    async def keep(self, deployments: Iterable[Deployment], now: datetime) -> None: ...


Afterwards = Callable[[str, Act], Awaitable[str]]
"""Lets an incident that has ended hear an act, and answers why it need not; raises `NotTaken` for what is unknown."""
LeftOver = Callable[[AlertDigest], Awaitable[tuple[VendorAct, ...]]]
"""The acts of a digest that its group has read, and that are about no open incident of it."""


class Outbox:
    """Digests for groups and acts for incidents, told in order to each receiver; a receiver never waits for another."""

    def __init__(
        self,
        inbox: Inbox,
        engine: GroupClient,
        now: Callable[[], datetime],
        shelf: Shelved | None = None,
        afterwards: Afterwards | None = None,
        left_over: LeftOver | None = None,
    ) -> None:
        self._inbox, self._engine, self._now, self._shelf = inbox, engine, now, shelf
        self._afterwards, self._left_over = afterwards, left_over
        self._deployed = _Deployed()
        self._digests = Digests()
        self._letters: dict[str, _Letters] = {}
        self.trouble = ""
        """What was last seen to keep a receiver from being told, until everybody who is due is told again."""
        self._left: Counter[int] = Counter()
        """How many receivers of a row have not been told yet."""
        self._wrong: dict[int, UnreadPart] = {}
        """What could not be read in a row, of which the rest is on its way."""
        self._acts: dict[VendorAct, int] = {}
        """The row of each act that a group is to be told."""
        self._to_ask: list[tuple[AlertDigest, list[int]]] = []
        """Digests with acts that a group has been told, and their rows."""
        self._unheard: dict[int, Unheard] = {}
        """What a receiver that had ended heard nothing of, of a row of which the rest is on its way."""
        self._traces: dict[int, str] = {}
        """In whose trace a row is told, where there are traces."""

    def take(
        self,
        row: int,
        alerts: Iterable[tuple[Group, Alert]],
        acts: Iterable[tuple[Group | None, VendorAct]],
        deployments: tuple[Deployment, ...] = (),
        wrong: UnreadPart | None = None,
        *,
        trace: str = "",
    ) -> None:
        """Take what one row says; an act without a group goes to the incident it names.

        A row with something `wrong` in it is shown among the unreadable ones once everything else is told.
        """
        if wrong:
            self._wrong[row] = wrong
        if trace:
            self._traces[row] = trace
        if deployments:
            self._deployed.waiting[row] = deployments
            self._left[row] += 1
        for_group: dict[Group, tuple[list[Alert], list[VendorAct]]] = {}
        for group, alert in alerts:
            for_group.setdefault(group, ([], []))[0].append(alert)
        for where, act in acts:
            if where is None:
                self.hold(row, act.incident, partial(self._tell, row, act.incident, act.act))
            else:
                self._acts[act] = row
                for_group.setdefault(where, ([], []))[1].append(act)
        for group, (some_alerts, some_acts) in for_group.items():
            self._digests.hear(group, row, some_alerts, some_acts, self._now())
            self._left[row] += 1

    def hold(self, row: int, receiver: str, telling: Telling) -> None:
        """Take something that one row says to one receiver; what that one is to be told is told in order."""
        self._letters.setdefault(receiver, _Letters()).waiting.append((row, telling))
        self._left[row] += 1

    def next_due_at(self) -> datetime | None:
        """When something is to be told or asked next; acts that were put off are looked at with every round."""
        return self._now() if self._to_ask else self._digests.next_due_at()

    async def tell(self, hold: Callable[[], Awaitable[bool]]) -> None:
        """Tell everybody what is due, some receivers abreast, while `hold` says that this is ours to do.

        Raises `EngineAway` when the engine cannot be reached; what was not told stays.
        """
        self.trouble = ""
        now = self._now()
        incidents = [name for name, line in self._letters.items() if not line.not_before or line.not_before <= now]
        tellings = [partial(self._signal, incident) for incident in incidents]
        tellings += [partial(self._tell_group, digest) for digest in self._digests.due(now)]
        for group, rows, error in self._digests.broken():
            await self._hold_back(rows, group, _words(error))
        for start in range(0, len(tellings), ABREAST):
            if not await hold():
                return
            ends = await asyncio.gather(*(one() for one in tellings[start : start + ABREAST]), return_exceptions=True)
            for failure in (end for end in ends if end is not None):
                raise failure

    async def keep(self) -> None:
        """Let the records have what was deployed; where they cannot take it, it waits and holds up nobody."""
        line, now = self._deployed, self._now()
        if not line.waiting or self._shelf is None or (line.not_before and line.not_before > now):
            return
        rows = list(line.waiting)[:BATCH]
        try:
            await self._shelf.keep([one for row in rows for one in line.waiting[row]], now)
        except RecordsUnavailable as error:
            log.warning("deployments wait: %s", error)
            line.not_before = now + AWAY
        except Exception as error:
            line.tries, line.not_before = line.tries + 1, now + AWAY
            log.exception("deployments could not be kept, try %s", line.tries)
            if line.tries >= TRIES:
                await self._hold_back(rows, "the records", _words(error))
                self._deployed = _Deployed({row: one for row, one in line.waiting.items() if row not in rows})
        else:
            self._deployed = _Deployed({row: one for row, one in line.waiting.items() if row not in rows})
            await self._done(rows)

    async def _signal(self, incident: str) -> None:
        line = self._letters[incident]
        while line.waiting:
            row, telling = line.waiting[0]
            try:
                with tracing.span(f"tell {incident}", parent=self._traces.get(row, "")):
                    await telling()
            except NotTaken as error:
                await self._set_aside([row], incident, str(error))
            except Unanswered:
                raise
            except Exception as error:
                line.tries += 1
                line.not_before = self._now() + pause_after(line.tries)
                self.trouble = f"{incident}: {_words(error)}"
                if line.tries < TRIES:
                    return log.exception("%s could not be told of row %s, try %s", incident, row, line.tries)
                await self._hold_back([row], incident, _words(error))
            else:
                await self._done([row])
            line.waiting.popleft()
            line.tries, line.not_before = 0, None
        del self._letters[incident]
        return None

    async def _tell(self, row: int, incident: str, act: Act) -> None:
        """Tell an incident what a vendor says; one that has ended hears it afterwards, or its row says why not."""
        try:
            await self._engine.signal(incident, act)
        except (IncidentEnded, IncidentNotFound):
            if self._afterwards is None:
                raise
            if why := await self._afterwards(incident, act):
                self._unheard[row] = Unheard.of(incident, act, why)

    async def _tell_group(self, digest: AlertDigest) -> None:
        group = digest.group
        try:
            with tracing.span(f"tell alerts/{group}", parent=self._traces.get(digest.first_row, "")):
                await self._engine.tell_group(group, digest)
        except NotTaken as error:
            await self._set_aside(self._digests.refused(group), group, str(error))
        except Unanswered:
            raise
        except Exception as error:
            tries = self._digests.postpone(group, self._now())
            log.exception("%s could not be told of rows up to %s, try %s", group, digest.last_row, tries)
            self.trouble = f"{group}: {_words(error)}"
            if tries >= TRIES:
                await self._hold_back(self._digests.refused(group), group, _words(error))
        else:
            rows = self._digests.told(group, self._now())
            if digest.acts and self._left_over:
                self._to_ask.append((digest, rows))
            else:
                await self._done(rows)

    async def ask(self) -> None:
        """Note which acts their group has read and no incident of it is about; only their rows wait for that."""
        asked, self._to_ask = self._to_ask[:ABREAST], self._to_ask[ABREAST:]
        if not (asked and self._left_over):
            return
        answers = await asyncio.gather(*(self._left_over(digest) for digest, _ in asked), return_exceptions=True)
        for (digest, rows), left_over in zip(asked, answers, strict=True):
            if isinstance(left_over, BaseException):
                log.error("%s could not be asked what it took: %s", digest.group, _words(left_over))
            for act in () if isinstance(left_over, BaseException) else left_over:
                self._unheard[self._acts[act]] = Unheard.of(digest.group, act.act, NOBODYS)
            self._acts = {act: row for act, row in self._acts.items() if act not in digest.acts}
            await self._done(rows)

    async def _done(self, rows: Iterable[int]) -> None:
        """One receiver more has what these rows say; mark those that were waiting for no other."""
        self._left.subtract(rows := list(rows))
        finished = [row for row in rows if self._left[row] <= 0]
        for row in finished:
            self._left.pop(row, None)
        await self.finish(finished)

    async def finish(self, rows: list[int], remark: str = "") -> None:
        """Nothing in these rows waits for anybody any more."""
        for row in self._traces.keys() & set(rows):
            del self._traces[row]
        for row in [row for row in rows if row in self._wrong]:
            wrong = self._wrong.pop(row)
            await self._inbox.mark_unreadable(row, wrong.path, wrong.found, wrong.expected)
            rows.remove(row)
        for row in [row for row in rows if row in self._unheard]:
            await self._inbox.do(mark_unheard, row, self._unheard.pop(row))
            rows.remove(row)
        if rows:
            await self._inbox.mark_relayed(rows, remark)

    async def _set_aside(self, rows: Iterable[int], receiver: str, said: str) -> None:
        """Show rows that a receiver will never take."""
        log.error("%s does not take rows %s: %s", receiver, rows := list(rows), said)
        for row in rows:
            await self._inbox.mark_unreadable(row, "engine", said[:500], f"that {receiver} takes it")

    async def _hold_back(self, rows: Iterable[int], receiver: str, said: str) -> None:
        """Let rows wait that a receiver could not be told of for a reason of ours."""
        log.error("%s could not be told of rows %s: %s", receiver, rows := list(rows), said)
        for row in rows:
            self._left.pop(row, None)
        await self._inbox.hold_back(rows, ENGINE, f"{receiver}: {said}"[:500])


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
