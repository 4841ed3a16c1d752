"""How a clause is judged from the events of one incident, where no clock of it ran: True met, False missed, None n/a.

The rule says in words what was looked at, so that an auditor can follow. Clauses that are held before there is an
incident, or across incidents, say so and do not apply to one.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.clause import pm
from domain.clause.act import in_time, is_judged
from domain.clause.gdp import must_answer
from domain.incident import Incident

Judge = Callable[[Incident], bool | None]


class Rule(NamedTuple):
    """One clause's rule: what is looked at, and the judge."""

    says: str
    judge: Judge


def _happened(*kinds: str, clause: str = "") -> Judge:
    """Met when such an event is there, not applicable when not."""
    return lambda incident: any(e.what.kind in kinds and clause in ("", e.clause) for e in incident.events) or None


def _never(incident: Incident) -> None:
    return None


def _has_room(incident: Incident) -> bool:
    return incident.catalog.vendor("room", incident.service.name) != "none"


def _done(incident: Incident, prefix: str) -> bool:
    return any(key.startswith(prefix) for key in incident.done)


def _in_scope(incident: Incident) -> bool:
    return not incident.policy.alerts.keeps_back(incident.opened.environment)


def _self_resolved(incident: Incident) -> bool | None:
    if incident.closed_reason != "self_resolved":
        return None
    return not incident.pages or _done(incident, "resolve_pages/")


def _handed(incident: Incident) -> bool | None:
    """Whether the acknowledgement was answered in the room with where to look."""
    acknowledged = [event.number for event in incident.events if event.what.kind == "acknowledged"]
    if not acknowledged or not _has_room(incident):
        return None
    return f"say/{acknowledged[0]}" in incident.done


def _headline(incident: Incident) -> bool | None:
    return "headline" in incident.shown if _has_room(incident) else None


def _room(incident: Incident) -> bool | None:
    wanted = incident.opened.security or any(incident.policy.severities[s].war_room for _, s in incident.severities)
    return bool(incident.room) if wanted and _has_room(incident) else None


def _misses_said(incident: Incident) -> bool | None:
    due = [key for key in (*incident.reminded, *incident.missed) if key.startswith(("COM-1", "COM-2"))]
    return True if due else None


def _mailed(incident: Incident) -> bool | None:
    if incident.mail_draft is None:
        return None
    return all(f"mail/{account.email}" in incident.done for account in incident.catalog.accounts)


def _final_update(incident: Incident) -> bool | None:
    if not incident.resolutions or not incident.status_ref:
        return None
    return any(update.status == "resolved" and update.published_at for update in incident.updates.values())


def _read_back(incident: Incident) -> bool | None:
    checks = any(key.startswith("COM-7/") for key in incident.rung)
    return _done(incident, "read/") if checks else None


def _taken_back(incident: Incident) -> bool | None:
    if not incident.resolutions:
        return None
    return not incident.pages or _done(incident, "resolve_pages/")


def _chased(incident: Incident) -> bool | None:
    keys = {*incident.reminded, *incident.missed}
    return any(key.startswith("PM-1") for key in keys) or None


def _completed(incident: Incident) -> bool | None:
    if not pm.is_owed(incident) or not incident.resolutions or "PM-1" in incident.learning.waivers:
        return None
    completed = pm.completed_at(incident) is not None
    return completed or (None if incident.closed_reason == "drill_over" else False)


def _documented(incident: Incident) -> bool | None:
    return "document" in incident.done or None


def _tracked(incident: Incident) -> bool | None:
    if not incident.items:
        return None
    tracked = all(item.ref or item.state != "open" for item in incident.items.values())
    return all(item.owner and item.due_at for item in incident.items.values()) and tracked


def _searched(incident: Incident) -> bool | None:
    cause = incident.learning.cause
    return f"find_repeats/{cause}" in incident.done if cause and not incident.opened.drill else None


def _answered(incident: Incident) -> bool | None:
    if incident.breach:
        return True
    return False if incident.resolutions and must_answer(incident) else None


def _acknowledged_at(incident: Incident) -> datetime | None:
    return incident.rounds[0].acknowledged_at


def _resolved_at(incident: Incident) -> datetime | None:
    return incident.resolutions[-1][0] if incident.resolutions else None


def _within(clause: str, end: Callable[[Incident], datetime | None]) -> Judge:
    """Whether this incident alone would meet a figure's target."""

    def judge(incident: Incident) -> bool | None:
        target, ended_at = incident.policy.targets.get(clause), end(incident)
        if not target or not target.under or not ended_at or incident.opened.drill:
            return None
        if target.severities and incident.likely not in target.severities:
            return None
        return max(ended_at - incident.opened.fired_at, timedelta()) < target.under

    return judge


def _written_in_time(incident: Incident) -> bool | None:
    if incident.opened.drill or not _completed(incident):
        return None if incident.opened.drill else _completed(incident)
    due, done = pm.due_at(incident), pm.completed_at(incident)
    return due is not None and done is not None and done <= due


