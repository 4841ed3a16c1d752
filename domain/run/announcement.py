"""What people are told after the fight: the post-mortem, its items, repetitions, the breach, what is waived."""

from datetime import datetime

from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.opening import Opened
from domain.port.message import Button, Message
from domain.procedure.action_items import ItemAdded
from domain.procedure.data_breach import NotificationRecorded
from domain.procedure.evidence import ClauseWaived
from domain.procedure.postmortem import CauseNamed, ItemsWaived, PostmortemCompleted
from domain.procedure.repeats import RepeatFound
from domain.value.repeat import Repeat

COMPLETE = Button(act="complete_postmortem", label="Complete", style="primary", asks=True)
ADD_ITEM = Button(act="add_item", label="Add action item", asks=True)
NAME_CAUSE = Button(act="name_cause", label="Name root cause", asks=True)
ANSWER = Button(act="answer_breach", label="Breach checkpoint", asks=True)
NOTIFIED = Button(act="record_notification", label="Record notification", style="primary", asks=True)


def close(key: str) -> Button:
    """The press that says that an item is done; `key` is its clock's."""
    return Button(act="close_item", label="Done", fields={"item": key.removeprefix("ACT-2/")}, style="primary")


def about_learning(incident: Incident, event: Event) -> Message | None:
    """The message for an event after the fight, or None."""
    return _about_repeats(event) or _about_postmortem(incident, event) or _about_promises(incident, event)


def _about_repeats(event: Event) -> Message | None:
    match event.what:
        case Opened(repeats=repeats) if repeats:
            return Message(text=f"REP-1 this failure mode was seen before:\n{_listed(event, repeats)}")
        case RepeatFound(cause=cause, repeats=repeats):
            times = f"{len(repeats)} time{'s' if len(repeats) > 1 else ''} before"
            return Message(text=f"REP-1 the root cause {cause} was met {times}:\n{_listed(event, repeats)}")
    return None


def _listed(event: Event, repeats: tuple[Repeat, ...]) -> str:
    """Each earlier incident with its open action items under it."""
    lines = []
    for one in repeats:
        cause = f", root cause {one.cause}" if one.cause and not one.private else ""
        lines.append(f"{one.incident}, {ago(one, event.at)}: {one.title}{cause}")
        items = () if one.private else one.items
        lines += [f"• still open: {item.title}, due {item.due_at:%d %b} {item.url}".rstrip() for item in items]
    return "\n".join(lines)


def ago(one: Repeat, now: datetime) -> str:
    """How long ago an earlier incident was, in days."""
    days = (now - one.fired_at).days
    return f"{days} day{'' if days == 1 else 's'} ago" if days else "today"


def seen_before(repeats: tuple[Repeat, ...], now: datetime) -> str:
    """The newest earlier incident in one line, for the headline: its cause, and what is still to be done about it."""
    first = repeats[0]
    words = [f"{first.incident}, {ago(first, now)}"]
    if not first.private:
        words += [f"root cause {first.cause}"] if first.cause else []
        titles = ", ".join(item.title for item in first.items[:3])
        words += [f"{len(first.items)} action item(s) still open: {titles}"] if first.items else []
    words += [f"and {len(repeats) - 1} more"] if len(repeats) > 1 else []
    return "; ".join(words)


def _about_postmortem(incident: Incident, event: Event) -> Message | None:
    by, manager = incident.called(event.by), incident.people([incident.holder("manager")])
    match event.what:
        case Done(duty="open_document", outcome=outcome):
            text = f"PM-1 the post-mortem is open: {outcome.url or outcome.ref}"
            return Message(text=text, to=manager, buttons=(NAME_CAUSE, ADD_ITEM, ANSWER, COMPLETE))
        case CauseNamed(cause=cause, title=title):
            return Message(text=f"PM-3 {by} named the root cause: {cause}, {title}")
        case ItemAdded(title=title, owner=owner, due_at=due_at):
            text = f"ACT-1 {incident.called(owner)} owns, due {due_at:%d %b}: {title}"
            return Message(text=text, to=incident.people([owner]))
        case ItemsWaived(reason=reason):
            return Message(text=f"PM-3 no action item, by {by}'s word: {reason}")
        case PostmortemCompleted():
            return Message(text=f"PM-1 {by} completed the post-mortem")
        case Done(duty="read_item", key=key, outcome=outcome) if outcome.text == "declined":
            item = incident.items[key.split("/")[1]]
            give = Button(act="close_item", label="Give reason", fields={"item": item.key}, asks=True)
            text = f"ACT-2 {item.ref} was declined in the tracker. It stays open here until a reason is given."
            return Message(text=text, to=manager, buttons=(give,))
    return None


def _about_promises(incident: Incident, event: Event) -> Message | None:
    by = incident.called(event.by)
    match event.what:
        case NotificationRecorded(reference="", late_reason=reason):
            return Message(text=f"GDP-2 not notified yet; {by} says why: {reason}")
        case NotificationRecorded(reference=reference, authority=authority, late_reason=reason):
            late = f", late because: {reason}" if reason else ""
            to = f" to {authority}" if authority else ""
            return Message(text=f"GDP-2 {by} recorded the notification {reference}{to}{late}")
        case ClauseWaived(clause=clause, reason=reason):
            return Message(text=f"{clause} was waived by {by}: {reason}")
    return None
