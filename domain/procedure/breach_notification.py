"""GDP-2: the 72 hours of GDPR Article 33, and what people told whom. Nothing here is ever sent by itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from domain.incident.clock import Clock
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.message import Message
from domain.procedure.breach import FOUND_LATER, Breach, NotificationRecorded, breaches
from domain.procedure.legal_answer import legal_presses
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import Clause, Promise, always
from domain.rule.explain import rights
from domain.rule.refusal import Refusal, yet_to_come
from domain.rule.ruleset import Ruleset
from domain.rule.timer import lasting, nth, numbered
from domain.value.key import ClockKey
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Instant, LongText

CONTENTS = {
    "nature": "(a) the nature of the breach, with the categories and approximate numbers of people and records",
    "contact": "(b) the data protection officer or another contact point",
    "consequences": "(c) the likely consequences",
    "measures": "(d) the measures taken or proposed",
}
"""What a notification must contain (GDPR Article 33(3))."""
AFFECTED = {"controllers": "the controllers (Article 33(2))", "people": "the people themselves (Article 34)"}
"""Who else may have to be told of a breach."""
WHY = "record why the authority was notified late"
"""What is owed where a notification turns out to have been late."""


class AffectedTold(Fact):
    """The controllers or the people themselves were told of the breach (Articles 33(2) and 34)."""

    told = True
    minor = True
    clause: ClauseId = "GDP-2"
    whom: Literal["controllers", "people"]
    told_at: Instant
    what: str

    def line(self, names: Names) -> Line:
        return Line(f"recorded what was told to {AFFECTED[self.whom]}, {self.told_at:%d %b %H:%M}", self.what)


class RecordNotification(IncidentAct):
    """The authority was notified of a breach, by people (GDP-2), or why it was not in time.

    The four contents are those of GDPR Article 33(3) (a) to (d). What is not known yet is said so in its field, and a
    later act with the same reference completes it (Article 33(4)).
    """

    deed = "record the notification"
    makes = (NotificationRecorded,)
    label, verb = "Record the notification", "breach notified"
    typed = (Typed("breach notified", arguments=(), names={"notified_at": "at"}),)
    phases = ("active", "resolved")
    afterwards = FOUND_LATER
    reference: Annotated[
        str, Ask("Reference of the notification", "line", "Empty while none was sent.", group="Sent to the authority")
    ] = ""
    """The authority's or our own reference of the notification; empty while there was none."""
    authority: Annotated[str, Ask("Supervisory authority", "line")] = ""
    notified_at: Annotated[Instant | None, Ask("When was it sent?", "moment")] = None
    late_reason: Annotated[str, Ask("Why later than 72 hours?", "text", "Article 33(1)")] = ""
    """Why it was not, or will not be, within 72 hours (Article 33(1))."""
    nature: Annotated[
        str,
        Ask(
            "Nature of the breach: whom and what, how many",
            "text",
            "Article 33(3)(a)",
            group="What it says",
        ),
    ] = ""
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
        known = breaches(incident)
        if not known:
            return Refusal("no breach is known: answer the checkpoint first")
        now = self.at or incident.events[-1].at
        notified_at = self.notified_at or now if self.reference else None
        same = [one for one in known if one.reference and one.reference == self.reference]
        about = (same or [one for one in known if not one.settled] or known)[-1]
        refusal = _incomplete(incident, self, about, notified_at, now)
        if refusal:
            return refusal
        said = self.model_dump(include={"reference", "authority", "late_reason", *CONTENTS})
        return (NotificationRecorded(**said, notified_at=notified_at),)


class RecordAffectedTold(IncidentAct):
    """The controllers (Article 33(2)) or the people themselves (Article 34) were told of a breach, by people."""

    deed = "record who was told of a breach"
    makes = (AffectedTold,)
    label, verb = "Record who was told", "breach told"
    in_menu = False
    there = "breach"
    whom: Annotated[
        Literal["controllers", "people"],
        Ask("Who was told?", options=(("controllers", "The controllers"), ("people", "The people themselves"))),
    ]
    what: Annotated[LongText, Ask("What were they told, and how?", "text")]
    told_at: Annotated[Instant | None, Ask("When?", "moment")] = None

    def decide(self, incident: Incident) -> Decision:
        """GDP-2: whoever else was told, once a breach is known."""
        known, now = breaches(incident), self.at or incident.events[-1].at
        if not known:
            return Refusal("no breach is known: answer the checkpoint first")
        told_at = self.told_at or now
        if told_at > now:
            return yet_to_come("told_at", told_at)
        return (AffectedTold(whom=self.whom, told_at=told_at, what=self.what),)


