"""What the head of an incident's page answers what customers see, who decides, what was found, what is next."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from domain.company.core_role import CORE_ROLES, CoreRole
from domain.company.policy import Policy
from domain.incident.entry import STANDFAST
from domain.incident.incident import Incident
from domain.procedure.final_update import COM_6
from domain.procedure.impact import told
from domain.procedure.page_components import shown_states
from domain.procedure.public_update import has_page, on_page, on_the_page, outbox, pending
from domain.procedure.sitrep import DOES
from domain.procedure.sop import PROCEDURE
from domain.procedure.update_clocks import COM_2
from domain.report.due import Due
from domain.report.view import View
from domain.run.agenda import deadlines
from domain.value.line import Names

CUSTOMERS = "COM"
"""The chapter of the SOP whose promises customers hear of."""
LAST = "publishes the last words, else neutral ones leave"
"""What whoever writes to customers may do while the last words wait."""


class CustomerAnswer(NamedTuple):
    """What customers see, and what they were told."""

    states: tuple[str, ...] = ()
    """What the status page shows of the service's components: one state, or several."""
    says: str = ""
    at: datetime | None = None
    nothing: str = ""
    """What is so where they were told nothing."""
    impact: str = ""


class HeadAnswers(NamedTuple):
    """The answers; `customers` is None where the subject is private."""

    who: tuple[tuple[str, str], ...]
    vacant: tuple[str, ...]
    """What nobody does yet."""
    next: Due | None
    next_public: Due | None
    customers: CustomerAnswer | None = None
    draft_at: datetime | None = None
    """When the draft of what customers hear next comes, where nobody has written it (COM-3)."""

    @property
    def next_called(self) -> str:
        """What is next: a word, which is owed again and again, or another step."""
        promise = PROCEDURE.promises.get(self.next.clause) if self.next else None
        return "Next word" if promise and promise.repeats else "Next"


def answers(seen: View, names: Names, parts: Mapping[CoreRole, str], incident: Incident | None = None) -> HeadAnswers:
    """The answers of one incident; `parts`: which role plays which part; `incident` for those who may read it."""
    does = {role: DOES[part] for part, role in parts.items() if part in DOES}
    does |= {role: f"is {title}" for role, title in seen.role_titles.items() if role not in does}
    who = tuple((names.person(seen.roles[role]), doing) for role, doing in does.items() if role in seen.roles)
    vacant = () if seen.resolved_at or seen.closed_at else tuple(_vacant(seen, parts))
    own = [one for one in seen.due if one.owner != STANDFAST]
    public = [one for one in own if one.clause.startswith(CUSTOMERS)] + [*(final_words(incident) if incident else ())]
    rest = [one for one in own if one not in public]
    customers = _customers(incident) if incident else None
    outward = _next(public)
    draft_at = _draft_at(incident, outward) if incident and outward else None
    return HeadAnswers(who, vacant, _next(rest), outward, customers, draft_at)


def parts_of(policy: Policy) -> Mapping[CoreRole, str]:
    """Which role plays which part."""
    return {part: policy.role(part) for part in CORE_ROLES}


def _vacant(seen: View, parts: Mapping[CoreRole, str]) -> Iterable[str]:
    if seen.acknowledged_at is None:
        yield "Nobody is on it yet"
    elif parts.get("commander") not in seen.roles:
        yield "Nobody commands yet"


def _next(due: Iterable[Due]) -> Due | None:
    return min(due, key=lambda one: (_is_target(one), *one.order), default=None)


def _draft_at(incident: Incident, due: Due) -> datetime | None:
    """COM-3: it comes with the reminder."""
    comes = due.clause == COM_2.id and on_page(incident) and not pending(incident) and not outbox(incident)
    return due.rings_at if comes and due.rings_at and due.rings_at < due.due_at else None


def final_words(incident: Incident) -> Iterator[Due]:
    """The last words for customers while they wait for approval: until when, and what leaves without it (COM-6)."""
    role, draft = incident.policy.role("comms"), pending(incident)
    person = incident.holders.get(role, "")
    for one in deadlines(incident):
        if one.clause == COM_6.id and draft:
            yield Due(
                incident=incident.id, clause=one.clause, key=one.key, says=one.says, owner=role, person=person,
                due_at=one.due_at, rings_at=one.rings_at, does=LAST,
            )  # fmt: skip


def _is_target(one: Due) -> bool:
    promise = PROCEDURE.promises.get(one.clause)
    return bool(promise and promise.target)


def _customers(incident: Incident) -> CustomerAnswer:
    impact, shown = told(incident), on_the_page(incident)
    if shown:
        found = shown_states(incident, shown).values()
        states = tuple(dict.fromkeys(state.replace("_", " ") for state in found))
        return CustomerAnswer(states, shown.body, shown.published_at, impact=impact)
    nothing = "They have been told nothing yet." if has_page(incident) else "They are told nothing of it by the page."
    return CustomerAnswer(nothing=nothing, impact=impact)
