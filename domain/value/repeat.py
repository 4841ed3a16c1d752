"""An earlier incident, as far as a later one can be its repetition."""

from pydantic import Field

from domain.value.model import IncidentId, Instant, Model, Slug, unsaid


class OpenAction(Model):
    """An action item of an earlier incident that nobody has closed."""

    title: str
    owner: str = ""
    due_at: Instant
    url: str = ""


class Repeat(Model):
    """An earlier incident: what failed, why, when, and what is still to be done about it (REP-1)."""

    incident: IncidentId
    title: str
    service: Slug
    fired_at: Instant
    cause: str = ""
    """The key of its root cause; empty while nobody has named it."""
    runbooks: tuple[str, ...] = ()
    """The failure modes it matched: the addresses of their runbooks."""
    modes: tuple[str, ...] = ()
    """What it is known again by: its alerts and its runbooks, as `domain.procedure.repeats.modes` marks them."""
    private: bool = False
    """A security incident: others are told that it was, not what (SCP-3)."""
    items: tuple[OpenAction, ...] = ()
    """Its open action items."""
    drill: bool = False
    closed: bool = Field(default=False, exclude_if=unsaid)
    """Whether it hears nothing more."""
