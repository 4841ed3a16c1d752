"""COM-3: a status page update from its draft to the page, and what of it waits, leaves or is dropped.

Each text has a number of its own for ever: whoever approves a number approves what was read under it.
"""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from domain.company.component_state import ComponentState
from domain.company.status_template import UpdateStatus
from domain.incident.effects import Done, Failed
from domain.incident.entry import STANDFAST, Update
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.grade import Span
from domain.incident.incident import Incident
from domain.incident.relation import TookIn
from domain.procedure.disclosure import has_vendor, hidden_since, to_be_told
from domain.value.line import Line, Names
from domain.value.model import ClauseId, unsaid

OF_THE_PAGE = frozenset({"draft_from_template", "publish_update", "read_status"})
"""What the page's vendor is asked to do while an incident is fought."""


class UpdateDrafted(Fact):
    """A status page update waits for approval (COM-3)."""

    told, sign_of_life, minor, asks = True, True, True, True
    clause: ClauseId = "COM-3"
    number: int
    status: UpdateStatus
    body: str
    components: dict[str, ComponentState] = Field(default_factory=dict, exclude_if=unsaid)

    @property
    def place(self) -> str:
        return f"update/{self.number}"

    def apply(self, incident: Incident, event: Event) -> None:
        """A draft takes the place of the one of its number."""
        draft = Update(self.number, self.status, self.body, event.at, components=self.components)
        incident.updates[self.number] = draft

    def line(self, names: Names) -> Line:
        return Line(f"status page update {self.number} drafted ({self.status})", _words(self), alone=True)


class UpdateApproved(Fact):
    """A status page update may be published (COM-3, COM-4, COM-6)."""

    sign_of_life = True
    step = "approved the first status page update"
    clause: ClauseId = "COM-3"
    number: int
    status: UpdateStatus
    body: str
    corrects: int | None = Field(default=None, exclude_if=unsaid)
    """The approved update whose place it takes, because that one has not left yet."""
    components: dict[str, ComponentState] = Field(default_factory=dict, exclude_if=unsaid)
    """What it says of components, where that is not by the severity or as was said last."""

    def apply(self, incident: Incident, event: Event) -> None:
        if self.corrects:
            incident.updates[self.corrects].dropped_at = event.at
        before = incident.updates.get(self.number)
        drafted_at = before.drafted_at if before else event.at
        update = Update(self.number, self.status, self.body, drafted_at, event.at, event.by)
        update.components = self.components
        incident.updates[self.number] = update

    def line(self, names: Names) -> Line:
        instead = f", in place of update {self.corrects}" if self.corrects else ""
        return Line(f"approved status page update {self.number} ({self.status}){instead}", _words(self))


class UpdateDropped(Fact):
    """An update that has not left does not leave any more: withdrawn, or newer words took its place (COM-3)."""

    told = True
    clause: ClauseId = "COM-3"
    number: int
    because: str

    @property
    def place(self) -> str:
        return f"update/{self.number}"

    def apply(self, incident: Incident, event: Event) -> None:
        incident.updates[self.number].dropped_at = event.at

    def line(self, names: Names) -> Line:
        return Line(f"status page update {self.number} does not leave", self.because, alone=True)


def _words(said: UpdateDrafted | UpdateApproved) -> str:
    """What customers read, and what the page shows of components where somebody said it."""
    shown = ", ".join(f"{name} {state.replace('_', ' ')}" for name, state in said.components.items())
    return f"{said.body} [{shown}]" if shown else said.body


def next_number(incident: Incident) -> int:
    """The number of the next text."""
    return max(incident.updates, default=0) + 1


def fits(incident: Incident, update: Update) -> bool:
    """Whether an update still speaks of what is: written since the last turn, and of the end only after it."""
    turned_at = incident.resolved_at or (incident.reopenings or [incident.opened_at])[-1]
    at = update.approved_at or update.drafted_at
    return at >= turned_at and (update.status == "resolved") == incident.over


def pending(incident: Incident) -> Update | None:
    """The newest draft that waits for approval."""
    waiting = [one for one in incident.updates.values() if not (one.approved_at or one.dropped_at or one.published_at)]
    fitting = [update for update in waiting if fits(incident, update) and not is_overtaken(incident, update)]
    told = [update for update in fitting if not is_held_back(incident, update)]
    return told[-1] if told else None


def is_held_back(incident: Incident, update: Update) -> bool:
    """Whether a text is older than the security mark, and nobody has said that customers are to be told (SCP-3)."""
    since, at = hidden_since(incident), update.approved_at or update.drafted_at
    untold = not incident.status_ref and not to_be_told(incident)
    return incident.policy.updates.marked and untold and since is not None and at < since


