"""PM: the post-mortem, from its document and its meeting to its completion."""

import re
from datetime import datetime
from typing import Annotated

from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.severity import gravest
from domain.port.message import Message
from domain.procedure.data_breach import must_answer
from domain.procedure.postmortem_facts import CauseNamed, CompletionAsked, ItemsWaived, PostmortemCompleted
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import Clause, Promise, severities
from domain.rule.explain import rights
from domain.rule.refusal import Refusal, final, settled
from domain.rule.ruleset import Ruleset
from domain.value.key import ClockKey, ItemKey
from domain.value.model import LongText, Slug

ANOTHER = "another"
"""What a form says of a cause that the policy does not list: its title makes its key."""
NO_WORD, KEY = re.compile(r"^[^a-z]+|[^a-z0-9]+"), 40


class NameCause(IncidentAct):
    """The root cause by its stable key (PM-3, REP-1); a key that the policy does not list needs a title."""

    makes = (CauseNamed,)
    label, verb = "Name the root cause", "postmortem cause"
    submit = "Name it"
    cause: Annotated[
        Slug,
        Ask("What was the root cause?", choose="cause", case="lower"),
    ]
    title: Annotated[str, Ask("What is it, where it is another?", "line")] = ""

    def decide(self, incident: Incident) -> Decision:
        """PM-3: a key of the company's list, or a new one with what it means."""
        if incident.closed_at:
            return final(incident)
        return _named(incident, self.cause, self.title)


class WaiveItems(IncidentAct):
    """A named person's reason why nothing is to be done (PM-3)."""

    makes = (ItemsWaived,)
    deed = "say that it needs no action item"
    label, verb = "No action item", "postmortem waive-items"
    typed = (Typed("postmortem waive-items", arguments=()),)
    phases = ("resolved",)
    reason: Annotated[LongText, Ask("Why is nothing to be done?", "text")]

    def decide(self, incident: Incident) -> Decision:
        """PM-3: a named person says why nothing is to be done."""
        if incident.closed_at:
            return final(incident)
        if incident.catalog.person_called(self.by) is None:
            return Refusal(
                f"by: found {self.by!r}, expected somebody of the catalog: a named person must answer for it"
            )
        return (ItemsWaived(reason=self.reason),)


class CompletePostmortem(IncidentAct):
    """The post-mortem is complete (PM-3); `cause` names the root cause if nobody has yet."""

    deed = "complete the post-mortem"
    makes = (PostmortemCompleted, CompletionAsked)
    label, verb = "Complete the review", "postmortem complete"
    typed = (Typed("postmortem complete", arguments=()),)
    phases = ("resolved",)
    cause: Annotated[
        Slug | None,
        Ask("What was the root cause?", "", "Not needed when it has been named.", choose="cause", case="lower"),
    ] = None
    title: Annotated[str, Ask("What is it, where it is another?", "line")] = ""
    despite: Annotated[str, Ask("Why, if sections stay empty?", "line", "Only where some were found empty.")] = ""

    def decide(self, incident: Incident) -> Decision:
        """PM-3, GDP-1: with a root cause, an action item or the reason for none, and an answered breach checkpoint."""
        if incident.phase != "resolved":
            return Refusal(
                f"{incident.id} is {incident.phase}; a post-mortem is completed between resolution and closing"
            )
        if not is_owed(incident):
            return Refusal(
                f"no post-mortem is owed for {gravest(incident)}; name the cause or add action items without it"
            )
        if completed_at(incident):
            return settled("the post-mortem is complete already")
        named = _named(incident, self.cause, self.title) if self.cause else ()
        if isinstance(named, Refusal):
            return named
        lacking = _lacking(incident, named)
        if lacking:
            return Refusal(f"the post-mortem is not complete: {'; '.join(lacking)}")
        return (*named, self._completed(incident))

    def _completed(self, incident: Incident) -> Fact:
        """Complete, or once its document is read; what is known to be empty stays so for a reason."""
        known, has = incident.learning, incident.catalog.vendor("notebook", incident.service.name) != "none"
        if not (incident.policy.learn.reads_back and has):
            return PostmortemCompleted()
        if self.despite.strip() and known.unwritten:
            return PostmortemCompleted(despite=self.despite)
        return CompletionAsked() if known.document else PostmortemCompleted(unread=True)


def is_owed(incident: Incident) -> bool:
    """Whether the severest that it was declared gets a post-mortem (PM-1); what was none teaches nothing (DET-7)."""
    gone = incident.retracted or incident.calmed_at is not None
    return incident.policy.severities[gravest(incident)].post_mortem and not gone


