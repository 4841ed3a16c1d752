"""What happened to an incident: the list of these is the incident."""

from datetime import datetime

from pydantic import Field

from domain.incident.fact import Fact
from domain.value.line import Names
from domain.value.model import Instant, Model, unsaid


class Event(Model):
    """One thing that happened: its place in the list, when, by whom, through which act."""

    number: int
    at: Instant
    by: str
    act: str = ""
    """The id of the act that caused it; empty when time or the software did."""
    via: str = Field(default="", exclude_if=unsaid)
    """The way the act came: slack, cli, temporal, or a vendor; empty when no act caused it (SOC-1)."""
    proof: str = Field(default="", exclude_if=unsaid)
    """By which proof the act is theirs, and under which name it came where that is another."""
    deputy_for: str = Field(default="", exclude_if=unsaid)
    """The manager for whom somebody acted whose own roles would not have allowed it (WAR-7)."""
    arrived_at: Instant | None = Field(default=None, exclude_if=unsaid)
    """When the act reached us, where that is not the moment it claims."""
    claimed_at: Instant | None = Field(default=None, exclude_if=unsaid)
    """The moment that the act claims, where a deadline had been missed since: it counts from when it reached us."""
    what: Fact

    @property
    def heard_at(self) -> datetime:
        """When we heard of it: never before it happened."""
        return self.arrived_at or self.at

    def signed(self, names: Names) -> str:
        """Who it was, and for whom where that was somebody else's right (WAR-7)."""
        deputy = f", deputy of {names.person(self.deputy_for)}," if self.deputy_for else ""
        return f"{names.person(self.by)}{deputy}"

    @property
    def clause(self) -> str:
        """The clause of the SOP this event belongs to."""
        return self.what.clause
