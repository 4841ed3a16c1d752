"""What every story holds, whatever it is about: nobody was paged, told, mailed or assigned anything twice."""

from email.message import EmailMessage

from standins.stage import Stage


def happened_once(stage: Stage) -> None:
    """Fail when an effect is there twice."""
    rooms = stage.slack.workspace.rooms
    marks = [message["metadata"] for room in rooms for message in room.messages if "metadata" in message]
    _once("pages", [page.key for page in stage.pagerduty.pages if page.via == "rest"])
    _once("alerts", [alert.alias for alert in stage.opsgenie.alerts])
    _once("messages", [mark["event_payload"]["key"] for mark in marks])
    _once("updates", stage.instatus.account.notified)  # each ends with its reference; Statuspage's carry none
    _once("issues", [*_jira(stage), *_linear(stage)])
    _once("documents", [str(page["title"]) for page in stage.confluence.pages.values()])
    _once("documents", _notion(stage))
    _once("mails", [_named(mail) for mail in stage.smtp.delivered()])


def _jira(stage: Stage) -> list[str]:
    issues = [issue["fields"] for issue in stage.jira.issues.values()]
    return [f"{issue['summary']} {sorted(issue['labels'])}" for issue in issues]


def _linear(stage: Stage) -> list[str]:
    return [str(issue["description"]) for issue in stage.linear.issues.values() if issue["description"]]


def _notion(stage: Stage) -> list[str]:
    """The pages that carry a mark."""
    keys = [page["properties"].get("Incident key") for page in stage.notion.workspace.pages.values()]
    return [text["plain_text"] for key in keys if key for text in key["rich_text"]]


def _named(mail: EmailMessage) -> str:
    """A mail by whom it is to and what about; each resolution invites anew, so an invitation is known by its id."""
    own = mail["Message-ID"] if mail.get_body(("calendar",)) or "text/calendar" in str(mail) else ""
    return f"{mail['To']} {mail['Subject']} {own}".strip()


def _once(what: str, seen: list[str]) -> None:
    twice = sorted({one for one in seen if seen.count(one) > 1})
    assert not twice, f"{what} that happened more than once: {twice}"
