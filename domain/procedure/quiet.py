"""DET-4, DET-5: an incident that was taken does not swallow the next outage, and a quiet one is not forgotten.

ACK-6: nor does one whose page waits for the office swallow what cannot wait.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from pydantic import Field

from domain.alerting.alert import Alert
from domain.incident.alerts import Recovered
from domain.incident.clock import Clock
from domain.incident.entry import CALM, STANDFAST, Ringing
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.lifecycle import Resolved
from domain.incident.office import waited
from domain.incident.pages import rings_on
from domain.port.message import Button, Message
from domain.procedure.matrix import by_the_matrix
from domain.rule.people import held_by
from domain.rule.ruleset import Ruleset
from domain.value.key import ClockKey
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Severity, spoken, unsaid

QUIET = "quiet"
"""How what the clocks of a quiet incident are about begins."""


class RungAnew(Fact):
    """An incident rings again, for something else than what somebody took, or because it cannot wait now (DET-4)."""

    told = True
    clause: ClauseId = "DET-4"
    severity: Severity
    """What the matrix proposes for what it rings for."""
    reason: str
    waited: bool = Field(default=False, exclude_if=unsaid)
    """Whether nobody had taken it, and its page waited for the office (ACK-6)."""

    def apply(self, incident: Incident, event: Event) -> None:
        incident.rounds.append(Ringing(event.at, severity=self.severity))

    def line(self, names: Names) -> Line:
        return Line(f"rings again, {self.severity} {self.since}", self.reason, "bad", alone=True)

    @property
    def since(self) -> str:
        """By what it is so severe."""
        return "now" if self.waited else "proposed"


class StillQuiet(Fact):
    """Everything has been quiet for long, and nobody has said that it is over (DET-5)."""

    answered_by = (Resolved,)
    told = True
    minor = True
    clause: ClauseId = "DET-5"
    since: str = ""

    def line(self, names: Names) -> Line:
        return Line(f"quiet for {self.since}; is it over?", tone="warn", alone=True)


def anew(incident: Incident, alerts: Iterable[Alert], now: datetime) -> tuple[Fact, ...]:
    """DET-4: whether what fires newly in an acknowledged incident must wake somebody again.

    What is worse than anything that was rung for wakes, where the severity lets people sleep after they took it; and
    whatever fires after everything was quiet for long.
    """
    fire = [alert for alert in alerts if alert.state not in CALM and alert.title]
    if not fire or incident.over or not incident.acknowledged_at:
        return ()
    policy = incident.policy
    severity, because, lead = by_the_matrix(incident, *fire)
    rung = [one.severity for one in incident.rounds if one.severity]
    asleep = not policy.severities[incident.likely].chased
    worse = asleep and all(policy.lower(known, severity) for known in (incident.likely, *rung))
    quiet = quiet_since(incident)
    again = quiet is not None and now - quiet >= policy.alerts.rings_anew
    if not worse and not again:
        return ()
    why = f"after {spoken(_minutes(now - quiet))} of quiet" if again and quiet else because
    return (RungAnew(severity=severity, reason=f"{lead.title} ({why})"),)


def settle(incident: Incident) -> tuple[Fact, ...]:
    """ACK-6: what was paged in office hours, and has waited since they ended, rings from the first level once it must.

    Who was paged then may sleep by now, and the hours in between are nobody's delay.
    """
    ringing = incident.rounds[-1]
    if not incident.policy.paging.waits_anew or incident.over or ringing.acknowledged_at:
        return ()
    sent = (one.at for page, one in incident.pages.items() if one.at >= ringing.started_at and not rings_on(page))
    paged, at_once = min(sent, default=None), _at_once_since(incident)
    if not (paged and at_once and paged < at_once and waited(incident, paged, at_once)):
        return ()
    return (RungAnew(clause="ACK-6", severity=incident.likely, reason="it had waited for office hours", waited=True),)


def _at_once_since(incident: Incident) -> datetime | None:
    """Since when its severity wakes at every hour; None while it waits, or wakes nobody."""
    since: datetime | None = None
    for at, severity in reversed(incident.grades):
        if incident.policy.severities[severity].page != "at_once":
            return since
        since = at
    return since


def _minutes(span: timedelta) -> timedelta:
    return timedelta(minutes=span // timedelta(minutes=1))


def quiet_since(incident: Incident) -> datetime | None:
    """Since when every alert has recovered; None where one fires, or where no monitor told of any."""
    recovered = incident.moments(Recovered)
    return recovered[-1] if recovered and not incident.firing else None


def clocks(incident: Incident) -> Iterator[Clock]:
    """DET-5: a quiet incident that no other clock chases is asked about now and again, then resolved by itself."""
    rule, since = incident.policy.alerts, quiet_since(incident)
    left = since is None or incident.over or incident.policy.severities[incident.likely].chased
    if since is None or left or not incident.acknowledged_at or not rule.resolved_after:
        return
    start = max([since, *incident.heard[-1:]])
    asks = [
        start + rule.asked_every * count for count in range(1, 1 + max(int(rule.resolved_after / rule.asked_every), 1))
    ]
    moments = [at for at in asks if at < start + rule.resolved_after] + [start + rule.resolved_after]
    for number, at in enumerate(moments, start=1):
        last = number == len(moments)
        about = f"{QUIET}-{len(incident.heard)}-{'end' if last else number}"
        key = ClockKey.of("DET-5", about)
        rang = incident.rung.get(key)
        says = "take it for over" if last else "ask whether it is over"
        yield Clock("DET-5", key, says, STANDFAST, start, at, rang, wait=True)
        if rang is None:
            return


def expired(incident: Incident, key: ClockKey) -> Iterable[Fact]:
    """Asked once more, or over."""
    if key.clause != "DET-5" or key.topic != QUIET:
        return ()
    since = quiet_since(incident) or incident.events[-1].at
    span = spoken(_minutes(incident.events[-1].at - since))
    if key.number == "end":
        return (Resolved(clause="DET-5", summary=f"Every alert had recovered, and nothing more happened for {span}."),)
    return (StillQuiet(since=span),)


def _ask(incident: Incident, event: Event, quiet: StillQuiet) -> Message:
    ends = Button(act="resolve", label="Resolve", asks=True)
    text = f"DET-5 every alert has been quiet for {quiet.since}, and nobody has said that it is over"
    return Message(text=text, to=held_by(incident, "commander", "on_call"), buttons=(ends,))


def _tell_ringing(incident: Incident, event: Event, rung: RungAnew) -> Message:
    text = f"{event.clause} it rings again, {rung.severity} {rung.since}: {rung.reason}"
    return Message(text=text, to=held_by(incident, "commander", "on_call"))


RULES = Ruleset(settle=settle, clocks=clocks, expired=expired, tell={StillQuiet: _ask, RungAnew: _tell_ringing})
