"""What Slack's own checks refuse in a message or a modal; the stand-in's judgement, apart from the client's.

Limits: docs.slack.dev/reference/block-kit, docs.slack.dev/reference/views.
"""

from collections.abc import Iterator
from typing import Any

MARKUP = ("plain_text", "mrkdwn")
ELEMENTS = {"button", "plain_text_input", "static_select", "radio_buttons", "users_select", "datetimepicker"}

OPTIONS = {"static_select": 100, "radio_buttons": 10}


def faults(blocks: Any, most: int = 50) -> list[str]:
    """Everything wrong with a list of blocks, with its path; empty when Slack accepts it."""
    if not isinstance(blocks, list) or len(blocks) > most:
        return [f"blocks: expected a list of at most {most}"]
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    found = ["blocks: a block_id is used twice"] if len(ids) != len(set(ids)) else []
    for index, block in enumerate(blocks):
        check = _BLOCKS.get(str(block.get("type"))) if isinstance(block, dict) else None
        found += [f"blocks/{index}: {fault}" for fault in (check(block) if check else ["unknown type of block"])]
    return found


def view_faults(view: Any) -> list[str]:
    """Everything wrong with a modal."""
    if not isinstance(view, dict) or view.get("type") != "modal":
        return ["view: expected a modal"]
    found = [*_text(view.get("title"), 24, "title", "plain_text"), *faults(view.get("blocks"), 100)]
    if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
        found.append("view: private_metadata or callback_id is too long")
    inputs = any(block.get("type") == "input" for block in view.get("blocks") or [])
    return [*found, "view: input blocks need a submit"] if inputs and "submit" not in view else found


def _text(text: Any, most: int, where: str, *kinds: str) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in (kinds or MARKUP):
        yield f"{where}: expected a text object of {kinds or MARKUP}"
    elif not isinstance(text.get("text"), str) or not text["text"].strip() or len(text["text"]) > most:
        yield f"{where}: expected 1 to {most} characters"


def _header(block: dict[str, Any]) -> Iterator[str]:
    yield from _text(block.get("text"), 150, "text", "plain_text")


def _section(block: dict[str, Any]) -> Iterator[str]:
    fields = block.get("fields", [])
    if "text" not in block and not fields:
        yield "a section needs text or fields"
    if "text" in block:
        yield from _text(block["text"], 3000, "text")
    if len(fields) > 10:
        yield "fields: expected at most 10"
    for index, field in enumerate(fields):
        yield from _text(field, 2000, f"fields/{index}")


def _actions(block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 25:
        yield "elements: expected 1 to 25"
    ids = [element.get("action_id") for element in elements]
    if len(ids) != len(set(ids)):
        yield "elements: an action_id is used twice"
    for index, element in enumerate(elements):
        yield from (f"elements/{index}: {fault}" for fault in _element(element))


def _context(block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 10:
        yield "elements: expected 1 to 10"
    for index, element in enumerate(elements):
        yield from _text(element, 2000, f"elements/{index}")


def _input(block: dict[str, Any]) -> Iterator[str]:
    yield from _text(block.get("label"), 2000, "label", "plain_text")
    yield from (f"element: {fault}" for fault in _element(block.get("element") or {}))


def _element(element: dict[str, Any]) -> Iterator[str]:
    if element.get("type") not in ELEMENTS:
        yield f"unknown type {element.get('type')!r}"
    if len(element.get("action_id", "")) > 255 or len(element.get("value", "")) > 2000:
        yield "action_id or value is too long"
    if element.get("type") == "button":
        yield from _text(element.get("text"), 75, "text", "plain_text")
        if len(element.get("url", "")) > 3000:
            yield "url: expected at most 3000 characters"
        if element.get("style", "primary") not in ("primary", "danger"):
            yield "style: expected primary or danger"
    if len(element.get("initial_value", "")) > element.get("max_length", 3000):
        yield "initial_value is longer than max_length"
    options = element.get("options", [])
    most = OPTIONS.get(str(element.get("type")))
    if most and not 1 <= len(options) <= most:
        yield f"options: expected 1 to {most}"
    for option in options:
        yield from _text(option.get("text"), 75, "option", "plain_text")
        if "description" in option:
            yield from _text(option["description"], 75, "description", "plain_text")
    if "initial_option" in element and element["initial_option"] not in options:
        yield "initial_option is none of the options"


_BLOCKS = {"header": _header, "section": _section, "actions": _actions, "context": _context, "input": _input}
