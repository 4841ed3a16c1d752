"""ACT: action items, from their issue in the tracker to their end."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from domain.company.policy import Policy
from domain.company.policy_follow_up import ItemDue
from domain.incident.clock import Clock
from domain.incident.effects import Done
from domain.incident.entry import STANDFAST, Item
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.lifecycle import may_go_on
from domain.port.any_duty import AnyDuty
from domain.port.message import Message
from domain.port.tracker import OpenItem, ReadItem
from domain.procedure import item_ticket
from domain.procedure.adoption import ItemHandedOn, handed_on_again
from domain.procedure.item_facts import ItemAdded, ItemClosed, ItemDeclineHeard, ItemReopened
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import Clause, Promise, always
from domain.rule.explain import counted_words
from domain.rule.refusal import Refusal, settled
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth
from domain.value.act import WAYS
from domain.value.key import ClockKey, ItemKey
from domain.value.model import Instant, ShortText, spoken


def item_called(incident: Incident, name: str) -> Item | Refusal:
    """The item that is meant, by our key or the tracker's."""
    known = incident.items
    item = known.get(name) or next((one for one in known.values() if one.ref == name), None)
    return item or Refusal(f"item: found {name!r}, expected one of {', '.join(known) or 'none: there are none'}")


class CloseItem(IncidentAct):
    """An action item is done or declined (ACT-2); the tracker says so, or a person."""

    makes = (ItemClosed, ItemDeclineHeard, ItemReopened, ItemHandedOn)
    label, form_title, verb, submit = "Done", "Close the action item", "action close", "Close the item"
    style, in_menu = "primary", False
    typed = (
        Typed("action close", "Say that an action item is done.", fixed={"state": "done"}, without=("reason",)),
        Typed(
            "action decline", "Say that it will not be done, and why.", fixed={"state": "declined"}, needs=("reason",)
        ),
    )
    there = "open_items"
    item: str
    state: Annotated[Literal["done", "declined"], Ask("What became of it?", optional=False)] = "done"
    reason: Annotated[str, Ask("Why?", "text", "Needed when it is declined.")] = ""

    def decide(self, incident: Incident) -> Decision:
        """ACT-2: closed in the tracker means closed here; declined only with a reason, which no tracker gives."""
        item = item_called(incident, self.item)
        if isinstance(item, Refusal):
            return item
        if item.state != "open":
            if self.takes_back(item) and (not incident.closed_at or may_go_on(incident)):
                again = ItemReopened(item=item.key, reason=self.reason)
                return (*handed_on_again(incident, item), again, ItemDeclineHeard(item=item.key, said=self.reason))
            return () if item.state == self.state else settled(f"{item.key} is {item.state} already")
        if self.state == "declined" and not self.reason.strip():
            return Refusal(f"{item.key} can be declined only with a reason")
        if self.state == "declined" and self.via not in WAYS:
            return (ItemDeclineHeard(item=item.key, said=self.reason),)
        return (ItemClosed(item=item.key, state=self.state, reason=self.reason),)

    def takes_back(self, item: Item) -> bool:
        """Whether the tracker says of what was done that it will not be: it is owed again until somebody says why."""
        return self.state == "declined" and self.via not in WAYS and item.state == "done"


