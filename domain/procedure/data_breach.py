"""GDP: was personal data breached, and the 72 hours of GDPR Article 33. Nothing here is ever sent by itself."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.entry import BreachAnswer
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.message import Message
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import Clause, Promise, always, severities
from domain.rule.explain import rights
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.rule.timer import lasting, nth, numbered
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Moment, Text


class BreachAnswered(Fact):
    """Whether personal data was breached (GDP-1)."""

    told = True
    step = "answered the breach checkpoint"
    kind: Literal["breach_answered"] = "breach_answered"
    clause: ClauseId = "GDP-1"
    breach: bool
    reason: str
    aware_at: Moment

    def apply(self, incident: Incident, event: Event) -> None:
        """The newest answer counts, and every one is kept."""
        incident.learning.answers.append(BreachAnswer(event.at, self.breach, self.reason, self.aware_at))

    def line(self, names: Names) -> Line:
        """Whether personal data was breached."""
        return Line(f"answered: personal data was {'' if self.breach else 'not '}breached", self.reason)


class NotificationRecorded(Fact):
    """The authority was notified of the breach, or the reason for lateness was given (GDP-2)."""

    told = True
    minor = True
    kind: Literal["notification_recorded"] = "notification_recorded"
    clause: ClauseId = "GDP-2"
    reference: str = ""
    authority: str = ""
    notified_at: Moment | None = None
    late_reason: str = ""
    nature: str = ""
    contact: str = ""
    consequences: str = ""
    measures: str = ""

    def apply(self, incident: Incident, event: Event) -> None:
        """The first notification counts, and any reason for lateness."""
        known = incident.learning
        known.late_reason = self.late_reason or known.late_reason
        if self.reference and not known.notified_at:
            known.notified_at = self.notified_at or event.at

    def line(self, names: Names) -> Line:
        """What the authority was told, or why it is late."""
        said = f"recorded the notification of {self.authority or 'the authority'} {self.reference}".rstrip()
        return Line(said if self.reference else "recorded why the notification is late", self.late_reason)


class AnswerBreach(IncidentAct):
    """Was personal data breached? (SCP-3, GDP-1). `aware_at` starts the clock of GDP-2."""

    deed = "answer whether personal data was breached"
    makes = (BreachAnswered,)
    label, form_title, verb = "Data breach?", "Personal data breach?", "breach"
    typed = (
        Typed(
            "breach yes", "Personal data was breached; it starts the 72 hours of GDP-2.", ("reason",), {"breach": True}
        ),
        Typed(
            "breach no",
            "Personal data was not breached (GDP-1).",
            ("reason",),
            {"breach": False},
            without=("aware_at",),
        ),
    )
    kind: Literal["answer_breach"] = "answer_breach"
    breach: Annotated[bool, Ask("Was personal data breached?")]
    reason: Annotated[Text, Ask("Why do you say so?", "text")]
    aware_at: Annotated[
        Moment | None, Ask("When did the company become aware?", "moment", "Starts the 72 hours of GDPR.")
    ] = None

    def decide(self, incident: Incident) -> Decision:
        """GDP-1: an answer with its reason; a later one replaces it, a yes is never taken back silently."""
        if incident.phase == "closed":
            return Refusal(f"{incident.id} is closed; declare a new incident for a breach that is found later")
        before = incident.learning.breach
        if before and before.breach == self.breach and self.aware_at in (None, before.aware_at):
            return Refusal(f"it was answered {'yes' if self.breach else 'no'} already: {before.reason}")
        now = self.at or incident.events[-1].at
        if self.aware_at and self.aware_at > now:
            return Refusal(f"aware_at: found {self.aware_at:%d %b %H:%M}, expected a moment that has passed")
        return (BreachAnswered(breach=self.breach, reason=self.reason, aware_at=self.aware_at or now),)


class RecordNotification(IncidentAct):
    """The authority was notified of a breach, by people (GDP-2), or why it was not in time.

    The four contents are those of GDPR Article 33(3) (a) to (d). What is not known yet is said so in its field, and a
    later act with the same reference completes it (Article 33(4)).
    """

    deed = "record the notification"
    makes = (NotificationRecorded,)
    label, form_title, verb = "Record notification", "Record the notification", "breach notified"
    typed = (Typed("breach notified", arguments=(), names={"notified_at": "at"}),)
    kind: Literal["record_notification"] = "record_notification"
    reference: Annotated[str, Ask("Reference of the notification", "line", "Empty while none was sent.")] = ""
    """The authority's or our own reference of the notification; empty while there was none."""
    authority: Annotated[str, Ask("Supervisory authority", "line")] = ""
    notified_at: Annotated[Moment | None, Ask("When was it sent?", "moment")] = None
    late_reason: Annotated[str, Ask("Why later than 72 hours?", "text", "Article 33(1)")] = ""
    """Why it was not, or will not be, within 72 hours (Article 33(1))."""
    nature: Annotated[str, Ask("Nature of the breach: whom and what, how many", "text", "Article 33(3)(a)")] = ""
    """(a) The nature of the breach: categories and approximate numbers of people and of records."""
    contact: Annotated[str, Ask("Data protection officer or contact point", "line", "Article 33(3)(b)")] = ""
    """(b) The data protection officer, or another contact point."""
    consequences: Annotated[str, Ask("Likely consequences", "text", "Article 33(3)(c)")] = ""
    """(c) The likely consequences."""
    measures: Annotated[str, Ask("Measures taken or proposed", "text", "Article 33(3)(d)")] = ""
    """(d) The measures taken or proposed."""

    def decide(self, incident: Incident) -> Decision:
        """GDP-2: what people sent, with its contents and a reason when late; or why it is late, while it is not sent.

        More can be recorded later under the same reference (Article 33(4)).
        """
        if incident.learning.breach is None or not incident.learning.breach.breach:
            return Refusal("no breach is known: answer the checkpoint first")
        now = self.at or incident.events[-1].at
        notified_at = self.notified_at or now if self.reference else None
        refusal = _incomplete(incident, self, notified_at, now)
        if refusal:
            return refusal
        said = self.model_dump(include={"reference", "authority", "late_reason", *CONTENTS})
        return (NotificationRecorded(**said, notified_at=notified_at),)


