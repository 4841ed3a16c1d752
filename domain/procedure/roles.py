"""WAR-3: who holds which role, how one is handed over, and that a vacant one is chased."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.ringing import Acknowledged
from domain.incident.roles import RoleOffered, RoleTaken
from domain.incident.severity import SeverityDeclared
from domain.incident.tenure import is_vacant, open_offer, silence, together, vacancies
from domain.port.message import Button, Message
from domain.procedure.changes import confirming
from domain.rule.act import FOUGHT, Ask, Decision, IncidentAct
from domain.rule.clause import WITH_ROOM, Clause, Promise, happened
from domain.rule.deputies import deputies
from domain.rule.people import candidates
from domain.rule.refusal import Refusal, settled
from domain.rule.ruleset import Ruleset
from domain.rule.timer import earliest, nth, promised, spells
from domain.value.key import ClockKey
from domain.value.model import Slug, spoken, unsaid
from domain.value.moment import clock_time

APART = "apart"
"""What WAR-3's clock is about where two roles are in one hand."""
PRESSES = {"commander": "I command", "comms": "I write to customers"}
"""What whoever takes a core role says of themselves on its press; another role is named by its title."""
KNOWN = "They get it with the offer, and again when they take it with what was found and decided."


class TakeRole(IncidentAct):
    """A person takes a role that is vacant, or accepts one that was offered (WAR-3)."""

    makes = (RoleTaken,)
    label, verb, style = "Take the role", "role take", "primary"
    in_menu = False
    role: Slug

    def decide(self, incident: Incident) -> Decision:
        """WAR-3: a vacant role is taken, an offered one accepted; nobody takes a role from who holds it alone."""
        role = incident.policy.role_called(self.role)
        if not role:
            return Refusal(f"role: found {self.role!r}, expected one of {', '.join(incident.policy.roles)}")
        holder, title = incident.holders.get(role), incident.policy.roles[role].title
        if incident.phase == "closed":
            return Refusal(ended(incident))
        if holder == self.by and not (incident.policy.absence.retaken and is_vacant(incident, role)):
            return settled(f"you are {title} already")
        offered = open_offer(incident, role)
        if offered and offered.to == self.by:
            return self._taken(incident, role)
        if not (is_vacant(incident, role) or is_taken_apart(incident, role, self.by)):
            lapsed = any(one.role == role and one.to == self.by for one in incident.presence.offers)
            again = "the offer to you is over; " if lapsed else ""
            return Refusal(f"{again}{incident.called(holder or '')} is {title}; {_instead(incident, role, self.at)}")
        if role == incident.policy.role("manager") and self.by not in deputies(incident, self.at):
            return Refusal(f"only a manager of the team, or who stands in for them, can be {title}")
        return self._taken(incident, role)

    def _taken(self, incident: Incident, role: str) -> tuple[Fact, ...]:
        """ACK-1: who is its engineer from now on has taken what rings."""
        rings = not (incident.acknowledged_at or incident.over) and incident.policy.paging.given_up_rings
        took = (Acknowledged(),) if rings and role == incident.policy.role("on_call") else ()
        return (*took, RoleTaken(role=role, person=self.by))


def _instead(incident: Incident, role: str, at: datetime | None) -> str:
    """How a role comes to somebody else: its holder offers it, or was not heard from and is relieved (WAR-7)."""
    quiet = silence(incident, role, at or incident.events[-1].at)
    relieved = "" if quiet is None else f", or be relieved: nothing was heard of them for {spoken(quiet)}"
    return f"they must offer it to you{relieved}"


