"""Modals for the acts that ask for words, and the acts that come of what was filled in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError

from domain.value.act import Act
from domain.value.model import Shape
from vendors import door
from vendors.slack.heard import Submitted
from vendors.slack.message import ACTION, clip, clip_plain, escape
from vendors.slack.question import TEMPLATE, FormField, Options, questions

View = dict[str, Any]

TITLE = 24
METADATA = 3000
WRITTEN = 3000
"""Limits of a modal's title, its private metadata and a text input (docs.slack.dev/reference/views)."""
LOOK = "look"
"""The press in a form that changes nothing but its preview."""
ERROR = 500
"""Enough for a reason; Slack gives no limit for it."""


class Opened(Shape):
    """What a form remembers of the press that opened it; it travels as the view's private metadata."""

    incident: str
    act: str
    channel: str = ""
    """Where it was pressed, so that what comes later can be told there."""
    fields: dict[str, str] = Field(default_factory=dict)
    turn: int = 0
    """How often a choice has rewritten the form. Slack keeps what a person typed under a block's id, so what is
    rewritten gets a new one (docs.slack.dev/surfaces/modals, "Updating views")."""


class Unclear(Exception):
    """An act could not be made of what was said; `errors` says what is wrong, by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {error}" for field, error in errors.items()))
        self.errors = errors


def form(
    kind: str,
    incident: str,
    fields: Mapping[str, str],
    choices: Mapping[str, Options] | None = None,
    channel: str = "",
    *,
    turn: int = 0,
    preview: str = "",
) -> View:
    """The modal that asks for what this act still needs; what is known already stands in it.

    `choices` are the policy's own answers for a field, such as its severities or roles, where they differ from ours;
    `preview` is what customers would read, `turn` how often a choice has rewritten this form.
    """
    title, asks = questions(kind)
    asked = {ask.field for ask in asks}
    kept = {name: value for name, value in fields.items() if name not in asked}
    opened = Opened(incident=incident, act=kind, channel=channel, fields=kept, turn=turn)
    offered = [ask._replace(options=(choices or {}).get(ask.field, ask.options)) for ask in asks]
    inputs = [_input(ask, fields.get(ask.field, ""), turn) for ask in offered if ask.field != TEMPLATE or ask.options]
    return {
        "type": "modal",
        "callback_id": f"{ACTION}{kind}",
        "title": _plain(title, TITLE),
        "submit": _plain(title, TITLE),
        "close": _plain("Cancel", TITLE),
        "private_metadata": _remembered(opened),
        "blocks": [*inputs, *(_preview(preview) if preview else ())],
    }


def remembered(metadata: str) -> Opened:
    """What a form of ours was opened with."""
    try:
        return Opened.model_validate_json(metadata)
    except ValidationError as error:
        raise door.unreadable(error) from None


def filled(submitted: Submitted) -> Opened:
    """The incident, the act and all its fields: what the button knew and what the person wrote."""
    opened = remembered(submitted.metadata)
    written = {name: value for name, value in submitted.values.items() if name != TEMPLATE}
    return opened.model_copy(update={"fields": {**opened.fields, **written}})


def errors_in(kind: str, errors: Mapping[str, str], turn: int = 0) -> dict[str, Any]:
    """The answer to a submission that keeps the form open; what no question is about stands at the first one."""
    asked = [ask.field for ask in questions(kind)[1] if ask.field != TEMPLATE]
    shown: dict[str, str] = {}
    for field, error in errors.items():
        place = _place(field if field in asked else asked[0], turn)
        shown[place] = f"{shown[place]}; {error}" if place in shown else error
    return {"response_action": "errors", "errors": {field: clip_plain(text, ERROR) for field, text in shown.items()}}


def act_from(kind: str, fields: Mapping[str, str], by: str, id: str, at: datetime) -> Act:
    """Build the act of this kind from words; `Unclear` says, field by field, what a person should change."""
    told: dict[str, Any] = {name: value for name, value in fields.items() if value.strip()}
    if "severity" in told:
        told["severity"] = told["severity"].upper()
    try:
        return _ACT.validate_python({**told, "kind": kind, "by": by, "via": "slack", "id": id, "at": at})
    except ValidationError as error:
        raise Unclear({_field(one): _wrong(one) for one in error.errors(include_url=False)}) from None


_ACT: TypeAdapter[Act] = TypeAdapter(Act)


def _remembered(opened: Opened) -> str:
    text = opened.model_dump_json()
    if len(text) > METADATA:
        raise Unclear({"fields": f"{len(text)} characters are known already, expected at most {METADATA}"})
    return text


def _plain(text: str, limit: int) -> dict[str, str]:
    return {"type": "plain_text", "text": clip_plain(text, limit)}


def _place(field: str, turn: int) -> str:
    """The id of a question's block; the template's own choice is what stays as it is."""
    return f"{field}/{turn}" if turn and field != TEMPLATE else field


def _input(ask: FormField, known: str, turn: int) -> dict[str, Any]:
    block = {
        "type": "input",
        "block_id": _place(ask.field, turn),
        "label": _plain(ask.label, 2000),
        "optional": ask.optional,
        "element": {"action_id": "value", **_element(ask, known)},
    }
    block |= {"dispatch_action": True} if ask.listens else {}
    return {**block, "hint": _plain(ask.hint, 2000)} if ask.hint else block


def _preview(words: str) -> list[dict[str, Any]]:
    """What customers would read, and the press that brings it up to date with what was typed."""
    look = {"type": "button", "action_id": LOOK, "text": _plain("Preview again", 75), "value": "look"}
    shown = "\n".join(f">{escape(line)}" for line in words.splitlines())
    text = clip(f"*What customers will read*\n{shown}", WRITTEN)
    return [
        {"type": "section", "block_id": "preview", "text": {"type": "mrkdwn", "text": text}},
        {"type": "actions", "block_id": "look", "elements": [look]},
    ]


def _element(ask: FormField, known: str) -> dict[str, Any]:
    if ask.how == "choice":
        return _choice(ask, known)
    if ask.how == "person":
        return {"type": "users_select", **({"initial_user": known} if known[:1] in ("U", "W") else {})}
    if ask.how == "moment":
        return {"type": "datetimepicker"}
    initial = {"initial_value": clip_plain(known, WRITTEN)} if known else {}
    return {"type": "plain_text_input", "multiline": ask.how == "text", "max_length": WRITTEN, **initial}


def _choice(ask: FormField, known: str) -> dict[str, Any]:
    options = [{"text": _plain(label, 75), "value": value} for value, label in ask.options]
    chosen = [option for option in options if option["value"] == known]
    return {"type": "static_select", "options": options, **({"initial_option": chosen[0]} if chosen else {})}


def _field(error: Any) -> str:
    """The field an error is about; without one it is about the act itself."""
    return str(error["loc"][0]) if error["loc"] else "act"


def _wrong(error: Any) -> str:
    if error["type"] == "missing":
        return "this is needed"
    if error["type"] == "union_tag_invalid":
        return f"found {error['ctx']['tag']!r}, expected one of {error['ctx']['expected_tags']}"
    return f"found {str(error['input'])[:80]!r}, expected: {error['msg']}"
