"""What the modals ask: for each kind of act its title and its questions, with the shipped policy's answers."""

from typing import Literal, NamedTuple

Options = tuple[tuple[str, str], ...]

STATUSES = (("investigating", "Investigating"), ("identified", "Identified"), ("monitoring", "Monitoring"))
YES_NO = (("true", "Yes"), ("false", "No"))
ROLES = (
    ("commander", "Incident commander"),
    ("on_call", "On-call engineer"),
    ("comms", "Communications lead"),
    ("manager", "Engineering manager"),
)
"""The shipped policy's roles and, below, severities; a company's own are given to `form` as choices."""
SEVERITIES = tuple((level, level) for level in ("P1", "P2", "P3", "P4"))
CHANGES = (("rollback", "Rollback"), ("config", "Config change"), ("hotfix", "Hotfix"))


class Ask(NamedTuple):
    """One question of a form: the act's field, its label, and how it is answered."""

    field: str
    label: str
    how: Literal["line", "text", "choice", "person", "moment"] = "line"
    optional: bool = False
    options: Options = ()
    hint: str = ""
    listens: bool = False
    """What is chosen changes the form at once."""


TEMPLATE = "template"
"""Not a field of an act: what the text is begun from. Left out where there is nothing to choose from."""
_UPDATE = (
    Ask(TEMPLATE, "Begin from a template", "choice", True, hint="It replaces the text below.", listens=True),
    Ask("status", "State shown to customers", "choice", options=STATUSES, listens=True),
    Ask(
        "body", "What customers read", "text", hint="What is affected, what you do about it, when you will write again."
    ),
)

PREVIEWED = ("draft_update", "approve_update")
"""The forms that show what will be published, as customers will read it."""
OPEN = "open"
"""Not an act: it makes the incident that acts are for."""

FORMS: dict[str, tuple[str, tuple[Ask, ...]]] = {
    OPEN: (
        "Declare an incident",
        (
            Ask("service", "Service", "choice"),
            Ask("title", "What is wrong?"),
            Ask("description", "What do you know?", "text", True),
            Ask("severity", "Severity", "choice", True, SEVERITIES, "Without one the matrix proposes and is asked."),
        ),
    ),
    "declare": (
        "Declare severity",
        (
            Ask("severity", "Severity", "choice", options=SEVERITIES),
            Ask("reason", "Reason", "text", True, hint="Needed when it is lower than proposed."),
        ),
    ),
    "post_finding": (
        "Post findings",
        (
            Ask("conditions", "Conditions: what do you see?", "text"),
            Ask("actions", "Actions: what is under way?", "text", True),
            Ask("needs", "Needs: what would help?", "text", True),
        ),
    ),
    "draft_update": ("Draft an update", _UPDATE),
    "approve_update": ("Approve the update", _UPDATE),
    "approve_mail": ("Approve the e-mail", (Ask("subject", "Subject"), Ask("body", "Text", "text"))),
    "authorise_change": (
        "Authorise a bypass",
        (
            Ask("granted", "May this change bypass the deployment?", "choice", options=YES_NO),
            Ask("reason", "Reason", "text", True),
        ),
    ),
    "record_change": (
        "Record a change",
        (
            Ask("change", "Kind of change", "choice", options=CHANGES),
            Ask("description", "What is changed?", "text"),
            Ask("bypass", "Does it bypass the normal deployment?", "choice", options=YES_NO),
        ),
    ),
    "resolve": ("Resolve the incident", (Ask("summary", "What happened, for the final update", "text"),)),
    "answer_breach": (
        "Personal data breach?",
        (
            Ask("breach", "Was personal data breached?", "choice", options=YES_NO),
            Ask("reason", "Why do you say so?", "text"),
            Ask("aware_at", "When did the company become aware?", "moment", True, hint="Starts the 72 hours of GDPR."),
        ),
    ),
    "note": ("Add to the timeline", (Ask("text", "What happened or was decided?", "text"),)),
    "reopen": ("Reopen the incident", (Ask("reason", "Why is it not over?", "text"),)),
    "offer_role": (
        "Hand over a role",
        (Ask("role", "Role", "choice", options=ROLES), Ask("to", "To whom?", "person")),
    ),
    "page_person": (
        "Page somebody",
        (
            Ask("to", "Whom? A person, or a level such as secondary"),
            Ask("reason", "What do you need?", "text", True),
        ),
    ),
    "name_cause": (
        "Name the root cause",
        (
            Ask("cause", "Root cause, by its key", hint="A key of the policy, such as capacity, or a new one."),
            Ask("title", "What is it, if the key is new?", optional=True),
        ),
    ),
    "add_item": (
        "Add an action item",
        (
            Ask("title", "What is to be done?"),
            Ask("owner", "Who does it?", "person"),
            Ask("body", "Why, and how is it known to be done?", "text", True),
            Ask("due_at", "Until when?", "moment", True, hint="Without a date: when the policy says."),
        ),
    ),
    "waive_items": ("No action item", (Ask("reason", "Why is nothing to be done?", "text"),)),
    "complete_postmortem": (
        "Complete the review",
        (
            Ask("cause", "Root cause, by its key", optional=True, hint="Not needed when it has been named."),
            Ask("title", "What is it, if the key is new?", optional=True),
        ),
    ),
    "close_item": (
        "Close the action item",
        (
            Ask("state", "What became of it?", "choice", options=(("done", "Done"), ("declined", "Declined"))),
            Ask("reason", "Reason", "text", True, hint="Needed when it is declined."),
        ),
    ),
    "record_notification": (
        "Record the notification",
        (
            Ask("reference", "Reference of the notification", optional=True, hint="Empty while none was sent."),
            Ask("authority", "Supervisory authority", optional=True),
            Ask("notified_at", "When was it sent?", "moment", True),
            Ask("nature", "Nature of the breach: whom and what, how many", "text", True, hint="Article 33(3)(a)"),
            Ask("contact", "Data protection officer or contact point", optional=True, hint="Article 33(3)(b)"),
            Ask("consequences", "Likely consequences", "text", True, hint="Article 33(3)(c)"),
            Ask("measures", "Measures taken or proposed", "text", True, hint="Article 33(3)(d)"),
            Ask("late_reason", "Why later than 72 hours?", "text", True, hint="Article 33(1)"),
        ),
    ),
    "snooze": (
        "Snooze reminders",
        (
            Ask("clause", "Clause, such as WAR-4"),
            Ask("until", "Quiet until when?", "moment", hint="The deadline stays; only the reminders keep quiet."),
            Ask("reason", "Why?"),
        ),
    ),
    "waive_clause": (
        "Waive a clause",
        (Ask("clause", "Clause, such as WAR-4"), Ask("reason", "Why is it not held here?", "text")),
    ),
}
"""The forms: for each kind of act, its title and what it asks. A choice without options gets them when opened."""
