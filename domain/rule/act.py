"""An act that an incident decides, and the questions its form, its command and its Web UI hint are made of."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, ClassVar, Literal, get_args, get_origin

from domain.company.core_role import CoreRole
from domain.incident.fact import Fact
from domain.incident.incident import Incident, Phase
from domain.port.message import Button, Style
from domain.rule.refusal import Refusal
from domain.value.act import Act
from domain.value.kind import kind_of
from domain.value.model import Model

FOUGHT: tuple[Phase, ...] = ("alerting", "triage", "active")
How = Literal["line", "text", "choice", "person", "moment"]
Decision = tuple[Fact, ...] | Refusal
"""What an act turns into, or why it does not count."""


Choose = Literal[
    "",
    "severity",
    "role",
    "service",
    "team",
    "cause",
    "promise",
    "waivable",
    "task",
    "finding",
    "item",
    "law",
    "report",
    "another",
    "incident",
    "linked",
    "reach",
]


@dataclass(frozen=True, slots=True)
class Ask:
    """How a person is asked for a field: it stands in the field's type, `Annotated[Text, Ask("What do you see?")]`."""

    label: str
    how: Literal["", "line", "text", "person", "moment"] = ""
    hint: str = ""
    example: str = ""
    """What stands for it in a ready-made signal."""
    options: tuple[tuple[str, str], ...] = ()
    """The answers that are offered, each with its words; those of the field's type where nothing is said."""
    choose: Choose = ""
    """What of the company's files, of what the incident owes, or of the other open incidents it is chosen from."""
    case: Literal["", "upper", "lower"] = ""
    """How it is written, whoever typed it."""
    spare: bool = False
    """A form leaves it out where there is nothing to choose from."""
    settled: bool = False
    """A form leaves it out where the press that opened it has said it."""
    group: str = ""
    """The heading that a long form sets above it, for it and those that follow."""
    optional: bool | None = None
    """Whether it may be left empty, where the default does not say so: a form may ask for what has one."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One way of typing an act on a command line, where it is not simply its verb with its object: `breach no WHY`."""

    verb: str
    help: str = ""
    """What is said of it, where that is not the act's own description."""
    arguments: tuple[str, ...] | None = None
    """The fields that are typed without their name, in order; the act's object where nothing is said."""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """What the verb itself says."""
    needs: tuple[str, ...] = ()
    """Options that must be given although the act could do without."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Fields that are called otherwise there."""
    without: tuple[str, ...] = ()
    """Fields that are not asked for there."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of an act, as every form, command and hint renders it."""

    field: str
    ask: Ask
    how: How
    optional: bool
    options: tuple[tuple[str, str], ...] = ()
    """The answers to choose from, each with its words."""