class AddItem(IncidentAct):
    """An action item with its owner (ACT-1); without `due_at` it is due when the policy says."""

    makes = (ItemAdded,)
    label, verb = "Add an action item", "action add"
    submit = "Open a ticket"
    title: Annotated[ShortText, Ask("What is to be done?", "line")]
    owner: Annotated[ShortText, Ask("Who does it?", "person")]
    """A person of the catalog, by any name the catalog knows them by."""
    body: Annotated[str, Ask("Why, and how is it known to be done?", "text")] = ""
    due_at: Annotated[Instant | None, Ask("Until when?", "moment", "Without a date: when the policy says.")] = None
    part_of: Annotated[
        str,
        Ask("Which item is it a part of?", hint="It is due no later than that one.", choose="item", spare=True),
    ] = ""
    """The item that is split, by our key or the tracker's; empty for an item of its own."""

    def decide(self, incident: Incident) -> Decision:
        """ACT-1: with an owner of the company, due when the policy says or earlier; a part no later than its whole."""
        if incident.closed_at:
            elsewhere = "put it on the list of an open incident, or into the tracker itself"
            return Refusal(f"{incident.id} is closed; {elsewhere}")
        owner = incident.catalog.person_called(self.owner)
        if owner is None:
            return Refusal(f"owner: found {self.owner!r}, expected one of {', '.join(incident.catalog.people)}")
        whole = item_called(incident, self.part_of) if self.part_of else None
        if isinstance(whole, Refusal):
            return whole
        if whole and (whole.state != "open" or is_overdue(incident, whole)):
            how = "overdue" if whole.state == "open" else whole.state
            return Refusal(f"{whole.key} is {how}; only what is open and in time is split")
        now = self.at or incident.events[-1].at
        latest = min([item_due_at(incident, now), *([whole.due_at] if whole else [])])
        asked = self.due_at or latest
        due_at = min(asked, latest) if whole and incident.policy.learn.part_by_whole else asked
        if not now < due_at <= latest:
            given = spoken(incident.policy.item_span(incident.likely))
            span = f"until {latest:%d %b %H:%M}" if whole else f"within {given} from now"
            return Refusal(f"due_at: found {due_at:%d %b %H:%M}, expected a moment {span}")
        number = sum(ItemKey(key).is_lesson for key in incident.items) + 1
        body = self.body.strip() or f"From the post-mortem of {incident.id}: {incident.title}"
        said = {"title": self.title, "body": body, "owner": owner.id, "part_of": whole.key if whole else ""}
        return (ItemAdded(item=ItemKey.lesson(number), due_at=due_at, **said),)


def settle(incident: Incident) -> tuple[Fact, ...]:
    """ACT-2: what the tracker says when asked is done; a decline without a reason is told instead, and stays open."""
    said = [item for item in incident.items.values() if item.state == "open" and item.read == "done"]
    return tuple(ItemClosed(item=item.key, state="done", reason=f"{item.ref} is done in the tracker") for item in said)


def clocks(incident: Incident) -> Iterator[Clock]:
    """ACT-2: each item runs to its own due date, owned by its owner; declined in time it is neither kept nor missed."""
    for item in incident.items.values():
        declined = item.state == "declined"
        void = declined and item.closed_at is not None and item.closed_at <= item.due_at
        says, owner = f"close the action item {item.title!r}", item.owner or incident.policy.role("manager")
        start, due, stop, broken = item.opened_at, item.due_at, item.closed_at, declined and not void
        yield Clock(ACT_2.id, _key(item, item.reopened), says, owner, start, due, stop, void=void, broken=broken)


def _key(item: Item, run: int) -> ClockKey:
    return ClockKey.of(ACT_2.id, item.key, nth(run))


def item_due_at(incident: Incident, opened_at: datetime) -> datetime:
    """When an item is due at the latest, by the policy."""
    return incident.policy.item_due_by(incident.likely).after(opened_at)


def offered(incident: Incident) -> ItemDue | None:
    """What date a form for an item begins with: the latest; none where that would be too late for a part of another."""
    parted = any(item.state == "open" for item in incident.items.values())
    fits = incident.policy.learn.part_by_whole or not parted
    return incident.policy.item_due_by(incident.likely) if fits else None


def in_time(item: Item) -> bool:
    """Whether it was done by its due date (KPI-5)."""
    return item.state == "done" and item.closed_at is not None and item.closed_at <= item.due_at


def is_judged(incident: Incident, item: Item) -> bool:
    """Whether KPI-5 counts it yet: done, or overdue. What was declined for a reason in time is not counted."""
    return item.state == "done" or is_overdue(incident, item)


def is_overdue(incident: Incident, item: Item) -> bool:
    """Whether its due date was missed, whatever became of it since."""
    return any(_key(item, run) in incident.missed for run in range(item.reopened + 1))


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """FIX-2, ACT-1: each action item becomes an issue; ACT-2: and is asked after, in case its webhook was lost."""
    for item in incident.items.values():
        if item.state == "open" and not item.ref:
            yield _opening(incident, item)
        elif item.state != "declined" and is_followed(incident, item):
            yield ReadItem(
                key=f"read_item/{item.key}/{item.reads + 1}",
                incident=incident.id,
                clause="ACT-2",
                summary=f"ask the tracker about the action item {item.key}",
                item=item.key,
                ref=item.ref,
                not_before=_next_look(incident, item),
            )


