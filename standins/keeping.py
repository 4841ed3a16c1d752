"""Keeps what the stand-ins hold in files, so that a restart finds rooms, pages and tickets as they were left."""

import json
import os
from collections.abc import Callable, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any, Protocol

from pydantic import ConfigDict, TypeAdapter

BYTES = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


class Lasting(Protocol):
    """A stand-in that says what of it lasts."""

    name: str
    keep: Callable[[], None]

    @property
    def lasting(self) -> Mapping[str, Any]:
        """The attributes to keep by their dotted name, with the type of each."""
        ...


class Keeper:
    """A folder with a file for each stand-in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(self, *them: Lasting) -> None:
        """Give each what it held before, and keep what it holds from now on."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for one in them:
            place = self._folder / f"{one.name}.json"
            if place.exists():
                _restore(one, json.loads(place.read_text()))
            one.keep = _Keeping(one, place)


class _Keeping:
    """Writes one stand-in down whenever something changed, whole or not at all."""

    def __init__(self, one: Lasting, place: Path) -> None:
        self._one, self._place, self._last = one, place, ""

    def __call__(self) -> None:
        text = json.dumps({path: _plain(self._one, path, kind) for path, kind in self._one.lasting.items()})
        if text == self._last:
            return
        fresh = self._place.with_suffix(".new")
        fresh.write_text(text)
        os.replace(fresh, self._place)
        self._last = text


def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Models and dataclasses of the stand-ins bring their own settings; the others get ours, for the bytes of mails."""
    return TypeAdapter(kind, config=BYTES) if kind in (list[bytes],) else TypeAdapter(kind)


def _plain(one: Lasting, path: str, kind: Any) -> Any:
    return json.loads(_adapter(kind).dump_json(attrgetter(path)(one)))


def _restore(one: Lasting, kept: Mapping[str, Any]) -> None:
    """What is kept wins over what a new account begins with; what the company has got since stays."""
    for path, kind in one.lasting.items():
        if path not in kept:
            continue
        value = _adapter(kind).validate_json(json.dumps(kept[path]))
        owner, _, name = path.rpartition(".")
        holder = attrgetter(owner)(one) if owner else one
        held = getattr(holder, name)
        setattr(holder, name, {**held, **value} if isinstance(held, dict) else value)