CONTENTS = {
    "nature": "(a) the nature of the breach, with the categories and approximate numbers of people and records",
    "contact": "(b) the data protection officer or another contact point",
    "consequences": "(c) the likely consequences",
    "measures": "(d) the measures taken or proposed",
}
"""What a notification must contain (GDPR Article 33(3))."""


def _incomplete(
    incident: Incident, act: RecordNotification, notified_at: datetime | None, now: datetime
) -> Refusal | None:
    if notified_at is None:
        missing = "reference: say which notification was sent, or late_reason: why it is late (Article 33(1))"
        return None if act.late_reason.strip() else Refusal(missing)
    if notified_at > now:
        return Refusal(f"notified_at: found {notified_at:%d %b %H:%M}, expected a moment that has passed")
    lacking = [words for name, words in CONTENTS.items() if not getattr(act, name).strip()]
    if lacking:
        return Refusal(f"say {'; '.join(lacking)} (Article 33(3)); what is not known yet, say so there")
    late = any(clock.due_at < notified_at for clock in _notifications(incident) if clock.running)
    if late and not (act.late_reason or incident.learning.late_reason).strip():
        return Refusal("late_reason: it was sent after the 72 hours, which must be given a reason (Article 33(1))")
    return None


def clocks(incident: Incident) -> Iterator[Clock]:
    """SCP-3 from the opening of a security incident, GDP-1 from the resolution of any other; GDP-2 from awareness."""
    answered_at = incident.learning.answers[0].at if incident.learning.answers else None
    if incident.secret:
        yield from lasting(incident, SCP_3, start=incident.opened_at, stop=answered_at)
    else:
        rules = incident.policy.severities
        for number, (start, _) in enumerate(incident.resolutions):
            asked = rules[incident.likely_at(start)].breach_check
            if asked and (answered_at is None or answered_at >= start):
                gone = incident.reopenings[number] if number < len(incident.reopenings) else None
                yield from lasting(incident, GDP_1, start=start, stop=answered_at, gone=gone, runs=(nth(number),))
    yield from _notifications(incident)


