"""Groups of alerts and their incidents under way together: the groups' own rules say which incident an alert is for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.alerting.alert import Alert
from domain.alerting.alert_group import AlertGroup
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import Group
from domain.alerting.scope import suppression
from domain.alerting.sifting import GroupAction
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.port.duty import Outcome, Role
from domain.port.internal import FindCompany, ReportToGroup, TellIncident
from domain.procedure.company_search import found
from domain.procedure.detection import opened
from domain.procedure.elsewhere import fought
from domain.procedure.joining import unfollowed
from domain.procedure.kept_back import HearKeptBack
from domain.procedure.repeats import as_earlier
from domain.procedure.report import JoinReport, reports_until
from domain.report.view import pointer, view
from domain.run.agenda import owed
from domain.run.progress import ActResult, open_incident
from domain.run.retry import RetryWindow
from domain.simulation.digests import by_group, digest, is_old, silent
from domain.simulation.incident import SimulatedIncident, SimulatedVendors
from domain.simulation.phrase import others
from domain.simulation.scenario import Scenario, ScenarioAct, ScenarioAlert
from domain.value.act import Act
from domain.value.incident_id import incident_id
from domain.value.model import spoken
from domain.value.repeat import Repeat


@dataclass(frozen=True, slots=True)
class SimulatedSuppression:
    """Alerts that opened nothing, and why: out of scope (SCP-2), or too old to be news."""

    at: datetime
    alerts: tuple[Alert, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An act that was not allowed, or that reached nobody, and why."""

    at: datetime
    act: Act
    reason: str


