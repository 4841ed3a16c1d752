"""FIX: the changes that mend it, who decides them, and who alone may let one bypass the normal deployment."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from domain.incident.clock import Clock
from domain.incident.entry import Change, Item
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.tenure import is_vacant
from domain.port.message import Button, Message
from domain.procedure import bypass
from domain.procedure.action_items import item_due_at
from domain.rule.act import FOUGHT, Ask, Decision, IncidentAct, Typed
from domain.rule.clause import Clause, Promise, always
from domain.rule.deputies import deputies
from domain.rule.explain import rights
from domain.rule.refusal import Refusal, final, settled
from domain.rule.ruleset import Ruleset
from domain.rule.timer import lasting
from domain.value.key import ClockKey
from domain.value.line import Line, Names
from domain.value.model import ClauseId, LongText, unsaid

CHANGES = (("rollback", "Rollback"), ("config", "Config change"), ("hotfix", "Hotfix"))


class _OfChange(Fact, abstract=True):
    """What is decided of a change stands in its place."""

    told = True
    number: int

    @property
    def place(self) -> str:
        return f"change/{self.number}"


class ChangeRecorded(_OfChange):
    """A decision to change something (FIX-1); a bypass does not count until authorised (FIX-2)."""

    sign_of_life, asks = True, True
    step = "decided the first change"
    clause: ClauseId = "FIX-1"
    change: Literal["rollback", "config", "hotfix"]
    description: str
    bypass: bool
    proposed: bool = Field(default=False, exclude_if=unsaid)
    """Whether nobody commanded: it is the next commander's to confirm."""

    def apply(self, incident: Incident, event: Event) -> None:
        change = Change(self.number, self.change, self.description, self.bypass, event.by, event.at)
        change.confirmed = None if self.proposed else True
        incident.changes[self.number] = change

    def line(self, names: Names) -> Line:
        if self.bypass:
            return Line(f"asked for a {bypass.called(self.change)} without a normal deployment", self.description)
        return Line(f"{'proposed' if self.proposed else 'decided'} a {bypass.called(self.change)}", self.description)


class ChangeConfirmed(_OfChange):
    """The commander made a proposed change their decision, or did not (FIX-1)."""

    clause: ClauseId = "FIX-1"
    confirmed: bool
    reason: str = ""

    def apply(self, incident: Incident, event: Event) -> None:
        incident.changes[self.number].confirmed = self.confirmed

    def line(self, names: Names) -> Line:
        return Line(f"{'confirmed' if self.confirmed else 'did not confirm'} change {self.number}", self.reason)


class ChangeAnswered(_OfChange):
    """The engineering manager authorised a bypass, or did not (FIX-2)."""

    clause: ClauseId = "FIX-2"
    granted: bool
    reason: str = ""
    description: str = Field(default="", exclude_if=unsaid)
    """The text that was read and answered; a change's number is that of this text for ever."""

    def apply(self, incident: Incident, event: Event) -> None:
        """An authorised bypass opens an action item to bring the change back through CI/CD."""
        change = incident.changes[self.number]
        change.granted, change.answered_at = self.granted, event.at
        key = bypass.key(change)
        if self.granted and key not in incident.items:
            said = f"Authorised to bypass the normal deployment by {incident.called(event.by)}."
            body = bypass.body(incident, change, said)
            due_at, title = item_due_at(incident, event.at), bypass.title(incident, change)
            owner = bypass.owner(incident, change, event.at)
            incident.items[key] = Item(key, title, body, event.at, due_at, owner=owner)

    def line(self, names: Names) -> Line:
        about = "; ".join(one for one in (self.description, self.reason) if one)
        return Line("allowed it" if self.granted else "refused it", about)


