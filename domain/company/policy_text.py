"""What the policy says of words: to customers on the status page and by mail, among each other in the war room."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from domain.value.model import ClauseId, Duration, LongText, Model, PositiveDuration, by_default, unsaid

PLAIN = {
    "investigating": "We are investigating a problem with {service}.",
    "identified": "The cause of the problem with {service} has been identified and we are working on it.",
    "monitoring": "A fix for {service} is in place and we are watching it.",
    "resolved": "The problem with {service} is resolved. It lasted from {began} to {ended} UTC.",
}
"""The text of an update for which a policy has none; `policy check` asks for one where customers read it."""


STILL = "still"
"""Beside the states: the text of an update in the state that the page shows already."""
RECOVERED = "recovered"
"""The same where every alert has recovered and nobody has said yet that it is fixed or over (`{green}`)."""
AGAIN = "again"
"""The text of the first update under a page that says resolved: it is back (RES-3)."""
GREEN = "green"
"""The text that watches where every alert has recovered (`{green}`)."""
IMPACT = "impact"
"""The text of the end where a person said what customers could not do (`{impact}`)."""
BESIDE = (STILL, RECOVERED, AGAIN, GREEN, IMPACT)


RETRACTIONS = {
    "merged": "This is the same problem as another one on this page, where we keep you up to date.",
    "false_alarm": "This was a false alarm: {service} was not affected.",
    "duplicate": "This is the same problem as another one on this page, where we keep you up to date.",
    "not_ours": "The problem was not one of {service}.",
}
"""What customers read of an incident that turned out to be another's, or none (DET-7)."""
DAY = timedelta(days=1)
TALK_EVERY, TALK_ANSWERS = timedelta(minutes=5), timedelta(minutes=3)
OWED_TO_OTHERS = ("SCP-3", "GDP-2")
MANAGER_AFTER, WEEKLY_AFTER = 3 * DAY, 14 * DAY
FINAL = "The problem with {service} is resolved."
FINAL_WITHIN = timedelta(minutes=15)
ACCOUNT = (
    "{service} did not work as it should from {began} to {ended} UTC. We are sorry for the trouble this caused."
    " We have found out why, and we are changing what is needed so that it does not happen again."
)
"""What customers read of an incident of which nobody has written more."""
ADOPT_WITHIN = timedelta(hours=1)
ORDINARY = (
    *("april", "art", "august", "bill", "bob", "brown", "chase", "dawn", "dean", "drew", "faith", "frank", "grace"),
    *("grant", "green", "hope", "jack", "june", "king", "long", "love", "mark", "max", "may", "miles", "page", "pat"),
    *("penny", "price", "ray", "rich", "rob", "rose", "sky", "star", "sue", "summer", "sunny", "will", "young"),
)


def _with_id(name: str) -> str:
    """Refuse a name that two rooms would share, or in which something else is to be filled in."""
    if name.count("{") != 1 or name.count("}") != 1 or "{id}" not in name:
        raise ValueError("expected {id} in it and no other braces, such as incident-{id}")
    return name


WITHOUT_PAGE = (
    "We are working on an outage of {service} that affects your account."
    " We write again when it is over. Reference: {id}."
)
MAIL_AGAIN = "{service}: the problem is back"
AGAIN_BODY = (
    "The outage of {service} that we told you was over is back. We are working on it and write again when it is over."
    " Reference: {id}."
)
OVER = "{service} works again"
OVER_BODY = (
    "The problem with {service} that affected your account is over."
    " It lasted from {began} to {ended} UTC. Reference: {id}."
)
SECURITY = "{service}: a security matter"
SECURITY_BODY = (
    "We are investigating a security matter that concerns {service}. We write to you as soon as we know whether it"
    " concerns your account. Reference: {id}."
)
SECURITY_OVER = (
    "The security matter that concerned {service} is contained. What we know about your account we write to you"
    " separately. Reference: {id}."
)


class AccountRule(Model):
    """The public post-mortem (COM-8); that it is asked for is said by its clock."""

    heading: str = "For customers"
    """Under which heading of the post-mortem people write what customers may read."""
    draft: LongText = ACCOUNT
    """What is proposed where nobody wrote anything there."""
    holds_open: bool = False
    """Whether an incident stays open until customers have their account."""
    of_last_end: bool = Field(default=False, exclude_if=unsaid)
    """Whether what was posted since the end counts before the completion, and a reopening holds back what was not."""


