"""A synthetic quarter: 64 incidents of the shipped company, played by the procedure's own rules.

Pure and seeded: the same seed gives the same quarter, event by event. To try a policy on before there is a past.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from demo.habit import MINUTE, Behaviour
from domain.alerting.alert import Alert
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.port.internal import FindRepeats
from domain.port.tracker import ReadItem
from domain.procedure.detection import opened
from domain.procedure.repeats import as_earlier
from domain.replay.input import ReplayInput
from domain.replay.run import LAST, VendorAnswer, open_again
from domain.simulation.incident import SimulatedVendors
from domain.value.act import Act
from domain.value.incident_id import incident_id
from domain.value.repeat import Repeat

START = datetime(2026, 7, 1, tzinfo=UTC)
LENGTH = timedelta(days=92)
COUNT = 64
REPEATING = 40
"""From which incident on one has a cause that was there before."""
FOLLOWED = timedelta(days=40)
"""How long an incident is followed: up to its close and beyond."""
ACT: TypeAdapter[Act] = TypeAdapter(Act)


class Trouble(NamedTuple):
    """One way in which a service of the shipped company fails."""

    service: str
    title: str
    severity: str
    weight: int


TROUBLES = (
    Trouble("checkout", "5xx error rate above 5%", "critical", 9),
    Trouble("checkout", "p99 latency above 2 s", "warning", 14),
    Trouble("checkout", "Payment provider times out", "error", 6),
    Trouble("checkout", "Fewer orders than usual", "", 10),
    Trouble("billing", "Invoices cannot be rendered", "critical", 7),
    Trouble("billing", "Invoice queue backlog", "warning", 13),
    Trouble("billing", "Certificate expires in 7 days", "info", 6),
    Trouble("platform", "Node not ready", "warning", 8),
    Trouble("platform", "Database replica lag", "error", 6),
    Trouble("platform", "Disk 85% full", "info", 13),
)
INTRUSION = Trouble("checkout", "Unauthorised access to the admin console", "critical", 0)
CAUSES = (
    *("connection pool exhausted", "retry storm", "bad migration", "expired token", "cache stampede", "slow query"),
    *("wrong feature flag", "memory leak", "full disk", "lost leader", "quota reached", "time-out too short"),
    *("unindexed lookup", "stale configuration", "certificate chain", "noisy neighbour", "deadlock", "poison message"),
    *("partner outage", "rate limit reached", "clock skew", "wrong route", "missing alarm", "bad rollout order"),
    *("full queue", "lost index", "broken backup", "unpinned dependency", "expired domain", "stuck lock", "wrong unit"),
    *("oversized payload", "missing retry", "double delivery", "corrupt cache", "exhausted handles"),
)
AWAY = 25 * MINUTE
"""How long after the alert a vendor stays away that is away."""


@dataclass
class Usual:
    """Vendors that take a second or two, are away now and then, and know what the quarter knows."""

    seed: str
    world: SimulatedVendors
    away: str = ""
    """The role of the vendor that is away at first; nobody when empty."""
    earlier: tuple[Repeat, ...] = ()
    ended: dict[str, timedelta] = field(default_factory=dict)

    def answer(self, duty: AnyDuty, now: datetime) -> VendorAnswer:
        """As vendors usually answer."""
        dice = random.Random(f"{self.seed}/{duty.mark}/{now}")  # noqa: S311 -- no secret
        if duty.role == self.away and now < self.world.starts_at + AWAY:
            return VendorAnswer(now + 2 * MINUTE, failure="503 Service Unavailable")
        return VendorAnswer(now + timedelta(milliseconds=dice.randint(150, 2500)), self._outcome(duty, now))

    def _outcome(self, duty: AnyDuty, now: datetime) -> Outcome:
        match duty:
            case FindRepeats():
                return Outcome(repeats=self.earlier)
            case ReadItem():
                ended = self.ended.get(duty.item)
                return Outcome(text="done" if ended and self.world.starts_at + ended <= now else "open")
        return self.world.do(duty, now)


def quarter(policy: Policy, catalog: Catalog, seed: int) -> Iterator[Incident]:
    """The incidents of the quarter, in the order in which they fired, each followed to its end."""
    dice = random.Random(f"quarter/{seed}")  # noqa: S311 -- no secret
    moments = sorted(START + timedelta(seconds=round(dice.random() * LENGTH.total_seconds())) for _ in range(COUNT))
    causes = {service: itertools.cycle(dice.sample(CAUSES, len(CAUSES))) for service in catalog.services}
    earlier, repeated = list[Repeat](), False
    for number, fired_at in enumerate(moments):
        trouble = INTRUSION if number == COUNT // 3 else dice.choices(TROUBLES, [one.weight for one in TROUBLES])[0]
        name = f"synthetic/{seed}/{number}"
        known = [one.cause for one in earlier if one.service == trouble.service and one.cause]
        again = known[:1] if number >= REPEATING and not repeated else []
        cause = (again or [f"{trouble.service}-{next(causes[trouble.service]).replace(' ', '-')}"])[0]
        incident = _played(name, trouble, fired_at, cause, tuple(earlier), policy, catalog)
        repeated = repeated or bool(incident.learning.repeats)
        earlier.append(as_earlier(incident))
        yield incident


def _played(
    name: str,
    trouble: Trouble,
    fired_at: datetime,
    cause: str,
    earlier: tuple[Repeat, ...],
    policy: Policy,
    catalog: Catalog,
) -> Incident:
    """One incident from its alert to its end."""
    dice = random.Random(name)  # noqa: S311 -- no secret
    alert = _alert(name, trouble, fired_at)
    first = opened(incident_id(name), (alert,), trouble.service, catalog, policy, group=f"{trouble.service}/production")
    away = dice.choices(["", "status_page", "room", "pager"], [85, 8, 5, 2])[0]
    vendors = Usual(name, SimulatedVendors(fired_at), away, earlier)
    team = catalog.teams[catalog.services[trouble.service].team]
    habit = Behaviour(
        dice,
        team,
        first,
        cause,
        cause.partition("-")[2].replace("-", " "),
        trouble is INTRUSION,
        dice.random() < 0.15,
        vendors.ended,
    )
    run = open_again(first, "alertmanager", fired_at + timedelta(seconds=dice.randint(4, 40)), vendors)
    for number, (after, beat) in enumerate(habit.acts()):
        at = max(fired_at + after, run.now)
        run.until(at)
        run.take(_cue(beat, alert, at, f"{name}/{number}"))
    run.until(fired_at + FOLLOWED)
    return run.incident


def _alert(name: str, trouble: Trouble, fired_at: datetime) -> Alert:
    """The alert as its monitor says it."""
    return Alert(
        source="alertmanager",
        key=name,
        episode="1",
        title=trouble.title,
        service=trouble.service,
        severity=trouble.severity,
        environment="production",
        fired_at=fired_at,
        at=fired_at,
    )


def _cue(beat: dict[str, Any], alert: Alert, at: datetime, id: str) -> ReplayInput:
    """An act, or the alert in another state."""
    if "state" in beat:
        episode = f"{alert.episode}-{at:%H%M}" if beat["state"] == "firing" else alert.episode
        return ReplayInput(
            LAST, at, alerts=(alert.model_copy(update={"state": beat["state"], "episode": episode, "at": at}),)
        )
    return ReplayInput(LAST, at, ACT.validate_python({**beat, "id": id}))
