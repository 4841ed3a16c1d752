"""What the policy says of asking: what is looked up without anybody having told us."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from domain.value.model import Duration, Model, unsaid


class PollingRule(Model):
    """What is asked for (TRI-1, ACK-1); a policy that does not say so asks for nothing."""

    deployments: int = Field(0, ge=0, le=10)
    """How many of the service's last deployments before the alert are handed over at triage; 0 looks for none."""
    pages_every: Annotated[Duration, Field(ge=timedelta(seconds=15))] | None = None
    """How often the pager is asked how its pages stand while nobody has acknowledged, in case its webhook was lost; at
    growing pauses later, and more rarely after the acknowledgement. No oftener than what many incidents may ask."""
    rests: bool = Field(default=False, exclude_if=unsaid)
    """Whether the pager is asked as rarely as after an answer while nobody is to be rung: a page waits for its hour, or
    the severity wakes nobody (ACK-6)."""