class UpdateRule(Model):
    """Status page updates (COM-3, COM-4, COM-6)."""

    on_miss: Literal["nag", "holding"] = "nag"
    templates: dict[str, str] = Field(default_factory=dict)
    """The page's template name by status."""
    templates_of: dict[str, dict[str, str]] = Field(default_factory=dict, exclude_if=unsaid)
    """The same by a component of the service, where its customers read something else."""
    adopt_within: Duration = by_default(ADOPT_WITHIN)
    """How long before the alert somebody may have opened the page's incident by hand; it is continued."""
    drafts: dict[str, LongText] = Field(default_factory=dict)
    """The text by status when the page has no such template."""
    holding: LongText = "We are still working on the problem with {service}."
    """The pre-approved holding statement."""
    final_within: PositiveDuration = by_default(FINAL_WITHIN)
    """How long the last words wait for an approval; then the neutral ones leave (COM-6)."""
    final: LongText = by_default(FINAL)
    """The pre-approved neutral words for the end."""
    by_last_words: bool = Field(default=False, exclude_if=unsaid)
    """Whether after a reopening customers hear by what they read last, where they read of no end (RES-3, COM-2)."""
    heard_again: bool = Field(default=False, exclude_if=unsaid)
    """Whether a reopening after the time of the last word (COM-2) is told to customers in the time of a first (COM-1),
    as one under a page that says resolved always is (RES-3)."""
    internal_goes_on: bool = Field(default=False, exclude_if=unsaid)
    """Whether an update that people published for an internal service is followed by others in the time of COM-2."""
    ordinary_words: tuple[str, ...] = by_default(ORDINARY)
    """First and last names that are words too: alone they name nobody in a public text."""
    keeps_inside: bool = Field(default=False, exclude_if=unsaid)
    """Whether a public text with a secret, an address of our own systems or a gap to fill in is refused."""
    away_at_once: bool = Field(default=False, exclude_if=unsaid)
    """Whether the policy's words are the draft at once where the page did not answer last; otherwise once it has not
    given its template either."""
    goes_on: bool = Field(default=False, exclude_if=unsaid)
    """Whether a draft waits no more once somebody approved a newer text, so that the page never goes back to it."""
    marked: bool = Field(default=False, exclude_if=unsaid)
    """Whether what was written before a security mark stays off the page until somebody says that customers are to be
    told (SCP-3)."""
    shown_apart: bool = Field(default=False, exclude_if=unsaid)
    """Whether what customers read of goes on by itself, and is not merged into a secret incident that they do not read
    of: its entry would end, with words of another one on the page (DET-7, SCP-3)."""
    keeps_name: bool = Field(default=False, exclude_if=unsaid)
    """Whether what is corrected to another service keeps the name that customers have read, until a text that is
    published names the other one; an internal one is never named to them (DET-7)."""
    names_both: bool = Field(default=False, exclude_if=unsaid)
    """Whether its end names both where a text that names the other one was approved and customers may have read it."""
    account: AccountRule = by_default(AccountRule())
    """The account that customers get when the post-mortem is complete (COM-8)."""
    retractions: dict[str, LongText] = by_default(RETRACTIONS)
    """The pre-approved text by why an incident is none (DET-7)."""

    def retraction(self, reason: str) -> str:
        """The company's text for an incident that is none, or plain words."""
        return self.retractions.get(reason, RETRACTIONS[reason])

    def template(self, status: str, components: Iterable[str]) -> str:
        """The page's template name for a status: one of these components', else the general one."""
        own = (self.templates_of[one].get(status) for one in components if one in self.templates_of)
        return next(filter(None, own), self.templates.get(status, ""))

    def draft(self, status: str) -> str:
        """The company's text for a status, or plain words."""
        return self.drafts.get(status, PLAIN.get(status, ""))

    def follows(self, status: str, shown: str, *, green: bool) -> str:
        """Which text to begin from by what the page shows: nothing has changed, or it is back; else the status's."""
        unchanged = status == shown and status in ("investigating", "identified")
        still = RECOVERED if green and RECOVERED in self.drafts else STILL
        found = still if unchanged else AGAIN if (status, shown) == ("investigating", "resolved") else status
        return found if found in self.drafts else status

    def knows(self, status: str, *, green: bool, impact: bool) -> str:
        """Which text to begin from by what is known: that it works again, or what customers could not do."""
        found = GREEN if green and status == "monitoring" else IMPACT if impact and status == "resolved" else ""
        return found if found in self.drafts else status


class MailRule(Model):
    """The customer e-mail (COM-5)."""

    on_miss: Literal["nag", "send"] = by_default("nag")
    """When nobody approves the end's words in time: keep asking, or `send` them to who was told of the trouble."""
    follows: bool = Field(default=False, exclude_if=unsaid)
    """Whether mails keep to what accounts are told of: a draft is withdrawn where the service, as it was corrected, has
    no account, and the end names the service that they were told of."""
    marked: bool = Field(default=False, exclude_if=unsaid)
    """Whether a draft that waits is written anew where a security mark is set or taken back meanwhile (SCP-3)."""
    reaches_all: bool = Field(default=False, exclude_if=unsaid)
    """Whether the end is also told to the accounts that what was merged in had written to (DET-7), and to those of an
    incident that was made so severe only after its end (TRI-6)."""
    refused_for: PositiveDuration | None = Field(default=None, exclude_if=unsaid)
    """For how long after its approval a mail is tried again that its address refuses for good; else without end."""
    with_update: bool = Field(default=False, exclude_if=unsaid)
    """Whether the first mail is asked for in one with the update that is being drafted then, whose press sends both."""
    body_without_page: LongText = by_default(WITHOUT_PAGE)
    """What a company without a status page writes."""
    reopened: bool = Field(default=False, exclude_if=unsaid)
    """Whether who was told that it is over is told when it is back; a draft to approve like the first. What could not
    leave then gives way to what is approved after it."""
    again_subject: str = by_default(MAIL_AGAIN)
    again_body: LongText = by_default(AGAIN_BODY)
    over_subject: str = by_default(OVER)
    over_body: LongText = by_default(OVER_BODY)
    """What is written when it is over."""
    security_subject: str = by_default(SECURITY)
    security_body: LongText = by_default(SECURITY_BODY)
    security_over: LongText = by_default(SECURITY_OVER)
    """The same of a security incident, which no page speaks of (SCP-3)."""
    subject: str = "{service}: we are working on an outage that affects you"
    body: LongText = "We are working on an outage of {service} that affects your account. Reference: {id}."


