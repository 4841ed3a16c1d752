"""Forms as Slack's modals: what they ask, what they remember, and what is wrong in them."""

from typing import Any

from pydantic import ValidationError

from domain.port.conversation import Form, FormErrors, FormField, Opened, UnclearInput
from vendors import door
from vendors.slack.message import ACTION, HEADER, clip, clip_plain, escape

View = dict[str, Any]

TITLE = 24
METADATA = 3000
WRITTEN = 3000
"""Limits of a modal's title, its private metadata and a text input (docs.slack.dev/reference/views)."""
SEEN = 5
"""Answers to choose from that stand there at once; Slack takes up to ten (reference/block-kit/block-elements)."""
LOOK = "look"
"""The press in a form that changes nothing but its preview."""
ERROR = 500
"""Enough for a reason; Slack gives no limit for it."""


def modal(form: Form) -> View:
    """The modal that asks; what is known already stands in it.

    Slack keeps what a person typed under a block's id, so what a choice rewrote gets a new one
    (docs.slack.dev/surfaces/modals, "Updating views"). `UnclearInput` where it would have to remember too much.
    """
    turn = form.opened.turn
    return {
        "type": "modal",
        "callback_id": f"{ACTION}{form.opened.act}",
        "title": _plain(form.title, TITLE),
        "submit": _plain(form.submit or form.title, TITLE),
        "close": _plain("Cancel", TITLE),
        "private_metadata": _remembered(form.opened),
        "blocks": [
            *(block for ask in form.fields for block in _asked(ask, form.known.get(ask.field, ""), turn)),
            *(_preview(form.preview) if form.preview else ()),
        ],
    }


def remembered(metadata: str) -> Opened:
    """What a form of ours was opened with."""
    try:
        return Opened.model_validate_json(metadata)
    except ValidationError as error:
        raise door.unreadable(error) from None


def errors_in(wrong: FormErrors) -> dict[str, Any]:
    """The answer to a submission that keeps the form open; what no question is about stands at the first one."""
    asked = {ask.field: ask for ask in wrong.fields if not ask.begins}
    first = next(iter(asked.values()))
    shown: dict[str, str] = {}
    for field, error in wrong.errors.items():
        place = _place(asked.get(field, first), wrong.turn)
        shown[place] = f"{shown[place]}; {error}" if place in shown else error
    return {"response_action": "errors", "errors": {field: clip_plain(text, ERROR) for field, text in shown.items()}}


def _remembered(opened: Opened) -> str:
    text = opened.model_dump_json()
    if len(text) > METADATA:
        raise UnclearInput({"fields": f"{len(text)} characters are known already, expected at most {METADATA}"})
    return text


def _plain(text: str, limit: int) -> dict[str, str]:
    return {"type": "plain_text", "text": clip_plain(text, limit)}


def _place(ask: FormField, turn: int) -> str:
    """The id of a question's block; the choice that rewrites the others stays as it is."""
    return f"{ask.field}/{turn}" if turn and not ask.begins else ask.field


def _asked(ask: FormField, known: str, turn: int) -> list[dict[str, Any]]:
    """The input, below the heading of its group where it begins one."""
    heading = [{"type": "header", "text": _plain(ask.group, HEADER)}] if ask.group else []
    return [*heading, _input(ask, known, turn)]


def _input(ask: FormField, known: str, turn: int) -> dict[str, Any]:
    block = {
        "type": "input",
        "block_id": _place(ask, turn),
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
        return {"type": "datetimepicker", **({"initial_date_time": int(known)} if known.isdecimal() else {})}
    initial = {"initial_value": clip_plain(known, WRITTEN)} if known else {}
    return {"type": "plain_text_input", "multiline": ask.how == "text", "max_length": WRITTEN, **initial}


def _option(value: str, label: str) -> dict[str, Any]:
    """One answer; what stands below its first line is small."""
    words, _, more = label.strip().partition("\n")
    return {"text": _plain(words, 75), "value": value, **({"description": _plain(more, 75)} if more.strip() else {})}


def _choice(ask: FormField, known: str) -> dict[str, Any]:
    """A few answers are all seen; what may be left out is a menu, for nothing takes a radio button back."""
    options = [_option(value, label) for value, label in ask.options]
    chosen = [option for option in options if option["value"] == known]
    kind = "static_select" if ask.optional or len(options) > SEEN else "radio_buttons"
    return {"type": kind, "options": options, **({"initial_option": chosen[0]} if chosen else {})}
