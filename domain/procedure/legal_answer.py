"""GDP-2: whether a law or a contract asks for reports of an incident, and what was reported; by people, never by us."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from domain.company.policy_legal import LegalRule
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.message import Button
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.refusal import Refusal, final, yet_to_come
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Instant, LongText, ShortText

ASKED = "asked"


class LawAsked(Fact):
    """An incident is so severe that it is asked whether a law applies (GDP-2)."""

    minor = True
    told = True
    clause: ClauseId = "GDP-2"
    law: str
    title: str
    question: str

    def line(self, names: Names) -> Line:
        return Line(f"asked about {self.title}", self.question, "warn")


class LawAnswered(Fact):
    """Whether a law applies to the incident (GDP-2)."""

    told = True
    clause: ClauseId = "GDP-2"
    law: str
    title: str
    applies: bool
    reason: str
    aware_at: Instant

    def line(self, names: Names) -> Line:
        since = f", known since {self.aware_at:%d %b %H:%M}" if self.applies else ""
        return Line(f"answered: {self.title} {'applies' if self.applies else 'does not apply'}{since}", self.reason)


class LegalReportRecorded(Fact):
    """Somebody made a report that a law asks for (GDP-2)."""

    told = True
    clause: ClauseId = "GDP-2"
    law: str
    report: str
    title: str
    reference: str
    told_at: Instant
    late_reason: str = ""

    def line(self, names: Names) -> Line:
        return Line(f"recorded {self.title}, sent {self.told_at:%d %b %H:%M}: {self.reference}", self.late_reason)


@dataclass(slots=True)
class LegalStanding:
    """How an incident stands to one law."""

    asked_at: datetime | None = None
    answer: LawAnswered | None = None
    answered_by: str = ""
    first_answer_at: datetime | None = None
    yes_at: datetime | None = None
    """Since when it is said to apply; none where it does not."""
    no_at: datetime | None = None
    """When a yes was taken back."""
    reports: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """By step, when the first report was sent and when we heard of it."""
    explained: set[str] = field(default_factory=set)
    """The steps for whose lateness a reason was given."""


def standing(incident: Incident, law: str) -> LegalStanding:
    """What was asked, answered and reported, in its order."""
    found = LegalStanding()
    said = [event for kind in (LawAsked, LawAnswered, LegalReportRecorded) for event, _ in incident.all(kind)]
    for event in sorted(said, key=lambda event: event.number):
        what = event.what
        if isinstance(what, LawAsked) and what.law == law:
            found.asked_at = found.asked_at or event.at
        elif isinstance(what, LawAnswered) and what.law == law:
            _answered(found, event, what)
        elif isinstance(what, LegalReportRecorded) and what.law == law:
            found.reports.setdefault(what.report, (what.told_at, event.heard_at))
            found.explained |= {what.report} if what.late_reason.strip() else set()
    return found


def _answered(found: LegalStanding, event: Event, answer: LawAnswered) -> None:
    found.first_answer_at = found.first_answer_at or event.at
    found.no_at = event.at if found.yes_at and not answer.applies else None
    found.yes_at = (found.yes_at or event.at) if answer.applies else None
    found.answer, found.answered_by = answer, event.by


class AnswerLaw(IncidentAct):
    """Does a law or a contract ask for reports of this incident (GDP-2)? `aware_at` starts its clocks."""

    deed = "say whether a law applies"
    makes = (LawAnswered,)
    allowed_as = "answer_breach"
    label, form_title, verb, in_menu = "Does a law apply?", "Does the law apply?", "law", False
    submit = "Answer"
    typed = (
        Typed("law applies", "The law applies; its clocks start.", ("law", "reason"), {"applies": True}),
        Typed("law not", "The law does not apply.", ("law", "reason"), {"applies": False}, without=("aware_at",)),
    )
    there = "breach"
    law: Annotated[ShortText, Ask("Which law?", choose="law")]
    applies: Annotated[bool, Ask("Does it apply?")]
    reason: Annotated[LongText, Ask("Why do you say so?", "text")]
    aware_at: Annotated[Instant | None, Ask("When did the company become aware?", "moment")] = None

    def decide(self, incident: Incident) -> Decision:
        """GDP-2: an answer with its reason; what eases what is owed is not the word of the one who said yes."""
        law, now = incident.policy.legal.get(self.law), self.at or incident.events[-1].at
        if incident.closed_at or law is None:
            return _unknown(incident, self.law)
        known = standing(incident, self.law)
        aware_at = self.aware_at or (known.answer.aware_at if known.answer else incident.opened.fired_at)
        if aware_at > now:
            return yet_to_come("aware_at", aware_at)
        before = known.answer
        if before and (before.applies, before.aware_at) == (self.applies, aware_at):
            return Refusal(f"it was answered so already: {before.reason}")
        eased = before and before.applies and (not self.applies or aware_at > before.aware_at)
        if eased and known.answered_by == self.by:
            return Refusal("you said yourself that it applies; a second person takes that back or moves it later")
        answer = {"law": self.law, "title": law.title, "applies": self.applies, "reason": self.reason}
        return (LawAnswered.model_validate({**answer, "aware_at": aware_at}),)


class RecordLegalReport(IncidentAct):
    """A report that a law or a contract asks for was made, by people (GDP-2)."""

    deed = "record a report to an authority"
    makes = (LegalReportRecorded,)
    allowed_as = "record_notification"
    label, form_title, verb, in_menu = "Record the report", "Record the report", "law reported", False
    typed = (Typed("law reported", arguments=("law", "report", "reference"), names={"told_at": "at"}),)
    there = "breach"
    law: Annotated[ShortText, Ask("Which law?", choose="law", settled=True)]
    report: Annotated[ShortText, Ask("Which report?", choose="report", settled=True)]
    reference: Annotated[ShortText, Ask("Reference of the report", "line")]
    told_at: Annotated[Instant | None, Ask("When was it sent?", "moment")] = None
    late_reason: Annotated[str, Ask("Why later than the law says?", "text")] = ""

    def decide(self, incident: Incident) -> Decision:
        """GDP-2: a report after the awareness, with a reason when it is late."""
        law, now = incident.policy.legal.get(self.law), self.at or incident.events[-1].at
        if law is None:
            return _unknown(incident, self.law)
        known, step, told_at = standing(incident, self.law), law.steps.get(self.report), self.told_at or now
        if step is None:
            return Refusal(f"report: found {self.report!r}, expected one of {', '.join(law.steps)}")
        if known.yes_at is None or known.answer is None:
            return Refusal(f"nobody has said that {law.title} applies: answer that first")
        if not known.answer.aware_at <= told_at <= now:
            return Refusal(f"told_at: found {told_at:%d %b %H:%M}, expected a moment since the company is aware")
        due = due_at(law, self.report, known)
        if self.report not in known.reports and due and told_at > due and not self.late_reason.strip():
            return Refusal(f"late_reason: {step.title} was due on {due:%d %b %H:%M} UTC; say why it is late")
        said = {"law": self.law, "report": self.report, "title": step.title, "reference": self.reference}
        made = LegalReportRecorded.model_validate({**said, "told_at": told_at, "late_reason": self.late_reason})
        return (made,)


def due_at(law: LegalRule, name: str, known: LegalStanding) -> datetime | None:
    """When a report is due; None while what it is counted from has not happened."""
    step, started = law.steps[name], started_at(law, name, known)
    if started is None or known.answer is None:
        return None
    due = started + step.within
    return min(due, known.answer.aware_at + step.latest) if step.latest else due


def started_at(law: LegalRule, name: str, known: LegalStanding) -> datetime | None:
    """From when a report is counted: the awareness, the answer, or another report."""
    after = law.steps[name].after
    if known.answer is None or (known.yes_at is None and known.no_at is None):
        return None
    if not after:
        return known.answer.aware_at
    return known.reports[after][0] if after in known.reports else known.yes_at if after == "answer" else None


def _unknown(incident: Incident, law: str) -> Refusal:
    if incident.closed_at:
        return final(incident)
    return Refusal(
        f"law: found {law!r}, expected one that the policy lists: {', '.join(incident.policy.legal) or 'none'}"
    )


def legal_presses(about: str) -> Iterator[Button]:
    """The press that answers a clock of a law: `nis2:asked`, `nis2:early-warning`; none for another clock."""
    law, parted, step = about.partition(":")
    if parted and step == ASKED:
        yield AnswerLaw.button(law=law)
    elif parted:
        yield RecordLegalReport.button(style="primary", law=law, report=step)
