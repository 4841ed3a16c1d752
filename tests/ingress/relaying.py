"""What the relay is given, and how it is let run."""

from datetime import timedelta

from domain.alerting.alert import VendorAct, WebhookContent
from ingress.webhook.relay import Relay
from tests.ingress.setting import START, Clock
from vendors.door import Request

ERRORS = {"alertname": "Errors", "service": "checkout"}


def acts_of(*acts: VendorAct) -> Request:
    return Request(headers={}, body=WebhookContent(acts=acts).model_dump_json().encode(), received_at=START)


async def pass_until(relay: Relay, clock: Clock, seconds: float, every: float = 0) -> None:
    """Let the relay do its rounds, each at the moment it asked for, and so many seconds after the last at least."""
    while (again_at := await relay.step()) <= START + timedelta(seconds=seconds):
        clock.now = max(clock.now + timedelta(seconds=every), again_at)
