"""What of a security incident is shown, and to whom (SCP-3).

Its war room is private, so its subject is too: everybody sees that it is there, how grave it is and which clocks run;
title, words, links and timeline are for those whom the policy names (`secrecy`): who hold a role in it, and its team's
managers, where it says nothing. Who somebody is, only a provider or a trusted
proxy can say: a shared token names nobody, and neither does being on this machine.
"""

from collections.abc import Mapping
from typing import Any

from domain.company.catalog import Catalog
from domain.company.policy_secrecy import SecrecyRule
from domain.value.private import VEIL
from ingress.board.gate import Guest
from ingress.board.status import BoardSnapshot, OpenIncident
from records.overview import MissedPart, Overview

PRIVATE = VEIL
KEPT_PRIVATE = "private"
UNSAID = {"says": KEPT_PRIVATE, "does": ""}
"""What is left of a deadline of a security incident for those who may not read it."""


def may_read(
    guest: Guest, kind: str, people: Mapping[str, str], team: str, *, catalog: Catalog, rule: SecrecyRule
) -> bool:
    """Whether this person may read everything about an incident; `people` hold its roles, by role."""
    if kind != "security":
        return True
    person = person_of(guest, catalog)
    managers = catalog.teams[team].managers if team in catalog.teams else ()
    return bool(person) and rule.reads(person, people, managers)


def person_of(guest: Guest, catalog: Catalog) -> str:
    """Who of the company it is, as provider or proxy says; empty where nobody says so, or it is a stranger."""
    person = catalog.person_called(guest.name) if guest.name else None
    return person.id if person else ""


def shielded(scene: BoardSnapshot, guest: Guest, catalog: Catalog, rule: SecrecyRule) -> BoardSnapshot:
    """The scene as this person may see it."""

    def seen(one: OpenIncident) -> OpenIncident:
        reads = may_read(guest, one.kind, one.people, one.team, catalog=catalog, rule=rule)
        return one if reads else _veiled(one)

    return scene.model_copy(update={"standing": tuple(seen(one) for one in scene.standing)})


def title_of(row: Overview | MissedPart) -> str:
    """The title of an incident in a list of many."""
    return PRIVATE if row.kind == "security" else row.title


def _veiled(one: OpenIncident) -> OpenIncident:
    due = None if one.due is None else tuple(due.model_copy(update=UNSAID) for due in one.due)
    hidden: dict[str, Any] = {
        "title": PRIVATE,
        "due": due,
        "people": {},
        "found": None,
        "told": "",
        "told_moments": (),
        "items": 0,
    }
    return one.model_copy(update=hidden)
