"""ACT-2: an action item has one owner and one day, whether they are said here or in the tracker.

A webhook names who changed an issue, and counts by who may. The poll that makes good for a lost one names nobody: where
the policy lets anybody change an item it counts, else whoever may is asked to take it over, with one press.
"""

from collections.abc import Iterator
from datetime import UTC

from domain.incident.effects import Done
from domain.incident.entry import Item
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.duty import ItemState, Outcome
from domain.port.message import Message
from domain.port.tracker import ReadItem, WriteItem
from domain.procedure.action_items import is_followed
from domain.procedure.item_changes import ChangeItem
from domain.procedure.item_facts import ItemChangeHeard
from domain.rule.explain import allowing
from domain.rule.people import allowed_to
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.key import DutyKey

SAID = "it was changed in the tracker"


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """The owner and the day that somebody here gave an item, unless its issue says so already; the last word counts."""
    told = incident.policy.learn.changes_told
    for item in (one for one in incident.items.values() if told and is_followed(incident, one)):
        if item.state == "open" and item.ref and item.changed and not _agrees(incident, item):
            owner = incident.people([item.owner])
            yield WriteItem(
                key=f"write_item/{item.key}/{item.changed}",
                incident=incident.id,
                clause="ACT-2",
                summary=f"have the issue of the action item {item.key} say whose it is and until when",
                item=item.key,
                ref=item.ref,
                owner=owner[0] if owner else None,
                due_at=item.due_at,
            )


def _agrees(incident: Incident, item: Item) -> bool:
    """Whether the tracker said of itself what the item says now."""
    there = item.there
    return there is not None and _owner(incident, there) == item.owner and not _another_day(item, there)


def _owner(incident: Incident, there: ItemState) -> str:
    """Whom of the catalog the tracker means; empty where that is nobody."""
    person = incident.catalog.person_called(there.owner)
    return person.id if person else ""


def _another_day(item: Item, there: ItemState) -> bool:
    """Whether the tracker says another day; it knows no hours."""
    return there.due_at is not None and there.due_at.date() != item.due_at.astimezone(UTC).date()


def differs(incident: Incident, duty: AnyDuty, outcome: Outcome) -> Iterator[Fact]:
    """What the poll says of an open item that is neither so here nor what the tracker said when it was asked last."""
    there, item = outcome.item, incident.items[duty.item] if isinstance(duty, ReadItem) else None
    if there is None or item is None or item.state != "open" or outcome.text != "open":
        return
    before = item.there or ItemState(owner=item.owner, due_at=item.due_at)
    moved = there.owner != before.owner and _owner(incident, there) != item.owner
    known = item.there is not None or bool(_owner(incident, there))
    owner = there.owner if there.owner and moved and known else None
    due_at = there.due_at if _another_day(item, there) and there.due_at != before.due_at else None
    if owner or due_at:
        yield from _heard(incident, item, owner, due_at)


def _heard(incident: Incident, item: Item, owner: str | None, due_at: object) -> Iterator[Fact]:
    """It counts where anybody may say it and it holds; whoever may is asked otherwise."""
    tracker = incident.catalog.vendor("tracker", incident.service.name)
    said = {"item": item.key, "owner": owner, "due_at": due_at}
    act = ChangeItem.model_validate({**said, "reason": SAID, "by": tracker, "via": tracker})
    decided = act.decide(incident)
    refused = decided.reason if isinstance(decided, Refusal) else ""
    if not isinstance(decided, Refusal) and "anyone" in allowing(incident.policy, ChangeItem):
        yield from decided
    else:
        yield ItemChangeHeard.model_validate({**said, "refused": refused})


def _ask(incident: Incident, event: Event, heard: ItemChangeHeard) -> Message:
    """ACT-2: what it says there and here, and the press that takes it over, where it can be."""
    item = incident.items[heard.item]
    there = " and ".join(
        [
            *([f"{incident.called(heard.owner)}'s"] if heard.owner else ()),
            *([f"due {heard.due_at:%d %b}"] if heard.due_at else ()),
        ]
    )
    text = f"{item.ref} ({item.title}) is {there} in the tracker, which does not say by whom"
    here = f"here it stays {incident.called(item.owner)}'s, due {item.due_at:%d %b}"
    if heard.refused:
        text = f"ACT-2 {text}; {here}: {heard.refused}."
        return Message(text=text, to=allowed_to(incident, "change_item"))
    fields = {"owner": heard.owner or "", "due_at": heard.due_at.isoformat() if heard.due_at else ""}
    given = {name: value for name, value in fields.items() if value}
    take = ChangeItem.button("Take it over", "primary", asks=False, item=item.key, reason=SAID, **given)
    text = f"ACT-2 {text}; {here} until somebody takes that over."
    return Message(text=text, to=allowed_to(incident, "change_item"), buttons=(take,))


def _written(incident: Incident, event: Event, done: Done) -> None:
    """From now on the issue says what we wrote; what it did not take stands as it stood."""
    item, wrote = incident.items[DutyKey(done.key).parts[0]], done.outcome.item or ItemState()
    before = item.there or ItemState()
    item.there = ItemState(owner=wrote.owner or before.owner, due_at=wrote.due_at or before.due_at)


RULES = Ruleset(
    duties=duties,
    done=differs,
    brings_about={WriteItem: _written},
    tell={ItemChangeHeard: _ask},
)
