"""ACT: action items, from their issue in the tracker to their end."""

from collections.abc import Iterator

from domain.act import CloseItem
from domain.duty import Duty, OpenItem
from domain.event import What
from domain.incident import Incident
from domain.refusal import Refusal
from domain.what.closed import ItemClosed


def close_item(incident: Incident, act: CloseItem) -> tuple[What, ...] | Refusal:
    """ACT-2: closed in the tracker means closed here; declined only with a reason."""
    item = incident.items.get(act.item) or next((one for one in incident.items.values() if one.ref == act.item), None)
    if item is None:
        return Refusal(
            f"item: found {act.item!r}, expected one of {', '.join(incident.items) or 'none: there are none'}"
        )
    if item.state != "open":
        return () if item.state == act.state else Refusal(f"{item.key} is {item.state} already")
    if act.state == "declined" and not act.reason.strip():
        return Refusal(f"{item.key} can be declined only with a reason")
    return (ItemClosed(item=item.key, state=act.state, reason=act.reason),)


def duties(incident: Incident) -> Iterator[Duty]:
    """FIX-2, ACT-1: each action item becomes an issue with an owner and a due date."""
    for item in incident.items.values():
        owner = incident.people([item.owner])
        yield OpenItem(
            key=f"open_item/{item.key}",
            incident=incident.id,
            clause="FIX-2" if item.key.startswith("change-") else "ACT-1",
            summary=f"open the action item {item.key}",
            item=item.key,
            title=item.title,
            body=item.body,
            owner=owner[0] if owner else None,
            due_at=item.due_at,
            labels=("standfast", incident.id.lower()),
        )
