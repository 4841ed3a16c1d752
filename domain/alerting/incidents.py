"""The incidents of a group of alerts: the one that new alerts go to, and those beside it (DET-4, DET-7, RES-3)."""

from datetime import datetime
from typing import Protocol, Self

from pydantic import Field

from domain.alerting.alert import Alert
from domain.alerting.beside import MOST, EarlierIncident, firing, is_like, rehomed
from domain.alerting.known import AlertStatus
from domain.alerting.unseen import mark
from domain.company.alert_rule import AlertRule
from domain.value.model import Instant, Model, unsaid


class GroupReport(Protocol):
    """What became of an incident of the group."""

    @property
    def incident(self) -> str:
        """Whose it is, by id."""

    @property
    def phase(self) -> str:
        """How far it is."""

    @property
    def at(self) -> datetime:
        """When it came so far."""

    @property
    def reopen_until(self) -> datetime | None:
        """Until when its alerts reopen it."""

    @property
    def merged_into(self) -> str:
        """The incident that has its alerts from now on (DET-7)."""

    @property
    def dismissed(self) -> bool:
        """Whether what fires now is none, until it has recovered (DET-7)."""

    @property
    def despite(self) -> bool:
        """Whether it was ended although alerts fired (RES-3)."""

    @property
    def aside(self) -> bool:
        """Whether it is another group's from now on, and keeps its alerts (DET-7)."""