class OfferRole(IncidentAct):
    """The holder of a role offers it to somebody, who must accept (WAR-3)."""

    makes = (RoleOffered,)
    label, verb = "Hand over a role", "role offer"
    submit = "Offer it"
    phases = FOUGHT
    of_holders = True
    role: Annotated[Slug, Ask("Which role?", choose="role")]
    to: Annotated[Slug, Ask("To whom?", "person")]
    note: Annotated[str, Ask("What should they know?", "text", KNOWN)] = Field(default="", exclude_if=unsaid)

    def decide(self, incident: Incident) -> Decision:
        """WAR-3: the holder offers the role; it stays theirs until it is accepted."""
        role = incident.policy.role_called(self.role)
        if not role:
            return Refusal(f"role: found {self.role!r}, expected one of {', '.join(incident.policy.roles)}")
        if incident.phase == "closed":
            return Refusal(ended(incident))
        to = incident.catalog.person_called(self.to)
        if to is None:
            return Refusal(f"to: found {self.to!r}, expected {incident.catalog.nearest(self.to)}")
        if to.id == incident.holders.get(role):
            return Refusal(f"{to.name} is {incident.policy.roles[role].title} already")
        if self.by != incident.holders.get(role, self.by):
            return Refusal(f"only {incident.called(incident.holders[role])}, who holds it, can offer it")
        return (RoleOffered(role=role, to=to.id, note=self.note.strip()),)


def ended(incident: Incident) -> str:
    """Why nobody takes, offers or loses a role any more; where it goes on instead (DET-7)."""
    into = incident.relations.merged_into
    return f"{incident.id} is closed; it goes on in {into}" if into else f"{incident.id} is closed"


def is_taken_apart(incident: Incident, role: str, person: str) -> bool:
    """WAR-3: whether somebody whom the team lists takes a role from who holds those that are to be two people's.

    Whoever repairs alone at night need not stop to offer the command to the one who was woken for it.
    """
    rule, asked = incident.policy.apart, incident.policy.severities[incident.likely].apart
    if not (rule and rule.taken and role in rule.roles and role in asked and person in candidates(incident, role)):
        return False
    return len({incident.holders.get(one, "") for one in rule.roles}) == 1


def clocks(incident: Incident) -> Iterator[Clock]:
    """WAR-3: for each vacant role that is chased, while a severity asks for a war room; and for two in one hand."""
    for number, (since, until) in enumerate(incident.runs("war_room")):
        for role, rule in incident.policy.roles.items():
            if rule.chased:
                yield from _filling(incident, role, nth(number, "s"), since=since, until=until)
    yield from _apart(incident)


def _filling(incident: Incident, role: str, run: str, *, since: datetime, until: datetime | None) -> Iterator[Clock]:
    what = f"fill the role of {incident.policy.roles[role].title}"
    for count, vacancy in enumerate(vacancies(incident, role, since)):
        start, stop, end = vacancy.since, vacancy.filled_at, earliest(vacancy.cut, until)
        runs = (run, nth(count, "v"))
        yield from promised(incident, WAR_3, start=start, stop=stop, until=end, about=role, runs=runs, what=what)


def _apart(incident: Incident) -> Iterator[Clock]:
    """Two roles in one hand where the policy wants two people: due once somebody is there who could take one."""
    rule, clock = incident.policy.apart, incident.policy.clocks.get(WAR_3.id)
    spans = together(incident, rule.roles) if rule and clock else ()
    for count, (person, since, until) in enumerate(spans):
        for number, (asked, unasked) in enumerate(incident.runs("chased")):
            start, end = max(since, asked), earliest(until, unasked)
            if end is None or start < end:
                runs = (nth(number, "s"), nth(count, "v"))
                yield from _parting(incident, person, runs, start=start, parted=until, until=unasked)


def _parting(
    incident: Incident,
    person: str,
    runs: tuple[str, ...],
    *,
    start: datetime,
    parted: datetime | None,
    until: datetime | None,
) -> Iterator[Clock]:
    rule, clock = incident.policy.apart, incident.policy.clocks[WAR_3.id]
    allowed = clock.span(incident.likely)
    for again, (begin, over) in enumerate(spells(incident, start, until)):
        if rule is None or allowed is None or (parted and parted <= begin):
            return
        key = ClockKey.of(WAR_3.id, APART, *runs, nth(again))
        helped = min((at for at in _helpers(incident, person, begin)), default=begin + rule.alone)
        due = incident.passed.get(key) or min(helped, begin + rule.alone) + allowed
        ended = over is not None and (parted is None or over < parted)
        void, stopped_at = ended and over is not None and over <= due, over if ended else parted
        says = f"hand one of two roles over: {' and '.join(incident.policy.roles[role].title for role in rule.roles)}"
        yield Clock(WAR_3.id, key, says, clock.owner, begin, due, stopped_at, void=void, broken=ended and not void)


