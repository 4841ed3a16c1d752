"""What the forms ask: the questions of the acts, and the form that opens an incident."""

from collections.abc import Mapping

from domain.port.conversation import Form, FormErrors, FormField, Opened, Options
from domain.rule.act import Question, people_do

OPEN = "open"
"""Not an act: it makes the incident that acts are for."""
TEMPLATE = "template"
"""Not a field of an act: what the text is begun from. Left out where there is nothing to choose from."""

SHIPPED: dict[str, Options] = {
    "severity": tuple((level, level) for level in ("P1", "P2", "P3", "P4")),
    "role": (
        ("commander", "Incident commander"),
        ("on_call", "On-call engineer"),
        ("comms", "Communications lead"),
        ("manager", "Engineering manager"),
    ),
}
"""What the shipped policy offers; a company's own are given to `form` as choices."""
BEGIN = FormField(
    TEMPLATE, "Begin from a template", "choice", True, hint="It replaces the text below.", listens=True, begins=True
)
DECLARATION = (
    FormField("title", "What is wrong?"),
    FormField("service", "Which service?", "choice"),
    FormField(
        "severity", "How bad is it?", "choice", True, SHIPPED["severity"], "Left out, the matrix proposes one and asks."
    ),
    FormField("security", "Is it a security incident?", "choice", True, (("true", "Yes, it is kept private"),)),
)


def forms() -> tuple[str, ...]:
    """Everything that has a form: opening an incident, and each act that asks people for words."""
    return (OPEN, *(kind for kind, act in people_do().items() if any(act.questions())))


def previewed(kind: str) -> bool:
    """Whether a form shows what will be published, as customers will read it."""
    return kind in people_do() and people_do()[kind].published


def last_words(kind: str) -> str:
    """The field that customers read at the end, where it may be left out; empty where there is none."""
    return people_do()[kind].last_words if kind in people_do() else ""


def questions(kind: str) -> tuple[str, tuple[FormField, ...]]:
    """A form's title and what it asks. A choice without options gets them when it is opened."""
    if kind == OPEN:
        return "Declare an incident", DECLARATION
    act = people_do()[kind]
    asked = tuple(_field(one, act.published) for one in act.questions())
    return act.form_title or act.label, (BEGIN, *asked) if act.published else asked


def submits(kind: str, *, telling: bool = False) -> str:
    """What a form's button says: what happens when it is pressed; `telling` where customers read of it."""
    if kind == OPEN:
        return "Declare"
    act = people_do()[kind]
    return (act.submit_telling if telling else "") or act.submit or act.label


def _field(question: Question, published: bool) -> FormField:
    ask, listens = question.ask, published and question.how == "choice"
    options = question.options or SHIPPED.get(ask.choose, ())
    return FormField(
        question.field, ask.label, question.how, question.optional, options, ask.hint, listens,
        choose=ask.choose, spare=ask.spare, settled=ask.settled, group=ask.group,
    )  # fmt: skip


def form(opened: Opened, fields: Mapping[str, str], choices: Mapping[str, Options], preview: str = "") -> Form:
    """The form that asks for what this act still needs; what is known already stands in it.

    `choices` are the policy's own answers for a field, such as its severities or roles, where they differ from ours;
    `preview` is what customers would read; what only they would read is asked for where there is one.
    """
    title, found = questions(opened.act)
    unseen = "" if preview else last_words(opened.act)
    asks = tuple(ask for ask in found if ask.field != unseen and not (ask.settled and fields.get(ask.field)))
    asked = {ask.field for ask in asks}
    offered = [_offered(ask, choices.get(ask.choose or ask.field, ask.options)) for ask in asks]
    kept = opened.model_copy(update={"fields": {name: text for name, text in fields.items() if name not in asked}})
    return Form(
        title,
        tuple(ask for ask in offered if ask.options or not (ask.begins or ask.spare)),
        fields,
        kept,
        preview,
        submits(opened.act, telling=bool(preview)),
    )


def _offered(ask: FormField, options: Options) -> FormField:
    """A question with its answers; where there is none to choose from, it is answered in words."""
    lacking = ask.how == "choice" and not (options or ask.begins)
    return ask._replace(options=options, how="line" if lacking else ask.how)


def wrong(opened: Opened, errors: Mapping[str, str]) -> FormErrors:
    """What keeps the form of this act open."""
    return FormErrors(questions(opened.act)[1], opened.turn, errors)
