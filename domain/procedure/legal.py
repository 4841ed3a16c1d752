"""GDP-2: what other laws and contracts ask for runs on the clocks of the GDPR; nothing unless the policy lists it."""

from collections.abc import Iterator
from datetime import datetime

from domain.company.policy_legal import LegalRule
from domain.incident.clock import Clock
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.message import Message
from domain.procedure.breach_notification import GDP_2
from domain.procedure.legal_answer import ASKED, AnswerLaw, LawAsked, LegalStanding, due_at, standing, started_at
from domain.rule.people import held_by, holders
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth
from domain.value.key import ClockKey


def settle(incident: Incident) -> Iterator[Fact]:
    """Each law of the policy is asked about once an incident is as severe as it says, or is about security."""
    if not incident.policy.legal or incident.opened.drill or incident.retracted:
        return
    asked = {what.law for _, what in incident.all(LawAsked)}
    for name, law in incident.policy.legal.items():
        if name not in asked and (incident.secret or incident.severity in law.severities):
            yield LawAsked(law=name, title=law.title, question=law.question)


def clocks(incident: Incident) -> Iterator[Clock]:
    """The question until it is answered, then each report from what it is counted from."""
    for name, law in incident.policy.legal.items():
        known = standing(incident, name)
        if known.asked_at:
            gone = incident.closed_at if incident.retracted else None
            about, says = f"{name}:{ASKED}", f"answer: does {law.title} apply?"
            due = known.asked_at + law.asked_within
            yield _clock(law, about, says, start=known.asked_at, due=due, stop=known.first_answer_at, gone=gone)
        yield from _reports(name, law, known)
        for key, due in _late_after_all(incident, name, known):
            (told_at, _), step = known.reports[key], law.steps[key]
            about, stop = f"{name}:{key}", told_at if key in known.explained else None
            says = f"send {step.title} to {law.to} and record it" if stop else f"record why {step.title} was late"
            start = started_at(law, key, known) or due
            yield _clock(law, about, says, start=start, due=due, stop=stop, gone=known.no_at, run=nth(1))


def _late_after_all(incident: Incident, name: str, known: LegalStanding) -> Iterator[tuple[str, datetime]]:
    """The reports that were in time until awareness turned out to be earlier, each with when it was due then."""
    law = incident.policy.legal[name]
    for key, (told_at, _) in known.reports.items() if incident.policy.learn.judged_again else ():
        due = due_at(law, key, known) if key in law.steps else None
        if due and due < told_at and ClockKey.of(GDP_2.id, f"{name}:{key}") not in incident.missed:
            yield key, due


def _reports(name: str, law: LegalRule, known: LegalStanding) -> Iterator[Clock]:
    """One clock for each report; a yes that was taken back makes those void that were not due yet."""
    for key, step in law.steps.items():
        start, due = started_at(law, key, known), due_at(law, key, known)
        if start is None or due is None:
            continue
        sent = known.reports.get(key)
        stop = _stopped(*sent, due=due) if sent else None
        says = f"send {step.title} to {law.to} and record it"
        yield _clock(law, f"{name}:{key}", says, start=start, due=due, stop=stop, gone=known.no_at)


def _stopped(told_at: datetime, heard_at: datetime, *, due: datetime) -> datetime:
    """When it was sent; what we heard of only after its deadline was missed is not undone by an earlier moment."""
    return heard_at if told_at <= due < heard_at else told_at


def _clock(
    law: LegalRule, about: str, says: str, *, start: datetime, due: datetime, stop: datetime | None,
    gone: datetime | None, run: str = "",
) -> Clock:  # fmt: skip
    ended = gone is not None and (stop is None or gone < stop)
    void = ended and gone is not None and gone <= due
    stopped_at, key = gone if ended else stop, ClockKey.of(GDP_2.id, about, run)
    return Clock(GDP_2.id, key, says, law.owner, start, due, stopped_at, void=void, broken=ended and not void)


def is_settled(incident: Incident) -> bool:
    """Whether every law that was asked about is answered, and every report of one that applies is recorded."""
    for name, law in incident.policy.legal.items():
        known = standing(incident, name)
        owes = known.yes_at is not None and any(step not in known.reports for step in law.steps)
        why = any(key not in known.explained for key, _ in _late_after_all(incident, name, known))
        if owes or why or (known.asked_at and known.first_answer_at is None):
            return False
    return True


def _tell_question(incident: Incident, event: Event, asked: LawAsked) -> Message:
    law = incident.policy.legal[asked.law]
    yes = AnswerLaw.button("It applies", "danger", asks=True, law=asked.law, applies="true")
    no = AnswerLaw.button("It does not", asks=True, law=asked.law, applies="false")
    to = holders(incident, law.owner) or held_by(incident, "manager", "commander")
    return Message(text=f"GDP-2 {law.title}: {law.question}", to=to, buttons=(yes, no))


RULES = Ruleset(settle=settle, clocks=clocks, tell={LawAsked: _tell_question})
