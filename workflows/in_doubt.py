"""What was tried, ended without an answer and is owed no more: its vendor is asked whether it happened all the same.

A page whose answer was lost rings on although somebody is on it, and nobody would take it back (ACK-1, RES-1); an
update that customers have read would be missing where it is said what they know (COM-1).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.notebook import OpenDocument
from domain.run.agenda import vendor_of
from workflows.limit import LOOK_AGAIN, LOOK_SELDOM, LOOKS
from workflows.since import CALLED_BACK, NEWEST, since


class InDoubt:
    """The duties of one incident of which nobody knows whether they were done, by key."""

    def __init__(self, known: Iterable[AnyDuty]) -> None:
        self._tried = {duty.key: duty for duty in known}
        self._asked = Counter[str]()

    def __contains__(self, key: object) -> bool:
        """Whether a duty of this key may have been done: whoever does it looks first."""
        return key in self._tried

    def add(self, duty: AnyDuty, vendor: str) -> None:
        """It was asked of a vendor, is called back, and has perhaps left; another may play the role by now (DET-7)."""
        if since(CALLED_BACK):
            self._tried[duty.key] = duty.model_copy(update={"not_before": None, "vendor": duty.vendor or vendor})

    def settle(self, duty: AnyDuty) -> None:
        """It is being asked, or done, and whoever does so says what came of it."""
        self._tried.pop(duty.key, None)

    def is_asked_later(self, duty: AnyDuty, now: datetime) -> bool:
        """The vendor has not answered; whether that is asked for again. What was to be done may have been, too."""
        if not duty.called_back:
            self.add(duty, duty.vendor)
            return False
        self._asked[duty.key] += 1
        if self._asked[duty.key] == LOOKS:
            return False
        pause = min(LOOK_AGAIN * 2 ** (self._asked[duty.key] - 1), LOOK_SELDOM)
        self._tried[duty.key] = duty.model_copy(update={"not_before": now + pause})
        return True

    def looks(self, incident: Incident, owed: Iterable[AnyDuty]) -> tuple[AnyDuty, ...]:
        """What is looked for: neither owed, whose next try looks by itself, nor known as done."""
        asked = {duty.key: duty for duty in owed}
        for duty in asked.values():
            failure = incident.failures.get(duty.key)
            if duty.tried and failure and failure.retryable:
                self.add(duty, vendor_of(incident, duty.role))
        self._tried = {key: duty for key, duty in self._tried.items() if key not in incident.done}
        left = (duty for key, duty in self._tried.items() if key not in asked)
        return tuple(duty.looked_for() for duty in left if duty.seen_outside and may_look(duty))

    def carried(self) -> tuple[AnyDuty, ...]:
        """What the next run is to know of."""
        return tuple(self._tried.values())


def may_look(duty: AnyDuty) -> bool:
    """Whether the run is young enough to call this kind back, and to look for it."""
    return not isinstance(duty, OpenDocument) or since(NEWEST)
