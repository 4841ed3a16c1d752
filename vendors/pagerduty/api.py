"""PagerDuty's two APIs: what each refuses, whether that is worth another try, and when.

The page numbers are those of the repository PagerDuty/developer-docs.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from domain.port.duty import VendorError
from vendors.api import Api

REST_RETRYABLE = frozenset({408, 429, *range(500, 600)})
"""docs/REST-API/14; everything else asks for a change before another try."""
EVENTS_RETRYABLE = frozenset({429, *range(500, 600)})
"""docs/events-API-v2/01."""
EVENTS_PAUSE = timedelta(seconds=30)
"""What Events v2 advises after a 429, which carries no wish of its own (docs/events-API-v2/05)."""


EVENTS_PER_MINUTE = 120
"""How many events one integration key takes within any minute (docs/events-API-v2/05)."""
FOR_TRIGGERS = 30
"""How many of them only a trigger may take: no page waits for acknowledgements and resolutions of others."""


@dataclass(frozen=True)
class Rest(Api):
    """The REST API, which says in a header of its own when to come back (docs/REST-API/04)."""

    pause_header: str = "ratelimit-reset"

    def refusal(self, method: str, path: str, response: httpx.Response) -> VendorError:
        error = super().refusal(method, path, response)
        if "Requester User Not Found" in response.text:
            error.do = "set PAGERDUTY_FROM to the e-mail address of a user of the account"
        return error


@dataclass(frozen=True)
class Events(Api):
    """The Events API v2, which leaves the pause after a 429 to its documentation.

    What was sent is counted by each worker for itself: where several share a key, its own 429 says what is too much.
    """

    clock: Callable[[], float] = time.monotonic
    _sent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque), repr=False)
    """When the events of the last minute were sent, by integration key."""

    async def enqueue(self, event: dict[str, Any]) -> None:
        """Send an event; one more than its key takes in a minute waits, and others before a trigger does."""
        sent, now = self._sent[event["routing_key"]], self.clock()
        while sent and now - sent[0] >= 60:
            sent.popleft()
        most = EVENTS_PER_MINUTE - (0 if event["event_action"] == "trigger" else FOR_TRIGGERS)
        if len(sent) >= most:
            said = f"POST /v2/enqueue: this worker has sent {len(sent)} events of this key in the last minute"
            free = 60 - now + sent[len(sent) - most]
            raise VendorError(self.vendor, said, retryable=True, retry_after=timedelta(seconds=free))
        sent.append(now)
        await self.send("POST", "/v2/enqueue", json=event)

    def refusal(self, method: str, path: str, response: httpx.Response) -> VendorError:
        error = super().refusal(method, path, response)
        if response.status_code == 429 and error.retry_after is None:
            error.retry_after = EVENTS_PAUSE
        return error
