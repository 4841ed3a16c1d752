"""One model with some of its fields said anew, checked as a whole."""

from collections.abc import Mapping
from typing import Any, TypeVar

from domain.value.model import Model

S = TypeVar("S", bound=Model)


def merged(model: S, lines: Mapping[str, Any]) -> S:
    """The model with these lines in it: a mapping is joined key by key, anything else takes the place of what stood."""
    return type(model).model_validate(_joined(model.model_dump(), lines)) if lines else model


def _joined(data: Any, lines: Any) -> Any:
    if not (isinstance(data, dict) and isinstance(lines, Mapping)):
        return lines
    return data | {name: _joined(data.get(name), value) for name, value in lines.items()}
