"""The act that comes of what was pressed, typed or filled in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from domain.port.conversation import Opened, Submitted, UnclearInput
from domain.value.act import Act
from ingress.chat.question import TEMPLATE

_ACT: TypeAdapter[Act] = TypeAdapter(Act)


def filled(submitted: Submitted) -> Opened:
    """The incident, the act and all its fields: what the button knew and what the person wrote."""
    written = {name: value for name, value in submitted.values.items() if name != TEMPLATE}
    opened = submitted.opened
    return opened.model_copy(update={"fields": {**opened.fields, **written}})


def act_from(kind: str, fields: Mapping[str, str], *, by: str, via: str, id: str, at: datetime) -> Act:
    """Build the act of this kind from words; `UnclearInput` says, field by field, what a person should change."""
    told: dict[str, Any] = {name: value for name, value in fields.items() if value.strip()}
    if "severity" in told:
        told["severity"] = told["severity"].upper()
    try:
        return _ACT.validate_python({**told, "kind": kind, "by": by, "via": via, "id": id, "at": at})
    except ValidationError as error:
        raise UnclearInput({_field(one): _wrong(one) for one in error.errors(include_url=False)}) from None


def _field(error: Any) -> str:
    """The field an error is about; without one it is about the act itself."""
    return str(error["loc"][0]) if error["loc"] else "act"


def _wrong(error: Any) -> str:
    if error["type"] == "missing":
        return "this is needed"
    if error["type"] == "union_tag_invalid":
        return f"found {error['ctx']['tag']!r}, expected one of {error['ctx']['expected_tags']}"
    return f"found {str(error['input'])[:80]!r}, expected: {error['msg']}"
