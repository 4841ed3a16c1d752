"""Every button that the code can show: where people meet it, who may press it, and what comes of it."""

from typing import Any

from tests.ingress.slack.case import (
    Case,
    Setup,
    accounted,
    active,
    alerting,
    breached,
    bypassing,
    commanded,
    complete,
    declined,
    downgraded,
    itemised,
    later,
    left,
    marked,
    resolved,
    shown_complete,
    shown_resolved,
    taken_back,
    tasked,
    then,
    two_alerting,
    unanswered,
    unmarking,
    untaken,
)
from tests.ingress.slack.scene import DANA, INES, JONAS, MIRA, SAM

NOTIFICATION = {
    "reference": "DPA-7", "nature": "400 addresses", "contact": "dpo", "consequences": "phishing", "measures": "keys",
}  # fmt: skip
ITEM = {"title": "alert on the pool", "owner": SAM}
ACCOUNT = {"body": "A release was faulty. We took it back, and every release is tried on a copy now."}
UPDATE = {"status": "identified", "body": "A bad deploy."}
P1, FINDING, SUMMARY = {"severity": "P1"}, {"conditions": "the disk is full"}, {"summary": "Rolled back."}
CHANGE = {"change": "config", "description": "flag off", "bypass": "false"}
ALONE = "nobody else sees it"
NO_BREACH = {"breach": "false", "reason": "nothing was read"}


def _in(module: str, **by_default: Any) -> Any:
    """Cases of one module; the label in the source is the label on the button."""

    def case(act: str, label: str, setup: Setup, right: str, event: str = "", **more: Any) -> Case:
        return Case(f"{module}: {act} {label}", setup, label, right, event, **{**by_default, **more})

    return case


