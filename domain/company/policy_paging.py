"""What the policy says of waking people: when, how long it goes on, and who comes after the people of a role."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from domain.value.calendar import Calendar
from domain.value.model import Duration, Model, PositiveDuration, Slug, by_default, unsaid

OFFICE = Calendar(zone="UTC", begins=9 * 60, ends=17 * 60)
"""The office hours of a company that names none."""
When = Literal["at_once", "office_hours", "no"]
"""When a severity wakes somebody (ACK-6)."""


class PagingRule(Model):
    """How people are woken (ACK-2, ACK-3, ACK-6, WAR-5)."""

    hours: Slug | None = None
    """The calendar of the office hours in which pages wait for nobody; a team of the catalog may have its own."""
    keeps_pace: int = Field(default=3, ge=0)
    """How often the last level is paged again at the pace of ACK-2; after that the pauses double."""
    longest: PositiveDuration = timedelta(hours=1)
    """The longest pause between two pages of the last level."""
    grace: Duration = timedelta(minutes=1)
    """How long a level waits for the pager's own escalation, where the pager has paged by itself."""
    then: tuple[Slug, ...] = ()
    """The levels of the team that are woken when none of the people of a role answers."""
    answer: PositiveDuration = timedelta(minutes=5)
    """The time in which a manager who was woken answers (WAR-5)."""
    silence_ends: Literal["acknowledged", "heard"] = by_default("acknowledged")
    """What stops a ring that silence began: an acknowledgement alone, or any word of whoever was paged (ACK-6)."""
    lately: Duration = timedelta(minutes=15)
    """Whoever was heard from so shortly before is at work, and is not woken for a role."""
    one_is_enough: bool = Field(default=False, exclude_if=unsaid)
    """Whether one of a role's people is enough, woken or not: their word ends the call, and brings the
    manager in (WAR-5). Otherwise who was woken or takes the role ends it, and the manager is who holds the role."""
    unfilled: bool = Field(default=False, exclude_if=unsaid)
    """Whether a role whose people were at work, so that nobody was woken for it, is called for when it is still vacant
    after the time to fill it and none of them was heard from lately (WAR-3)."""
    left_rings: bool = Field(default=False, exclude_if=unsaid)
    """Whether it rings again when whoever has taken it leaves the company while it is fought (ACK-6, WAR-7)."""
    left_next: bool = Field(default=False, exclude_if=unsaid)
    """Whether a level whose only people have left the company falls to the next level, so that the secondary is woken
    before the manager, and no rota of a role wakes them; otherwise it falls to the manager (ACK-2, WAR-7)."""
    given_up_rings: bool = Field(default=False, exclude_if=unsaid)
    """Whether it rings again when whoever has taken it gives that up, or is relieved of it, while it is fought (ACK-6,
    WAR-7): nobody is at it. Who takes the role while it rings is."""
    lowered_stops: bool = Field(default=False, exclude_if=unsaid)
    """Whether a page that rings is taken back when its severity becomes one that wakes nobody then: a pager would climb
    on by itself. It is sent anew when the team's hours begin, or when the severity rises again (ACK-6)."""
    by_role: bool = Field(default=False, exclude_if=unsaid)
    """Whether a page by hand may name a role: it goes to who holds it, or could (ACK-2)."""
    each_once: bool = Field(default=False, exclude_if=unsaid)
    """Whether a call passes by the levels whose people it has woken, as where a level fell to the manager when its only
    engineer left; otherwise one person is paged for each of their levels in turn. The last level rings on (ACK-2)."""
    waits_anew: bool = Field(default=False, exclude_if=unsaid)
    """Whether a page that was sent in office hours, and whose ladder waits since they ended, begins again at its first
    level when it becomes so severe that it cannot wait (ACK-6); otherwise the hours between count as if it had rung."""
    declined_passed: bool = Field(default=False, exclude_if=unsaid)
    """Whether who has just declined a role is called for it only where there is nobody else (WAR-3, WAR-7)."""
    called_again: bool = Field(default=False, exclude_if=unsaid)
    """Whether a role whose call somebody answered, and that nobody took, is called for again once they fall silent
    (WAR-3)."""
    merge_first: bool = Field(default=False, exclude_if=unsaid)
    """Whether nobody is woken for a role, within `grace`, in what is being merged into another: it ends a moment later
    (DET-7)."""
    told_too: bool = Field(default=False, exclude_if=unsaid)
    """Whether whom the pager woke by itself is told alone too, with a button, as whom we page (ACK-1, ACK-3)."""
    passed_on: bool = Field(default=False, exclude_if=unsaid)
    """Whether who is paged is offered to have the next paged at once, and what told them becomes its answer (ACK-2)."""