def completed_at(incident: Incident) -> datetime | None:
    """When it was completed, unless the incident was reopened since."""
    done = incident.learning.completions
    if not done or (incident.reopenings and incident.reopenings[-1] >= done[-1]):
        return None
    return done[-1]


def _named(incident: Incident, cause: str, said: str) -> tuple[Fact, ...] | Refusal:
    if cause == incident.learning.cause:
        return ()
    known = incident.policy.learn.causes
    words = said.strip() or known.get(cause, "")
    cause = (NO_WORD.sub("-", words.lower()).strip("-")[:KEY] or cause) if cause == ANOTHER else cause
    if not words:
        keys = ", ".join(known) or "none yet"
        return Refusal(f"cause: found {cause!r}, expected one of {keys}; a new one needs a title that says what it is")
    return (CauseNamed(cause=cause, title=words),)


def _lacking(incident: Incident, named: tuple[Fact, ...]) -> list[str]:
    """What PM-3 and GDP-1 still ask for; bringing a bypass back (FIX-2) is owed anyway and no lesson."""
    lessons = [item for item in incident.items.values() if ItemKey(item.key).is_lesson and item.state != "declined"]
    wanted = {
        "name the root cause (PM-3)": not named and not incident.learning.cause,
        "add an action item, or say why there is none (PM-3)": not lessons and not incident.learning.no_items,
        "answer whether personal data was breached (GDP-1)": must_answer(incident),
    }
    return [words for words, missing in wanted.items() if missing]


def _wanting(incident: Incident) -> str:
    """What a post-mortem lacks, in a sentence: its cause, and the sections that were found empty."""
    cause = [] if incident.learning.cause else ["it has no root cause yet"]
    empty = incident.learning.unwritten
    written = [f"nobody has written in {', '.join(empty)}"] if empty else []
    said = ", and ".join([*cause, *written])
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def is_learned(incident: Incident) -> bool:
    """Whether no post-mortem is owed any more."""
    return not is_owed(incident) or completed_at(incident) is not None or "PM-1" in incident.learning.waivers


def _tell_cause(incident: Incident, event: Event, named: CauseNamed) -> Message:
    who = incident.catalog.short(event.by)
    return Message(text=f"PM-3 *{who} named the root cause*: {named.title} ({named.cause})")


def _tell_no_items(incident: Incident, event: Event, waived: ItemsWaived) -> Message:
    return Message(text=f"PM-3 *No action item*, {incident.catalog.short(event.by)} says: {waived.reason}")


def _chased(incident: Incident) -> bool | None:
    keys = {*incident.reminded, *incident.missed}
    return any(ClockKey(key).clause == "PM-1" for key in keys) or None


def _completed(incident: Incident) -> bool | None:
    if not is_owed(incident) or not incident.resolutions or "PM-1" in incident.learning.waivers:
        return None
    completed = completed_at(incident) is not None
    return completed or (None if incident.closed_reason == "drill_over" else False)


def _has_document(incident: Incident) -> bool | None:
    return "document" in incident.done or None


PM_1 = Clause(
    "PM-1",
    "At resolution of a P1/P2 the post-mortem is scheduled: a document made from the template in Notion "
    "or Confluence, timeline filled in, owned by the engineering manager, due in 48 hours.",
    promise=Promise(
        "complete the post-mortem",
        then="Post-mortem completed",
        reminder="The post-mortem is due by {by}, in {left}.",
        overdue="The post-mortem was due by {by}.",
        counted_from="the resolution, and again from each one after a reopening",
        asked_by=severities(lambda rule: rule.post_mortem, "post_mortem: true"),
        wanting=_wanting,
        kept_by=CompletePostmortem,
        outlives=True,
        answers=lambda key: (CompletePostmortem.button("Complete", "primary"),),
    ),
    judged_by="its clock, for a severity with a post-mortem",
)
PM_2 = Clause(
    "PM-2",
    "It is chased before and after the deadline, and a miss is recorded.",
    judged_by="a reminder or a miss of PM-1 was recorded; not applicable when it was complete before",
    judge=_chased,
    constructed=True,
)
PM_3 = Clause(
    "PM-3",
    "It cannot be completed without a root cause and at least one action item.",
    still=True,
    judged_by="completed, which the rules allow only with a cause and an item or a reason",
    judge=_completed,
    explain=rights(CompletePostmortem),
)
PM_4 = Clause(
    "PM-4",
    "Blameless: the template and generated timeline name roles and actions, not culprits.",
    judged_by="the document was generated, which names roles only",
    judge=_has_document,
    constructed=True,
)
RULES = Ruleset(
    clauses=(PM_1, PM_2, PM_3, PM_4),
    tell={CauseNamed: _tell_cause, ItemsWaived: _tell_no_items},
)
