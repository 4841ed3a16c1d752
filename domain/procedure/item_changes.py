"""ACT-2: an action item goes on: reopened, declined in the tracker, given to another owner or to another day."""

from collections.abc import Iterator
from datetime import UTC
from typing import Annotated

from domain.company.person import Person
from domain.incident.effects import Done
from domain.incident.entry import Item
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.lifecycle import may_go_on
from domain.port.message import Message
from domain.port.tracker import ReadItem
from domain.procedure.action_items import CloseItem, is_followed, is_overdue, item_called, item_due_at
from domain.procedure.adoption import ItemHandedOn, handed_on_again
from domain.procedure.item_facts import ItemChanged, ItemDeclineHeard, ItemMoved, ItemReopened
from domain.rule.act import Ask, Decision, IncidentAct
from domain.rule.people import held_by
from domain.rule.refusal import Refusal, final, settled
from domain.rule.ruleset import Ruleset
from domain.value.act import WAYS, Act
from domain.value.model import Instant, LongText, ShortText, said_count


class ReopenItem(IncidentAct):
    """An action item is not done after all (ACT-2); the tracker says so, or a person."""

    makes = (ItemHandedOn, ItemReopened)
    label, form_title, verb = "Reopen the item", "Reopen the action item", "action reopen"
    in_menu = False
    there = "items"
    item: str
    reason: Annotated[str, Ask("Why is it not done?", "text")] = ""

    def decide(self, incident: Incident) -> Decision:
        """ACT-2: reopened in the tracker means open here, and owed until the day it was owed before."""
        item = item_called(incident, self.item)
        if isinstance(item, Refusal):
            return item
        if not is_followed(incident, item) and (self.via in WAYS or not may_go_on(incident)):
            where = f"; reopen {item.ref} in the tracker, and it is followed up again" if may_go_on(incident) else ""
            return final(incident, where)
        if item.state == "open":
            return ()
        return (*handed_on_again(incident, item), ItemReopened(item=item.key, reason=self.reason))


class ChangeItem(IncidentAct):
    """An action item goes to another owner, or to another day, for a reason (ACT-2)."""

    makes = (ItemChanged,)
    label, form_title, verb = "Change the item", "Change the action item", "action change"
    in_menu = False
    there = "open_items"
    item: str
    reason: Annotated[LongText, Ask("Why?", "text")]
    owner: Annotated[ShortText | None, Ask("Who does it from now on?", "person")] = None
    due_at: Annotated[Instant | None, Ask("Until when?", "moment")] = None

    def decide(self, incident: Incident) -> Decision:
        """ACT-2: to somebody of the company, and no further away than the policy gives; a miss stays a miss."""
        item = item_called(incident, self.item)
        if isinstance(item, Refusal):
            return item
        if not is_followed(incident, item):
            return final(incident)
        if item.state != "open":
            return settled(f"{item.key} is {item.state} already")
        person = incident.catalog.person_called(self.owner) if self.owner else None
        if self.owner and person is None:
            return Refusal(f"owner: found {self.owner!r}, expected one of {', '.join(incident.catalog.people)}")
        now = self.at or incident.events[-1].at
        latest = item_due_at(incident, now)
        if self.due_at and is_overdue(incident, item):
            return Refusal(f"{item.key} was due on {item.due_at:%d %b}; what is overdue gets no other day")
        if self.due_at and not now < self.due_at <= latest:
            return Refusal(f"due_at: found {self.due_at:%d %b %H:%M}, expected a moment until {latest:%d %b %H:%M}")
        owner = person.id if person and person.id != item.owner else None
        due_at = self.due_at if self.due_at and self._is_another_day(item) else None
        if not (owner or due_at):
            return Refusal("say who does it from now on, or until when")
        return (ItemChanged(item=item.key, owner=owner, due_at=due_at, reason=self.reason),)

    def is_news(self, incident: Incident) -> bool:
        """Not where the tracker only says what we have written there."""
        item = item_called(incident, self.item)
        if isinstance(item, Refusal):
            return True
        person = incident.catalog.person_called(self.owner) if self.owner else None
        another = bool(self.owner) and (person is None or person.id != item.owner)
        return another or self._is_another_day(item)

    def _is_another_day(self, item: Item) -> bool:
        """Whether it names another moment; a tracker knows days alone."""
        if self.due_at is None or self.via in WAYS:
            return self.due_at not in (None, item.due_at)
        return self.due_at.date() != item.due_at.astimezone(UTC).date()


