"""The activities of an incident that are under way, and which of them are called back before they have left.

What is owed no more is not to happen; what began in the open and is a secret by now is not to be read (SCP-3).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.duty import Role
from domain.run.agenda import vendor_of
from domain.value.key import DutyKey
from workflows.in_doubt import may_look
from workflows.since import CALLED_BACK, RECALLED, since

LATER: frozenset[Role] = frozenset({"mailer", "room", "tracker"})
"""What they do is called back in younger runs alone, and a document in still younger ones."""
Answer = TypeVar("Answer")


@dataclass(eq=False)
class Order:
    """One activity: what it does, of whom that was asked, and whether it began in the open."""

    duties: Sequence[AnyDuty]
    vendor: str
    activity: workflow.ActivityHandle[Any]
    in_the_open: bool
    called_back: bool = False


class UnderWay:
    """The activities of one incident."""

    def __init__(self) -> None:
        self._orders: list[Order] = []

    async def ended(
        self, incident: Incident, duties: Sequence[AnyDuty], activity: workflow.ActivityHandle[Answer]
    ) -> Answer | None:
        """Wait for an activity's answer; None where it was called back and has none."""
        order = Order(duties, vendor_of(incident, duties[0].role), activity, not incident.secret)
        self._orders.append(order)
        try:
            return await activity
        except ActivityError as error:
            if order.called_back and (is_cancelled_exception(error) or since(CALLED_BACK)):
                return None
            raise
        finally:
            self._orders.remove(order)

    def call_back(self, incident: Incident, owed: Iterable[AnyDuty]) -> list[Order]:
        """Cancel, unless it has left, what is not to happen any more as it was ordered; what that was."""
        asked = {duty.key: duty for duty in owed}
        late = [one for one in self._orders if not one.called_back and any(_is_late(incident, one, asked))]
        if not late or not since(RECALLED):
            return []
        for order in late:
            order.called_back = True
            order.activity.cancel()
        return late


def _is_late(incident: Incident, order: Order, asked: Mapping[DutyKey, AnyDuty]) -> Iterator[bool]:
    """Of each duty whether it is owed no more, or in other words since it is a secret."""
    veiled = order.in_the_open and incident.secret
    for duty in order.duties:
        now = asked.get(duty.key)
        if now is None and duty.recallable and not duty.called_back:
            yield may_look(duty) and (duty.role not in LATER or since(CALLED_BACK))
        if veiled and not duty.called_back and (now is None or now.digest != duty.digest):
            yield since(CALLED_BACK)
