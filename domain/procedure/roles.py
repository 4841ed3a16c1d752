"""WAR-3: who holds which role, how one is handed over, and that a vacant one is chased."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.roles import RoleTaken
from domain.port.message import Message
from domain.rule.act import Ask, Decision, IncidentAct
from domain.rule.clause import WITH_ROOM, Clause, Promise, happened
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth, promised
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Word


class RoleOffered(Fact):
    """A role was offered and waits for acceptance (WAR-3)."""

    told = True
    minor = True
    kind: Literal["role_offered"] = "role_offered"
    clause: ClauseId = "WAR-3"
    role: Word
    to: Word

    def line(self, names: Names) -> Line:
        """Who is to have which role."""
        return Line(f"offered {names.person(self.to)} the role of {names.role(self.role)}")


def _offered_to(incident: Incident, role: str) -> str:
    """Who was offered a role last, while nobody has taken it since."""
    about = (event.what for event in reversed(incident.events) if isinstance(event.what, RoleOffered | RoleTaken))
    last = next((fact for fact in about if fact.role == role), None)
    return last.to if isinstance(last, RoleOffered) else ""


class TakeRole(IncidentAct):
    """A person takes a role that is vacant, or accepts one that was offered (WAR-3)."""

    makes = (RoleTaken,)
    label, verb, style = "Take the role", "role take", "primary"
    in_menu = False
    kind: Literal["take_role"] = "take_role"
    role: Word

    def decide(self, incident: Incident) -> Decision:
        """WAR-3: a vacant role is taken, an offered one accepted; nobody takes a role from its holder."""
        role = incident.policy.role_called(self.role)
        if not role:
            return Refusal(f"role: found {self.role!r}, expected one of {', '.join(incident.policy.roles)}")
        holder, title = incident.holders.get(role), incident.policy.roles[role].title
        if holder == self.by:
            return Refusal(f"you are {title} already")
        if holder and _offered_to(incident, role) != self.by:
            return Refusal(f"{incident.called(holder)} is {title}; they must offer it to you")
        return (RoleTaken(role=role, person=self.by),)


class OfferRole(IncidentAct):
    """The holder of a role offers it to somebody, who must accept (WAR-3)."""

    makes = (RoleOffered,)
    label, verb = "Hand over a role", "role offer"
    kind: Literal["offer_role"] = "offer_role"
    role: Annotated[Word, Ask("Role", choose="role")]
    to: Annotated[Word, Ask("To whom?", "person")]

    def decide(self, incident: Incident) -> Decision:
        """WAR-3: the holder offers the role; it stays theirs until it is accepted."""
        role = incident.policy.role_called(self.role)
        if not role:
            return Refusal(f"role: found {self.role!r}, expected one of {', '.join(incident.policy.roles)}")
        if self.to not in incident.catalog.people:
            return Refusal(f"to: found {self.to!r}, expected one of {', '.join(incident.catalog.people)}")
        if self.to == incident.holders.get(role):
            return Refusal(f"{incident.called(self.to)} is {incident.policy.roles[role].title} already")
        if self.by != incident.holders.get(role, self.by):
            return Refusal(f"only {incident.called(incident.holders[role])}, who holds it, can offer it")
        return (RoleOffered(role=role, to=self.to),)


def _filled_at(incident: Incident, role: str) -> datetime | None:
    """When a role was held for the first time; whoever holds it later takes it over."""
    first = next((number for number, _, taken in incident.taken if taken == role), None)
    return incident.events[first - 1].at if first else None


def clocks(incident: Incident) -> Iterator[Clock]:
    """WAR-3: for each vacant role that is chased, while a severity asks for a war room."""
    for number, (since, until) in enumerate(incident.runs("war_room")):
        for role, rule in incident.policy.roles.items():
            if rule.chased:
                stop, what, runs = _filled_at(incident, role), f"fill the role of {rule.title}", (nth(number, "s"),)
                yield from promised(
                    incident, WAR_3, start=since, stop=stop, until=until, about=role, runs=runs, what=what
                )


def _tell_offer(incident: Incident, event: Event, offer: RoleOffered) -> Message:
    title = incident.policy.roles[offer.role].title
    accept = TakeRole.button("Accept", role=offer.role)
    text = f"WAR-3 {incident.called(event.by)} offers you the role of {title}"
    return Message(text=text, to=incident.people([offer.to]), buttons=(accept,))


def _tell_taken(incident: Incident, event: Event, taken: RoleTaken) -> Message:
    return Message(text=f"WAR-3 {incident.called(taken.person)} is {incident.policy.roles[taken.role].title}")


def _explain_roles(policy: Policy) -> list[str]:
    chased = [rule.title for rule in policy.roles.values() if rule.chased]
    said = [f"Chased while nobody holds them: {', '.join(chased)}."] if chased else []
    titles = ", ".join(rule.title for rule in policy.roles.values())
    return [*said, f"The roles: {titles}; each has one holder at a time."]


WAR_3 = Clause(
    "WAR-3",
    "Roles: incident commander, on-call engineer, communications lead, engineering manager. Exactly one "
    "commander at a time; a role can be handed over; an unfilled commander or comms role is chased.",
    promise=Promise(
        "fill the role",
        counted_from="the declaration of a severity with a war room",
        asked_by=WITH_ROOM,
        explained_as="fill each chased role",
        kept_by=TakeRole,
        answers=lambda key: (TakeRole.button(role=key.about),),
    ),
    judged_by="its clocks, one for each chased role",
    judge=happened(RoleTaken),
    explain=_explain_roles,
)
RULES = Ruleset(clauses=(WAR_3,), clocks=clocks, tell={RoleOffered: _tell_offer, RoleTaken: _tell_taken})