def _helpers(incident: Incident, person: str, begin: datetime) -> Iterator[datetime]:
    """When each of the others who could take a role was there: whoever was heard from, but for who tells customers."""
    busy = (person, incident.holder("comms"))
    for name, voices in incident.presence.voices.items():
        if name not in busy and name in incident.catalog.people:
            yield max(voices[0], begin)


def _tell_taken(incident: Incident, event: Event, taken: RoleTaken) -> Message | None:
    """A new holder is said where the role was somebody's before, or is the command; the card shows every one."""
    is_commander = taken.role == incident.policy.role("commander")
    waiting, presses = confirming(incident) if is_commander else ("", ())
    before = [turn.person for turn in incident.presence.turns[taken.role] if turn.at <= event.at][:-1]
    if not waiting and (comes_with_it(incident, event) or not (is_commander or before)):
        return None
    since = f" since {clock_time(event.at)}"
    since += f", from {incident.catalog.short(before[-1])}" if before and before[-1] else ""
    does = "commands" if is_commander else f"is {incident.policy.roles[taken.role].title}"
    to = incident.people([taken.person]) if waiting else ()
    who = incident.called(taken.person) if to else incident.catalog.short(taken.person)
    text = f"WAR-3 *{who} {does}*{since}.{waiting}"
    return Message(text=text, to=to, buttons=presses, moments=(event.at,))


def comes_with_it(incident: Incident, event: Event) -> bool:
    """Whether a role was taken by declaring or acknowledging, which is told by itself."""
    earlier = reversed(incident.events[: event.number - 1])
    before = next((one for one in earlier if not isinstance(one.what, RoleTaken)), event)
    return isinstance(before.what, SeverityDeclared | Acknowledged) and before.at == event.at


def _answers(key: ClockKey) -> tuple[Button, ...]:
    return (OfferRole.button(),) if key.about == APART else (TakeRole.button(role=key.about),)


def named(buttons: Iterable[Button], titles: Mapping[str, str]) -> tuple[Button, ...]:
    """The same presses, where one takes a role as whoever presses it says it."""
    return tuple(_named(one, titles.get(one.fields.get("role", ""), "")) for one in buttons)


def _named(button: Button, title: str) -> Button:
    own = button.label == TakeRole.label and title
    role = button.fields.get("role", "")
    says = PRESSES.get(role, f"Take the role of {title}")
    return TakeRole.button(says, role=role) if own else button


def take(incident: Incident, role: str) -> Button:
    """The press that takes a role, which it names."""
    return _named(TakeRole.button(role=role), incident.policy.roles[role].title)


def _explain_roles(policy: Policy) -> list[str]:
    chased = [rule.title for rule in policy.roles.values() if rule.chased]
    said = [f"Chased while nobody holds them: {', '.join(chased)}."] if chased else []
    titles = ", ".join(rule.title for rule in policy.roles.values())
    rule = policy.apart
    both = f"{' and '.join(policy.roles[role].title for role in rule.roles)}" if rule else ""
    apart = f"Where silence is chased, {both} are two people as soon as there is a second; alone for" if rule else ""
    hands = [f"{apart} {spoken(rule.alone)} at most."] if rule else []
    return [*said, f"The roles: {titles}; each has one holder at a time.", *hands]


WAR_3 = Clause(
    "WAR-3",
    "Roles: incident commander, on-call engineer, communications lead, engineering manager. Exactly one "
    "commander at a time; a role can be handed over; an unfilled commander or comms role is chased.",
    promise=Promise(
        "fill the role",
        then="Role{} filled",
        reminder="Nobody is {of} yet: by {by}, in {left}, somebody is to be.",
        overdue="Nobody is {of} yet; by {by} somebody was to be.",
        counted_from="the declaration of a severity with a war room",
        asked_by=WITH_ROOM,
        explained_as="fill each chased role",
        kept_by=TakeRole,
        answers=_answers,
    ),
    judged_by="its clocks, one for each chased role",
    judge=happened(RoleTaken),
    explain=_explain_roles,
)
RULES = Ruleset(clauses=(WAR_3,), clocks=clocks, tell={RoleTaken: _tell_taken})
