"""What became of duties."""

from typing import Literal

from domain.port.any_duty import Outcome
from domain.value.model import Clause, Shape


class Done(Shape):
    """A duty was done; `digest` tells which content was shown where a message is edited in place."""

    kind: Literal["done"] = "done"
    clause: Clause
    key: str
    duty: str
    summary: str
    outcome: Outcome
    digest: str = ""


class Failed(Shape):
    """A duty could not be done for now; it stays owed."""

    kind: Literal["failed"] = "failed"
    clause: Clause
    key: str
    duty: str
    summary: str
    said: str
    by_hand: str = ""
    retryable: bool
    times: int
