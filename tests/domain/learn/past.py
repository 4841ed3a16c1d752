"""Earlier incidents, and an archive that knows them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.procedure.repeats import modes
from domain.value.repeat import OpenAction, Repeat
from tests.domain.learn.case import NOON, days

RUNBOOK = "https://runbooks.harbourline.example/errors-after-deploy"
ITEM = OpenAction(title="Limit the pool", owner="dana", due_at=NOON + days(2), url="https://example.com/CHK-1")
TWELVE_DAYS = days(12)


def earlier(incident: str = "INC-00001", ago: timedelta = TWELVE_DAYS, **said: Any) -> Repeat:
    usual: dict[str, Any] = {
        "title": "checkout 5xx",
        "service": "checkout",
        "cause": "capacity",
        "runbooks": (RUNBOOK,),
        "items": (ITEM,),
    }
    told = {**usual, "incident": incident, "fired_at": NOON - ago, **said}
    return Repeat.model_validate({"modes": modes((), told["runbooks"]), **told})


def archive(*known: Repeat) -> Callable[[AnyDuty], Outcome | None]:
    """An archive that answers everything it knows, whatever was asked."""
    return lambda duty: Outcome(repeats=known) if duty.kind == "find_repeats" else None
