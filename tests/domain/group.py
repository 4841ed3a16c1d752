"""A group of alerts under way, and the alerts that it hears."""

from datetime import timedelta
from typing import Any

from domain.alerting.alert import Alert
from domain.alerting.alert_group import AlertGroup
from domain.alerting.digest import AlertDigest
from domain.alerting.hearing import heard, heard_act
from domain.alerting.sifting import GroupAction
from domain.port.internal import ReportToGroup
from domain.simulation.scenario import ScenarioAlert
from tests.domain.story import START

INCIDENT = "INC-00001"


class Group:
    """A group of alerts under way: what it hears in rows, what it wants done, and the incident it gets."""

    def __init__(self) -> None:
        self.watch, self.row, self.opens, self.steps = (
            AlertGroup(group="checkout/production"),
            0,
            0,
            list[GroupAction](),
        )

    def hears(self, *alerts: Alert, at: float = 0, row: int = 0, **more: Any) -> "Group":
        """A digest arrives; an incident that is asked for is opened at once."""
        self.row = row or self.row + 1
        words = {"group": self.watch.group, "service": "checkout", "environment": "production", **more}
        digest = AlertDigest(first_row=self.row, last_row=self.row, alerts=alerts, **{"count": len(alerts), **words})
        return self._next(*self.watch.read(digest, START + timedelta(minutes=at)))

    def hears_now(self, *alerts: Alert, at: float = 0, **more: Any) -> "Group":
        """A digest arrives as the ingress tells it: with the moment of hearing."""
        now = START + timedelta(minutes=at)
        acts = tuple(heard_act(act, now) for act in more.pop("acts", ()))
        return self.hears(*(heard(alert, now) for alert in alerts), at=at, heard_at=now, acts=acts, **more)

    def passes(self, at: float) -> "Group":
        return self._next(*self.watch.pass_time(START + timedelta(minutes=at)))

    def reports(self, phase: str, until: float | None = None, at: float = 0) -> "Group":
        window = None if until is None else START + timedelta(minutes=until)
        moment = START + timedelta(minutes=at)
        report = {"key": "r", "incident": self.watch.incident, "clause": "RES-3", "summary": "x", "group": "g"}
        heard = ReportToGroup.model_validate({**report, "phase": phase, "at": moment, "reopen_until": window})
        self.watch = self.watch.hear_report(heard)
        return self

    def _next(self, watch: AlertGroup, steps: tuple[GroupAction, ...]) -> "Group":
        self.watch, self.steps = watch, list(steps)
        for step in steps:
            if step.opens:
                self.opens += 1
                self.watch = self.watch.opened(f"INC-0000{self.opens}")
        return self

    @property
    def acted(self) -> list[str]:
        """The acts that were passed on with the last word."""
        return [step.act.kind for step in self.steps if step.act]

    @property
    def unseen(self) -> list[int | None]:
        """What the incident was last told of what it does not see."""
        return [step.unseen for step in self.steps if not (step.act or step.suppressed or step.opens)]

    def told(self) -> list[tuple[str, str]]:
        """What the last word was passed on as: each alert and its state."""
        return [(a.key, a.state) for s in self.steps if not s.opens and not s.suppressed for a in s.alerts]


def alert(state: str = "firing", at: float = 0, key: str = "a", episode: str = "1") -> Alert:
    words = {"state": state, "key": key, "episode": episode, "after": timedelta(minutes=at)}
    return ScenarioAlert.model_validate(words).alert(START)


def listed(state: str = "firing", since: float = 0, over: float | None = None, key: str = "a", **more: Any) -> Alert:
    """An alert of a sender that restates what fires with its start, and says of a recovery when it was."""
    ended = START + timedelta(minutes=since if over is None else over)
    fired = START + timedelta(minutes=since)
    words = {"source": "alertmanager", "key": key, "title": key, "state": state, "episode": fired.isoformat(), **more}
    return Alert.model_validate({**words, "fired_at": fired, "at": ended, "restated": True})
