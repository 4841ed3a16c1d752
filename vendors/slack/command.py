"""The words behind `/incident` become what is asked: an act's kind and fields, or one of our own verbs."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from difflib import get_close_matches

from pydantic import Field

from domain.shape import Shape, read_span
from vendors.slack.form import Unclear
from vendors.slack.question import FORMS
from vendors.slack.word import ANSWERS, BREACH, CHANGES, ROLES, STATES, USAGE, VERBS


class Asked(Shape):
    """What somebody typed. `kind` is an act's kind, or open, due, timeline, list, menu or help.

    `asks` says that the words for the act are missing and its form should be opened. `incident` is empty when the
    room tells which one is meant.
    """

    kind: str
    fields: dict[str, str] = Field(default_factory=dict)
    incident: str = ""
    asks: bool = False


_INCIDENT = re.compile(r"^#?(inc-[0-9a-hjkmnp-tv-z]{5})\b", re.IGNORECASE)
_SEVERITY = re.compile(r"^(?:(?:severity|sev|s|p)[-_ ]?)?([0-9])$", re.IGNORECASE)
_BARE = re.compile(r"^(?:(?:severity|sev|s|p)[-_]?)([0-9])$", re.IGNORECASE)


def parse(words: str, at: datetime) -> Asked:
    """Read what was typed behind the command at this moment; `Unclear` says how it is written."""
    incident, words = _take_incident(words.strip())
    first, rest = _split(words)
    verb = _verb(first)
    if verb in ("role", "severity") and first.lower() not in ("role", "roles", "severity", "sev", "escalate"):
        rest = words  # the verb was left out: "sev1 …", "lead @ada"
    if not incident:
        incident, rest = _take_incident(rest)
    return _PARSERS[verb](rest, at).model_copy(update={"incident": incident})


def severity(word: str) -> str:
    """ "SEV-1", "sev1", "s1", "1" and "p1" are P1, "p0" is P0; empty when it is no severity."""
    found = _SEVERITY.match(word)
    return f"P{found[1]}" if found else ""


def person(word: str) -> str:
    """The name in a mention: "<@U123|ada>" is U123, "@ada" is ada."""
    found = re.match(r"^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$", word)
    return found[1] if found else word.lstrip("@")


def _take_incident(words: str) -> tuple[str, str]:
    found = _INCIDENT.match(words)
    return (found[1].upper(), words[found.end() :].strip()) if found else ("", words)


def _split(words: str) -> tuple[str, str]:
    """The first word, and the rest with its line breaks."""
    first, *rest = words.split(maxsplit=1)[:2] or [""]
    return first, rest[0] if rest else ""


def _verb(word: str) -> str:
    word = word.lower()
    verb = VERBS.get(word, word)
    if verb in _PARSERS:
        return verb
    if _BARE.match(word):
        return "severity"
    if word in ROLES:
        return "role"
    near = get_close_matches(word, [*USAGE, *VERBS], n=1)
    meant = f"did you mean `{near[0]}`?" if near else "the verbs are " + ", ".join(USAGE)
    raise Unclear({"command": f"found {word!r}: {meant}"})


def _usage(verb: str, found: str) -> Unclear:
    return Unclear({verb: f"found {found or 'nothing'!r}, expected `{USAGE[verb]}`"})


def _declare(rest: str, at: datetime) -> Asked:
    """Open an incident; with a severity alone it declares the severity of the one that is open."""
    first, more = _split(rest)
    if severity(first) and not more:
        return Asked(kind="declare", fields={"severity": severity(first)})
    if severity(first):
        level, (service, title) = severity(first), _split(more)
    else:
        service, (second, after) = first, _split(more)
        level, title = (severity(second), after) if _BARE.match(second) else ("", more)
    fields = _told(service=service, severity=level, title=title)
    return Asked(kind="open", fields=fields, asks=not (service and title))


def _severity(rest: str, at: datetime) -> Asked:
    first, reason = _split(rest)
    if not first:
        return Asked(kind="declare", asks=True)
    if not severity(first):
        raise _usage("severity", first)
    return Asked(kind="declare", fields=_told(severity=severity(first), reason=reason))


def _role(rest: str, at: datetime) -> Asked:
    words = rest.split()
    if not words:
        return Asked(kind="offer_role", asks=True)
    pair = "-".join(words[:2]).lower()
    role, to = (
        (ROLES[pair], words[2:]) if pair in ROLES and len(words) > 1 else (_role_called(words[0].lower()), words[1:])
    )
    to = [word for word in to if word.lower() != "to"]
    if not role or len(to) > 1:
        raise _usage("role", rest)
    if not to or to[0].lower() == "me":
        return Asked(kind="take_role", fields={"role": role})
    return Asked(kind="offer_role", fields={"role": role, "to": person(to[0])})


def _role_called(word: str) -> str:
    """What responders call a role, or a role's own name: whether the policy has one is the incident's to say."""
    return ROLES.get(word) or (word if re.fullmatch(r"[a-z][a-z0-9_-]*", word) else "")


def _finding(rest: str, at: datetime) -> Asked:
    parts = re.split(r"[;,.]?\s*\b(actions|needs):\s*", rest, flags=re.IGNORECASE)
    named = {name.lower(): text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}
    fields = _told(conditions=parts[0].strip(), **named)
    return Asked(kind="post_finding", fields=fields, asks="conditions" not in fields)


def _update(rest: str, at: datetime) -> Asked:
    first, text = _split(rest)
    word = first.lower().rstrip(":")
    if word in ("approve", "approved", "publish", "post"):
        if text and not text.lstrip("#").isdigit():
            raise _usage("update", rest)
        return Asked(kind="approve_update", fields=_told(number=text.lstrip("#")))
    fields = _told(status=word, body=text) if word in STATES else _told(body=rest)
    return Asked(kind="draft_update", fields=fields, asks="body" not in fields)


def _change(rest: str, at: datetime) -> Asked:
    first, more = _split(rest)
    if not first:
        return Asked(kind="record_change", asks=True)
    if granted := ANSWERS.get(first.lower()):
        number, reason = _split(more)
        if not number.lstrip("#").isdigit():
            raise _usage("change", rest)
        fields = _told(number=number.lstrip("#"), granted=granted, reason=reason)
        return Asked(kind="authorise_change", fields=fields)
    if not (change := CHANGES.get(first.lower())):
        raise _usage("change", rest)
    second, after = _split(more)
    bypass = second.lower() == "bypass"
    fields = _told(change=change, bypass="true" if bypass else "false", description=after if bypass else more)
    return Asked(kind="record_change", fields=fields, asks="description" not in fields)


def _page(rest: str, at: datetime) -> Asked:
    to, reason = _split(rest)
    return Asked(kind="page_person", fields=_told(to=person(to), reason=reason), asks=not to)


def _snooze(rest: str, at: datetime) -> Asked:
    clause, more = _split(rest)
    length, reason = _split(more)
    span = read_span(length)
    if not isinstance(span, timedelta) or not reason or not re.fullmatch(r"[A-Za-z]{2,3}-\d+", clause):
        raise _usage("snooze", rest)
    return Asked(kind="snooze", fields={"clause": clause.upper(), "until": (at + span).isoformat(), "reason": reason})


def _action(rest: str, at: datetime) -> Asked:
    first, more = _split(rest)
    if first.lower() in ("done", "declined", "decline"):
        item, reason = _split(more)
        if not item:
            raise _usage("action", rest)
        state = "done" if first.lower() == "done" else "declined"
        return Asked(kind="close_item", fields=_told(item=item, state=state, reason=reason))
    if first.startswith(("@", "<@")) and more:
        return Asked(kind="add_item", fields=_told(owner=person(first), title=more))
    return Asked(kind="add_item", fields=_told(title=rest), asks=True)


def _breach(rest: str, at: datetime) -> Asked:
    first, reason = _split(rest)
    answer = BREACH.get(first.lower().rstrip(",:"))
    if first and not answer:
        raise _usage("breach", rest)
    return Asked(kind="answer_breach", fields=_told(breach=answer or "", reason=reason), asks=not reason)


def _postmortem(rest: str, at: datetime) -> Asked:
    """Complete the review: with the root cause's key, or by the form that asks for it."""
    cause, title = _split(rest)
    return Asked(kind="complete_postmortem", fields=_told(cause=cause.lower(), title=title), asks=not cause)


