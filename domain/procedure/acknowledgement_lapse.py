"""ACK-6: when a page is sent, and that an acknowledgement which is taken back, or runs out, pages again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.office import is_unjudged, wakes_at
from domain.incident.pages import is_for_role, pagers, ringing_of, rings_on
from domain.incident.ringing import Acknowledged, PagesTakenBack, Unacknowledged
from domain.incident.roles import RoleTaken
from domain.incident.tenure import heard_since
from domain.port.message import Message
from domain.procedure.acknowledgement import Acknowledge, starts_with
from domain.procedure.paging import known, on_call
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import CHASED, Clause, Promise
from domain.rule.people import held_by
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth, wait
from domain.value.key import ClockKey
from domain.value.model import spoken
from domain.value.moment import clock_time


class Unacknowledge(IncidentAct):
    """The acknowledgement is taken back: nobody is at it, and it rings again (ACK-6)."""

    makes = (Unacknowledged,)
    label, form_title, verb = "Take back the acknowledgement", "Nobody is at it", "unack"
    submit = "Ring on"
    typed = (Typed("unack", arguments=("reason",), without=("page",)),)
    phases = ("triage", "active")
    reason: Annotated[str, Ask("Why?", "text")] = ""
    page: str = ""
    """The page that rings again, where a pager says which."""

    def decide(self, incident: Incident) -> Decision:
        """ACK-6: it rings from the first level; where it only ran out at the pager, unless somebody is at work here."""
        from_pager = self.via in pagers(incident)
        if rings_on(self.page) or incident.corrections.is_released(self.page):
            return ()
        if incident.over or not incident.acknowledged_at:
            said = f"{incident.id} is {incident.phase}; nobody has acknowledged it"
            return () if from_pager else Refusal(said)
        ran_out = from_pager and incident.catalog.person_called(self.by) is None
        return (Unacknowledged(reason=self.reason, rings=not (ran_out and self._at_work(incident))),)

    def _at_work(self, incident: Incident) -> bool:
        """Whether somebody was heard from since the acknowledgement, and lately."""
        since, now = incident.acknowledged_at, self.at or incident.events[-1].at
        last = incident.heard[-1] if incident.heard else None
        lasts = _lasts(incident) or timedelta(minutes=30)
        return last is not None and since is not None and last > since and now - last < lasts


def _lasts(incident: Incident) -> timedelta | None:
    """How long an acknowledgement holds without a word, at the severity in force."""
    rule = incident.policy.clocks.get(ACK_6.id)
    return rule.span(incident.likely) if rule else None


def clocks(incident: Incident) -> Iterator[Clock]:
    """How long the present acknowledgement holds, from the last word of anybody."""
    since, number = incident.acknowledged_at, len(incident.rounds) - 1
    if since and not incident.over:
        last = max([since, *incident.heard[-1:]])
        yield from wait(incident, ACK_6, start=last, about=nth(number))


def expired(incident: Incident, key: ClockKey) -> tuple[Unacknowledged, ...]:
    """Nobody was heard from for too long: it rings again."""
    lasts = _lasts(incident)
    if key.clause != ACK_6.id or lasts is None or not incident.acknowledged_at:
        return ()
    return (Unacknowledged(reason=f"nobody was heard from for {spoken(lasts)}"),)


def settle(incident: Incident) -> Iterator[Fact]:
    """A ring of silence ends with a word of whoever was paged, and any ring with a severity that wakes nobody now."""
    yield from _heard(incident)
    yield from _lowered(incident)


def _lowered(incident: Incident) -> Iterator[PagesTakenBack]:
    """The severity that counts since it rings lets people sleep, and nobody has answered yet."""
    at, severity = incident.grades[-1]
    ringing = incident.rounds[-1]
    rings = not (incident.over or ringing.acknowledged_at or ringing.severity) and at >= ringing.started_at
    if not rings or not incident.policy.paging.lowered_stops:
        return
    number, again_at = len(incident.rounds) - 1, wakes_at(incident, severity, at)
    sent = (one.at for page, one in incident.pages.items() if not rings_on(page) and ringing_of(page) == number)
    if again_at != at and any(again_at is None or one < again_at for one in sent):
        yield PagesTakenBack(severity=severity, again_at=again_at)


def _heard(incident: Incident) -> Iterator[Acknowledged | RoleTaken]:
    """Whoever was paged and is heard from while silence rings is at it; who was woken for a role has another task."""
    ringing = incident.rounds[-1]
    if not ringing.of_silence or ringing.acknowledged_at or incident.over:
        return
    if incident.policy.paging.silence_ends == "heard":
        ours = [sent for name, sent in incident.pages.items() if not is_for_role(name)]
        people = sorted({one for sent in [*ours, *incident.vendor_pages] for one in known(incident, sent.people)})
        heard = [(at, person) for person in people if (at := heard_since(incident, person, ringing.started_at))]
        if heard:
            first = min(heard)[1]
            yield Acknowledged(person=first)
            yield from starts_with(incident, first)


def _tell(incident: Incident, event: Event, lapsed: Unacknowledged) -> Message | None:
    if not lapsed.rings:
        return None
    why = f": {lapsed.reason}" if lapsed.reason else ""
    last = incident.rounds[-2].acknowledged_by if len(incident.rounds) > 1 else ""
    people = (*incident.people([last]), *held_by(incident, "commander"))
    text = f"ACK-6 the acknowledgement counts no more{why}; it rings again"
    return Message(text=text, to=tuple(dict.fromkeys(people)), buttons=(Acknowledge.button(),))


def _tell_taken_back(incident: Incident, event: Event, stopped: PagesTakenBack) -> Message:
    """Those who were paged hear that they may sleep."""
    until = f"before {clock_time(stopped.again_at, event.at)}" if stopped.again_at else "for it"
    gone = incident.corrections.released[f"ring-{len(incident.rounds) - 1}"].names
    people = incident.people(name for page in gone for name in incident.pages[page].people)
    return Message(text=f"ACK-6 {stopped.severity}: nobody is paged {until}. The page is taken back.", to=people)


def _kept(incident: Incident) -> bool | None:
    """Paged as its severity says; of what waits or is not paged, that nobody was woken before, but for a guess."""
    first = on_call(incident, 0)
    if incident.opened.policy.severities[incident.likely].page == "at_once":
        return None
    woken = [sent.at for name, sent in incident.pages.items() if name.isdecimal()]
    return all((first is not None and at >= first.started_at) or is_unjudged(incident, at) for at in woken)


def _explain(policy: Policy) -> list[str]:
    words = {"at_once": "at once", "office_hours": "in the team's office hours", "no": "not at all"}
    said = [f"{name} {words[rule.page]}" for name, rule in policy.severities.items()]
    return [f"The on-call is paged: {', '.join(said)}."]


ACK_6 = Clause(
    "ACK-6",
    "Paging follows severity and hour: P1 and P2 at once, P3 in the team's office hours, P4 not at all. An "
    "acknowledgement that is taken back, or a silence on a P1/P2, pages again.",
    promise=Promise(
        "page again unless somebody is heard from",
        then="Somebody is heard from, or paged again",
        counted_from="the acknowledgement, and again whenever somebody is heard from",
        asked_by=CHASED,
        optional=True,
    ),
    judged_by="nobody was woken before the hour of the severity",
    judge=_kept,
    explain=_explain,
)
RULES = Ruleset(
    clauses=(ACK_6,),
    clocks=clocks,
    settle=settle,
    expired=expired,
    tell={Unacknowledged: _tell, PagesTakenBack: _tell_taken_back},
)