def is_followed(incident: Incident, item: Item) -> bool:
    """Whether it is followed to its end: until the incident closes, and while it is owed again after that (ACT-2)."""
    return not incident.closed_at or (item.again and item.state == "open")


def _next_look(incident: Incident, item: Item) -> datetime:
    """When the tracker is asked next; of what is done more rarely, for it may be reopened there."""
    learn = incident.policy.learn
    every = learn.read_items_every if item.state == "open" else learn.read_done_every
    return max(at for at in (item.read_at, item.opened_at, item.closed_at) if at) + every


def _opening(incident: Incident, item: Item) -> OpenItem:
    owner = incident.people([item.owner])
    return OpenItem(
        key=f"open_item/{item.key}",
        incident=incident.id,
        clause="FIX-2" if ItemKey(item.key).is_change else "ACT-1",
        summary=f"open the action item {item.key}",
        item=item.key,
        title=item.title,
        body=item_ticket.body(incident, item),
        owner=owner[0] if owner else None,
        due_at=item.due_at,
        labels=("standfast", incident.id.lower()),
    )


def _tracked(incident: Incident, event: Event, done: Done) -> None:
    item = incident.items[done.about]
    item.ref, item.url = done.outcome.ref, done.outcome.url


def _asked(incident: Incident, event: Event, done: Done) -> None:
    item = incident.items[done.key.parts[0]]
    item.read, item.reads, item.read_at = done.outcome.text, item.reads + 1, event.at
    item.read_done, item.there = item.read_done or item.read == "done", done.outcome.item or item.there
    item.declines = item.declines + 1 if item.read == "declined" else 0
    if done.outcome.text and done.outcome.ref:  # in another project it has another name
        item.ref, item.url = done.outcome.ref, done.outcome.url or item.url


def _tell_added(incident: Incident, event: Event, item: ItemAdded) -> Message:
    part = f" (a part of {item.part_of})" if item.part_of else ""
    by = "" if event.by in (item.owner, STANDFAST) else f"*{incident.catalog.short(event.by)} asks* "
    text = f"ACT-1 {by}{incident.called(item.owner)}, by {item.due_at:%d %b}: {item.title}{part}"
    text += f". {incident.called(item.before)}, whose it would be, is not there" if item.before else ""
    return Message(text=text, to=incident.people([item.owner]))


def _tell_tracked(incident: Incident, event: Event, done: Done) -> Message:
    item = incident.items[done.about]
    whose = f" for {incident.catalog.short(item.owner)}" if item.owner else ""
    text = f"{event.clause} *Ticket {done.outcome.ref}*{whose}, by {item.due_at:%d %b}: {item.title}"
    return Message(text=f"{text}\n{done.outcome.url}".strip())


def _all_tracked(incident: Incident) -> bool | None:
    if not incident.items:
        return None
    tracked = all(item.ref or item.state != "open" for item in incident.items.values())
    return all(item.owner and item.due_at for item in incident.items.values()) and tracked


def _explain_items(policy: Policy) -> list[str]:
    clock = policy.clocks.get("ACT-2")
    due = counted_words(policy.item_span(), clock.calendar(None) if clock else None, policy)
    return [f"Each action item becomes an issue in the tracker, with an owner and due {due} after its opening at most."]


ACT_1 = Clause(
    "ACT-1",
    "Each action item becomes a Linear or Jira issue with an owner and a due date 14 days out.",
    still=True,
    judged_by="every action item has an owner, a due date and its issue",
    judge=_all_tracked,
    explain=_explain_items,
)
ACT_2 = Clause(
    "ACT-2",
    "It is followed to its end: closed in the tracker means closed here; reminders on the way; overdue "
    "goes to the engineering manager.",
    promise=Promise(
        "close the action item",
        then="Action item{} closed",
        counted_from="its opening, unless it is due earlier",
        asked_by=always("every action item starts it"),
        explained_as="close each action item (its own owner first)",
        kept_by=CloseItem,
        unlisted=True,
        outlives=True,
        answers=lambda key: (CloseItem.button(asks=False, item=key.about),),
    ),
    judged_by="its clocks, one for each action item",
)
RULES = Ruleset(
    clauses=(ACT_1, ACT_2),
    clocks=clocks,
    duties=duties,
    settle=settle,
    brings_about={OpenItem: _tracked, ReadItem: _asked},
    tell={ItemAdded: _tell_added, OpenItem: _tell_tracked},
)
