"""What an examination of the doctor's answers, and how long it is waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from domain.value.model import Model

PATIENCE = 8.0
"""Seconds for one examination; the doctor must answer when nothing else does."""


class CheckResult(Model):
    """One thing the doctor looked at, and what to do where it is not well."""

    what: str
    state: Literal["ok", "warn", "failed", "absent"] = "ok"
    said: str = ""
    do: str = ""


Examination = Callable[[], Awaitable[list[CheckResult]]]


async def patient(name: str, look: Examination, seconds: float = PATIENCE) -> list[CheckResult]:
    """An examination that does not end is a finding too, and so is one that breaks."""
    try:
        return await asyncio.wait_for(look(), seconds)
    except TimeoutError:
        said = f"no answer in {seconds:g} s"
        return [CheckResult(what=name, state="failed", said=said, do="look at its host and network")]
    except Exception as error:  # the doctor must report whatever is broken, and go on with the rest
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        return [CheckResult(what=name, state="failed", said=said[:300], do="mend what this names")]
