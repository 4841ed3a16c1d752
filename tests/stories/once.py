"""What every story holds, whatever it is about: nobody was paged, told, mailed or assigned anything twice."""

from vendors.stage import Stage


def happened_once(stage: Stage) -> None:
    """Fail when an effect is there twice."""
    rooms = stage.slack.workspace.rooms
    marks = [message["metadata"] for room in rooms for message in room.messages if "metadata" in message]
    issues = [issue["fields"] for issue in stage.jira.issues.values()]
    _once("pages", [page.key for page in stage.pagerduty.pages if page.via == "rest"])
    _once("messages", [mark["event_payload"]["key"] for mark in marks])
    _once("issues", [f"{issue['summary']} {sorted(issue['labels'])}" for issue in issues])
    # An invitation may be sent again, moved; a letter may not.
    letters = [mail for mail in stage.smtp.delivered() if not mail.is_multipart()]
    _once("mails", [f"{mail['To']} {mail['Subject']}" for mail in letters])


def _once(what: str, seen: list[str]) -> None:
    twice = sorted({one for one in seen if seen.count(one) > 1})
    assert not twice, f"{what} that happened more than once: {twice}"
