"""What many tests begin with is played once: each of them gets a copy of its own."""

from collections.abc import Callable, Hashable
from copy import deepcopy
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
PLAIN = (str, int, float, datetime, timedelta, type(None))


def again(make: Callable[P, T]) -> Callable[P, T]:
    """What was made with the same plain words is copied; with others, such as a policy, it is made anew."""
    known: dict[Hashable, T] = {}

    @wraps(make)
    def made(*args: P.args, **fields: P.kwargs) -> T:
        if not all(isinstance(one, PLAIN) for one in (*args, *fields.values())):
            return make(*args, **fields)
        key = (args, tuple(sorted(fields.items())))
        if key not in known:
            known[key] = make(*args, **fields)
        return deepcopy(known[key])

    return made