class RoomRule(Model):
    """War rooms and the headline (WAR-1, WAR-2)."""

    name: Annotated[str, AfterValidator(_with_id)] = "incident-{id}"
    edit_every: Duration = timedelta(seconds=10)
    """Edits of one message are coalesced to at most one in this time."""
    topic_every: Duration = timedelta(minutes=1)
    """A new topic is a message in the room, and Slack takes 20 a minute for all rooms together."""
    archive_after: Duration = timedelta(days=14)
    owed_every: PositiveDuration = by_default(DAY)
    """After the fight whoever owes something is asked for it once in this time, in the team's office hours (PM-2)."""
    at_any_hour: tuple[ClauseId, ...] = by_default(OWED_TO_OTHERS)
    """The clauses that wait for no office hour then, because the law counts every hour."""
    chases: Literal["by_clock", "by_day"] = by_default("by_clock")
    """How what is owed after the fight is chased: `by_day` in office hours of who owes it and no more often than
    `owed_every`, several things in one message; `by_clock` as often as the line of each clock says."""
    manager_after: PositiveDuration = by_default(MANAGER_AFTER)
    """What is overdue for so long is asked of the manager too, or of who stands in (`by_day`)."""
    weekly_after: PositiveDuration = by_default(WEEKLY_AFTER)
    """What is overdue for so long is asked for once a week, unless the law counts it (`by_day`)."""
    checklist: int = Field(default=0, ge=0, le=5, exclude_if=unsaid)
    """How many promises the pinned card lists of those that people still owe, the overdue ones first; 0 is none."""
    asks_wait: bool = Field(default=False, exclude_if=unsaid)
    """Whether what asks for an answer waits for the war room that is being opened, and is asked nowhere else."""
    asks_end: bool = Field(default=False, exclude_if=unsaid)
    """Whether a question to the room whose answer is said anew is edited into that answer too, and its presses go."""
    asks_stay: bool = Field(default=False, exclude_if=unsaid)
    """Whether what waits for the war room is asked there though something else was said meanwhile (`asks_wait`)."""
    answers_alone: bool = Field(default=False, exclude_if=unsaid)
    """Whether what somebody was asked or reminded of alone is edited into its answer there, as in the room."""
    asks_together: bool = Field(default=False, exclude_if=unsaid)
    """Whether a second text that somebody alone is asked to approve joins the first in one message, and every reminder
    that they had gets its answer, not the last alone."""
    card_first: bool = Field(default=False, exclude_if=unsaid)
    """Whether the first that a war room reads is its card: what is said there waits until it stands."""
    leads_in: bool = Field(default=False, exclude_if=unsaid)
    """Whether #incidents leads into the war room once there is one, instead of offering the acts of those in it."""
    told_once: bool = Field(default=False, exclude_if=unsaid)
    """Whether *It is P1*, for which everybody in #incidents is rung, is all that is said there of its declaration."""
    raised_calls: bool = Field(default=False, exclude_if=unsaid)
    """Whether whom a severity wakes is told when it is raised to that after the end, where nobody is paged (TRI-6)."""
    talk_every: PositiveDuration = by_default(TALK_EVERY)
    """How often what somebody writes in the room is a sign of life, where nobody waits for one (ACK-5)."""
    talk_answers: PositiveDuration = by_default(TALK_ANSWERS)
    """How long after an ask what they write in the room is its answer; in its thread there is time (WAR-4)."""
    says_next: bool = Field(default=False, exclude_if=unsaid)
    """Whether the headline says who is paged next and when, from when on it counts as proposed, and who owes what by
    when afterwards (ACK-2, TRI-4, PM-1)."""
    joins_on_card: bool = Field(default=False, exclude_if=unsaid)
    """Whether what joins while it is fought stands on card and headline, with how many fire, and is no line (DET-4)."""
    settled_apart: bool = Field(default=False, exclude_if=unsaid)
    """Whether a press on what is settled already stands in the record as late, and as no refusal (SOC-1)."""
    own_lines: bool = Field(default=False, exclude_if=unsaid)
    """Whether a finding or a note from a form, the command line or the board is said in the room as a line of whoever
    it is of (WAR-4, WAR-6); what they write in the room is one already."""
