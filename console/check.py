"""What an examination of the doctor's answers."""

from typing import Literal

from domain.value.model import Model


class CheckResult(Model):
    """One thing the doctor looked at, and what to do where it is not well."""

    what: str
    state: Literal["ok", "warn", "failed", "absent"] = "ok"
    said: str = ""
    do: str = ""