@dataclass
class Simulation:
    """Everything one scenario sets going: groups, incidents, and what reached none of them."""

    scenario: Scenario
    policy: Policy
    catalog: Catalog
    patience: Mapping[Role, RetryWindow] = field(default_factory=dict)
    watches: dict[str, AlertGroup] = field(default_factory=dict)
    plays: list[SimulatedIncident] = field(default_factory=list)
    """The incidents in the order in which they were opened."""
    suppressed: list[SimulatedSuppression] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    row: int = 0

    def __post_init__(self) -> None:
        self.now = self.scenario.starts_at
        self.world = SimulatedVendors(self.now, list(self.scenario.outages), past=self._past, tell=self._tell)
        self.world.elsewhere = lambda but: fought((play.incident for play in self.plays), but)
        self.world.company, self.world.unwritten = self._company, self.scenario.unwritten_at
        self.policy = self.scenario.ruled(self.policy)
        self.catalog = self.scenario.planned(self.catalog)
        self._told = 0

    def run(self) -> "Simulation":
        """Play the whole scenario."""
        for after, sounds, turns in beats(self.scenario):
            self.pass_to(self.scenario.starts_at + after)
            self.hear(sounds)
            for turn in turns:
                self.act(turn)
        self.pass_until(self.scenario.starts_at + self.scenario.lasts)
        return self

    def pass_until(self, moment: datetime) -> None:
        """Let time pass for all of them, stopping at every moment at which one of them has something to do."""
        while (due := self.next_at()) is not None and due <= moment:
            self._go_to(max(due, self.now))
        self._go_to(moment)

    def pass_to(self, moment: datetime) -> None:
        """Let time pass up to a moment whose own rings wait: what is said and done at a deadline is in time."""
        while (due := self.next_at()) is not None and due < moment:
            self._go_to(max(due, self.now))
        self.now = moment
        for play in self.plays:
            play.now = max(moment, play.now)

    def next_at(self) -> datetime | None:
        """The next moment at which an incident or a group has something to do."""
        incidents = [at for play in self.plays if (at := play.next_at())]
        return min([*incidents, *(at for watch in self.watches.values() if (at := watch.next_at()))], default=None)

    def hear(self, sounds: Iterable[ScenarioAlert]) -> None:
        """What monitors and people say at one moment; each group is told once, and of what is too old nobody is."""
        sounds = tuple(sounds)
        rule, starts_at = self.policy.alerts, self.scenario.starts_at
        old = tuple(one.alert(starts_at) for one in sounds if is_old(one, starts_at, rule))
        if old:
            why = f"from more than {spoken(rule.oldest)} ago: too old to be news"
            self.suppressed.append(SimulatedSuppression(self.now, old, why))
        for group, said in by_group(sounds, self.scenario, self.policy, self.catalog).items():
            for report in (sound for sound in said if sound.by):
                self._report(report, group)
            rung = [sound for sound in said if not sound.by]
            if rung:
                self.row += 1
                watch = self.watches.setdefault(group.key, silent(group))
                told = self._judged(digest(group, rung, self.row, self.scenario, self.policy.alerts))
                self._take(group.key, *watch.read(told, self.now))

    def act(self, turn: ScenarioAct) -> ActResult:
        """Somebody does something about one of the incidents."""
        act = meaning(turn.act, [play.incident.id for play in self.plays]).model_copy(update={"at": self.now})
        play = self._play(turn.incident)
        answer = play.act(act) if play else ActResult(False, "there is no incident that could take it")
        if not answer.accepted:
            self.refused.append(Refused(self.now, act, answer.text))
        self._hear_reports()
        return answer

    def _play(self, number: int) -> SimulatedIncident | None:
        """The incident that is meant; one that has ended altogether takes nothing."""
        found = self.plays[number - 1 :][:1] if number else self.plays[-1:]
        return next((play for play in found if not has_ended(play)), None)

    def _go_to(self, moment: datetime) -> None:
        self.now = moment
        for play in self.plays:
            play.pass_until(moment)
        self._hear_reports()
        for key in list(self.watches):
            self._take(key, *self.watches[key].pass_time(moment))

    def _judged(self, digest: AlertDigest) -> AlertDigest:
        """A digest with whether it is in scope (SCP-2), by policy and catalog at the time of telling."""
        rule, at = self.policy.alerts, max(alert.at for alert in digest.alerts)
        why = suppression(digest.environment, digest.service, self.catalog, rule, at)
        return digest.model_copy(update={"suppressed": why, "rule": rule})

    def _take(self, key: str, watch: AlertGroup, steps: tuple[GroupAction, ...]) -> None:
        """Do what a group asks for, one thing after the other."""
        self.watches[key] = watch
        for one in steps:
            if one.suppressed:
                self.suppressed.append(SimulatedSuppression(self.now, one.alerts, one.suppressed.reason))
                self._tell_kept_back(watch, one.alerts, one.suppressed.reason)
            elif one.opens:
                incident = self._open(watch.seed, key, watch.service, one.alerts, "", one.beside)
                self.watches[key] = self.watches[key].opened(incident)
            elif one.incident or self.watches[key].incident:
                self._pass_on(key, one)
        self._hear_reports()

    def _tell_kept_back(self, watch: AlertGroup, alerts: tuple[Alert, ...], reason: str) -> None:
        """Whoever fights an incident of the service hears what is kept back (SCP-2)."""
        for play in self.plays:
            if watch.service == play.incident.service.name and not play.incident.over:
                play.act(HearKeptBack.of(alerts, reason, group=watch.group, rule=watch.rule))

    def _open(self, seed: str, group: str, service: str, alerts: tuple[Alert, ...], by: str, beside: str = "") -> str:
        known = service if service in self.catalog.services else self.policy.alerts.default_service
        incident, drill = incident_id(seed), self.scenario.kind == "drill"
        meant, earlier = known or self.scenario.service, () if drill else self._past()
        first = opened(
            incident, alerts, meant, self.catalog, self.policy, group=group, drill=drill, earlier=earlier, beside=beside
        )
        play = SimulatedIncident(
            open_incident(first, by or first.source, self.now), self.world, self.now, patience=self.patience
        )
        self.plays.append(play)
        play.settle()
        return incident

    def _tell(self, duty: TellIncident, now: datetime) -> Outcome:
        """Another incident of the play, or the one that it was merged into, decides an act (DET-7)."""
        known = {play.incident.id: play for play in self.plays}
        play = known.get(duty.other)
        while play and (into := play.incident.relations.merged_into):
            if refused := unfollowed(duty, into):
                return refused
            play = known.get(into)
        if play is None or has_ended(play):
            return Outcome(text="there is no such incident, or it has ended")
        play.pass_until(now)
        answer = play.act(duty.act)
        return pointer(view(play.incident, ())) if answer.accepted else Outcome(text=answer.text)

    def _company(self, duty: FindCompany) -> Outcome:
        """The company's catalog, and the group of alerts that takes a corrected incident (DET-7)."""
        answer = found(duty, self.catalog, self.policy)
        if answer.catalog and duty.moves:
            [service] = answer.catalog.services
            watch = self.watches.get(answer.ref) or silent(Group(answer.ref, service, duty.environment))
            self.watches[answer.ref] = watch.adopt(duty.incident, self.now)
        return answer

    def _past(self) -> tuple[Repeat, ...]:
        """What the archive knows: every incident of the play so far."""
        return tuple(as_earlier(play.incident) for play in self.plays)

    def _report(self, sound: ScenarioAlert, group: Group) -> None:
        """A person declares an incident (DET-2), and their service's alerts and further reports join it (DET-4)."""
        alert = sound.alert(self.scenario.starts_at)
        known = self.watches[group.key].incident if group.key in self.watches else ""
        there = next((play for play in self.plays if play.incident.id == known), None)
        until = reports_until(there.incident) if there else None
        if there and until and alert.at <= until:
            there.act(JoinReport.of(alert, sound.by, f"report/{sound.key}"))
            return
        incident = self._open(f"{self.scenario.name}/{sound.key}", group.key, group.service, (alert,), sound.by)
        watch = self.watches.setdefault(group.key, silent(group))
        self.watches[group.key] = watch.adopt(incident)
        self._hear_reports()

    def _pass_on(self, key: str, told: GroupAction) -> None:
        """Tell the group's incident; what still fires and comes too late for it opens the next (DET-3)."""
        watch = self.watches[key]
        play = next(play for play in self.plays if play.incident.id == (told.incident or watch.incident))
        if play.incident.phase == "closed":
            into = play.incident.relations.merged_into
            watch = watch.moved(play.incident.id, into) if into else watch.forget(play.incident.id)
            self._take(key, *watch.hear_again(told.alerts, self.now))
        else:
            play.hear(told.alerts, told.count, told.unseen)

    def _hear_reports(self) -> None:
        """What incidents tell their groups of themselves (RES-3)."""
        while self._told < len(self.world.effects):
            duty = self.world.effects[self._told].duty
            self._told += 1
            if isinstance(duty, ReportToGroup) and duty.group in self.watches:
                self.watches[duty.group] = self.watches[duty.group].hear_report(duty)


def meaning(act: Act, incidents: Sequence[str]) -> Act:
    """The act with other incidents, which a story names by their numbers, by their ids."""
    said = {name: str(getattr(act, name)) for name in others(act.kind)}
    ids = {
        name: incidents[int(word) - 1]
        for name, word in said.items()
        if word.isdecimal() and int(word) <= len(incidents)
    }
    return act.model_copy(update=ids)


def beats(scenario: Scenario) -> list[tuple[timedelta, list[ScenarioAlert], list[ScenarioAct]]]:
    """The scenario's moments in order, with what is heard and what is done at each."""
    moments = sorted({one.after for one in scenario.alerts} | {one.after for one in scenario.acts})
    return [
        (at, [s for s in scenario.alerts if s.after == at], [t for t in scenario.acts if t.after == at])
        for at in moments
    ]


def has_ended(play: SimulatedIncident) -> bool:
    """Whether an incident is closed and owes the world nothing more: the engine has forgotten it."""
    return play.incident.phase == "closed" and not play.trials and next(owed(play.incident), None) is None