class IncidentAct(Act, abstract=True):
    """An act of the procedure. Its first docstring line is its description everywhere; its first field its object."""

    makes: ClassVar[tuple[type[Fact], ...]] = ()
    """What it turns into; a past incident is read back by it, from the fields that both have."""
    label: ClassVar[str] = ""
    """On buttons; without one nobody is offered it (a vendor's act)."""
    form_title: ClassVar[str] = ""
    """Of its form, where that is not the label; 24 characters at most."""
    submit: ClassVar[str] = ""
    """On its form's button, which says what happens, where that is not the label; 24 characters at most."""
    deed: ClassVar[str] = ""
    """What somebody may do, in a sentence about rights."""
    verb: ClassVar[str] = ""
    """Behind `standfast` and `/incident`."""
    typed: ClassVar[tuple[Typed, ...]] = ()
    """How it is typed, where its verb and its object are not enough."""
    offered_in: ClassVar[tuple[Phase, ...]] = ()
    """The phases whose Web UI hint shows it."""
    in_menu: ClassVar[bool] = True
    """Whether the chat's menu has its button; what is answered where it is asked needs none."""
    there: ClassVar[str] = ""
    """What of an incident it is about, by its name in the view, where no menu has it: it is offered where that is."""
    phases: ClassVar[tuple[Phase, ...]] = ()
    """The phases in which it can be done; every one until the incident is closed where nothing is said."""
    of_holders: ClassVar[bool] = False
    """Whether only who holds a role can do it, with that role."""
    usually: ClassVar[CoreRole | None] = None
    """Whose act it usually is."""
    allowed_as: ClassVar[str] = ""
    """The act whose rights count where the policy does not list this one."""
    style: ClassVar[Style] = "plain"
    published: ClassVar[bool] = False
    """Customers read what it says: its form begins from a template and shows what they will see."""
    last_words: ClassVar[str] = ""
    """The field that customers read at the end, where they read of it at all: its form shows what they will see."""
    submit_telling: ClassVar[str] = ""
    """On its form's button where those words go out with it; 24 characters at most."""
    anybodys: ClassVar[bool] = False
    """Whether somebody may do it whom the company's catalog does not know: what is only written down."""
    object: ClassVar[str] = ""
    """The field that the act's own word is about, where it is not the first."""

    @abstractmethod
    def decide(self, incident: Incident) -> Decision:
        """What it turns into."""

    def is_news(self, incident: Incident) -> bool:
        """Whether it says what is not so already; a vendor's echo of our own deed needs no right and is no event."""
        return True

    @classmethod
    def doc_line(cls) -> str:
        """The act in one line."""
        return (cls.__doc__ or cls.label).strip().splitlines()[0]

    @classmethod
    def commands(cls) -> tuple[Typed, ...]:
        """How it is typed on a command line."""
        return cls.typed or ((Typed(cls.verb),) if cls.verb else ())

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """What a person is asked, in the order of the fields."""
        return _questions(cls)

    @classmethod
    def about(cls) -> str:
        """The field that the act's own word is about; empty where it has none."""
        own = [name for name in cls.model_fields if name not in Act.model_fields]
        return cls.object or next(iter(own), "")

    @classmethod
    def button(cls, label: str = "", style: Style | None = None, *, asks: bool | None = None, **fields: str) -> Button:
        """The press that does it, or opens its form; `asks` says which where its fields do not."""
        return _button(cls, label or cls.label, style or cls.style, asks, tuple(fields.items()))

    @classmethod
    def signal(cls, by: str) -> Mapping[str, Any]:
        """A ready-made signal for the Web UI."""
        return {"by": by, **{one.field: one.ask.example for one in cls.questions() if one.ask.example}}


@lru_cache(maxsize=512)
def _button(
    act: type[IncidentAct], label: str, style: Style, asks: bool | None, fields: tuple[tuple[str, str], ...]
) -> Button:
    """Made once for the same words: the card and the headline of every turn have the buttons of the turn before."""
    known = dict(fields)
    form = any(one.field not in known for one in act.questions()) if asks is None else asks
    return Button(act=kind_of(act), label=label, fields=known, style=style, asks=form)


@cache
def _questions(act: type[IncidentAct]) -> tuple[Question, ...]:
    """Read from the fields once: every button of every message asks for them."""
    return tuple(_asked(act))


def _asked(act: type[IncidentAct]) -> Iterator[Question]:
    for name, info in act.model_fields.items():
        ask = next((one for one in info.metadata if isinstance(one, Ask)), None)
        if ask:
            options = ask.options or _answers(info.annotation)
            how: How = "choice" if options or ask.choose else ask.how or "text"
            optional = not info.is_required() if ask.optional is None else ask.optional
            yield Question(name, ask, how, optional, options)


def _answers(kind: object) -> tuple[tuple[str, str], ...]:
    """The answers that a field's type allows, where it allows only some."""
    if kind is bool:
        return (("true", "Yes"), ("false", "No"))
    words = get_args(kind) if get_origin(kind) is Literal else ()
    return tuple((word, word.replace("_", " ").capitalize()) for word in words)


def words_of(act: Act) -> str:
    """What somebody said with an act, in one line: its fields with their names, those that say nothing left out.

    So are records, which nobody says.
    """
    own = {name: value for name, value in act if name not in Act.model_fields and value not in ("", None, ())}
    said = {name: _plain(value) for name, value in own.items() if not _is_record(value)}
    return "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in said.items())


def _is_record(value: object) -> bool:
    parts = value if isinstance(value, tuple) else (value,)
    return any(isinstance(one, Model | dict) for one in parts)


def _plain(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def people_do() -> dict[str, type[IncidentAct]]:
    """The acts that people are offered, by kind."""
    return {kind: act for kind, act in Act.kinds.items() if issubclass(act, IncidentAct) and act.label}
