"""GDP-1, SCP-3: was personal data breached? What was answered, by whom, and what waits for a second person."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.severity import asked_since, gravest
from domain.port.message import Message
from domain.procedure.breach import FOUND_LATER, BreachAnswerAsked, BreachAnswered, Risk, breaches, in_words
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import Clause, Promise, always, severities
from domain.rule.explain import rights
from domain.rule.people import allowed_to
from domain.rule.refusal import Refusal, yet_to_come
from domain.rule.ruleset import Ruleset
from domain.rule.timer import earliest, lasting, nth, spells
from domain.value.key import ClockKey
from domain.value.kind import kind_of
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Instant, LongText


class BreachQuestionAsked(Fact):
    """Somebody is asked about personal data: long into a fight, or where it was over before anybody came (GDP-1)."""

    told = True
    minor = True
    clause: ClauseId = "GDP-1"

    def line(self, names: Names) -> Line:
        return Line("asked whether personal data was touched", tone="warn")


class AnswerBreach(IncidentAct):
    """Was personal data breached? (SCP-3, GDP-1). `aware_at` starts the clock of GDP-2."""

    deed = "answer whether personal data was breached"
    makes = (BreachAnswered, BreachAnswerAsked)
    label, form_title, verb = "Data breach?", "Personal data breach?", "breach"
    submit = "Answer"
    afterwards = FOUND_LATER
    typed = (
        Typed(
            "breach yes",
            "Personal data was breached; it starts the 72 hours of GDP-2.",
            ("reason",),
            {"breach": True},
            needs=("aware_at",),
        ),
        Typed(
            "breach no",
            "Personal data was not breached (GDP-1).",
            ("reason",),
            {"breach": False},
            without=("aware_at", "risk", "another"),
        ),
    )
    breach: Annotated[bool, Ask("Was personal data breached?")]
    reason: Annotated[LongText, Ask("Why do you say so?", "text")]
    aware_at: Annotated[
        Instant | None, Ask("When did the company become aware?", "moment", "Needed for a yes: it starts the 72 hours.")
    ] = None
    risk: Annotated[
        Risk, Ask("Is it a risk to anybody?", options=(("likely", "Likely"), ("none", "Unlikely")), optional=True)
    ] = "likely"
    """`none`: unlikely to be a risk to anybody, documented and not notified (Article 33(1) and (5))."""
    another: Annotated[
        bool, Ask("Is it another breach than the one known?", choose="another", spare=True, optional=True)
    ] = False

    def decide(self, incident: Incident) -> Decision:
        """GDP-1: an answer with its reason. GDP-2: what eases what is owed for a breach takes a second person."""
        asked, into = incident.relations.merging, incident.relations.merged_into
        if into := into or (asked[1] if asked and incident.policy.learn.one_checkpoint else ""):
            return Refusal(f"{incident.id} is merged into {into}; answer it there")
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed; {self.afterwards}")
        known = [one for one in breaches(incident) if one.gone_at is None]
        before, now = incident.learning.breach, self.at or incident.events[-1].at
        aware_at = self.aware_at or _awaited(incident, self) or (None if self.breach else now)
        if aware_at is None or (self.aware_at and self.aware_at > now):
            return _unclear(incident, self.aware_at)
        if not known:
            if before and not before.breach and not self.breach:
                return Refusal(f"it was answered no already: {before.reason}")
            return self._answer(aware_at)
        last = known[-1]
        another = self.breach and (self.another or (last.notified_at is not None and aware_at > last.notified_at))
        if another:
            return self._answer(aware_at, another=True)
        if self.breach and (aware_at, self.risk) == (last.aware_at, "likely"):
            return Refusal(f"it was answered yes already: {last.reason}")
        if self.breach and self.risk == "likely" and aware_at < last.aware_at:
            return self._answer(aware_at)
        return self._eased(incident, aware_at)

    def _answer(self, aware_at: datetime, *, another: bool = False, asked_by: str = "") -> tuple[Fact, ...]:
        yes = BreachAnswered(
            breach=self.breach, reason=self.reason, aware_at=aware_at, another=another, asked_by=asked_by
        )
        if asked_by or self.risk == "likely" or not self.breach:
            return (yes.model_copy(update={"risk": self.risk}),)
        waits = BreachAnswerAsked(breach=True, reason=self.reason, aware_at=aware_at, risk=self.risk)
        return (yes, waits)  # until the second person's word the 72 hours run

    def _eased(self, incident: Incident, aware_at: datetime) -> Decision:
        """What waits is confirmed by another person; until then the answer before it stands."""
        event, asked = waiting(incident) or (None, None)
        if event and asked and _matches(asked, self, aware_at):
            if event.by == self.by:
                return Refusal("you answered so yourself; a second person who may answer confirms it")
            return self._answer(aware_at, asked_by=event.by)
        return (BreachAnswerAsked(breach=self.breach, reason=self.reason, aware_at=aware_at, risk=self.risk),)


def waiting(incident: Incident) -> tuple[Event, BreachAnswerAsked] | None:
    """The answer that waits for a second person: the last one, unless an answer came after it."""
    asked = next(reversed([*incident.all(BreachAnswerAsked)]), None)
    answered = max((event.number for event, _ in incident.all(BreachAnswered)), default=0)
    return asked if asked and asked[0].number > answered else None


def _awaited(incident: Incident, act: AnswerBreach) -> datetime | None:
    """Since when the company is aware by the answer that waits, where this one confirms it."""
    _, asked = waiting(incident) or (None, None)
    known = [one.aware_at for one in breaches(incident) if one.gone_at is None]
    if asked and (asked.breach, asked.risk) == (act.breach, act.risk):
        return asked.aware_at
    return known[-1] if known and act.risk == "none" else None


def _matches(asked: BreachAnswerAsked, act: AnswerBreach, aware_at: datetime) -> bool:
    same = (asked.breach, asked.risk) == (act.breach, act.risk)
    return same and (not act.breach or asked.aware_at == aware_at)


def _unclear(incident: Incident, aware_at: datetime | None) -> Refusal:
    if aware_at:
        return yet_to_come("aware_at", aware_at)
    first = f"the alert fired on {incident.opened.fired_at:%d %b %H:%M} UTC"
    return Refusal(f"aware_at: say since when the company knows of it; {first}. The 72 hours count from then")


def clocks(incident: Incident) -> Iterator[Clock]:
    """SCP-3 from each security mark; GDP-1 in a long fight, else from the resolution."""
    answered_at = incident.learning.answers[0].at if incident.learning.answers else None
    marks = incident.secrecy.spans(incident.opened_at, incident.opened.security)
    for number, (start, gone) in enumerate(marks):
        runs = (nth(number, "s"),)
        yield from lasting(incident, SCP_3, start=start, stop=answered_at, gone=gone, runs=runs, unfounded=True)
    yield from _unmarked(incident, answered_at, marks[-1][0] if incident.secret else None)


def _unmarked(incident: Incident, answered_at: datetime | None, marked_at: datetime | None) -> Iterator[Clock]:
    """GDP-1 where no mark asks the same; a mark takes its place (SCP-3)."""
    asked_at = incident.rung.get(ASKED)
    if marked_at is None or asked_at:
        yield from _asked_meanwhile(incident, answered_at)
    if asked_at:
        if marked_at is None or asked_at < marked_at:
            yield from lasting(incident, GDP_1, start=asked_at, stop=answered_at, gone=marked_at)
        return
    if incident.calmed_at:
        yield from lasting(incident, GDP_1, start=incident.calmed_at, stop=answered_at, gone=marked_at)
    for number, (ended_at, _) in enumerate(incident.resolutions):
        asked = asked_since(incident, "breach_check", ended_at) if not incident.retracted else None
        gone = incident.reopenings[number] if number < len(incident.reopenings) else marked_at
        if asked and (gone is None or asked[0] < gone) and (answered_at is None or answered_at >= asked[0]):
            start, gone = asked[0], earliest(gone, asked[1])
            yield from lasting(incident, GDP_1, start=start, stop=answered_at, gone=gone, runs=(nth(number),))


ASKED = ClockKey.of("GDP-1", "asked")
"""The wait after which a fight is asked about personal data."""


def _asked_meanwhile(incident: Incident, answered_at: datetime | None) -> Iterator[Clock]:
    """GDP-1: the wait until somebody is asked while it is still fought; the end or an answer makes it needless."""
    after = incident.policy.learn.breach_asked_after.get(incident.likely)
    rang = incident.rung.get(ASKED)
    if rang is None and (after is None or not asks(incident) or GDP_1.id not in incident.policy.clocks):
        return
    spell = next(spells(incident, incident.opened_at), None)
    if spell is None:
        return
    begin, over = spell
    end = min((at for at in (over, answered_at) if at), default=None)
    due = begin + after if after else rang or begin
    says = "ask about personal data"
    yield Clock(GDP_1.id, ASKED, says, STANDFAST, begin, due, rang or end, void=rang is None, wait=True)


def asks(incident: Incident) -> bool:
    """Whether the severest that was declared asks about personal data; of what was none nobody asks (DET-7)."""
    return incident.policy.severities[gravest(incident)].breach_check and not incident.retracted


def expired(incident: Incident, key: ClockKey) -> tuple[Fact, ...]:
    """GDP-1: the wait is over, and the question is asked."""
    return (BreachQuestionAsked(),) if key == ASKED else ()


def must_answer(incident: Incident) -> bool:
    """Whether the checkpoint is still to be passed: no waiver reaches it (SCP-3)."""
    return (incident.secret or asks(incident)) and incident.learning.breach is None and not incident.retracted


def is_settled(incident: Incident) -> bool:
    """Whether nothing is owed about personal data: answered, and each breach notified or documented."""
    if must_answer(incident):
        return False
    return "GDP-2" in incident.learning.waivers or all(one.settled for one in breaches(incident))


def _tell_question(incident: Incident, event: Event, asked: BreachQuestionAsked) -> Message:
    hours = round((event.at - incident.opened_at).total_seconds() / 3600)
    since = "it recovered before anybody acknowledged" if incident.calmed_at else f"{hours} hours into it"
    text = f"GDP-1 {since}: was personal data touched?"
    to = allowed_to(incident, kind_of(AnswerBreach))
    return Message(text=text, to=to, buttons=(AnswerBreach.button("Was data touched?"),))


def _tell_answer(incident: Incident, event: Event, answer: BreachAnswered) -> Message:
    first = f"; {incident.catalog.short(answer.asked_by)} had said so first" if answer.asked_by else ""
    said, reason = in_words(answer), answer.reason[:1].upper() + answer.reason[1:]
    return Message(text=f"GDP-1 *{incident.catalog.short(event.by)} answered* that {said}{first}. {reason}")


def _tell_waiting(incident: Incident, event: Event, asked: BreachAnswerAsked) -> Message:
    by, stands = incident.catalog.short(event.by), "Until a second person confirms it the answer before it stands."
    return Message(
        text=f"GDP-2 {by} says: {in_words(asked)}. {asked.reason}\n{stands}",
        to=tuple(one for one in allowed_to(incident, kind_of(AnswerBreach)) if one.id != event.by),
        buttons=(AnswerBreach.button("Answer"),),
    )


def _answered(incident: Incident) -> bool | None:
    if incident.learning.breach:
        return True
    ended = incident.resolutions or incident.calmed_at
    return False if ended and must_answer(incident) else None


def _explain_security(policy: Policy) -> list[str]:
    return ["A security incident gets a private war room, and cannot end before the breach question is answered."]


CHECKPOINT = Promise(
    "answer whether personal data was touched",
    does="says whether personal data was touched",
    then="Personal data question answered",
    reminder="Was personal data touched? It is to be answered by {by}, in {left}.",
    overdue="Was personal data touched? It was to be answered by {by}.",
    counted_from="the opening of a security incident",
    asked_by=always("every security incident starts it"),
    explained_as="answer whether personal data was breached",
    kept_by=AnswerBreach,
    outlives=True,
    answers=lambda key: (AnswerBreach.button("Was data touched?"),),
)
"""One question, by whichever of the two clauses it is asked."""
SCP_3 = Clause(
    "SCP-3",
    "A security incident gets a private war room and a breach checkpoint that cannot be skipped.",
    promise=CHECKPOINT,
    never_waived="the checkpoint cannot be skipped",
    judged_by="the checkpoint's clock, for a security incident",
    explain=_explain_security,
)
GDP_1 = Clause(
    "GDP-1",
    "Every incident passes a checkpoint: was personal data breached? Unanswered, it is chased, and the "
    "post-mortem cannot complete.",
    promise=replace(
        CHECKPOINT,
        counted_from="the resolution, or from when it is asked in a long fight",
        asked_by=severities(lambda rule: rule.breach_check, "breach_check: true"),
    ),
    still=True,
    judged_by="the checkpoint was answered",
    judge=_answered,
    explain=rights(AnswerBreach),
)
RULES = Ruleset(
    clauses=(SCP_3, GDP_1),
    clocks=clocks,
    expired=expired,
    tell={BreachAnswered: _tell_answer, BreachAnswerAsked: _tell_waiting, BreachQuestionAsked: _tell_question},
)