class MoveItem(IncidentAct):
    """The issue of an action item goes on in another project, under another name (ACT-2); the tracker says so."""

    makes = (ItemMoved,)
    item: str
    ref: str
    """What it is called there from now on."""
    url: str

    def decide(self, incident: Incident) -> Decision:
        """ACT-2: it is asked for by its new name; where it is nobody says but the tracker."""
        if self.via in WAYS:
            return Refusal(f"where {self.item} is only the tracker says")
        item = item_called(incident, self.item)
        if isinstance(item, Refusal):
            return item
        return (ItemMoved(item=item.key, ref=self.ref, url=self.url),)

    def is_news(self, incident: Incident) -> bool:
        """Not where the poll has said it before."""
        item = item_called(incident, self.item)
        return isinstance(item, Refusal) or (item.ref, item.url) != (self.ref, self.url)


def takes_back(incident: Incident, act: Act) -> bool:
    """Whether the tracker takes back an end that once was final: of an incident, or of an item as done (ACT-2)."""
    if act.via in WAYS or not isinstance(act, ReopenItem | CloseItem):
        return False
    item = item_called(incident, act.item)
    if isinstance(item, Refusal):
        return False
    return act.takes_back(item) if isinstance(act, CloseItem) else incident.closed_at is not None


def settle(incident: Incident) -> Iterator[Fact]:
    """ACT-2: what the tracker said was done, and says is open or declined when asked again, is open."""
    for item in incident.items.values():
        if item.state == "done" and _said_done(incident, item) and item.read in ("open", "declined"):
            how = "is open" if item.read == "open" else "was declined"
            yield ItemReopened(item=item.key, reason=f"{item.ref} {how} in the tracker")


def _said_done(incident: Incident, item: Item) -> bool:
    """Whether the tracker had said that it is done when it was asked last; its webhook overtakes what was asked."""
    learn, asked, end = incident.policy.learn, item.read_at, item.closed_at
    heard = learn.done_heard and item.done_there and asked and end and asked - end >= learn.read_done_every
    return item.read_done or bool(heard)


def _tell_declined(incident: Incident, event: Event, heard: ItemDeclineHeard) -> Message | None:
    item, to = incident.items[heard.item], [one for one in held_by(incident, "manager") if not one.left]
    return _ask_why(incident, item, heard.said, tuple(to) or incident.people([item.owner]))


def _tell_read(incident: Incident, event: Event, done: Done) -> Message | None:
    item = incident.items[done.key.parts[0]]
    if done.outcome.text != "declined":
        return None
    return _ask_why(incident, item, f"{item.ref} was declined in the tracker", held_by(incident, "manager"))


def _ask_why(incident: Incident, item: Item, said: str, to: tuple[Person, ...]) -> Message | None:
    """Why it will not be done; once for as long as the tracker says so, however often it does."""
    if incident.policy.learn.declined_once and item.declines > 1:
        return None
    give = CloseItem.button("Give reason", "plain", asks=True, item=item.key)
    return Message(text=f"ACT-2 {said}. It stays open here until a reason is given.", to=to, buttons=(give,))


def _tell_reopened(incident: Incident, event: Event, reopened: ItemReopened) -> Message:
    item, why = incident.items[reopened.item], f": {reopened.reason}" if reopened.reason else ""
    text = f"ACT-2 {incident.called(event.by)} reopened {item.title!r}, due {item.due_at:%d %b}{why}"
    if not item.again:
        return Message(text=text, to=held_by(incident, "manager"))
    people = (*incident.people([item.owner]), *held_by(incident, "manager"))
    text = f"{text}. {incident.id} had closed; it is followed up again until that is done"
    if all(one.left for one in people):
        text += ". Nobody of the company is left: adopt a catalog that names who follows them"
    return Message(text=text, to=tuple(dict.fromkeys(people)), buttons=(CloseItem.button(asks=False, item=item.key),))


def _tell_changed(incident: Incident, event: Event, changed: ItemChanged) -> Message:
    item = incident.items[changed.item]
    moved = f" (its day was moved {said_count(item.redated, 'time')})" if changed.due_at else ""
    text = f"ACT-2 {item.title!r}: {incident.called(item.owner)}, due {item.due_at:%d %b}{moved}. {changed.reason}"
    return Message(text=text, to=incident.people([item.owner]))


RULES = Ruleset(
    settle=settle,
    tell={
        ItemReopened: _tell_reopened,
        ItemChanged: _tell_changed,
        ItemDeclineHeard: _tell_declined,
        ReadItem: _tell_read,
    },
)
