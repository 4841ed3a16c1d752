"""A clause of the SOP as one value: its text, what it promises by the clock, and how it is judged and explained."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from domain.company.policy import Policy, SeverityRule
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.message import Button
from domain.rule.act import IncidentAct
from domain.value.act import Act
from domain.value.key import ClockKey
from domain.value.line import in_words

Judge = Callable[[Incident], bool | timedelta | None]
"""True met, False missed, None not applicable; a span where it was met so long after its time."""


@dataclass(frozen=True, slots=True)
class Asks:
    """Which severities start a clock, as a rule and in words."""

    rule: Callable[[SeverityRule], bool]
    words: str
    always: bool = False


def always(words: str) -> Asks:
    """Every severity does."""
    return Asks(lambda rule: True, words, always=True)


def severities(asks: Callable[[SeverityRule], object], words: str) -> Asks:
    """Those that the policy says so of."""
    return Asks(lambda rule: bool(asks(rule)), f"a severity with `{words}`")


WITH_ROOM = severities(lambda rule: rule.war_room, "war_room: true")
ON_PAGE = severities(lambda rule: rule.status_page, "status_page: true")
CHASED = severities(lambda rule: rule.chased, "chased: true")


NUMBERED = re.compile(r"\bchange \d+\b")
"""A change by its number, where a promise is about any."""
ANSWER = "answer: "
"""How a promise begins that is kept by answering a question."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a clause promises by the clock."""

    what: str
    """What the owner must do: "post findings"."""
    counted_from: str
    asked_by: Asks
    explained_as: str = ""
    """The same as the policy is explained, where that reads otherwise."""
    does: str = ""
    """The same of whoever owes it, "tells the room"; empty where that is simply `what` in the third person."""
    then: str = ""
    """What is so once it is kept, "The room hears"; `{}` is what the clock says after `what`. Empty: `what` says it."""
    kept_by: type[Act] | None = None
    """The act that keeps it; somebody must be allowed to do it."""
    repeats: bool = False
    """Each fulfilment starts it again."""
    outlives: bool = False
    """No end of the incident stops it."""
    target: bool = False
    """It is aimed at: once its moment has passed it stands behind what somebody can still do in time."""
    unlisted: bool = False
    """The card's checklist leaves it out: it has a line of its own there, or that it runs gives away what is secret."""
    optional: bool = False
    """A policy may give it a time for some severities only, or for none."""
    started_by: str = ""
    """The clause whose own clock must end first."""
    due_before: tuple[str, str] | None = None
    """The clause that escalates it, and why it should be due before that."""
    reminder: str = ""
    """The sentence that asks for it before its deadline, with `{by}` and `{left}`; else it is made of `what`. With
    `{of}` it names what the clock says after `what`, as in "fill the role of scribe"."""
    overdue: str = ""
    """The sentence that asks for it after its deadline, with `{by}`."""
    held_up: Callable[[Incident], str] | None = None
    """The same where its owner has done their part and something else keeps it; empty where nothing does."""
    wanting: Callable[[Incident], str] | None = None
    """What it lacks still, in a sentence behind what asks for it; empty where that says nothing more."""
    answers: Callable[[ClockKey], tuple[Button, ...]] | None = None
    """The presses that answer its reminder, where they are not simply the act's."""

    def stated(self, says: str) -> str:
        """What is so once it is kept; what is to be done, where that says it well enough."""
        said = self.then.format(says.removeprefix(self.what)) if says.startswith(self.what) else ""
        return said or f"{says[:1].upper()}{in_words(says)[1:]}"

    def owed(self, says: str) -> str:
        """What its owner does to keep it: "Sam" is said before it."""
        return (self.does if says == self.what else "") or third(in_words(says))

    def did(self, says: str) -> str:
        """What whoever kept it did: "Sam" is said before it; empty where it may be kept in two ways."""
        verb, space, rest = self.owed(says).partition(" ")
        past = PAST.get(verb) or f"{verb[:-1].removesuffix('e')}ed"
        return "" if ", or " in rest else f"{past}{space}{rest}"

    def asks_before(self, says: str, by: str, left: str) -> str:
        """What its owner is asked before the deadline."""
        own, of = self._own(self.reminder, says)
        asked = f"{question} It is to be answered" if (question := _question(says)) else _sentence(says)
        return (own or f"{asked} by {{by}}, in {{left}}.").format(by=by, left=left, of=of)

    def asks_after(self, says: str, by: str, incident: Incident) -> str:
        """What its owner is asked after the deadline."""
        held = self.held_up(incident) if self.held_up else ""
        own, of = self._own(held or self.overdue, says)
        said = f"{_sentence(says)}. It was due" if ":" in says else f"{_sentence(says)}: was due"
        asked = f"{question} It was to be answered" if (question := _question(says)) else said
        return (own or f"{asked} by {{by}}.").format(by=by, of=of)

    def _own(self, sentence: str, says: str) -> tuple[str, str]:
        """The promise's own sentence for what a clock says, empty where it has none; and whatever that names."""
        of, which = says.removeprefix(f"{self.what} of "), NUMBERED.sub("a change", says)
        fits = of != says if "{of}" in sentence else self.what in (says, which)
        return (sentence if fits else ""), of

    def lacks(self, incident: Incident) -> str:
        """What it lacks still, behind what asks for it."""
        said = self.wanting(incident) if self.wanting else ""
        return f" {said}" if said else ""

    def buttons(self, key: ClockKey) -> tuple[Button, ...]:
        """The presses that answer a reminder where it appears."""
        if self.answers:
            return self.answers(key)
        act = self.kept_by
        return (act.button(),) if act and issubclass(act, IncidentAct) else ()


