"""How long what is kept is kept, and how personal data is erased from it (SOC-1): by whom, of whom, and where not."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from domain.value.model import Duration, Model, by_default, unsaid

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


class ErasureRule(Model):
    """Who must agree before anything is erased, who is due without asking for it, and what is held."""

    seconded: bool = True
    """Whether a second person must agree to each erasure."""
    leavers_after: Kept | None = by_default(None)
    """Whoever left the company is due so long after the last incident that knew them; on request alone if not said."""
    held: dict[str, str] = Field(default_factory=dict, exclude_if=unsaid)
    """Incidents under a legal hold, by id, each with the reason: nobody is erased from them."""
