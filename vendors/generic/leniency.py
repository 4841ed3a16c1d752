"""Takes a body of our own webhook as it is plainly meant: what its schema asks of a sender decides about no alert."""

from collections.abc import Callable, Mapping
from typing import Any

from vendors.door import Unreadable
from vendors.said import NEVER, mark, moment, objects, pairs, text

LINE, TEXT, LINKS = 250, 10_000, 20
UNNAMED = "An alert without a name"


def taken(content: Any) -> dict[str, Any]:
    """The body with every field in the type it should have; what can be left out and makes no sense is left out."""
    if not isinstance(content, Mapping):
        raise Unreadable("body", type(content).__name__, "an object with `kind`")
    told = {name: read(content[name]) for name, read in FIELDS.items() if content.get(name) is not None}
    told = {name: value for name, value in told.items() if value not in ("", NEVER) or name in ("kind", "state")}
    known = ALERT if told.get("kind") == "alert" else ESCALATION if told.get("kind") == "escalation" else told.keys()
    told = {name: value for name, value in told.items() if name in known}
    started = "fired_at" if told.get("kind") == "alert" else "escalated_at"
    told.setdefault("title", UNNAMED)
    told.setdefault(started, NEVER)
    if told.get("kind") == "alert":
        told.setdefault("key", mark(told["title"], told.get("service"), told.get("labels")))
    return told


def _line(value: Any) -> str:
    return " ".join(text(value).split())[:LINE].strip()


def _state(value: Any) -> str:
    return text(value).strip().lower()


def _key(value: Any) -> str:
    told = text(value).strip()
    return told if len(told) <= LINE else f"{told[: LINE - 20]}~{mark(told)}"


def _address(value: Any) -> str:
    told = text(value).strip()
    return told if told.startswith(("https://", "http://")) and len(told) < 2000 and "." in told else ""


def _links(value: Any) -> list[dict[str, str]]:
    found = [{"label": _line(one.get("label")) or "Link", "url": _address(one.get("url"))} for one in objects(value)]
    return [one for one in found if one["url"]][:LINKS]


FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "kind": _state,
    "key": _key,
    "ticket": _key,
    "state": _state,
    "title": _line,
    "description": lambda value: text(value)[:TEXT],
    "service": _line,
    "environment": _line,
    "severity": lambda value: _line(value).upper() if _line(value).lower() == "s1" else _line(value),
    "customer": _line,
    "labels": pairs,
    "links": _links,
    "url": _address,
    "fired_at": moment,
    "escalated_at": moment,
    "at": moment,
}
ALERT = frozenset(FIELDS) - {"ticket", "customer", "url", "escalated_at"}
ESCALATION = frozenset(FIELDS) - {"key", "labels", "links", "fired_at"}