def _items_in_time(incident: Incident) -> bool | None:
    judged = [item for item in incident.items.values() if is_judged(incident, item)]
    return all(map(in_time, judged)) if judged and not incident.opened.drill else None


def _first(incident: Incident) -> bool | None:
    """Missed by an incident that repeats another."""
    return not incident.learning.repeats if _searched(incident) else None


def _gapless(incident: Incident) -> bool:
    return [event.number for event in incident.events] == list(range(1, len(incident.events) + 1))


RULES: dict[str, Rule] = {
    "SCP-1": Rule("the environment is none that the policy keeps back", _in_scope),
    "SCP-2": Rule("held before there is an incident: what is out of scope opens none", _never),
    "SCP-3": Rule("the checkpoint's clock, for a security incident", _never),
    "SCP-4": Rule("held before there is an incident: what nobody has named opens one", _never),
    "DET-1": Rule("opened by a monitor or a pager", _happened("opened", clause="DET-1")),
    "DET-2": Rule("opened by an escalated report or a declaration", _happened("opened", clause="DET-2")),
    "DET-3": Rule("held by the group of alerts, across incidents", _never),
    "DET-4": Rule("alerts joined", _happened("alerts_joined")),
    "DET-5": Rule("self-resolved, and every page taken back", _self_resolved),
    "DET-6": Rule("held by the inbox, before there is an incident", _never),
    "ACK-1": Rule("its clock; closed by itself before anybody had to", _never),
    "ACK-2": Rule("its clocks: each level that was reached was paged in time", _never),
    "ACK-3": Rule("the vendor escalated by itself and was noted", _happened("paged_by_vendor")),
    "ACK-4": Rule("acknowledged, with the firing at the source known", _happened("acknowledged")),
    "ACK-5": Rule("its clocks after the acknowledgement", _never),
    "TRI-1": Rule("the acknowledgement was answered with where to look", _handed),
    "TRI-2": Rule("the acknowledgement was answered with the runbook, or that there is none", _handed),
    "TRI-3": Rule("a severity was declared", _happened("severity_declared")),
    "TRI-4": Rule("its clock, or a second person's confirmation", _happened("severity_declared", clause="TRI-4")),
    "TRI-5": Rule("the severity was raised", _happened("severity_declared", clause="TRI-5")),
    "WAR-1": Rule("the war room exists", _room),
    "WAR-2": Rule("the headline stands in #incidents", _headline),
    "WAR-3": Rule("its clocks, one for each chased role", _happened("role_taken")),
    "WAR-4": Rule("its clocks, one from each finding to the next", _happened("finding_posted")),
    "WAR-5": Rule("its clock, once the manager is to be brought in", _never),
    "WAR-6": Rule("people's words and decisions are events", _happened("noted", "finding_posted", "severity_declared")),
    "COM-1": Rule("its clock, for a severity that customers are told of", _never),
    "COM-2": Rule("its clocks, one from each update to the next", _never),
    "COM-3": Rule("an update was approved", _happened("update_approved", clause="COM-3")),
    "COM-4": Rule("a reminder or a miss of COM-1 or COM-2 was recorded when it was due", _misses_said),
    "COM-5": Rule("the drafted e-mail went to every account", _mailed),
    "COM-6": Rule("the final update is published", _final_update),
    "COM-7": Rule("the page was read back when that was due", _read_back),
    "FIX-1": Rule("a change was recorded", _happened("change_recorded", clause="FIX-1")),
    "FIX-2": Rule("its clocks, one for each bypass", _never),
    "RES-1": Rule("resolved, and every page taken back", _taken_back),
    "RES-2": Rule("its clock, for a severity with a target", _never),
    "RES-3": Rule("reopened", _happened("reopened")),
    "PM-1": Rule("its clock, for a severity with a post-mortem", _never),
    "PM-2": Rule("a reminder or a miss of PM-1 was recorded; not applicable when it was complete before", _chased),
    "PM-3": Rule("completed, which the rules allow only with a cause and an item or a reason", _completed),
    "PM-4": Rule("the document was generated, which names roles only", _documented),
    "ACT-1": Rule("every action item has an owner, a due date and its issue", _tracked),
    "ACT-2": Rule("its clocks, one for each action item", _never),
    "REP-1": Rule("earlier incidents were looked for once the cause was named", _searched),
    "GDP-1": Rule("the checkpoint was answered", _answered),
    "GDP-2": Rule("its clock, from the awareness of a breach", _never),
    "KPI-1": Rule("this incident's part: acknowledged in time", _within("KPI-1", _acknowledged_at)),
    "KPI-2": Rule("this incident's part: resolved in time", _within("KPI-2", _resolved_at)),
    "KPI-3": Rule("this incident's part: resolved in time", _within("KPI-3", _resolved_at)),
    "KPI-4": Rule("this incident's part: its post-mortem in time", _written_in_time),
    "KPI-5": Rule("this incident's part: every judged action item done in time", _items_in_time),
    "KPI-6": Rule("this incident's part: it repeats no other", _first),
    "SOC-1": Rule("the events are numbered without a gap; the records prove the rest", _gapless),
}
"""The rule of every clause."""
