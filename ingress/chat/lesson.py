"""The words of the follow-up: action items, the post-mortem, the breach checkpoint, waivers; and a drill's end."""

import re
from datetime import datetime

from ingress.chat.phrase import ParsedCommand, person, split, told, usage
from ingress.chat.word import BREACH, PUBLIC_POSTMORTEM


def action(rest: str, at: datetime) -> ParsedCommand:
    """Add an item, say what became of one, or why there is none."""
    first, more = split(rest)
    if first.lower() in ("done", "declined", "decline"):
        item, reason = split(more)
        if not item:
            raise usage("action", rest)
        state = "done" if first.lower() == "done" else "declined"
        return ParsedCommand(kind="close_item", fields=told(item=item, state=state, reason=reason))
    if first.lower() in ("reopen", "change"):
        item, reason = split(more)
        if not item:
            raise usage("action", rest)
        reopens = first.lower() == "reopen"
        kind = "reopen_item" if reopens else "change_item"
        return ParsedCommand(kind=kind, fields=told(item=item, reason=reason), asks=not reopens)
    if first.lower() == "none":
        return ParsedCommand(kind="waive_items", fields=told(reason=more), asks=not more)
    if first.startswith("@") and more:
        return ParsedCommand(kind="add_item", fields=told(owner=person(first), title=more))
    return ParsedCommand(kind="add_item", fields=told(title=rest), asks=True)


def breach(rest: str, at: datetime) -> ParsedCommand:
    """Answer the checkpoint, or record who was notified or told; a form asks for what a yes must say."""
    first, reason = split(rest)
    if first.lower() == "notified":
        return ParsedCommand(kind="record_notification", fields=told(reference=reason), asks=True)
    if first.lower() == "told":
        return ParsedCommand(kind="record_affected_told", fields=told(what=reason), asks=True)
    answer = BREACH.get(first.lower().rstrip(",:"))
    if first and not answer:
        raise usage("breach", rest)
    asks = answer != "false" or not reason
    return ParsedCommand(kind="answer_breach", fields=told(breach=answer or "", reason=reason), asks=asks)


def postmortem(rest: str, at: datetime) -> ParsedCommand:
    """Complete the review, or only name its root cause: by its key, or by the form that asks for it."""
    cause, title = split(re.sub(r"^(?:completed?|done|finish(?:ed)?)\b[\s:]*", "", rest, flags=re.IGNORECASE))
    if cause.lower() == "cause":
        cause, title = split(title)
        return ParsedCommand(kind="name_cause", fields=told(cause=cause.lower(), title=title), asks=not cause)
    if cause.lower() in PUBLIC_POSTMORTEM:
        kind, field = PUBLIC_POSTMORTEM[cause.lower()]
        return ParsedCommand(kind=kind, fields=told(**{field: title}), asks=not title)
    return ParsedCommand(kind="complete_postmortem", fields=told(cause=cause.lower(), title=title), asks=not cause)


def drill(rest: str, at: datetime) -> ParsedCommand:
    """End a drill; one is begun from the command line."""
    if rest.strip().lower() not in ("end", "over", "stop"):
        raise usage("drill", rest)
    return ParsedCommand(kind="end_drill")


def waive(rest: str, at: datetime) -> ParsedCommand:
    """Say that a clause is not held here, and why."""
    clause, reason = split(rest)
    return ParsedCommand(kind="waive_clause", fields=told(clause=clause.upper(), reason=reason), asks=not reason)
