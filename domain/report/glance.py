"""An incident as the records keep its row."""

from typing import Any

from domain.incident.incident import Incident
from domain.report.view import View, view
from domain.run.talk import TalkCounts

NOTHING: dict[str, Any] = {
    **dict.fromkeys(("proposed", "room", "room_url", "status_page", "summary", "postmortem"), ""),
    **dict.fromkeys(("retracted", "merged_into", "service_title", "fresh_state"), ""),
    **{name: {} for name in ("words", "severities", "role_titles", "names", "roles")},
    **{name: {} for name in ("tasks", "open_items", "findings", "links", "role_rules", "may")},
    **dict.fromkeys(("due", "owed", "card", "card_moments"), ()),
    **dict.fromkeys(("found", "draft", "mail", "breach", "reports_until", "item_due")),
    **dict.fromkeys(("alerts", "events"), 0),
    "on_page": False,
    "talk": TalkCounts(),
}
"""What is asked of the running incident alone, and says nothing in a row."""


def glance(incident: Incident) -> View:
    """The incident without all that its row does not have: two that are equal make one row."""
    return view(incident, ()).model_copy(update=NOTHING)
