"""WAR-7: no right dies with one absent person. A role is relieved, given up, declined; an offer of one lapses."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.lifecycle import Resolved
from domain.incident.ringing import Unacknowledged
from domain.incident.roles import OfferEnded, RoleGivenUp, RoleOffered, RoleTaken, RoleVacated
from domain.incident.tenure import Offer, open_offer, quiet_since, silence
from domain.port.any_duty import AnyDuty
from domain.port.chat import Say
from domain.port.message import Message
from domain.procedure.left_open import left_open
from domain.procedure.roles import PRESSES, OfferRole, TakeRole, ended, take
from domain.rule.act import FOUGHT, Ask, Decision, IncidentAct
from domain.rule.clause import Clause, happened
from domain.rule.deputies import deputies
from domain.rule.people import held_by
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth, pause
from domain.value.key import ClockKey
from domain.value.line import Line, Names
from domain.value.model import ClauseId, ShortText, Slug, spoken
from domain.value.moment import clock_time

OFFERED = {"commander": "the command"}
"""What is offered, where that is not simply the role."""


class ReliefAsked(Fact):
    """Somebody alone wants a holder relieved too early; a second person who wants it too does it (WAR-7)."""

    answered_by = (RoleVacated, RoleGivenUp, RoleTaken, Resolved)
    told = True
    minor = True
    clause: ClauseId = "WAR-7"
    role: Slug
    person: str
    reason: str

    def line(self, names: Names) -> Line:
        return Line(f"asked to relieve {names.person(self.person)} as {names.role(self.role)}", self.reason, "warn")


class Relieve(IncidentAct):
    """A role is taken from a holder who is absent: by the manager, by two people, or after silence (WAR-7)."""

    makes = (RoleVacated, ReliefAsked)
    label, verb = "Relieve a role", "role relieve"
    submit = "Relieve them"
    phases = FOUGHT
    role: Annotated[Slug, Ask("Role", choose="role")]
    reason: Annotated[ShortText, Ask("Why?", "line", "It is recorded, and told to who held it.")]

    def decide(self, incident: Incident) -> Decision:
        """WAR-7: the manager at once, two people at any time, anybody after the policy's silence."""
        role = incident.policy.role_called(self.role)
        if not role:
            return Refusal(f"role: found {self.role!r}, expected one of {', '.join(incident.policy.roles)}")
        if incident.phase == "closed":
            return Refusal(ended(incident))
        holder, title = incident.holders.get(role), incident.policy.roles[role].title
        if not holder:
            return Refusal(f"nobody is {title}; the role can be taken")
        if holder == self.by:
            return Refusal(f"you are {title} yourself; give the role up instead")
        at = self.at or incident.events[-1].at
        seconded = _asked_before(incident, role, self.by, at)
        if seconded or self.by in deputies(incident, at) or silence(incident, role, at) is not None:
            vacated = RoleVacated(role=role, person=holder, how="relieved", reason=self.reason, seconded=seconded)
            return (vacated, *_rings(incident, role))
        asked = ReliefAsked(role=role, person=holder, reason=self.reason)
        return Refusal(f"{_too_early(incident, role, at)}; a second person who relieves them too does it", (asked,))


def _rings(incident: Incident, role: str) -> tuple[Unacknowledged, ...]:
    """ACK-6: nobody is at what its engineer does not fight any more."""
    at_it = incident.acknowledged_at and not incident.over and incident.policy.paging.given_up_rings
    return (Unacknowledged(),) if at_it and role == incident.policy.role("on_call") else ()


def _too_early(incident: Incident, role: str, at: datetime) -> str:
    holder, quiet = incident.called(incident.holders[role]), quiet_since(incident, role)
    if quiet is None or incident.over or not incident.policy.severities[incident.likely].chased:
        return f"one person alone does not relieve {holder} now"
    heard, relief = spoken(max(at, quiet) - quiet), spoken(incident.policy.absence.relief)
    return f"{holder} was heard from {heard} ago; one person alone relieves them after {relief} of silence"


def _asked_before(incident: Incident, role: str, by: str, at: datetime) -> str:
    """Who else wanted the present holder relieved, not too long ago."""
    asked = [
        event
        for event, fact in incident.all(ReliefAsked)
        if fact.role == role and fact.person == incident.holders.get(role) and event.by != by
    ]
    return asked[-1].by if asked and at - asked[-1].at <= incident.policy.absence.request else ""


