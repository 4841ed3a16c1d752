"""What a person's hand finds on a message and enters in a form, in the shapes that Slack gives them."""

from typing import Any


def button_of(message: dict[str, Any], called: str) -> dict[str, Any]:
    """The button of a message, by action id or label."""
    elements = [
        e for block in message.get("blocks", []) for e in ({**e, "block_id": "b"} for e in block.get("elements", []))
    ]
    for element in elements:
        if called in (element["action_id"], element["text"]["text"]):
            return element
    labels = [element["text"]["text"] for element in elements]
    raise LookupError(f"no button {called!r} there: the message has {labels}")


def entered(element: dict[str, Any], value: str) -> dict[str, Any]:
    """What a person entered in one element, in the shape Slack gives it."""
    if element["type"] == "static_select":
        options = [option for option in element["options"] if option["value"] == value]
        return {"type": "static_select", "selected_option": options[0] if options else None}
    if element["type"] == "users_select":
        return {"type": "users_select", "selected_user": value or None}
    if element["type"] == "datetimepicker":
        return {"type": "datetimepicker", "selected_date_time": int(value) if value else None}
    return {"type": "plain_text_input", "value": value or None}
