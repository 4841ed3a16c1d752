"""What a group of alerts remembers, and what it does with what it hears: suppress, damp, open, pass on."""

from datetime import datetime

from pydantic import Field

from domain.act import Act
from domain.alert import Alert
from domain.clause.scp import Suppression
from domain.digest import Digest
from domain.markdown import literal
from domain.owed.followup import ReportToGroup
from domain.policy import AlertRule
from domain.shape import Moment, Shape

CALM = frozenset({"resolved", "merged"})
LARGEST = 500
"""Keys remembered at most; calm ones are forgotten first, the longest unheard of first."""


class Known(Shape):
    """The last heard state of one alert, and when it last began to fire (for flapping)."""

    state: str
    episode: str
    at: Moment
    fired: tuple[Moment, ...] = ()


class Held(Shape):
    """An alert that waits: a recovery until flapping ends, or a firing until a maintenance window ends."""

    alert: Alert
    until: Moment


class Step(Shape):
    """One thing to do: suppress, open an incident, or tell the open one."""

    alerts: tuple[Alert, ...] = ()
    count: int = 1
    suppressed: Suppression | None = None
    opens: bool = False
    act: Act | None = None
    incident: str = ""


class Watch(Shape):
    """The state of one group; every method returns the next one."""

    group: str
    service: str = ""
    environment: str = ""
    last_row: int = 0
    rule: AlertRule = AlertRule()
    incident: str = ""
    phase: str = ""
    reopen_until: Moment | None = None
    count: int = 0
    seed: str = ""
    known: dict[str, Known] = Field(default_factory=dict)
    recoveries: dict[str, Held] = Field(default_factory=dict)
    waiting: dict[str, Held] = Field(default_factory=dict)

    def current(self, now: datetime) -> str:
        """The incident that alerts go to: open, or resolved less than the reopen window ago (RES-3)."""
        gone = self.phase == "resolved" and self.reopen_until is not None and now > self.reopen_until
        return "" if gone else self.incident

    def read(self, digest: Digest, now: datetime) -> tuple["Watch", tuple[Step, ...]]:
        """What a digest asks for; one that was read before asks for nothing (DET-3)."""
        if digest.last_row <= self.last_row:
            return self, ()
        service, environment = digest.service or self.service, digest.environment
        watch = self._with(last_row=digest.last_row, rule=digest.rule, service=service, environment=environment)
        told = (one for alert in digest.alerts for one in watch._ended(alert))
        fresh = tuple(alert for alert in told if alert.state != "test" and watch._is_news(alert))
        if digest.suppressed:
            return watch._suppress(fresh, digest.suppressed, now)
        heard = {alert.key for alert in fresh}
        watch = watch._with(waiting={key: held for key, held in watch.waiting.items() if key not in heard})
        watch, passed = watch._damp(watch._learn(fresh), now)
        watch, steps = watch._route(passed, fresh, max(digest.count, len(passed)), now)
        acts = tuple(Step(act=heard.act, incident=heard.incident) for heard in digest.acts)
        return watch, (*steps, *acts)

    def _ended(self, alert: Alert) -> tuple[Alert, ...]:
        """The end of a whole that tells its parts by itself, `monitor:group`, is the end of each of them."""
        if alert.state not in CALM or alert.key in self.known or not alert.key.endswith(":"):
            return (alert,)
        parts = [(key, known) for key, known in self.known.items() if key.startswith(alert.key)]
        return tuple(alert.model_copy(update={"key": key, "episode": known.episode}) for key, known in parts)

    def _is_news(self, alert: Alert) -> bool:
        known = self.known.get(alert.key)
        if known is None:
            return True
        return alert.at >= known.at and (alert.state, alert.episode) != (known.state, known.episode)

    def _learn(self, fresh: tuple[Alert, ...]) -> tuple[Alert, ...]:
        """The alerts that matter: a recovery of something never heard of does not."""
        return tuple(alert for alert in fresh if alert.state not in CALM or alert.key in self.known)

    def _damp(self, fresh: tuple[Alert, ...], now: datetime) -> tuple["Watch", tuple[Alert, ...]]:
        """Remember the states; hold the recoveries of what flaps until it has been quiet."""
        known, held, passed = dict(self.known), dict(self.recoveries), []
        for alert in fresh:
            before = known.get(alert.key)
            fired = tuple(at for at in (before.fired if before else ()) if now - at < self.rule.flap_window)
            fired = fired if alert.state in CALM else (*fired, now)[-20:]
            known[alert.key] = Known(state=alert.state, episode=alert.episode, at=alert.at, fired=fired)
            held.pop(alert.key, None)
            if alert.state in CALM and len(fired) >= self.rule.flaps:
                held[alert.key] = Held(alert=alert, until=now + self.rule.flap_window)
            else:
                passed.append(alert)
        return self._with(known=_bounded(known), recoveries=held), tuple(passed)

    def _route(
        self, passed: tuple[Alert, ...], fresh: tuple[Alert, ...], count: int, now: datetime
    ) -> tuple["Watch", tuple[Step, ...]]:
        """To the open incident, or into a new one if anything newly fires."""
        if self.current(now):
            return self, (Step(alerts=passed, count=count),) if passed else ()
        firing = tuple(alert for alert in passed if alert.state not in CALM)
        return self._opening(firing) if firing else (self, ())

    def _opening(self, firing: tuple[Alert, ...]) -> tuple["Watch", tuple[Step, ...]]:
        lead = firing[0]
        seed = f"{self.group}/{lead.key}/{lead.episode or lead.fired_at.isoformat()}/{self.count}"
        watch = self._with(incident="", phase="", reopen_until=None, seed=seed)
        return watch, (Step(alerts=firing, opens=True),)

    def hear_again(self, alerts: tuple[Alert, ...], now: datetime) -> tuple["Watch", tuple[Step, ...]]:
        """Alerts that their incident could not take in any more: what fires goes to the next one."""
        firing = tuple(alert for alert in alerts if alert.state not in CALM)
        return self._route(firing, firing, len(firing), now)

    def _suppress(self, fresh: tuple[Alert, ...], why: Suppression, now: datetime) -> tuple["Watch", tuple[Step, ...]]:
        """SCP-2: firings are kept as suppressed and wait for the window's end; recoveries still reach the incident."""
        calm = tuple(alert for alert in fresh if alert.state in CALM)
        firing = tuple(alert for alert in fresh if alert.state not in CALM)
        waiting = {key: held for key, held in self.waiting.items() if key not in {alert.key for alert in calm}}
        if why.until:
            waiting |= {alert.key: Held(alert=alert, until=why.until) for alert in firing}
        steps = [Step(alerts=firing, suppressed=why)] if firing else []
        known = tuple(alert for alert in calm if alert.key in self.known)
        steps += [Step(alerts=known)] if known and self.current(now) else []
        states = {a.key: Known(state=a.state, episode=a.episode, at=a.at) for a in known}
        return self._with(waiting=waiting, known={**self.known, **states}), tuple(steps)

    def pass_time(self, now: datetime) -> tuple["Watch", tuple[Step, ...]]:
        """Recoveries that stayed quiet are passed on; what still fires when its window ends is heard after all."""
        calm = tuple(held.alert for held in self.recoveries.values() if held.until <= now)
        firing = tuple(held.alert for held in self.waiting.values() if held.until <= now)
        watch = self._with(
            recoveries={key: held for key, held in self.recoveries.items() if held.until > now},
            waiting={key: held for key, held in self.waiting.items() if held.until > now},
        )
        steps = [Step(alerts=calm)] if calm and watch.current(now) else []
        if not firing:
            return watch, tuple(steps)
        watch, passed = watch._damp(firing, now)
        watch, more = watch._route(passed, firing, len(passed), now)
        return watch, (*steps, *more)

    def next_at(self) -> datetime | None:
        """When the next held alert is due."""
        return min((held.until for held in (*self.recoveries.values(), *self.waiting.values())), default=None)

    def waits_for(self) -> str:
        """What the group's timer is for, in the Temporal Web UI."""
        return "SCP-2 end of a maintenance window" if self.waiting else "DET-5 quiet after flapping"

    def opened(self, incident: str) -> "Watch":
        """The incident exists."""
        return self._with(incident=incident, phase="open", reopen_until=None, count=self.count + 1)

    def adopt(self, incident: str) -> "Watch":
        """A declared incident becomes the group's, unless it has one."""
        return self if self.incident and self.phase != "resolved" else self.opened(incident)

    def forget(self, incident: str) -> "Watch":
        """The incident has ended without a word."""
        return self._with(incident="", phase="", reopen_until=None) if incident == self.incident else self

    def hear_report(self, report: ReportToGroup) -> "Watch":
        """The incident's own word: closed frees the group, resolved starts the window (RES-3)."""
        if report.incident != self.incident:
            return self
        if report.phase == "closed":
            return self.forget(report.incident)
        return self._with(phase=report.phase, reopen_until=report.reopen_until)

    def describe(self) -> str:
        """The group in the Temporal Web UI."""
        firing = [f"- {literal(key)}: {known.state} since {known.at:%d %b %H:%M}" for key, known in self.known.items()][
            -20:
        ]
        incident = f"incident **{self.incident}** ({self.phase})" if self.incident else "no open incident"
        return "\n".join(
            [f"### {literal(self.group)}", f"{incident}, {self.count} so far, read up to row {self.last_row}", *firing]
        )

    def _with(self, **changes: object) -> "Watch":
        return self.model_copy(update=changes)


def _bounded(known: dict[str, Known]) -> dict[str, Known]:
    if len(known) <= LARGEST:
        return known
    order = sorted(known, key=lambda key: (known[key].state in CALM, -known[key].at.timestamp()))
    return {key: known[key] for key in order[:LARGEST]}