def _help(rest: str, at: datetime) -> Asked:
    return Asked(kind="help", fields=_told(verb=_verb(rest) if rest else ""))


def _text(kind: str, field: str) -> Callable[[str, datetime], Asked]:
    """A verb whose words are one field of an act; without words its form is opened."""

    def read(rest: str, at: datetime) -> Asked:
        return Asked(kind=kind, fields=_told(**{field: rest}), asks=not rest and kind in FORMS)

    return read


def _plain(kind: str) -> Callable[[str, datetime], Asked]:
    """A verb that needs no words, and does not mind some."""
    return lambda rest, at: Asked(kind=kind)


def _told(**fields: str) -> dict[str, str]:
    """The fields that were said."""
    return {name: value for name, value in fields.items() if value}


_PARSERS: dict[str, Callable[[str, datetime], Asked]] = {
    "declare": _declare, "severity": _severity, "role": _role, "finding": _finding, "update": _update,
    "change": _change, "page": _page, "snooze": _snooze, "action": _action, "breach": _breach, "help": _help,
    "ack": _plain("acknowledge"), "note": _text("note", "text"), "resolve": _text("resolve", "summary"),
    "reopen": _text("reopen", "reason"), "postmortem": _postmortem, "due": _plain("due"),
    "timeline": _plain("timeline"), "list": _plain("list"), "menu": _plain("menu"),
}  # fmt: skip
