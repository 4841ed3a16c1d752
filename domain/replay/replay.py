"""A past incident under another policy: people and monitors do what they did, everything else is played anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.alerting.scope import is_security, suppression
from domain.company.policy import MatrixRule, Policy
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.opening import Opened
from domain.procedure.action_items import AddItem
from domain.procedure.customer_mail import ApproveMail
from domain.procedure.item_changes import ChangeItem
from domain.procedure.matrix import proposal
from domain.procedure.public_update import pending
from domain.procedure.status_page import ApproveUpdate, DraftUpdate
from domain.replay.input import ReplayInput, cues
from domain.replay.run import ReplayRun, VendorModel, open_again
from domain.replay.vendors import EstimatedVendors, RecordedVendors, answers
from domain.run import read as fold
from domain.simulation.incident import SimulatedVendors

LIMIT = (
    "People and monitors are played as they acted then, at their old moments. Under another policy people would have "
    "acted differently: read this as what the policy would have done, not as what would have happened."
)
"""What no replay can know; said wherever one is shown."""


class PolicyNotApplicable(ValueError):
    """The new policy cannot be played in this incident: path, found and expected."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What really happened, the same played again under its own policy, and what the new policy would have done."""

    before: Incident
    control: Incident
    after: Incident | None
    """None when the new policy would not have opened it, for the reason in `unopened`."""
    unopened: str
    until: datetime


def replay(events: Sequence[Event], policy: Policy, until: datetime | None = None) -> Replay:
    """Play an incident's events again under a policy, up to their end or a later moment up to which there were none."""
    before = fold.read(events)
    opened, last_at = before.opened, max(event.at for event in events)
    end = max(until or last_at, last_at) if before.phase != "closed" else last_at
    _fits(before, policy)
    heard = list(cues(events))
    past = RecordedVendors(answers(events), SimulatedVendors(before.opened_at))
    control = _played(opened, events[0], heard, past, end)
    unopened = _out_of_scope(opened, policy)
    if unopened:
        return Replay(before, control, None, unopened, end)
    vendors = EstimatedVendors(past.tries, SimulatedVendors(before.opened_at))
    after = _played(under(opened, policy), events[0], heard, vendors, end)
    return Replay(before, control, after, "", end)


def _played(
    opened: Opened, first: Event, heard: Sequence[ReplayInput], vendors: VendorModel, end: datetime
) -> Incident:
    run = open_again(opened, first.by, first.at, vendors)
    for cue in heard:
        run.until(cue.at, cue.number)
        for one in _adapted(run, cue):
            run.take(one)
    run.until(end)
    run.finish()
    return run.incident


def _adapted(run: ReplayRun, cue: ReplayInput) -> tuple[ReplayInput, ...]:
    """The same words where another policy has prepared less, or allows less time.

    An approval whose draft is not there was written by who approved it; an item is due when the policy has it at the
    latest.
    """
    match cue.act:
        case ApproveUpdate() as act if act.number is not None:
            update = run.incident.updates.get(act.number)
            if update and not update.approved_at:
                return (cue,)
            approve = ReplayInput(cue.number, cue.at, act.model_copy(update={"number": None}))
            if pending(run.incident):
                return (approve,)
            said = {"by": act.by, "at": act.at, "via": act.via, "status": act.status, "body": act.body}
            return (ReplayInput(cue.number, cue.at, DraftUpdate.model_validate(said)), approve)
        case ApproveMail() as act:
            return (ReplayInput(cue.number, cue.at, act.model_copy(update={"number": None})),)
        case AddItem() | ChangeItem() as item if item.due_at and item.at:
            latest = min(item.due_at, run.incident.policy.item_due_by(run.incident.likely).after(item.at))
            return (ReplayInput(cue.number, cue.at, item.model_copy(update={"due_at": latest})),)
    return (cue,)


def _fits(incident: Incident, policy: Policy) -> None:
    """Refuse a policy that names levels which the incident's team does not have."""
    team = incident.catalog.teams[incident.service.team]
    for level in policy.ladder:
        if level not in team.levels:
            found = f"teams.{incident.service.team}.levels.{level}: found nothing in the catalog of {incident.id}"
            raise PolicyNotApplicable(f"{found}, expected people or a schedule, because the ladder names it")


def _out_of_scope(opened: Opened, policy: Policy) -> str:
    """SCP-2: why the new policy would have opened nothing; what a person declares is always in scope."""
    if opened.clause != "DET-1":
        return ""
    found = suppression(opened.environment, opened.service, opened.catalog, policy.alerts, opened.fired_at)
    return found.reason if found else ""


def under(opened: Opened, policy: Policy) -> Opened:
    """The opening as another policy has it: its matrix proposes, its words say what is a security incident."""
    changed: dict[str, object] = {"policy": policy, "security": _security(opened, policy)}
    since = opened.fired_at - policy.learn.repeat_within
    changed["repeats"] = tuple(one for one in opened.repeats if one.fired_at >= since)
    kept = (opened.policy.matrix, opened.security) == (policy.matrix, changed["security"])
    if not kept or opened.proposed not in policy.severities:
        changed["proposed"], changed["because"] = _proposed(opened, policy, bool(changed["security"]))
    return opened.model_copy(update=changed)


def _security(opened: Opened, policy: Policy) -> bool:
    """SCP-3: by the new policy's words; what the monitor itself called a security incident stays one."""
    if policy.alerts.security == opened.policy.alerts.security:
        return opened.security
    alerts = [opened.remembered(seen) for seen in opened.alerts]
    called = opened.security and not any(is_security(alert, opened.policy.alerts) for alert in alerts)
    return called or any(is_security(alert, policy.alerts) for alert in alerts)


def _proposed(opened: Opened, policy: Policy, security: bool) -> tuple[str, str]:
    """TRI-3: what the new matrix makes of the alerts; a sender's word that was not kept is taken from the old row."""
    row = next((one for one in opened.policy.matrix if one.because == opened.because), None)
    alerts = [opened.remembered(seen) for seen in opened.alerts]
    alerts = [one if one.severity else one.model_copy(update={"severity": _word(row)}) for one in alerts]
    if not alerts:
        return (opened.proposed, opened.because) if opened.proposed in policy.severities else _last(policy)
    severity, because, _ = proposal(tuple(alerts), opened.catalog.services[opened.service], policy, security)
    return severity, because


def _word(row: MatrixRule | None) -> str:
    return row.severity[0] if row and row.severity else ""


def _last(policy: Policy) -> tuple[str, str]:
    return list(policy.severities)[-1], "no alert was kept that a row of the matrix could fit"
