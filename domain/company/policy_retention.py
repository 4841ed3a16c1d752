"""How long what is kept is kept (SOC-1): what grows without being evidence goes after its time."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from domain.value.model import Duration, Model

KEPT = timedelta(days=90)
LEAST = timedelta(days=1)
Kept = Annotated[Duration, Field(ge=LEAST)]


class RetentionRule(Model):
    """The stores that let go of what is over; the records never do, and documents lie at their vendors."""

    inbox: Kept = KEPT
    """Webhooks, from when they were received; what waits for somebody stays until it is taken."""
    deployments: Kept = KEPT
    """What was deployed, for triage (TRI-1)."""
    histories: Kept = KEPT
    """Closed incidents in Temporal: the least that its namespace's retention may say."""
