"""What becomes of an alert or an act the moment it is heard: text that every system stores, times that can be."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from domain.alerting.alert import Alert, VendorAct
from domain.value.model import Model

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""A device that says it is earlier does not know what time it is."""
AHEAD = timedelta(minutes=1)
"""Clocks differ by so much without anybody having to be told."""
WORDS = {"key": 300, "episode": 200, "service": 200, "environment": 200, "severity": 100, "batch": 300}
"""How much of a sender's word is kept: what is cut keeps its difference."""

_Shape = TypeVar("_Shape", bound=Model)


def heard(alert: Alert, at: datetime) -> Alert:
    """The alert as it is kept from now on; one that was heard before stays as it is.

    A start in the future or before 2000 cannot be: the moment of arrival counts instead, and the alert says so.
    """
    if alert.heard_at:
        return alert
    alert = storable(alert)
    short = {name: kept for name, most in WORDS.items() if (kept := _cut(getattr(alert, name), most))}
    wrong = alert.fired_at < EARLIEST or alert.fired_at > at + AHEAD
    said = f"Its source says that it began at {alert.fired_at:%Y-%m-%d %H:%M} UTC, which cannot be: its arrival counts."
    moments = {"fired_at": _possible(alert.fired_at, at), "at": _possible(alert.at, at), "heard_at": at}
    words = {"description": f"{said}\n{alert.description}".strip()} if wrong else {}
    return alert.model_copy(update={**short, **moments, **words})


def heard_act(heard: VendorAct, at: datetime) -> VendorAct:
    """The act as it is kept from now on; the same words at the same moment are one note, whatever its events' ids."""
    if heard.heard_at:
        return heard
    heard = storable(heard)
    act, text = heard.act, getattr(heard.act, "text", "")
    if text and act.at:
        act = act.model_copy(update={"id": f"{act.via}:{act.kind}:{_mark(f'{act.by} {act.at.isoformat()} {text}')}"})
    return heard.model_copy(update={"act": act, "heard_at": at})


def storable(shape: _Shape) -> _Shape:
    """The same with text that can be encoded: half an emoji and a null byte become the sign for a lost character."""
    said = shape.model_dump()
    mended = _storable(said)
    return shape if mended == said else type(shape).model_validate(mended)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_storable(key): _storable(one) for key, one in value.items()}
    return type(value)(_storable(one) for one in value) if isinstance(value, list | tuple) else value


def _text(words: str) -> str:
    """A pair of halves is the character it means; a half alone is lost."""
    if "\0" not in words and words.isascii():
        return words
    joined = words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _cut(word: str, most: int) -> str:
    """The word cut to its length, with a mark of the whole; nothing where it is short enough."""
    return f"{word[: most - 17]}-{_mark(word)}" if len(word) > most else ""


def _mark(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _possible(moment: datetime, at: datetime) -> datetime:
    return moment if EARLIEST <= moment <= at else at
