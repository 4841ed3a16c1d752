"""What a person's hand finds on a message and enters in a form, in the shapes that Slack gives them."""

from collections.abc import Mapping
from typing import Any

from standins.slack.block import OPTIONS
from standins.slack.workspace import APP, TEAM


def button_of(message: dict[str, Any], called: str) -> dict[str, Any]:
    """The button of a message, by action id or label; the dots that announce a form need not be said."""
    found = next((element for element in _buttons(message) if _is_called(element, called)), None)
    if found is None:
        labels = [element["text"]["text"] for element in _buttons(message)]
        raise LookupError(f"no button {called!r} there: the message has {labels}")
    return {**found, "block_id": "b"}


def has_button(message: dict[str, Any], called: str) -> bool:
    """Whether a message has this button."""
    return any(_is_called(element, called) for element in _buttons(message))


def _buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    elements = (element for block in message.get("blocks", []) for element in block.get("elements", []))
    return [element for element in elements if element["type"] == "button"]


def _is_called(element: dict[str, Any], called: str) -> bool:
    return called in (element["action_id"], element["text"]["text"], element["text"]["text"].removesuffix("…"))


def entered(element: dict[str, Any], value: str) -> dict[str, Any]:
    """What a person entered in one element, in the shape Slack gives it."""
    if element["type"] in OPTIONS:
        options = [option for option in element["options"] if option["value"] == value]
        return {"type": element["type"], "selected_option": options[0] if options else None}
    if element["type"] == "users_select":
        return {"type": "users_select", "selected_user": value or None}
    if element["type"] == "datetimepicker":
        return {"type": "datetimepicker", "selected_date_time": int(value) if value else None}
    return {"type": "plain_text_input", "value": value or None}


def initial(element: dict[str, Any]) -> str:
    """What stands in an element before anybody touched it."""
    option = element.get("initial_option") or {}
    known = (element.get(f"initial_{what}") for what in ("value", "user", "date_time"))
    return str(next(filter(None, [option.get("value"), *known]), ""))


def as_it_stands(opened: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """An open modal as it stands before somebody, with what they wrote and what stood there already."""
    elements = {block["block_id"]: block["element"] for block in opened["blocks"] if block["type"] == "input"}
    written = {
        id: {one["action_id"]: entered(one, values.get(_question(id), initial(one)))} for id, one in elements.items()
    }
    sent = {**opened, "team_id": TEAM, "app_id": APP, "state": {"values": written}, "root_view_id": opened["id"]}
    sent |= {"bot_id": "B0STANDFAST", "external_id": "", "previous_view_id": None, "app_installed_team_id": TEAM}
    return {**sent, "clear_on_close": False, "notify_on_close": False}


def chosen_in(sent: dict[str, Any], field: str) -> dict[str, Any]:
    """The action of choosing or pressing there; an element that tells nobody has none."""
    block = next(one for one in sent["blocks"] if _question(one["block_id"]) == field)
    if not (block.get("dispatch_action") or block["type"] == "actions"):
        raise LookupError(f"{field!r} tells nobody what is chosen in it")
    element = block.get("element") or block["elements"][0]
    answer = sent["state"]["values"].get(block["block_id"], {}).get(element["action_id"], {})
    return {**element, **answer, "block_id": block["block_id"]}


def _question(block_id: str) -> str:
    """What a person sees in a block, however often it was rewritten."""
    return block_id.partition("/")[0]
