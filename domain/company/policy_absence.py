"""What the policy says of people who are absent: when they are relieved, how long a question waits (WAR-7)."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from domain.value.model import Model, PositiveDuration, Slug, by_default, unsaid


class AbsenceRule(Model):
    """How long somebody or something is waited for before it goes on without them."""

    relief: PositiveDuration = timedelta(minutes=10)
    """After so much silence anybody may relieve the holder of a role, where silence is chased."""
    offer: PositiveDuration = timedelta(minutes=5)
    """An offered role that nobody answers lapses after this."""
    offer_again: PositiveDuration | None = Field(default=None, exclude_if=unsaid)
    """After this whoever was offered a role and has not answered is asked once more; nobody where nothing is said."""
    request: PositiveDuration = timedelta(minutes=15)
    """A request that waits for a second person lapses after this (TRI-4)."""
    counts_away: bool = by_default(True)
    """Whether who is on leave is woken, and answers for a manager, like anybody else, and who was relieved as manager
    answers on; otherwise others come in their place, as long as there are any."""
    manager_corrects: bool = Field(default=False, exclude_if=unsaid)
    """Whether after the end the manager, or who stands in, may ask for a lower severity in the commander's place
    (TRI-6); a second person confirms it all the same."""
    unclassified: Literal["anew", "goes_on"] = by_default("anew")
    """What TRI-4's clock does when the incident rings again: begins with the next acknowledgement, or goes on."""
    asked_once: bool = Field(default=False, exclude_if=unsaid)
    """Whether who owes what is overdue, as who could take a vacant role does, is not asked for it as a deputy too."""
    agrees: bool = Field(default=False, exclude_if=unsaid)
    """Whether who declares the severity that stands because nobody classified it agrees with it and commands (TRI-4);
    otherwise that is refused, as it stands already."""
    retaken: bool = Field(default=False, exclude_if=unsaid)
    """Whether who held a role before a reopening takes it again while it is vacant (RES-3, WAR-7); otherwise that is
    refused, as it was theirs."""
    asker_alone: bool = Field(default=False, exclude_if=unsaid)
    """Whether a deputy, or anybody else where there is none, answers what the only one who may has asked for (FIX-2):
    nobody authorises a change of their own."""

    own_slip: bool = Field(default=False, exclude_if=unsaid)
    """Whether who reported an impact takes back what it proposed by a smaller one, while nobody has answered (TRI-6);
    what somebody else says is lower takes a reason and a second person all the same."""
    tries_count: bool = Field(default=False, exclude_if=unsaid)
    """Whether somebody whose act is refused was heard from all the same, where it is theirs beyond doubt: they are
    there, and tried (ACK-5, WAR-7)."""
    each_level: bool = Field(default=False, exclude_if=unsaid)
    """Whether who is on leave is passed by when a level of a call is reached; otherwise when the call begins."""
    deputies_called: bool = Field(default=False, exclude_if=unsaid)
    """Whether who stands in for the manager is woken where all who lead are on leave, and brings them in (WAR-5)."""
    asks_on: bool = Field(default=False, exclude_if=unsaid)
    """Whether who may answer now hears at once what a manager or a communications lead who is relieved, or gives up,
    leaves without an answer (FIX-2, COM-3, COM-5, COM-8); otherwise when its clock is missed."""
    relieved_passed: bool = Field(default=False, exclude_if=unsaid)
    """Whether who was relieved of a role, or is said for a reason not to be at what they took, is passed by like who
    is on leave, until they are heard from (ACK-2, ACK-6)."""
    leave_relieves: bool = Field(default=False, exclude_if=unsaid)
    """Whether who holds a role is asked to hand it over when their leave begins, and relieved of it once `relief` has
    passed without a word of theirs; the manager's goes to who stands in anyway."""
    leave_rests: bool = Field(default=False, exclude_if=unsaid)
    """Whether nobody is woken for a role while all who could be are on leave and who holds it, or commands, is at work;
    otherwise they are paged on leave."""

    items_there: bool = Field(default=False, exclude_if=unsaid)
    """Whether a task or a bypass that becomes an action item goes to who stands in for a holder on leave, and what
    somebody owes by name is asked of who stands in while they are on leave (ACT-1, ACT-2, WAR-8)."""


class ApartRule(Model):
    """Roles that are to be in different hands where silence is chased (WAR-3)."""

    roles: tuple[Slug, ...]
    alone: PositiveDuration = timedelta(minutes=25)
    """How long one person may hold them while nobody else is there."""
    taken: bool = Field(default=False, exclude_if=unsaid)
    """Whether somebody whom the team lists for one of them takes it from who holds them all, without an offer."""