class GroupIncidents(Model):
    """Which incidents a group has, and which of them an alert is of; every method returns the next state."""

    rule: AlertRule = AlertRule()
    incident: str = ""
    phase: str = ""
    reopen_until: Instant | None = None
    count: int = 0
    known: dict[str, AlertStatus] = Field(default_factory=dict)
    ended_at: Instant | None = Field(default=None, exclude_if=unsaid)
    """When the last incident was over; what is said to fire after that objects to it."""
    despite: bool = Field(default=False, exclude_if=unsaid)
    """Whether it was ended although alerts fired: their repeats object to nothing (RES-3)."""
    nth: int = Field(default=0, exclude_if=unsaid)
    """Which of the group's incidents the present one is, where that is not the last that was opened."""
    likes: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    """What the present incident is known again by (RES-3)."""
    adopted_at: Instant | None = Field(default=None, exclude_if=unsaid)
    """Since when the present incident is its own, where it was not opened by it (DET-7)."""
    beside: tuple[EarlierIncident, ...] = Field(default=(), exclude_if=unsaid)
    """Its incidents beside the present one, the oldest first."""

    def current(self, now: datetime) -> str:
        """The incident that alerts go to: open, or resolved less than the reopen window ago (RES-3)."""
        gone = self.phase == "resolved" and self.reopen_until is not None and now > self.reopen_until
        return "" if gone else self.incident

    @property
    def _live(self) -> bool:
        """Whether an incident is being fought."""
        return bool(self.incident) and self.phase != "resolved"

    def _standing(self, known: AlertStatus | None) -> tuple[datetime | None, bool]:
        """Since when the incident of an alert is over, if it is, and whether it is being fought."""
        other = next((one for one in self.beside if known and one.nth == known.nth), None)
        return (other.ended_at, other.phase != "resolved") if other else (self.ended_at, self._live or self.despite)

    def _unlike(self, alerts: tuple[Alert, ...]) -> tuple[Alert, ...]:
        """What opens an incident of its own: unlike what a resolved one was about (RES-3), or new by policy (DET-4)."""
        if len(self.beside) >= MOST:
            return ()
        if self.phase == "resolved":
            return tuple(alert for alert in firing(alerts) if not is_like(alert, self.likes))
        new = self.rule.join == "link" and bool(self.likes)
        return tuple(alert for alert in firing(alerts) if new and mark(alert.key) not in self.likes)

    def _set_aside(self) -> Self:
        """Another incident takes what is new; the present one keeps what it was told of."""
        kept = EarlierIncident(
            incident=self.incident,
            nth=self._mine,
            phase=self.phase,
            reopen_until=self.reopen_until,
            ended_at=self.ended_at,
            likes=self.likes,
        )
        return self._with(incident="", phase="", reopen_until=None, likes=(), nth=0, adopted_at=None)._with(
            beside=(*self.beside, kept)
        )

    @property
    def _next(self) -> int:
        """Which of the group's incidents hears of what is heard now."""
        return self._mine if self.incident else self.count + 1

    @property
    def _mine(self) -> int:
        """Which of the group's incidents the present one is."""
        return self.nth or self.count

    def opened(self, incident: str) -> Self:
        """The incident exists."""
        count = self.count + 1
        return self._with(incident=incident, phase="open", reopen_until=None, count=count, nth=0, adopted_at=None)

    def adopt(self, incident: str, now: datetime | None = None) -> Self:
        """A declared or corrected incident becomes the group's; it stands beside one that is being fought already.

        One that it has had takes its place again (DET-7).
        """
        if incident == self.incident:
            return self._with(adopted_at=now)
        had = next((one for one in self.beside if one.incident == incident), None)
        if had and (self._live or had.phase == "resolved"):
            return self
        likes = (incident,)
        if not self._live:
            free = self._set_aside() if self.incident else self
            return (free._promoted(had) if had else free.opened(incident)._with(likes=likes))._with(adopted_at=now)
        other = EarlierIncident(incident=incident, nth=self.count + 1, likes=likes)
        return self._with(count=self.count + 1, beside=(*self.beside, other))

    def forget(self, incident: str) -> Self:
        """The incident has ended without a word; the newest that is fought beside it takes its place."""
        rest = tuple(one for one in self.beside if one.incident != incident)
        if incident != self.incident:
            return self._with(beside=rest) if len(rest) < len(self.beside) else self
        nothing = {"unseen": "", "beyond": False, "told_unseen": 0, "likes": (), "nth": 0, "adopted_at": None}
        watch = self._with(incident="", phase="", reopen_until=None, **nothing)
        fought = [one for one in rest if one.phase != "resolved"]
        return watch._promoted(fought[-1]) if fought else watch

    def _promoted(self, one: EarlierIncident) -> Self:
        """An incident from beside becomes the present one."""
        rest = tuple(other for other in self.beside if other.incident != one.incident)
        return self._with(incident=one.incident, phase=one.phase, nth=one.nth, likes=one.likes, beside=rest)

    def hear_report(self, report: GroupReport) -> Self:
        """The incident's own word: closed frees the group, resolved starts the window (RES-3)."""
        if report.aside:
            return self._left(report.incident, report.at)
        if report.merged_into:
            return self.moved(report.incident, report.merged_into)
        if report.incident != self.incident:
            return self._hear_beside(report)
        over = report.phase in ("resolved", "closed")
        ended_at = report.at if over and self._live else self.ended_at
        watch = self._with(ended_at=ended_at, despite=over and report.despite)
        if report.phase == "closed":
            return (watch._dismissed() if report.dismissed else watch).forget(report.incident)
        return watch._with(phase=report.phase, reopen_until=report.reopen_until)

    def moved(self, incident: str, into: str) -> Self:
        """What one of its incidents had goes on in another one (DET-7)."""
        nths = {one.incident: one.nth for one in self.beside} | ({self.incident: self._mine} if self.incident else {})
        if incident in nths and into in nths:
            return self._with(known=rehomed(self.known, nths[incident], nths[into])).forget(incident)
        beside = tuple(
            one.model_copy(update={"incident": into}) if one.incident == incident else one for one in self.beside
        )
        watch = self._with(beside=beside)
        return watch._with(incident=into, phase="open", reopen_until=None) if incident == self.incident else watch

    def _left(self, incident: str, at: datetime) -> Self:
        """It is another group's, with the alerts that it was told of; new ones are of the newest that is left.

        What was said of a move before it came back says nothing of where it is now.
        """
        if incident != self.incident or (self.adopted_at and at < self.adopted_at):
            return self
        watch = self._set_aside()
        fought = [one for one in self.beside if one.phase != "resolved"]
        return watch._promoted(fought[-1]) if fought else watch

    def _hear_beside(self, report: GroupReport) -> Self:
        """What became of an incident that stands beside the present one."""
        if report.phase == "closed":
            return self.forget(report.incident)
        now = {"phase": report.phase, "reopen_until": report.reopen_until}
        over = {"ended_at": report.at} if report.phase == "resolved" else {}
        return self._with(
            beside=tuple(
                one.model_copy(update=now | over) if one.incident == report.incident else one for one in self.beside
            )
        )

    def _dismissed(self) -> Self:
        """What fires now is none: until it has recovered nobody hears of it again (DET-7)."""
        known = {
            key: one if one.calm else one.model_copy(update={"dismissed": True}) for key, one in self.known.items()
        }
        return self._with(known=known)

    def _with(self, **changes: object) -> Self:
        return self.model_copy(update=changes)
