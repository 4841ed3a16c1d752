"""What never changes and says the same is one object: thousands of incidents under one policy hold it once."""

from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeVar

from domain.value.model import Model

Written = TypeVar("Written", bound=Model)
MOST = 256
"""Policies and companies that are known at once; what was not met for long is kept by its incidents alone."""


def shared(value: Written) -> Written:
    """The first value that was written just like this one, its order included; the value itself where it is the first.

    What is merely equal is not the same: two policies may list the same roles in another order, and rules read it.
    """
    written = sha256(value.model_dump_json().encode()).digest()
    first: Written = _first(type(value), written).setdefault("value", value)
    return first


@lru_cache(maxsize=MOST)
def _first(kind: type[Model], written: bytes) -> dict[str, Any]:
    return {}