told, account, news, card, menu, secret, task = (
    _in("domain.run.telling"), _in("domain.run.telling", said="COM-8", where="direct", reason=ALONE),
    _in("domain.run.announcement"), _in("domain.procedure.headline"),
    _in("ingress.chat.answer", where="menu"), _in("domain.procedure.security"),
    _in("domain.procedure.tasks"),
)  # fmt: skip
CASES: tuple[Case, ...] = (
    told("acknowledge", "I'm on it", later(alerting, minutes=4), DANA, "acknowledged", said="ACK-1",
         where="incidents"),
    told("declare", "Declare", later(then(alerting, (DANA, "ack")), minutes=8), DANA, "severity_declared", said="TRI-4",
         reason=ALONE, values=P1, where="direct"),
    told("post_finding", "Tell the room", later(active, minutes=13), DANA, "finding_posted", said="WAR-4",
         values=FINDING, where="direct"),
    told("approve_update", "Publish the update", later(active, minutes=11), JONAS, "update_approved", said="COM-1",
         wrong=DANA, values=UPDATE),
    told("resolve", "Resolve", later(active, minutes=46), JONAS, "resolved", said="RES-2", reason=ALONE, values=SUMMARY,
         where="direct"),
    told("take_role", "Take the role", later(active, minutes=6), INES, "role_taken", said="WAR-3"),
    told("take_role", "Accept", then(active, (JONAS, f"role commander <@{SAM}>")), SAM, "role_taken", wrong=MIRA),
    told("authorise_change", "Allow it", bypassing, MIRA, "change_answered", said="asks to bypass", wrong=JONAS),
    told("authorise_change", "Refuse", later(bypassing, minutes=6), MIRA, "change_answered", said="1, or not by",
         reason=ALONE, values={"reason": "use CI"}, where="direct"),
    told("approve_update", "Publish", active, JONAS, "update_approved", said="COM-3", wrong=DANA),
    told("approve_update", "Edit", active, JONAS, "update_approved", said="COM-3", wrong=DANA, values=UPDATE),
    told("approve_mail", "Edit", active, JONAS, "mail_approved", said="COM-5", wrong=DANA, values={"subject": "Down"}),
    Case("domain.run.telling: approve_mail Mail", active, "Mail 2 accounts",
         JONAS, "mail_approved", wrong=DANA),
    Case("domain.run.telling: declare Confirm", downgraded, "Confirm P3", SAM, "severity_declared",
         where="incidents", reason="anybody may be the second person (TRI-4)"),
    news("complete_postmortem", "Complete", shown_complete, MIRA, "completion_asked", wrong=DANA,
         values={"cause": "deployment"}),
    news("add_item", "Add an action item", shown_resolved, DANA, "item_added", values=ITEM),
    news("name_cause", "Name the root cause", shown_resolved, DANA, "cause_named", wrong=INES,
         values={"cause": "capacity"}),
    news("answer_breach", "Was data touched?", shown_resolved, MIRA, "breach_answered", wrong=DANA, values=NO_BREACH),
    told("answer_breach", "Answer", taken_back, JONAS, "breach_answered", said="GDP-2", reason=ALONE, where="direct",
         values={"breach": "false", "reason": "I looked too"}),
    news("record_notification", "Record the notification", later(breached, hours=25), MIRA, "notification_recorded",
         reason=ALONE, values=NOTIFICATION, where="direct"),
    news("close_item", "Done", later(itemised, days=8, hours=8), SAM, "item_closed", where="direct"),
    news("close_item", "Give reason", declined, MIRA, "item_closed", where="direct",
         values={"state": "declined", "reason": "dear"}),
    Case("domain.procedure.personal: offer_role Hand it over", then(active, (INES, "role comms")), "Hand it over", INES,
         "role_offered", where="direct", values={"to": SAM}, reason=ALONE),
    card("acknowledge", "I'm on it", alerting, DANA, "acknowledged", where="incidents"),
    Case("domain.procedure.headline: declare Declare", commanded, "Declare P1", JONAS, "severity_declared",
         wrong=SAM, where="incidents"),
    card("declare", "Another severity", commanded, JONAS, "severity_declared", wrong=SAM, values=P1, where="incidents"),
    card("post_finding", "Tell the room", active, DANA, "finding_posted", values=FINDING),
    card("draft_update", "Write to customers", active, INES, "update_drafted", values=UPDATE),
    card("menu", "More", active, DANA, heard="What do you want to do?"),
    card("resolve", "Resolve", active, JONAS, "resolved", wrong=DANA, values=SUMMARY),
    card("reopen", "Not over", shown_resolved, DANA, "reopened", values={"reason": "errors again"}, where="incidents"),
    account("approve_public_postmortem", "Post it", accounted, INES, "public_postmortem_approved"),
    account("approve_public_postmortem", "Edit", accounted, INES, "public_postmortem_approved", values=ACCOUNT),
    account("approve_public_postmortem", "Read and post it", later(later(accounted, days=4), hours=7), INES,
            "public_postmortem_approved", values=ACCOUNT),
    menu("draft_public_postmortem", "Write public post-mortem", accounted, DANA, "public_postmortem_drafted",
         values=ACCOUNT),
    task("finish_task", "Done", tasked, SAM, "task_done"),
    task("block_task", "Blocked", tasked, SAM, "task_blocked", values={"task": "1", "reason": "no access"}),
    task("take_task", "Take the task", untaken, DANA, "task_taken"),
    Case("domain.procedure.tasks: keep_task Action item", left, "Action item 1", JONAS, "task_kept", where="direct"),
    Case("domain.procedure.tasks: drop_task Drop", left, "Drop 1", JONAS, "task_dropped", where="direct",
         values={"task": "1", "reason": "it is known"}),
    menu("assign_task", "Assign a task", active, JONAS, "task_assigned", values={"title": "look", "to": SAM}),
    menu("report_impact", "Report impact", active, INES, "impact_reported", values={"customers": "4,000"}),
    secret("tell_customers", "Tell customers?", marked, JONAS, "customers_answered", wrong=DANA,
           values={"tell": "false", "reason": "it would warn them"}),
    secret("unmark_security", "No security incident", marked, SAM, "unmark_asked", values={"reason": "an export"}),
    secret("unmark_security", "Confirm", unmarking, SAM, "security_unmarked"),
    menu("mark_security", "Security incident", active, SAM, "security_marked", values={"reason": "an intruder"}),
    menu("acknowledge", "I'm on it", unanswered, DANA, "acknowledged"),
    menu("declare", "Set the severity", active, JONAS, "severity_asked", wrong=SAM,
         values={"severity": "P2", "reason": "x"}),
    menu("take_role", "Take command", alerting, SAM, "role_taken", where="lobby"),
    menu("offer_role", "Hand over a role", active, JONAS, "role_offered", wrong=SAM,
         values={"role": "commander", "to": DANA}),
    menu("post_finding", "Tell the room", active, SAM, "finding_posted", values=FINDING),
    menu("draft_update", "Write to customers", active, SAM, "update_drafted", values=UPDATE),
    menu("approve_update", "Publish the update", active, JONAS, "update_approved", wrong=DANA, values=UPDATE),
    menu("record_change", "Record a change", active, JONAS, "change_recorded", wrong=DANA, values=CHANGE),
    menu("note", "Add a note", active, SAM, "noted", values={"text": "we call a friend"}),
    menu("answer_breach", "Data breach?", active, JONAS, "breach_answered", wrong=DANA, values=NO_BREACH),
    menu("resolve", "Resolve", active, JONAS, "resolved", wrong=DANA, values=SUMMARY),
    menu("unacknowledge", "Take back the acknowledgement", active, DANA, "unacknowledged",
         values={"reason": "on a train"}),
    menu("page_person", "Page somebody", active, DANA, "page_asked", values={"to": "sam"}),
    menu("reopen", "Not over", resolved, SAM, "reopened", values={"reason": "errors again"}),
    menu("add_item", "Add an action item", resolved, SAM, "item_added", values=ITEM),
    menu("name_cause", "Name the root cause", resolved, MIRA, "cause_named", wrong=INES, values={"cause": "capacity"}),
    menu("waive_items", "No action item", resolved, MIRA, "items_waived", wrong=DANA, values={"reason": "a drill"}),
    menu("complete_postmortem", "Complete the review", complete, JONAS, "completion_asked", wrong=DANA,
         values={"cause": "deployment"}),
    menu("record_notification", "Record the notification", breached, MIRA, "notification_recorded", wrong=DANA,
         values=NOTIFICATION),
    menu("snooze", "Snooze reminders", active, DANA, "snoozed", wrong=SAM,
         values={"clause": "WAR-4", "until": "1772425800", "reason": "rolling back"}),
    menu("waive_clause", "Waive a clause", active, MIRA, "clause_waived", wrong=JONAS,
         values={"clause": "WAR-4", "reason": "we sit together"}),
    menu("due", "What is due", active, DANA, heard="UTC> · COM-1"),
    menu("timeline", "Timeline", active, DANA, heard="Jonas Weber declared P1"),
    menu("menu", "Everything else I may do", active, DANA, heard="What do you want to do?", where="usual"),
    menu("menu", "Open menu", active, DANA, heard="What do you want to do?", where="home"),
    menu("due", "What is due", active, DANA, heard="UTC> · COM-1", where="home"),
    Case("ingress.chat.answer: asked.kind This one", two_alerting, "This one", DANA, "acknowledged", where="which"),
    Case("ingress.chat.direct: asked.kind label", alerting, "I'm on it", DANA, "acknowledged", where="written"),
    Case("ingress.chat.answer: OPEN Declare an incident", alerting, "Declare an incident", DANA, "opened",
         values={"service": "billing", "title": "invoices are late"}, where="home"),
)  # fmt: skip
