"""A modal as the person sees who has it open: its questions, what stands in them, what was wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from standins.slack.hand import initial
from standins.slack.workspace import User

HOWS = {"static_select": "choice", "radio_buttons": "radio", "users_select": "choice", "datetimepicker": "moment"}


@dataclass(frozen=True)
class Field:
    """One question."""

    name: str
    label: str
    how: str
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    hint: str = ""
    error: str = ""
    listens: bool = False
    """What is chosen here is told at once."""


@dataclass(frozen=True)
class Form:
    """A modal; `parts` are its fields and, between them, blocks that only say something."""

    id: str
    title: str
    submit: str
    parts: list[Field | dict[str, Any]] = field(default_factory=list)

    @property
    def wrong(self) -> bool:
        return any(isinstance(part, Field) and part.error for part in self.parts)


def form(
    view: Mapping[str, Any],
    users: Mapping[str, User],
    written: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Form:
    """The modal with what a person wrote by question, and what was refused by block."""
    parts: list[Field | dict[str, Any]] = [
        _field(block, users, written or {}, (errors or {}).get(block["block_id"], ""))
        if block["type"] == "input"
        else block
        for block in view["blocks"]
    ]
    return Form(str(view["id"]), view["title"]["text"], view.get("submit", view["title"])["text"], parts)


def question(block_id: str) -> str:
    """What a block asks, however often it was rewritten."""
    return block_id.partition("/")[0]


def kept(before: Mapping[str, Any], after: Mapping[str, Any], written: Mapping[str, str]) -> dict[str, str]:
    """What stays written when a modal is rewritten: whatever stands in blocks that are still the same ones."""
    same = {block["block_id"] for block in before["blocks"]} & {block["block_id"] for block in after["blocks"]}
    return {question(id): written[question(id)] for id in same if question(id) in written}


def sent(view: Mapping[str, Any], filled: Mapping[str, str]) -> dict[str, str]:
    """What a browser sent, in the shapes that hands give to Slack: a moment is seconds there."""
    found = {}
    for block in view["blocks"]:
        name = question(block["block_id"]) if block["type"] == "input" else ""
        if name and name in filled:
            moment = block["element"]["type"] == "datetimepicker"
            found[name] = _seconds(filled[name]) if moment else filled[name].replace("\r\n", "\n")
    return found


def _answer(option: Mapping[str, Any]) -> str:
    """What can be chosen, and the small words below it."""
    return " · ".join(option[part]["text"] for part in ("text", "description") if part in option)


def _field(block: Mapping[str, Any], users: Mapping[str, User], written: Mapping[str, str], error: str) -> Field:
    element, name = block["element"], question(block["block_id"])
    options = tuple((one["value"], _answer(one)) for one in element.get("options", ()))
    if element["type"] == "users_select":
        options = tuple((user.id, user.name) for user in users.values())
    how = HOWS.get(element["type"], "text" if element.get("multiline") else "line")
    value = written.get(name, initial(element))
    return Field(
        name=name,
        label=block["label"]["text"],
        how=how,
        value=_moment(value) if how == "moment" else value,
        options=options,
        optional=bool(block.get("optional")),
        hint=block.get("hint", {}).get("text", ""),
        error=error,
        listens=bool(block.get("dispatch_action")),
    )


def _seconds(text: str) -> str:
    try:
        return str(int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()))
    except ValueError:
        return ""


def _moment(seconds: str) -> str:
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M}" if seconds.isdigit() else ""
