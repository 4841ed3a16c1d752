"""How much goes into one message: by the bytes it is written in, with room for encryption and what stands around it."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from pydantic import BaseModel

Part = TypeVar("Part", bound=BaseModel)
ROOM = 512 * 1024
"""Bytes. Temporal refuses a payload of 2 MiB and a call of 4; an encrypted payload is larger by its key's name."""


def portion(parts: Sequence[Part], most: int = ROOM) -> Sequence[Part]:
    """The first of these that fit into one message; one always goes, however large it is."""
    left = most
    for count, part in enumerate(parts):
        left -= len(part.model_dump_json().encode())
        if left < 0 and count:
            return parts[:count]
    return parts


def portions(parts: Sequence[Part], most: int = ROOM) -> Iterator[Sequence[Part]]:
    """All of these, in messages that each fit."""
    while parts:
        first = portion(parts, most)
        yield first
        parts = parts[len(first) :]