def is_overtaken(incident: Incident, update: Update) -> bool:
    """Whether somebody approved a newer text than this draft: the page would go back to what was written before."""
    if update.approved_at or not incident.policy.updates.goes_on:
        return False
    newer = (one for one in incident.updates.values() if one.number > update.number)
    return any(one.approved_by not in ("", STANDFAST) and not one.dropped_at for one in newer)


def outbox(incident: Incident) -> list[Update]:
    """What is approved and has not left, the oldest approval first."""
    left = [one for one in incident.updates.values() if one.approved_at and not (one.published_at or one.dropped_at)]
    return sorted(left, key=lambda update: (update.approved_at, update.number))


def superseded(incident: Incident) -> Iterator[UpdateDropped]:
    """What is not to leave any more: the page would go back, or a newer text waits behind one that could not leave."""
    waiting = outbox(incident)
    for update in waiting:
        if not fits(incident, update):
            ended = "closed as none" if incident.retracted else "resolved"
            merged = incident.over and incident.relations.merged_into
            turn = f"merged into {merged}" if merged else ended if incident.over else "reopened"
            yield UpdateDropped(number=update.number, because=f"the incident is {turn} meanwhile")
        elif is_held_back(incident, update):
            yield UpdateDropped(number=update.number, because="the incident is marked as a security incident meanwhile")
        elif update is not waiting[-1] and f"publish/{update.number}" in incident.failures:
            because = f"it could not leave, and update {waiting[-1].number} is newer"
            yield UpdateDropped(number=update.number, because=because)


def has_page(incident: Incident) -> bool:
    """Whether customers are told by the clock: of a secret, where they are to be told or the page shows it (SCP-3)."""
    return has_vendor(incident) and bool(not incident.secret or to_be_told(incident) or incident.status_ref)


def on_page(incident: Incident) -> bool:
    """Whether customers must be told: a severity asks for it, or the page shows the incident already."""
    return has_page(incident) and bool(asked(incident) or incident.status_ref)


def asked(incident: Incident) -> datetime | None:
    """Since when the present severity asks for updates; None when it does not, or was corrected after the end."""
    spans, ended = asked_runs(incident), incident.resolved_at
    since = spans[-1][0] if spans and spans[-1][1] is None else None
    if since and ended and since > ended:
        return None
    answer = incident.secrecy.answer
    felt = answer.at if answer and to_be_told(incident) else felt_since(incident)
    return max(since, felt) if since and felt else None


def asked_runs(incident: Incident) -> list[Span]:
    """The spans that ask for updates: by the severity, and since it took in what the page shows broken (DET-7)."""
    spans = incident.runs("status_page")
    since = next((event.at for event, took in incident.all(TookIn) if took.components), None)
    if since is None:
        return spans
    before = [(begun, end) for begun, end in spans if end is not None and end <= since]
    begun = min([since, *(begun for begun, end in spans if end is None or end > since)])
    return [*before, (begun, None)]


def felt_since(incident: Incident) -> datetime | None:
    """Since when customers feel it: from the opening where the service faces them, else when a person says so."""
    if incident.outward.felt:
        return incident.outward.felt[0] if incident.outward.felt[1] else None
    return incident.opened_at if incident.service.customer_facing else None


def published(incident: Incident) -> list[datetime]:
    """When the status page was updated."""
    return sorted(update.published_at for update in incident.updates.values() if update.published_at)


def on_the_page(incident: Incident) -> Update | None:
    """What the page shows: the update that was published last."""
    posts = [update for update in incident.updates.values() if update.published_at]
    return max(posts, key=lambda update: (update.published_at, update.number), default=None)


def is_away(incident: Incident) -> bool:
    """Whether the page took nothing and gave nothing when it was asked last."""
    return _last_number(incident, Failed) > _last_number(incident, Done)


def _last_number(incident: Incident, kind: type[Done] | type[Failed]) -> int:
    """The last event of a kind about a duty of the page's vendor; 0 where there is none."""
    return max((event.number for event, what in incident.all(kind) if what.duty in OF_THE_PAGE), default=0)


def fresh_status(incident: Incident) -> UpdateStatus:
    """What a fresh draft says: what a person said last, never less and never more (COM-3)."""
    if incident.over:
        return "resolved"
    said = [one for one in incident.updates.values() if one.approved_at and fits(incident, one)]
    return max(said, key=lambda one: (one.approved_at, one.number)).status if said else "investigating"
