"""Relays the inbox to the engine: strictly in order, coalesced by group, by one process at a time."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from activities import tracing
from client.port import GroupClient, Unanswered
from domain.alerting.alert import CALM, Alert, VendorAct, WebhookContent
from domain.alerting.grouping import Group
from domain.alerting.hearing import heard, heard_act
from domain.alerting.heartbeat import with_heartbeats
from domain.company.alert_rule import AlertRule
from domain.value.model import said_count
from ingress.webhook.age import fresh
from ingress.webhook.digest import pause_after
from ingress.webhook.door import Door
from ingress.webhook.inbox import Inbox, InboxUnavailable
from ingress.webhook.kept_act import DOOR, KeptActs
from ingress.webhook.moved import Left, left_behind
from ingress.webhook.outbox import ENGINE, Afterwards, LeftOver, Outbox, Shelved
from ingress.webhook.table import Row
from vendors.door import Unreadable
from vendors.hearing import is_alarm

LEASE = timedelta(seconds=6)
"""After so long without a sign of life of its holder, a standby takes over; so late may a page be after a crash."""
LONGEST_PAUSE = timedelta(seconds=4)
"""An engine that is away is asked at least this often: a page may wait behind it, and asking costs nearly nothing."""
ROUND = timedelta(seconds=1)
"""How often a standby asks for the lease."""
LOOK = timedelta(milliseconds=200)
"""How often the holder looks for rows that another ingress has taken: a page waits for no more than that."""
GATHER = 0.05
"""Seconds between the beginnings of two rounds: what arrives after a quiet while is read at once, a storm in parts."""
BATCH = 500
PAGE = 50
AGAIN = timedelta(seconds=15)
"""How often rows that wait for a mend of ours are looked at."""
LARGE = 256 * 1024
"""Bytes of a body from which its reading could keep others waiting."""
HOUR = timedelta(hours=1)

log = logging.getLogger(__name__)


class Relay:
    """Reads rows and hands what they say to the outbox, while it holds the lease.

    What is here in memory is only a plan: lost with the process, it is made again from the unrelayed rows. A group
    drops a digest that ends at a row it has read, so that telling twice is telling once, also by a holder that does
    not know yet that its lease is over.
    """

    def __init__(
        self,
        inbox: Inbox,
        doors: Mapping[str, Door],
        engine: GroupClient,
        sort: Callable[[Alert | VendorAct], tuple[Group, ...]],
        *,
        holder: str,
        keeper: KeptActs | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        shelf: Shelved | None = None,
        rule: Callable[[], AlertRule] = AlertRule,
        afterwards: Afterwards | None = None,
        left_over: LeftOver | None = None,
    ) -> None:
        self._rule = rule
        self._trouble: str | None = None
        self._again_at = now()
        self._inbox, self._doors, self._engine, self._sort = inbox, doors, engine, sort
        self._holder, self._now, self._keeper, self._shelf = holder, now, keeper, shelf
        self._afterwards, self._left_over = afterwards, left_over
        self._away = 0
        self._held_until: datetime | None = None
        self._forget()

    async def run(self) -> None:
        """Relay until cancelled; what goes wrong is said and tried again."""
        try:
            while True:
                began = asyncio.get_running_loop().time()
                await self._rest(await self._round())
                await asyncio.sleep(began + GATHER - asyncio.get_running_loop().time())
        finally:
            with suppress(InboxUnavailable):
                await self._inbox.let_go(self._holder)

    async def step(self) -> datetime:
        """One round; answers when the next one has something to do, if nothing arrives before."""
        if not await self._hold():
            self._forget()
            return self._now() + ROUND
        await self._read_again()
        full = await self._read()
        if self._now() >= self._paused_until:
            try:
                await self._outbox.tell(self._hold)
            except Unanswered as error:
                self._pause(error)
                await self._say(f"the engine is away: {error}")
            else:
                self._away = 0
                await self._say(self._outbox.trouble)
        await self._outbox.keep()
        if full:
            return self._now()
        await self._outbox.ask()
        return self._next_at()

    async def _round(self) -> datetime:
        try:
            return await self.step()
        except InboxUnavailable as error:
            log.warning("the relay waits: %s", error)
        except Exception as error:
            log.exception("the relay starts again from what is unrelayed")
            with suppress(InboxUnavailable):
                await self._say(f"the relay starts again: {type(error).__name__}: {error}")
        self._forget()
        return self._now() + ROUND

    async def _rest(self, until: datetime) -> None:
        """Wait for the moment, or for a row when this is the relay that would read it."""
        seconds = max((until - self._now()).total_seconds(), 0)
        if not self._held_until:
            return await asyncio.sleep(seconds)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._inbox.arrived.wait()
        self._inbox.arrived.clear()
        return None

    async def _hold(self) -> bool:
        """Hold the lease, renewing it when a third of it has passed."""
        now = self._now()
        if self._held_until and self._held_until - now > LEASE * 2 / 3:
            return True
        held = await self._inbox.hold(self._holder, LEASE)
        self._held_until = now + LEASE if held else None
        return held

    def _forget(self) -> None:
        """Start over: what is not marked in the inbox is to be told."""
        self._held_until = None
        self._paused_until = self._now()
        self._cursor = 0
        self._recalled = False
        self._rang: dict[str, datetime] = {}
        self._outbox = Outbox(self._inbox, self._engine, self._now, self._shelf, self._afterwards, self._left_over)

    async def _recall(self, alerts: Iterable[Alert]) -> None:
        """Sort what was relayed before this relay began, once there is an alert that follows others.

        An end finds where its alert was; what fires waits for none of that.
        """
        if self._recalled or not any(one.state in CALM or "children" in one.labels for one in alerts):
            return
        self._recalled, unread = True, 0
        for number, row in enumerate(await self._inbox.lately()):
            if number % PAGE == 0:
                await asyncio.sleep(0)
                await self._hold()
            try:
                for alert in (await self._read_row(row)).alerts if row.door != DOOR else ():
                    self._sort(alert)
            except Exception:
                unread += 1
                log.debug("row %s of %s, which was relayed, cannot be read now", row.row, row.door, exc_info=True)
        if unread:
            log.warning(
                "%s cannot be read again: an end may not find where its alert was", said_count(unread, "relayed row")
            )

    async def _read(self) -> bool:
        """Read the next rows; answers whether there may be more of them."""
        rows = await self._inbox.unrelayed(BATCH, after=self._cursor)
        for row in rows:
            await self._hear(row)
            self._cursor = row.row
        return len(rows) == BATCH

    async def _hear(self, row: Row) -> None:
        """Take one row, its whole way under its own guard: whatever is wrong with it stops no other.

        What its sender did wrong is set aside and shown; what we did wrong lets it wait until we have mended it.
        """
        try:
            if row.door == DOOR and self._keeper:
                return self._outbox.hold(row.row, *self._keeper.read(row))
            remark = await self._take(row)
        except Unreadable as error:
            return await self._inbox.mark_unreadable(row.row, error.path, error.found, error.expected)
        except Exception as error:
            log.exception("row %s of %s waits for a mend of ours", row.row, row.door)
            return await self._inbox.hold_back([row.row], row.door, f"{type(error).__name__}: {error}")
        if remark is not None:
            await self._inbox.mark_relayed([row.row], remark)
        return None

    async def _take(self, row: Row) -> str | None:
        """Hand what a row says to the outbox; answers a remark when there is nothing in it for anybody."""
        rule, at = self._rule(), row.request.received_at
        said = with_heartbeats(self._ringing_once(row, await self._read_row(row)), rule)
        alerts, acts, old = fresh(said, at, self._now() - rule.oldest)
        await self._recall(alerts)
        for_groups = [(group, alert) for alert in alerts for group in self._sort(alert)]
        for_acts = [(None if act.incident else self._sort(act)[0], act) for act in acts]
        for group, alert, act in await self._left(row, said) if said.moved and alerts else ():
            for_groups.append((group, heard(alert, at)))
            for_acts.append((group, heard_act(act, at)))
        kept = said.deployments if self._shelf else ()
        wrong = said.unread[0] if said.unread else None
        trace = row.request.headers.get(tracing.PARENT, "") if tracing.tracer() else ""
        self._outbox.take(row.row, for_groups, for_acts, kept, wrong, trace=trace)
        if alerts or acts or kept:
            return None
        if wrong:
            await self._outbox.finish([row.row], old or said.remark)
            return None
        return old or said.remark

    async def _left(self, row: Row, said: WebhookContent) -> list[Left]:
        """The groups that alerts were of before they were moved; an earlier row that cannot be read says nothing."""
        before: list[WebhookContent] = []
        for one in await self._inbox.earlier(row.door, row.row, [act.alert.encode() for act in said.moved]):
            with suppress(Unreadable):
                before.append(await self._read_row(one))
        return left_behind(said, before, self._sort)

    async def _read_again(self) -> None:
        """Put in again what waited for a mend and can be read now; of what the engine did not take, one at a time."""
        if self._now() < self._again_at:
            return
        self._again_at = self._now() + AGAIN
        tried, last = False, 0
        while rows := await self._inbox.held_back(PAGE, after=last):
            last = rows[-1].row
            for row in rows:
                if await self._reads(row) and not (row.path == ENGINE and tried):
                    tried = tried or row.path == ENGINE
                    await self._inbox.again(row.row)

    async def _reads(self, row: Row) -> bool:
        """Whether a row can be read now, for what it says or for what its sender did wrong."""
        try:
            said = await self._read_row(row)
            both: tuple[Alert | VendorAct, ...] = (*said.alerts, *said.acts)
            for one in both:
                self._sort(one)
        except Unreadable:
            return True
        except Exception:
            return False
        return True

    async def _say(self, trouble: str) -> None:
        """Let everybody see what keeps the relay from getting on, whichever process they ask."""
        if trouble != self._trouble:
            self._trouble = trouble
            await self._inbox.note_trouble(trouble)

    async def _read_row(self, row: Row) -> WebhookContent:
        """What a row says; a large one is read beside the loop, where it holds up nobody."""
        if row.door not in self._doors:
            raise Unreadable("door", row.door, f"one of {', '.join(sorted(self._doors))}")
        read = self._doors[row.door].read
        return await asyncio.to_thread(read, row.request) if len(row.request.body) > LARGE else read(row.request)

    def _ringing_once(self, row: Row, heard: WebhookContent) -> WebhookContent:
        """That something could not be read rings at most once an hour a door."""
        last, now = self._rang.get(row.door), self._now()
        if not heard.unread:
            return heard
        if last is None or now - last >= HOUR:
            self._rang[row.door] = now
            return heard
        return heard.model_copy(update={"alerts": tuple(one for one in heard.alerts if not is_alarm(one))})

    def _pause(self, error: Unanswered) -> None:
        self._away += 1
        pause = min(pause_after(self._away), LONGEST_PAUSE)
        log.warning("the engine is away, the relay tries again in %s: %s", pause, error)
        self._paused_until = self._now() + pause

    def _next_at(self) -> datetime:
        due = self._outbox.next_due_at()
        latest = self._now() + LOOK
        return max(min(due, latest) if due else latest, min(self._paused_until, latest))
