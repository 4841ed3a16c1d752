"""What we send to Opsgenie: the alert of a page, and the words of an action."""

import re
from collections.abc import Sequence
from typing import Any

from domain.port.pager import Page

SOURCE = "Standfast"
MESSAGE, DESCRIPTION, NAME, NOTE = 130, 15_000, 100, 25_000
"""The longest texts Opsgenie takes (docs.opsgenie.com, "Alert API")."""
PRIORITIES, WAITS = ("P1", "P2", "P3"), "P4"
"""P3 is Opsgenie's own default; P4 and P5 are what notification policies hold back until the morning."""
IMPACT = {"critical": "P1", "major": "P2"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOBODY: tuple[str, ...] = ()
PAGED = "paged"
"""The detail that says whom we named: an alert shows ids only, and the schedule may have moved on."""


def named(kind: str, name: str, word: str = "name") -> dict[str, str]:
    """A responder, by id where the name is one."""
    return {"type": kind, "id" if UUID.fullmatch(name) else word: name}


def responders(duty: Page, people: Sequence[str]) -> list[dict[str, str]]:
    """The people; without any the service's team, whose own rules decide, then the schedule itself.

    An alert that names nobody is routed by the team that owns the API integration.
    """
    if people:
        return [named("user", one, "username") for one in people]
    if duty.service:
        return [named("team", duty.service)]
    return [named("schedule", duty.schedule)] if duty.schedule else []


def alert(duty: Page, people: Sequence[str]) -> dict[str, Any]:
    """The alert of a page; its alias is the mark."""
    text = "\n\n".join([duty.title, duty.text, *(f"{link.label}: {link.url}" for link in duty.links)])
    return {
        "message": duty.title[:MESSAGE],
        "alias": duty.mark,
        "description": text[:DESCRIPTION],
        "responders": responders(duty, people),
        "tags": ["standfast"],
        "details": {"incident": duty.incident, "level": duty.level, PAGED: ",".join(people)},
        "priority": priority(duty),
        "source": SOURCE,
        "user": SOURCE,
    }


def alerts(duty: Page, people: tuple[str, ...]) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """The alert of a page, and what it is without whom Opsgenie may refuse; with each whom it names."""
    whole = alert(duty, people)
    team = {"responders": responders(duty, ())}
    nobody: dict[str, Any] = {"responders": []}
    bare = whole | {"details": whole["details"] | {PAGED: ""}}
    tried = [(people, whole), (NOBODY, bare | team), (NOBODY, bare | nobody)]
    return [one for number, one in enumerate(tried) if all(one[1] != before[1] for before in tried[:number])]


def refused(duty: Page, people: tuple[str, ...], named: tuple[str, ...], said: str) -> str:
    """Says that Opsgenie would not page who was named, why, and what to do; empty where nothing was refused."""
    if not said:
        return ""
    who = ", ".join(one for one in people if one not in named) or duty.service or duty.schedule
    instead = ", ".join(named) or "whom its own rules name"
    return f"Opsgenie would not page {who} ({said}) and paged {instead}: correct `opsgenie` in the catalog"


def priority(duty: Page) -> str:
    """Our severity as a priority that still wakes people, by what it means to customers, else by its name.

    An unknown one is taken for the worst; a page that can wait is one that notification policies hold back.
    """
    if duty.urgency == "low":
        return WAITS
    if duty.impact:
        return IMPACT.get(duty.impact, PRIORITIES[-1])
    if duty.severity in PRIORITIES:
        return duty.severity
    return PRIORITIES[-1] if duty.severity else PRIORITIES[0]


def action(user: str, note: str) -> dict[str, str]:
    """Who acts and why, as Opsgenie's activity log shows it."""
    return {"user": user[:NAME], "source": SOURCE, "note": note[:NOTE]}


def left_out(duty: Page, people: Sequence[str]) -> str:
    """Says whom the page could not name, so that nobody believes them woken."""
    left = [person.id for person in duty.people if not person.at("opsgenie")]
    words = [f"Opsgenie could not be told to page {', '.join(left)}"] if left else []
    if duty.schedule and not duty.people and not people:
        words.append(f"Opsgenie has nobody on call in {duty.schedule}")
    return "; ".join(words)
