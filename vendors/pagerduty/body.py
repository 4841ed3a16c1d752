"""What we send to PagerDuty: the two bodies that page."""

from collections.abc import Sequence
from typing import Any

from domain.port.duty import VendorError
from domain.port.pager import Page

TITLE = 1024
"""Longest summary of an event (docs/events-API-v2/02)."""


def _marked(duty: Page, mark: str) -> str:
    return f"{duty.title[: TITLE - len(mark) - 3]} [{mark}]"


def _details(duty: Page) -> str:
    return "\n\n".join([duty.text, *(f"{link.label}: {link.url}" for link in duty.links)])


def trigger(duty: Page) -> dict[str, Any]:
    """The event of a page. One that is to wake somebody is `error` at least: `warning` may be low urgency."""
    payload = {
        "summary": _marked(duty, duty.mark),
        "severity": "warning" if duty.urgency == "low" else "critical" if _is_critical(duty) else "error",
        "source": duty.service or duty.incident,
        "timestamp": duty.fired_at.isoformat(),
        "custom_details": {"incident": duty.incident, "level": duty.level, "text": _details(duty)},
    }
    links = [{"href": link.url, "text": link.label} for link in duty.links]
    return {"payload": payload, "client": "Standfast", "links": links}


def _is_critical(duty: Page) -> bool:
    """By what it means to customers, whatever the company calls it; a page that does not say is by its name."""
    return duty.impact == "critical" if duty.impact else duty.severity in ("", "P1")


def incident(duty: Page, ids: Sequence[str]) -> dict[str, Any]:
    """The incident of a page; without assignments the service's escalation policy decides."""
    body: dict[str, Any] = {
        "type": "incident",
        "title": _marked(duty, duty.mark.replace("/page/", "/")),
        "service": {"id": duty.service, "type": "service_reference"},
        "urgency": duty.urgency,
        "incident_key": duty.mark,
        "body": {"type": "incident_body", "details": _details(duty)},
    }
    if ids:
        body["assignments"] = [{"assignee": {"id": one, "type": "user_reference"}} for one in ids]
    return body


def left_out(duty: Page, *, everybody: bool = False) -> str:
    """Says whom the page could not name, so that nobody believes them woken."""
    left = [person.id for person in duty.people if everybody or not person.at("pagerduty")]
    return f"PagerDuty could not be told to page {', '.join(left)}" if left else ""


def unmanned(duty: Page) -> str:
    """Says that the schedule has a hole, so that somebody fills it before the next page."""
    return f"PagerDuty has nobody on call in {duty.schedule} now: the service's escalation policy was paged"


def unknown(duty: Page, ids: Sequence[str]) -> str:
    """Says whom PagerDuty would not page although the page named them."""
    names = {person.at("pagerduty"): person.id for person in duty.people}
    who = ", ".join(f"{names.get(one, '')} ({one})".strip() for one in ids)
    return f"PagerDuty would not page {who}: correct their `pagerduty` in the catalog"


def by_event(refused: VendorError) -> str:
    """Says why the service's own escalation policy was paged instead of who the page names."""
    do = f": {refused.do}" if refused.do else ""
    return f"the service's escalation policy was paged, for {refused.said}{do}"