def asks_deputy(says: str) -> str:
    """What is asked of whoever may answer in the owner's place."""
    question = _question(says)
    if question:
        return f"{question} Nobody has answered, and you may, as deputy."
    return f"Nobody has done it, and you may, as deputy: {says}."


def _question(says: str) -> str:
    """The question that a promise is to answer; empty where something else is to be done."""
    return _sentence(says.removeprefix(ANSWER)) if says.startswith(ANSWER) else ""


PAST = {"brings": "brought", "does": "did", "has": "had", "says": "said", "tells": "told"}


def third(words: str) -> str:
    """The verb that begins the words as of one person: "declare the severity" is what somebody declares."""
    verb, space, rest = words.removeprefix(ANSWER).partition(" ")
    if words.startswith(ANSWER):
        return f"answers: {verb}{space}{rest}"
    ending = "es" if verb.endswith(("s", "x", "sh", "ch", "o")) else "s"
    return f"{verb}{ending}{space}{rest}"


def _sentence(words: str) -> str:
    """The words as a sentence begins, with no field in them."""
    return (words[:1].upper() + words[1:]).replace("{", "(").replace("}", ")")


CONSTRUCTED = "held by construction"
"""What is said of a clause that nothing in an incident can break."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, said once: everything that is listed, linted, judged and explained of it is read from here."""

    id: str
    text: str
    """As docs/sop.md has it; a test holds the two equal."""
    promise: Promise | None = None
    judged_by: str = ""
    judge: Judge | None = None
    """How it is judged where no clock of it ran."""
    lacks: Callable[[Incident], str] | None = None
    """What is wanting although its promises were kept; empty where nothing is."""
    still: bool = False
    """An incident that is not closed may still meet it."""
    waived_with: str = ""
    """The clause whose waiver leaves nothing to judge here."""
    never_waived: str = ""
    """Why no policy may let it be waived."""
    explain: Callable[[Policy], Iterable[str]] | None = None
    """What it means beyond its clock, under a policy."""
    constructed: bool = False
    """Nothing that happens in an incident can break it: the house is built so, and the tests that name it hold it."""

    @property
    def said(self) -> str:
        """What it asks for in people's words: what is so once its promise is kept, else by what it is judged."""
        if self.promise:
            return self.promise.stated(self.promise.what)
        return self.judged_by[:1].upper() + self.judged_by[1:]

    @property
    def judged_how(self) -> str:
        """By what it is judged where no clock of it ran."""
        return f"{CONSTRUCTED}: {self.judged_by}" if self.constructed else self.judged_by


def happened(*facts: type[Fact], clause: str = "") -> Judge:
    """Met when such an event is there, not applicable when not."""
    return lambda incident: (
        any(isinstance(event.what, facts) and clause in ("", event.clause) for event in incident.events) or None
    )