class GiveUpRole(IncidentAct):
    """The holder of a role gives it up; it is vacant, and chased (WAR-7)."""

    makes = (RoleGivenUp,)
    label, verb = "Give up a role", "role give-up"
    submit = "Give it up"
    phases = FOUGHT
    of_holders = True
    role: Annotated[Slug, Ask("Role", choose="role")]
    reason: Annotated[str, Ask("Why?", "line")] = ""

    def decide(self, incident: Incident) -> Decision:
        """WAR-7: whoever holds it may give it up, with nobody to take it."""
        role = incident.policy.role_called(self.role)
        if not role:
            return Refusal(f"role: found {self.role!r}, expected one of {', '.join(incident.policy.roles)}")
        if incident.holders.get(role) != self.by:
            return Refusal(f"you are not {incident.policy.roles[role].title}; relieve who is, if they are absent")
        if incident.phase == "closed":
            return Refusal(ended(incident))
        return (RoleGivenUp(role=role, reason=self.reason), *_rings(incident, role))


class DeclineRole(IncidentAct):
    """Who was offered a role declines it, or who offered it takes the offer back (WAR-7)."""

    makes = (OfferEnded,)
    label, form_title, verb = "Decline", "Decline a role", "role decline"
    in_menu = False
    role: Annotated[Slug, Ask("Role", choose="role")]
    reason: Annotated[str, Ask("Why?", "line")] = ""

    def decide(self, incident: Incident) -> Decision:
        """WAR-7: an offer is answered with no by the one, and taken back by the other."""
        role = incident.policy.role_called(self.role)
        offer = open_offer(incident, role) if role else None
        if offer is None or self.by not in (offer.to, offer.by):
            return Refusal(f"role: found {self.role!r}, expected a role that is offered to you, or by you")
        how: Literal["declined", "withdrawn"] = "declined" if self.by == offer.to else "withdrawn"
        return (OfferEnded(role=role, to=offer.to, how=how, reason=self.reason),)


def clocks(incident: Incident) -> Iterator[Clock]:
    """WAR-7: an offer waits for its answer, and then lapses."""
    for offer in incident.presence.offers:
        runs, span = (nth(offer.number, "v"),), incident.policy.absence.offer
        says = f"the offer of {incident.policy.roles[offer.role].title} to {incident.called(offer.to)} lapses"
        yield from pause(
            incident, WAR_7, span, start=offer.at, until=offer.ended_at, about=offer.role, runs=runs, what=says
        )


def expired(incident: Incident, key: ClockKey) -> tuple[Fact, ...]:
    """WAR-7: what nobody has answered in time is not offered any more."""
    offer = open_offer(incident, key.about) if key.clause == WAR_7.id else None
    return (OfferEnded(role=offer.role, to=offer.to, how="lapsed"),) if offer else ()


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """WAR-7: an offer reaches who is to have the role where they are, not only in the room; unanswered, once more."""
    for offer in incident.presence.offers:
        if offer.ended_at is None:
            (person,), again = incident.people([offer.to]), incident.policy.absence.offer_again
            told = Say(
                key=f"tell/offer-{offer.number + 1}",
                incident=incident.id,
                clause="WAR-3",
                summary=f"tell {person.name} that a role is offered to them",
                person=person,
                message=offer_message(incident, offer.by, offer).model_copy(update={"small": "WAR-3"}),
            )
            yield told
            if again:
                yield _asked_again(incident, told, offer, offer.at + again)


def _asked_again(incident: Incident, told: Say, offer: Offer, at: datetime) -> Say:
    """The offer once more, before it lapses."""
    lapses_at = offer.at + incident.policy.absence.offer
    title = incident.policy.roles[offer.role].title
    text = (
        f"{incident.catalog.short(offer.by)} waits for your answer until {clock_time(lapses_at, at)}: are you {title}?"
    )
    message = told.message.model_copy(update={"text": text, "moments": (lapses_at,)})
    return told.model_copy(update={"key": f"{told.key}/again", "message": message, "not_before": at})


def offer_message(incident: Incident, by: str, offer: RoleOffered | Offer) -> Message:
    """What somebody is told who was offered a role, with the two answers."""
    title, lapses = incident.policy.roles[offer.role].title, spoken(incident.policy.absence.offer)
    now = f"{PRESSES.get(offer.role, 'I take it')} now"
    answers = (TakeRole.button(now, role=offer.role), DeclineRole.button("Not now", asks=False, role=offer.role))
    role, whose = OFFERED.get(offer.role, f"the role of {title}"), incident.catalog.short(by)
    where = f"{incident.service.title}, {incident.title} ({incident.severity or f'{incident.likely}?'})"
    text = f"{whose} offers you {role}: {where}. It stays with {whose} until you say so; after {lapses} it lapses."
    known = ((f"{incident.catalog.short(by)} says", offer.note),) if offer.note else ()
    return Message(text=text, to=incident.people([offer.to]), facts=known, buttons=answers)