def _notifications(incident: Incident) -> Iterator[Clock]:
    """GDP-2: 72 continuous hours from each awareness; void when the yes was taken back."""
    answers = incident.learning.answers
    for number, answer in enumerate(answers):
        if answer.breach:
            gone = answers[number + 1].at if number + 1 < len(answers) else None
            about = numbered(number + 1) if number else ""
            stop = incident.learning.notified_at
            stop = max(stop, answer.aware_at) if stop else None
            start = answer.aware_at
            yield from lasting(incident, GDP_2, start=start, stop=stop, gone=gone, about=about, unfounded=True)


def must_answer(incident: Incident) -> bool:
    """Whether the checkpoint is still to be passed: no waiver reaches it (SCP-3)."""
    asked = incident.secret or incident.policy.severities[incident.likely].breach_check
    return asked and incident.learning.breach is None and not incident.retracted


def is_settled(incident: Incident) -> bool:
    """Whether nothing is owed about personal data: answered, and notified when it was breached."""
    if must_answer(incident):
        return False
    known = incident.learning
    breached = known.breach is not None and known.breach.breach
    return not breached or bool(known.notified_at) or "GDP-2" in known.waivers


def _tell_answer(incident: Incident, event: Event, answer: BreachAnswered) -> Message:
    was = "was" if answer.breach else "was not"
    return Message(text=f"GDP-1 {incident.called(event.by)}: personal data {was} breached. {answer.reason}")


def _tell_notification(incident: Incident, event: Event, said: NotificationRecorded) -> Message:
    by, late = incident.called(event.by), f", late because: {said.late_reason}" if said.late_reason else ""
    if not said.reference:
        return Message(text=f"GDP-2 not notified yet; {by} says why: {said.late_reason}")
    to = f" to {said.authority}" if said.authority else ""
    return Message(text=f"GDP-2 {by} recorded the notification {said.reference}{to}{late}")


def _answered(incident: Incident) -> bool | None:
    if incident.learning.breach:
        return True
    return False if incident.resolutions and must_answer(incident) else None


def _explain_security(policy: Policy) -> list[str]:
    return ["A security incident gets a private war room, and cannot end before the breach question is answered."]


SCP_3 = Clause(
    "SCP-3",
    "A security incident gets a private war room and a breach checkpoint that cannot be skipped.",
    promise=Promise(
        "answer: was personal data breached?",
        counted_from="the opening of a security incident",
        asked_by=always("every security incident starts it"),
        explained_as="answer whether personal data was breached",
        kept_by=AnswerBreach,
        outlives=True,
        answers=lambda key: (AnswerBreach.button("Breach checkpoint"),),
    ),
    never_waived="the checkpoint cannot be skipped",
    judged_by="the checkpoint's clock, for a security incident",
    explain=_explain_security,
)
GDP_1 = Clause(
    "GDP-1",
    "Every incident passes a checkpoint: was personal data breached? Unanswered, it is chased, and the "
    "post-mortem cannot complete.",
    promise=Promise(
        "answer: was personal data breached?",
        counted_from="the resolution",
        asked_by=severities(lambda rule: rule.breach_check, "breach_check: true"),
        explained_as="answer whether personal data was breached",
        kept_by=AnswerBreach,
        outlives=True,
        answers=lambda key: (AnswerBreach.button("Breach checkpoint"),),
    ),
    judged_by="the checkpoint was answered",
    judge=_answered,
    explain=rights(AnswerBreach),
)
GDP_2 = Clause(
    "GDP-2",
    "Yes starts the 72-hour clock of GDPR Article 33 from awareness; reminders; the notification, or the "
    "reason for lateness, is recorded.",
    promise=Promise(
        "notify the supervisory authority and record it",
        counted_from="the moment the breach was known",
        asked_by=always("every breach starts it"),
        explained_as="record the notification of the authority, or why it is late",
        kept_by=RecordNotification,
        outlives=True,
        answers=lambda key: (RecordNotification.button(style="primary"),),
    ),
    judged_by="its clock, from the awareness of a breach",
    explain=rights(RecordNotification),
)
RULES = Ruleset(
    clauses=(SCP_3, GDP_1, GDP_2),
    clocks=clocks,
    tell={BreachAnswered: _tell_answer, NotificationRecorded: _tell_notification},
)
