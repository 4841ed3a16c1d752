"""Every field of policy.yaml and catalog.yaml in docs/reference.md, made from the models: `make reference`."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.value.model import format_duration
from tests.house.source import ROOT

DOCUMENT = ROOT / "docs/reference.md"
HEAD = """# Reference: every field of the policy and the catalog

Made from the models by `make reference`; a test holds it to them. Spans are written `90s`, `5m`, `1h30m`, `14d`.
How the two files are made for a company of one's own, step by step: [adopt.md](reader/adopt.md).
"""
FILES: dict[str, type[BaseModel]] = {"policy.yaml": Policy, "catalog.yaml": Catalog}
SHORT = 60
"""Characters of a default that is shown whole."""


def made() -> str:
    """The whole document."""
    seen = set[type[BaseModel]]()
    parts = [part for file, model in FILES.items() for part in _tables(model, f"`{file}`", seen)]
    return "\n".join([HEAD, *parts])


def documented() -> str:
    """As it stands."""
    return DOCUMENT.read_text() if DOCUMENT.exists() else ""


def _tables(model: type[BaseModel], title: str, seen: set[type[BaseModel]]) -> Iterator[str]:
    """The fields of a model, then those of the models that they hold; each once."""
    if model in seen:
        return
    seen.add(model)
    said = inspect.cleandoc(model.__doc__ or "").splitlines()[0]
    words = _words(model)
    rows = [_row(name, info, words.get(name, "")) for name, info in model.model_fields.items()]
    yield "\n".join([f"## {title}", "", said, "", "| field | is | if not said | |", "|---|---|---|---|", *rows, ""])
    for info in model.model_fields.values():
        for inner in _models(info.annotation):
            yield from _tables(inner, inner.__name__, seen)


def _row(name: str, info: FieldInfo, words: str) -> str:
    cells = (f"`{name}`", _kind(info.annotation), _default(info), words)
    return f"| {' | '.join(cell.replace('|', ' or ') for cell in cells)} |"


def _words(model: type[BaseModel]) -> dict[str, str]:
    """What is said under each field, in the class and in those it is made of."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if one is not BaseModel and issubclass(one, BaseModel):
            body = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0]
            found |= dict(_said(body)) if isinstance(body, ast.ClassDef) else {}
    return found


def _said(body: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in zip(body.body, body.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                yield name, " ".join(words.split())


def _kind(annotation: Any) -> str:
    """A type as somebody who writes YAML reads it."""
    inner = [one for one in get_args(annotation) if one is not type(None) and one is not Ellipsis]
    if get_origin(annotation) is Literal:
        return " or ".join(f"`{word}`" for word in inner)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    if get_origin(annotation) in (tuple, list):
        return f"list of {_kind(inner[0])}"
    if get_origin(annotation) is dict:
        return f"by name: {_kind(inner[1])}"
    if hasattr(annotation, "__metadata__"):
        return _kind(annotation.__origin__)
    if inner:
        return " or ".join(dict.fromkeys(map(_kind, inner)))
    return {timedelta: "span", str: "text", bool: "yes or no", int: "number"}.get(annotation, _plain(annotation))


def _plain(annotation: Any) -> str:
    return re.sub(r"^.*\.", "", getattr(annotation, "__name__", str(annotation))).lower()


def _default(info: FieldInfo) -> str:
    """What counts where nothing is said."""
    if info.is_required():
        return "**needed**"
    value = info.get_default(call_default_factory=True, validated_data={})
    if value in (None, "", (), {}, PydanticUndefined):
        return "nothing"
    if isinstance(value, BaseModel):
        return "its own"
    if isinstance(value, timedelta):
        return f"`{format_duration(value)}`"
    shown = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"`{shown}`" if len(shown) <= SHORT and "\n" not in shown else f"`{shown[: SHORT - 1].splitlines()[0]}…`"


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


if __name__ == "__main__":
    DOCUMENT.write_text(made())