class RecordChange(IncidentAct):
    """A rollback, config change or hotfix, the commander's decision (FIX-1); a bypass needs authorisation (FIX-2)."""

    deed, makes = "record a change", (ChangeRecorded,)
    label, verb, submit = "Record a change", "change record", "Decide"
    typed = (
        Typed("change record", arguments=("change", "description"), names={"change": "kind", "description": "text"}),
    )
    phases = FOUGHT
    change: Annotated[Literal["rollback", "config", "hotfix"], Ask("Kind of change", options=CHANGES)]
    description: Annotated[LongText, Ask("What is changed?", "text")]
    bypass: Annotated[bool, Ask("Without a normal deployment?", hint="Yes asks the manager first.", optional=False)] = (
        False
    )

    def decide(self, incident: Incident) -> Decision:
        """FIX-1, FIX-2: a decision; a bypass waits for the manager before it counts."""
        if incident.over:
            return Refusal(f"{incident.id} is {incident.phase}; reopen it, or change it the normal way")
        role = incident.policy.role("commander")
        return (
            ChangeRecorded(
                clause=FIX_2.id if self.bypass else FIX_1.id,
                number=len(incident.changes) + 1,
                change=self.change,
                description=self.description,
                bypass=self.bypass,
                proposed=is_vacant(incident, role) and incident.holders.get(role) != self.by,
            ),
        )


class ConfirmChange(IncidentAct):
    """The commander confirms a change that was proposed while nobody commanded (FIX-1), or does not."""

    deed = "confirm a change that was proposed while nobody commanded"
    makes = (ChangeConfirmed,)
    allowed_as = "record_change"
    label, verb, submit = "Confirm the change", "change confirm", "Answer"
    in_menu = False
    typed = (Typed("change confirm", names={"confirmed": "confirmed/--drop"}),)
    number: int
    confirmed: Annotated[bool, Ask("Is it your decision?", optional=False)] = True
    reason: Annotated[str, Ask("Why?", "text")] = ""

    def decide(self, incident: Incident) -> Decision:
        """FIX-1: what somebody did before there was a commander becomes the commander's decision, or is said not to."""
        if incident.closed_at:
            return final(incident)
        change = incident.changes.get(self.number)
        if change is None or change.confirmed is not None:
            waiting = ", ".join(str(one.number) for one in proposed(incident)) or "none was"
            return Refusal(f"number: found {self.number}, expected a change that was proposed: {waiting}")
        return (ChangeConfirmed(number=self.number, confirmed=self.confirmed, reason=self.reason),)


def proposed(incident: Incident) -> list[Change]:
    """The changes that wait for a commander's word."""
    return [change for change in incident.changes.values() if change.confirmed is None]


def confirming(incident: Incident) -> tuple[str, tuple[Button, ...]]:
    """What somebody who takes the command is told of such changes, with the presses that confirm them."""
    waiting = proposed(incident)
    short, numbers = incident.catalog.short, [str(one.number) for one in waiting]
    what = [f"a {bypass.called(one.change)} by {short(one.by)}: {one.description}" for one in waiting]
    said = "; ".join(f"change {number}, {about}" for number, about in zip(numbers, what, strict=True))
    presses = tuple(ConfirmChange.button(f"Confirm change {one}", asks=False, number=one) for one in numbers)
    return (f" FIX-1 yours to confirm: {said}." if waiting else "", presses)


class AuthoriseChange(IncidentAct):
    """The engineering manager alone lets a change bypass the normal deployment (FIX-2), or does not."""

    deed = "authorise a change that bypasses the normal deployment"
    makes = (ChangeAnswered,)
    label, form_title, verb, submit = "Allow it", "Allow it, or refuse it", "change authorise", "Answer"
    style, in_menu = "danger", False
    typed = (Typed("change authorise", names={"granted": "granted/--refuse"}),)
    number: int
    granted: Annotated[bool, Ask("May this change bypass the deployment?", optional=False)] = True
    reason: Annotated[str, Ask("Why?", "text")] = ""

    def decide(self, incident: Incident) -> Decision:
        """FIX-2: the answer to a bypass, given once; nobody authorises a change of their own."""
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed; nothing can be authorised in it")
        change = incident.changes.get(self.number)
        if change is None or not change.bypass:
            waiting = ", ".join(str(one.number) for one in incident.changes.values() if one.waits) or "none does"
            return Refusal(f"number: found {self.number}, expected a change that waits: {waiting}")
        if change.granted is not None:
            return settled(f"change {self.number} was {'allowed' if change.granted else 'refused'} already")
        if change.by == self.by:
            others = [name for name in deputies(incident, self.at) if name != self.by]
            who = " or ".join(map(incident.called, others)) or "somebody else"
            return Refusal(f"nobody authorises a change of their own; {who} may (WAR-7)")
        said = {"granted": self.granted, "reason": self.reason, "description": change.description}
        return (ChangeAnswered.model_validate({"number": self.number, **said}),)