def _incomplete(
    incident: Incident, act: RecordNotification, about: Breach, notified_at: datetime | None, now: datetime
) -> Refusal | None:
    if notified_at is None:
        missing = "reference: say which notification was sent, or late_reason: why it is late (Article 33(1))"
        return None if act.late_reason.strip() else Refusal(missing)
    if notified_at > now:
        return yet_to_come("notified_at", notified_at)
    if notified_at < about.aware_at:
        aware = f"the company became aware on {about.aware_at:%d %b %H:%M}"
        return Refusal(f"notified_at: found {notified_at:%d %b %H:%M}, but {aware}; which of the two is wrong?")
    lacking = [words for name, words in CONTENTS.items() if not getattr(act, name).strip()]
    if lacking:
        return Refusal(f"say {'; '.join(lacking)} (Article 33(3)); what is not known yet, say so there")
    late = any(clock.due_at < notified_at for clock in clocks(incident) if clock.running)
    if late and not (act.late_reason or incident.learning.late_reason).strip():
        return Refusal("late_reason: it was sent after the 72 hours, which must be given a reason (Article 33(1))")
    return None


def clocks(incident: Incident) -> Iterator[Clock]:
    """GDP-2: 72 continuous hours from the awareness of each breach; a miss that was recorded stays one.

    What was notified in time is late after all where the company turns out to have been aware earlier; that runs until
    somebody has said why.
    """
    for number, one in enumerate(breaches(incident), start=1):
        about = numbered(number) if number > 1 else ""
        stop = max(one.notified_at, one.aware_at) if one.notified_at else None
        _, missed_at = incident.missed.get(ClockKey.of(GDP_2.id, about), (0, None))
        if stop and one.recorded_at and missed_at and stop < missed_at <= one.recorded_at:
            stop = one.recorded_at
        yield from lasting(incident, GDP_2, start=one.aware_at, stop=stop, gone=one.gone_at, about=about)
        if one.earlier_at and not missed_at and incident.policy.learn.judged_again:
            again = lasting(incident, GDP_2, start=one.earlier_at, stop=stop, about=about, runs=(nth(1),))
            late = (run for run in again if run.stopped_at and run.due_at < run.stopped_at)
            yield from (run if one.explained else replace(run, stopped_at=None, says=WHY) for run in late)


def is_explained(incident: Incident) -> bool:
    """Whether a reason was given for each notification that was late after all."""
    running = (clock for clock in clocks(incident) if clock.running and clock.says == WHY)
    return GDP_2.id in incident.learning.waivers or next(running, None) is None


def _tell_notification(incident: Incident, event: Event, said: NotificationRecorded) -> Message:
    by, late = incident.called(event.by), f", late because: {said.late_reason}" if said.late_reason else ""
    if not said.reference:
        sent = all(one.settled for one in breaches(incident))
        what = "the notification was late" if sent else "not notified yet"
        return Message(text=f"GDP-2 {what}; {by} says why: {said.late_reason}")
    to = f" to {said.authority}" if said.authority else ""
    lines = [f"GDP-2 {by} recorded the notification {said.reference}{to}{late}"]
    before = _said_before(incident, event)
    lines += [f"{name}: {text}" for name in CONTENTS if (text := getattr(said, name)) != before.get(name, "")]
    return Message(text="\n".join(lines))


def _said_before(incident: Incident, event: Event) -> dict[str, str]:
    """What the last notification before this one contained."""
    earlier = [said for other, said in incident.all(NotificationRecorded) if other.number < event.number]
    return earlier[-1].model_dump(include=set(CONTENTS)) if earlier else {}


GDP_2 = Clause(
    "GDP-2",
    "Yes starts the 72-hour clock of GDPR Article 33 from awareness; reminders; the notification, or the "
    "reason for lateness, is recorded.",
    promise=Promise(
        "notify the supervisory authority and record it",
        does="notifies the supervisory authority",
        then="Authority notified",
        counted_from="the moment the breach was known",
        asked_by=always("every breach starts it"),
        explained_as="record the notification of the authority, or why it is late",
        kept_by=RecordNotification,
        unlisted=True,
        outlives=True,
        answers=lambda key: tuple(legal_presses(key.about)) or (RecordNotification.button(style="primary"),),
    ),
    judged_by="its clock, from the awareness of a breach",
    explain=rights(RecordNotification),
)
RULES = Ruleset(clauses=(GDP_2,), clocks=clocks, tell={NotificationRecorded: _tell_notification})
