"""The clauses of the procedure, as docs/sop.md has them; a test holds the two equal."""

CLAUSES = {
    "SCP-1": (
        "In scope: production incidents of customer-facing services, internal outages that block customer-"
        "impacting work, security incidents."
    ),
    "SCP-2": (
        "Out of scope: planned maintenance windows and non-production environments. Such alerts open nothing,"
        " page nobody, and are kept as suppressed with the reason, so that an auditor can see them."
    ),
    "SCP-3": "A security incident gets a private war room and a breach checkpoint that cannot be skipped.",
    "SCP-4": (
        "What is unknown is in scope: an environment, service or moment that nobody has named opens an incident and"
        " is said; only what the policy names as non-production is kept back."
    ),
    "DET-1": (
        "An incident starts when a monitoring alert fires: through PagerDuty or Opsgenie, or straight from "
        "Datadog, Grafana, CloudWatch or Alertmanager."
    ),
    "DET-2": (
        "Or when a customer report is escalated as S1: support webhook, `/incident declare` in Slack, or the CLI."
    ),
    "DET-3": (
        "The same alert never opens two incidents, however often or in whatever order it is delivered, and "
        "however many arrive at once."
    ),
    "DET-4": (
        "A new alert on a service that already has an open incident joins it (policy) or is linked to it, and"
        " #incidents shows what is already known."
    ),
    "DET-5": (
        "An alert that resolves itself before anyone acknowledges it is closed as self-resolved, with its "
        "page cancelled."
    ),
    "DET-6": "A webhook is answered with success only once the alert is durable.",
    "ACK-1": (
        "The on-call engineer acknowledges within 5 minutes: in PagerDuty or Opsgenie, by Slack button, or by"
        " CLI. All three stop the same clock, and the others are told."
    ),
    "ACK-2": (
        "No acknowledgement at 5 minutes: the secondary on-call is paged; then every 5 minutes the next level"
        " (engineering manager, then the policy's last resort, again and again). It never stops quietly."
    ),
    "ACK-3": "If the paging vendor has escalated by itself, nobody is paged twice for the same level.",
    "ACK-4": "MTTA is measured from when the alert fired at its source.",
    "ACK-5": (
        'An acknowledgement means "I am investigating": it does not stop the clocks of the later phases, and '
        "a P1/P2 that goes silent after it is chased."
    ),
    "TRI-1": (
        "On acknowledgement the engineer is handed the service's dashboards (Datadog/Grafana), logs and "
        "recent deployments."
    ),
    "TRI-2": (
        "The runbook for a known failure mode (the library in Notion, at least ten) is matched to the alert "
        'and handed over, or "no runbook" is said.'
    ),
    "TRI-3": (
        "Severity P1-P4 is declared by the incident commander from the severity matrix; the software proposes"
        " one with its reason."
    ),
    "TRI-4": (
        "Choosing lower than the matrix proposes, or downgrading later, needs a reason and a second person; "
        "it is recorded and counted. An acknowledged incident nobody has classified in 10 minutes is treated "
        "as the matrix proposes."
    ),
    "TRI-5": "Escalating severity is one decision at any time, and starts the clocks of the new severity.",
    "WAR-1": (
        "Declaring a P1/P2 (policy: P3 too) creates the Slack channel `#incident-{id}` with topic, pinned "
        "summary, links, and the right people invited."
    ),
    "WAR-2": "#incidents carries one message per incident, kept up to date.",
    "WAR-3": (
        "Roles: incident commander, on-call engineer, communications lead, engineering manager. Exactly one "
        "commander at a time; a role can be handed over; an unfilled commander or comms role is chased."
    ),
    "WAR-4": (
        "The on-call engineer posts findings every 15 minutes; a reminder goes out before, and a miss is "
        "recorded and told to the commander."
    ),
    "WAR-5": "The engineering manager is brought in for every P1 at once and for any P2 that lasts over 1 hour.",
    "WAR-6": (
        "What people do in the war room (commands, pins, decisions) becomes the incident's timeline, with who and when."
    ),
    "COM-1": "First status page update within 10 minutes of a P1/P2 declaration.",
    "COM-2": "Another at least every 30 minutes while it is active; an update resets that clock.",
    "COM-3": (
        "Updates are drafted from the status page's own templates, edited or approved by the comms lead in "
        "Slack or CLI."
    ),
    "COM-4": (
        "Before a deadline the comms lead is reminded; at the deadline the commander is told; past it the "
        "policy decides: keep nagging, or post the pre-approved holding statement. A miss is recorded "
        "whatever happens."
    ),
    "COM-5": (
        "For a P1 that touches enterprise accounts, the customer e-mail is drafted for approval, and sent to "
        "each account once."
    ),
    "COM-6": "The final resolution update carries a summary of what happened.",
    "COM-7": (
        "The status page is a contractual record: what it shows is compared with the incident's state while "
        "it is active, and a difference is reported."
    ),
    "FIX-1": "Rollback, config change and hotfix are recorded as the commander's decisions.",
    "FIX-2": (
        "A change that bypasses the normal deployment needs the engineering manager's authorisation, from "
        "that person alone, before it counts; it opens an action item to bring the change back through CI/CD."
    ),
    "RES-1": ("The commander declares resolution; the page, the status page, #incidents and the war room all follow."),
    "RES-2": (
        "MTTR targets: P1 1 hour, P2 4 hours, measured from the alert's firing; approaching and passing them "
        "is told to commander and manager."
    ),
    "RES-3": (
        "A resolved incident can be reopened while the alert recurs inside the policy's window; its clocks run again."
    ),
    "PM-1": (
        "At resolution of a P1/P2 the post-mortem is scheduled: a document made from the template in Notion "
        "or Confluence, timeline filled in, owned by the engineering manager, due in 48 hours."
    ),
    "PM-2": "It is chased before and after the deadline, and a miss is recorded.",
    "PM-3": "It cannot be completed without a root cause and at least one action item.",
    "PM-4": "Blameless: the template and generated timeline name roles and actions, not culprits.",
    "ACT-1": "Each action item becomes a Linear or Jira issue with an owner and a due date 14 days out.",
    "ACT-2": (
        "It is followed to its end: closed in the tracker means closed here; reminders on the way; overdue "
        "goes to the engineering manager."
    ),
    "REP-1": "Same root cause within 90 days: said at once in the new incident, and counted.",
    "GDP-1": (
        "Every incident passes a checkpoint: was personal data breached? Unanswered, it is chased, and the "
        "post-mortem cannot complete."
    ),
    "GDP-2": (
        "Yes starts the 72-hour clock of GDPR Article 33 from awareness; reminders; the notification, or the "
        "reason for lateness, is recorded."
    ),
    "KPI-1": "MTTA, target under 5 minutes for P1/P2.",
    "KPI-2": "MTTR P1, under 1 hour.",
    "KPI-3": "MTTR P2, under 4 hours.",
    "KPI-4": "Post-mortem completion, 100 % of P1/P2 within 48 hours.",
    "KPI-5": "Action-item closure, 90 % within 14 days.",
    "KPI-6": "Repeat incidents, under 5 % within 90 days.",
    "SOC-1": (
        "Every decision, escalation, message, deadline met or missed is an audit record that cannot be "
        "altered unnoticed, exportable for a period as SOC 2 evidence."
    ),
}
"""Every clause by its id."""