def answers_to_bypass(number: str) -> tuple[Button, Button]:
    """The two answers to a bypass that was asked for."""
    return (
        AuthoriseChange.button(asks=False, number=number),
        AuthoriseChange.button("Refuse", "plain", asks=True, number=number, granted="false"),
    )


def clocks(incident: Incident) -> Iterator[Clock]:
    """FIX-2: an asked-for bypass must be answered, and the end of the fight is no answer."""
    for change in incident.changes.values():
        if change.bypass:
            about, what = str(change.number), f"authorise change {change.number}, or not"
            start, stop = change.at, change.answered_at
            yield from lasting(incident, FIX_2, start=start, stop=stop, about=about, what=what)


def _tell_recorded(incident: Incident, event: Event, change: ChangeRecorded) -> Message:
    by, what = incident.catalog.short(event.by), bypass.called(change.change)
    if not change.bypass and change.proposed:
        text = f"FIX-1 {by} proposed a {what} while nobody commands: {change.description}"
        return Message(text=f"{text}. Whoever takes the command confirms it.")
    if not change.bypass:
        return Message(text=f"FIX-1 *{by} decided a {what}*: {change.description}")
    about = str(change.number)
    due_at = next((one.due_at for one in clocks(incident) if ClockKey(one.key).about == about), event.at)
    asked = bypass.asked(incident, incident.changes[change.number], due_at)
    return asked.model_copy(update={"buttons": answers_to_bypass(about)})


def _tell_answered(incident: Incident, event: Event, answer: ChangeAnswered) -> Message:
    return bypass.answered(incident, incident.changes[answer.number], event.by, answer.reason)


def _decided(incident: Incident) -> bool | None:
    """Missed where no commander ever said whether a change was their decision."""
    decided = any(change.confirmed and not change.bypass for change in incident.changes.values()) or None
    return False if incident.over and proposed(incident) else decided


FIX_1 = Clause(
    "FIX-1",
    "Rollback, config change and hotfix are recorded as the commander's decisions.",
    judged_by="every change was a commander's, or was confirmed by one",
    judge=_decided,
    explain=rights(RecordChange),
)
FIX_2 = Clause(
    "FIX-2",
    "A change that bypasses the normal deployment needs the engineering manager's authorisation, from "
    "that person alone, before it counts; it opens an action item to bring the change back through CI/CD.",
    promise=Promise(
        "authorise a change, or not",
        does="allows the change, or refuses it",
        then="Change allowed, or refused",
        reminder="A change waits for your word: allow it or refuse it by {by}, in {left}.",
        overdue="A change waits for your word: it was to be allowed or refused by {by}.",
        wanting=bypass.wanted,
        counted_from="the moment it is asked for",
        asked_by=always("every asked-for bypass starts it"),
        explained_as="authorise a change that bypasses the normal deployment, or refuse it",
        kept_by=AuthoriseChange,
        outlives=True,
        answers=lambda key: answers_to_bypass(key.about),
    ),
    judged_by="its clocks, one for each bypass",
    explain=rights(AuthoriseChange),
)
RULES = Ruleset(
    clauses=(FIX_1, FIX_2),
    clocks=clocks,
    settle=bypass.settle,
    tell={ChangeRecorded: _tell_recorded, ChangeAnswered: _tell_answered},
)