def _tell_offer(incident: Incident, event: Event, offered: RoleOffered) -> Message:
    return offer_message(incident, event.by, offered)


def _tell_vacated(incident: Incident, event: Event, vacated: RoleVacated) -> Message | None:
    """What is said of a team that was let go says it already (DET-7)."""
    if vacated.how == "moved":
        return None
    title, person = incident.policy.roles[vacated.role].title, incident.called(vacated.person)
    by = f"{incident.called(event.by)} relieved {person} as {title}"
    by = f"{person} is relieved as {title}" if event.by == STANDFAST else by
    said = by if vacated.how == "relieved" else f"{person} has left; nobody is {title}"
    return _vacant(incident, event, vacated.role, vacated.person, f"{said}: {vacated.reason}")


def _tell_given_up(incident: Incident, event: Event, given: RoleGivenUp) -> Message:
    said = f"{incident.called(event.by)} gave up the role of {incident.policy.roles[given.role].title}"
    return _vacant(incident, event, given.role, event.by, f"{said}: {given.reason}" if given.reason else said)


def _vacant(incident: Incident, event: Event, role: str, person: str, said: str) -> Message:
    """WAR-7: told to who held it, to who did it, and to those who see to it that somebody takes it."""
    people = (*incident.people([person, event.by]), *held_by(incident, "commander", "manager"))
    asked, more, answers = left_open(incident, event, role)
    text, buttons = f"WAR-7 {said}. The role is vacant.{more}", (take(incident, role), *answers)
    return Message(text=text, to=tuple(dict.fromkeys((*people, *asked))), buttons=buttons)


def _tell_asked(incident: Incident, event: Event, asked: ReliefAsked) -> Message:
    title, person = incident.policy.roles[asked.role].title, incident.called(asked.person)
    text = f"WAR-7 {incident.called(event.by)} wants {person} relieved as {title}: {asked.reason}. A second person may."
    second = Relieve.button("Relieve", "danger", asks=False, role=asked.role, reason=asked.reason)
    people = (*incident.people([asked.person]), *held_by(incident, "manager"))
    return Message(text=text, to=tuple(dict.fromkeys(people)), buttons=(second,))


def _tell_ended(incident: Incident, event: Event, ended: OfferEnded) -> Message:
    title, to = incident.policy.roles[ended.role].title, incident.called(ended.to)
    said = {
        "declined": f"{to} declined the role of {title}",
        "withdrawn": f"the offer of {title} to {to} was taken back",
        "lapsed": f"{to} did not answer the offer of {title}, which has lapsed",
    }[ended.how]
    reason = f": {ended.reason}" if ended.reason else ""
    by = [offer.by for offer in incident.presence.offers if offer.role == ended.role and offer.to == ended.to][-1:]
    again = (OfferRole.button("Offer it to somebody else", role=ended.role),)
    return Message(text=f"WAR-7 {said}{reason}", to=incident.people([*by, ended.to]), buttons=again)


def _explain(policy: Policy) -> list[str]:
    rule = policy.absence
    return [
        f"A holder is relieved by the manager at once, by two people at any time, and by anybody after "
        f"{spoken(rule.relief)} of silence where silence is chased.",
        f"An offered role that nobody answers lapses after {spoken(rule.offer)}; it can be declined or taken back.",
        "What the manager alone may do, who stands in for them may do: the team's next manager, then the last resort.",
    ]


WAR_7 = Clause(
    "WAR-7",
    "No right dies with one absent person: a role can be relieved, given up, declined, deputised; recorded "
    "with the reason and told to both.",
    judged_by="a role was relieved, given up or declined, and it is recorded by whom and why",
    judge=happened(RoleVacated, RoleGivenUp, OfferEnded),
    explain=_explain,
)
RULES = Ruleset(
    clauses=(WAR_7,),
    clocks=clocks,
    duties=duties,
    expired=expired,
    tell={
        RoleOffered: _tell_offer,
        RoleVacated: _tell_vacated,
        RoleGivenUp: _tell_given_up,
        ReliefAsked: _tell_asked,
        OfferEnded: _tell_ended,
    },
)
