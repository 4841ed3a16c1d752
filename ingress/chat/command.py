"""The words behind `/incident` become what is asked: an act's kind and fields, or one of our own verbs."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from difflib import get_close_matches

from domain.port.conversation import UnclearInput
from domain.value.model import duration_of
from ingress.chat.lesson import action, breach, drill, postmortem, waive
from ingress.chat.own_verb import own_verbs, read, written
from ingress.chat.phrase import ParsedCommand, UnknownWord, person, split, split_name, take_incident, told, usage
from ingress.chat.question import forms
from ingress.chat.word import ANSWERS, CHANGES, CHANGES_ALONE, ROLES, SAID, STATES, UPDATE_ACTS, USAGE, VERBS

_SEVERITY = re.compile(r"^(?:(?:severity|sev|s|p)[-_ ]?)?([0-9])$", re.IGNORECASE)
_BARE = re.compile(r"^(?:(?:severity|sev|s|p)[-_]?)([0-9])$", re.IGNORECASE)

_ENDS = "?!.,:"
"""What people end a word with."""
_LIKE = 0.7
"""How much of a word must be like a verb's for us to ask whether that was meant."""
_LONGEST = 40


def parse(words: str, at: datetime) -> ParsedCommand:
    """Read what was typed behind the command at this moment.

    `UnclearInput` says how it is written, `UnknownWord` that it begins with no verb.
    """
    incident, words = take_incident(re.sub(r"^/?incident\s+", "", words.strip(), flags=re.IGNORECASE))
    words = _as_verb(words)
    first, rest = split(words)
    first = first.rstrip(_ENDS) or first
    if own := read(OWN_VERBS, words):
        return own.model_copy(update={"incident": incident or own.incident})
    if first.lower() in _FIRST and first.lower() not in _PARSERS:
        return ParsedCommand(kind="help", fields={"verb": first.lower()})
    verb = _verb(first)
    if verb in ("role", "severity", "change") and first.lower() not in (verb, *VERBS):
        rest = words  # the verb was left out: "sev1 …", "lead @ada", "rollback to 4112"
    if not incident:
        incident, rest = take_incident(rest)
    return _PARSERS[verb](rest, at).model_copy(update={"incident": incident})


def _as_verb(words: str) -> str:
    """What a press is called becomes the verb that does the same."""
    lower = words.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    said = next((one for one in SAID if f"{lower} ".startswith(f"{one} ")), "")
    return f"{SAID[said]}{words[len(said) :]}" if said else words


def severity(word: str) -> str:
    """ "SEV-1", "sev1", "s1", "1" and "p1" are P1, "p0" is P0; empty when it is no severity."""
    found = _SEVERITY.match(unicodedata.normalize("NFKC", word).rstrip(_ENDS))
    return f"P{found[1]}" if found else ""


def _verb(word: str) -> str:
    word = unicodedata.normalize("NFKC", word).lower()
    verb = VERBS.get(word, word)
    if verb in _PARSERS:
        return verb
    if _BARE.match(word):
        return "severity"
    if word in CHANGES_ALONE:
        return "change"
    if word in ROLES:
        return "role"
    near = get_close_matches(word, _suggested(), n=1, cutoff=_LIKE)
    raise UnknownWord(word[:_LONGEST], near[0] if near else "")


def _suggested() -> list[str]:
    """What may be offered for a slip of the fingers: never what declares an incident."""
    never = {"", "?", "declare", *(word for word, verb in VERBS.items() if verb == "declare")}
    return [word for word in (*USAGE, *VERBS, *_FIRST) if word not in never]


def _declare(rest: str, at: datetime) -> ParsedCommand:
    """Open an incident; with a severity alone it declares the severity of the one that is open."""
    first, more = split(rest)
    if severity(first) and not more:
        return ParsedCommand(kind="declare", fields={"severity": severity(first)})
    if severity(first):
        level, (service, title) = severity(first), split_name(more)
    else:
        service, more = split_name(rest)
        second, after = split(more)
        level, title = (severity(second), after) if _BARE.match(second) else ("", more)
    fields = told(service=service, severity=level, title=title)
    return ParsedCommand(kind="open", fields=fields, asks=not (service and title))


def _severity(rest: str, at: datetime) -> ParsedCommand:
    first, reason = split(re.sub(r"^to\s+", "", rest, flags=re.IGNORECASE))
    if not first:
        return ParsedCommand(kind="declare", asks=True)
    if not severity(first):
        raise usage("severity", first)
    return ParsedCommand(kind="declare", fields=told(severity=severity(first), reason=reason))


def _role(rest: str, at: datetime) -> ParsedCommand:
    words = [word for word in rest.split() if word.lower() != "to"]
    if words and words[0].startswith("@"):
        words = [*words[1:], words[0]]
    if not words or words[0].startswith("@"):
        return ParsedCommand(kind="offer_role", fields=told(to=person("".join(words))), asks=True)
    pair = "-".join(words[:2]).lower()
    role, to = (
        (ROLES[pair], words[2:]) if pair in ROLES and len(words) > 1 else (_role_called(words[0].lower()), words[1:])
    )
    if not role or len(to) > 1:
        raise usage("role", rest)
    if not to or to[0].lower() == "me":
        return ParsedCommand(kind="take_role", fields={"role": role})
    return ParsedCommand(kind="offer_role", fields={"role": role, "to": person(to[0])})


def _role_called(word: str) -> str:
    """What responders call a role, or a role's own name: whether the policy has one is the incident's to say."""
    return ROLES.get(word) or (word if re.fullmatch(r"[a-z][a-z0-9_-]*", word) else "")


def _assign(rest: str, at: datetime) -> ParsedCommand:
    """A role to somebody; what names no role is a task."""
    try:
        return _role(rest, at)
    except UnclearInput:
        return _task(rest, at)


def _task(rest: str, at: datetime) -> ParsedCommand:
    """Something to do now: done at once where somebody is named for it, else its form asks whom."""
    first, more = split(rest)
    to, title = (person(first), more) if first.startswith("@") else ("", rest)
    return ParsedCommand(kind="assign_task", fields=told(title=title, to=to), asks=not (to and title))


def _finding(rest: str, at: datetime) -> ParsedCommand:
    parts = re.split(r"[;,.]?\s*\b(actions|needs):\s*", rest, flags=re.IGNORECASE)
    named = {name.lower(): text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}
    fields = told(conditions=parts[0].strip(), **named)
    return ParsedCommand(kind="post_finding", fields=fields, asks="conditions" not in fields)


def _update(rest: str, at: datetime) -> ParsedCommand:
    first, text = split(rest)
    word = first.lower().rstrip(":")
    if word in ("approve", "approved", "publish", "post"):
        if text and not text.lstrip("#").isdigit():
            raise usage("update", rest)
        return ParsedCommand(kind="approve_update", fields=told(number=text.lstrip("#")))
    if word in ("mail", "e-mail", "email"):
        return ParsedCommand(kind="approve_mail", asks=True)
    if word in UPDATE_ACTS:
        return _with_object(word, text)
    fields = told(status=word, body=text) if word in STATES else told(body=rest)
    return ParsedCommand(kind="draft_update", fields=fields, asks="body" not in fields)


def _mitigated(rest: str, at: datetime) -> ParsedCommand:
    """The update that says so, before its writer: what colleagues call mitigated, customers read as monitoring."""
    return ParsedCommand(kind="draft_update", fields=told(status="monitoring", body=rest), asks=True)


def _with_object(word: str, text: str) -> ParsedCommand:
    """What is done about an update that waits, or about whether customers are told at all; a form asks for the rest."""
    kind, name, fixed = UPDATE_ACTS[word]
    return ParsedCommand(kind=kind, fields={**fixed, **told(**{name: text})}, asks=not text)


def _change(rest: str, at: datetime) -> ParsedCommand:
    first, more = split(rest)
    if not first:
        return ParsedCommand(kind="record_change", asks=True)
    if granted := ANSWERS.get(first.lower()):
        number, reason = split(more)
        if not number.lstrip("#").isdigit():
            raise usage("change", rest)
        fields = told(number=number.lstrip("#"), granted=granted, reason=reason)
        return ParsedCommand(kind="authorise_change", fields=fields)
    if not (change := CHANGES.get(first.lower())):
        raise usage("change", rest)
    second, after = split(more)
    bypass = second.lower() == "bypass"
    fields = told(change=change, bypass="true" if bypass else "false", description=after if bypass else more)
    return ParsedCommand(kind="record_change", fields=fields, asks="description" not in fields)


def _page(rest: str, at: datetime) -> ParsedCommand:
    to, reason = split(re.sub(r"^the\s+", "", rest, flags=re.IGNORECASE))
    return ParsedCommand(kind="page_person", fields=told(to=person(to), reason=reason), asks=not to)


def _escalate(rest: str, at: datetime) -> ParsedCommand:
    """Worse, or somebody more: whoever says neither is asked."""
    first, reason = split(re.sub(r"^to\s+", "", rest, flags=re.IGNORECASE))
    if _BARE.match(first) or (severity(first) and not reason):
        return ParsedCommand(kind="declare", fields=told(severity=severity(first), reason=reason))
    if first.startswith("@"):
        return ParsedCommand(kind="page_person", fields=told(to=person(first), reason=reason))
    return ParsedCommand(kind="escalate", fields=told(reason=rest))


def _snooze(rest: str, at: datetime) -> ParsedCommand:
    clause, more = split(rest)
    length, reason = split(more)
    span = duration_of(length)
    if alone := duration_of(clause):
        return ParsedCommand(kind="snooze", fields=told(until=(at + alone).isoformat(), reason=more), asks=True)
    if not more:
        return ParsedCommand(kind="snooze", fields=told(clause=clause.upper()), asks=True)
    if span is None or not reason or not re.fullmatch(r"[A-Za-z]{2,3}-\d+", clause):
        raise usage("snooze", rest)
    return ParsedCommand(
        kind="snooze", fields={"clause": clause.upper(), "until": (at + span).isoformat(), "reason": reason}
    )


def _help(rest: str, at: datetime) -> ParsedCommand:
    word = split(rest)[0].lower()
    return ParsedCommand(kind="help", fields=told(verb=word if not word or word in _FIRST else _verb(word)))


def _text(kind: str, field: str) -> Callable[[str, datetime], ParsedCommand]:
    """A verb whose words are one field of an act; without words its form is opened."""

    def read(rest: str, at: datetime) -> ParsedCommand:
        return ParsedCommand(kind=kind, fields=told(**{field: rest}), asks=not rest and kind in forms())

    return read


def _menu(rest: str, at: datetime) -> ParsedCommand:
    """What one may do; `menu all` for more than the usual."""
    return ParsedCommand(kind="menu", fields={"whole": "yes"} if rest else {})


def _plain(kind: str) -> Callable[[str, datetime], ParsedCommand]:
    """A verb that needs no words, and does not mind some."""
    return lambda rest, at: ParsedCommand(kind=kind)


_PARSERS: dict[str, Callable[[str, datetime], ParsedCommand]] = {
    "declare": _declare, "severity": _severity, "role": _role, "finding": _finding, "update": _update,
    "change": _change, "page": _page, "snooze": _snooze, "action": action, "breach": breach, "help": _help,
    "ack": _plain("acknowledge"), "note": _text("note", "text"), "resolve": _text("resolve", "summary"),
    "reopen": _text("reopen", "reason"), "postmortem": postmortem, "waive": waive, "drill": drill, "due": _plain("due"),
    "timeline": _plain("timeline"), "list": _plain("list"), "menu": _menu,
    "assign": _assign, "task": _task, "mitigated": _mitigated, "escalate": _escalate, "status": _plain("status"),
    "who": _plain("who"), "join": _plain("where"),
}  # fmt: skip
OWN_VERBS = own_verbs(tuple(_PARSERS))
"""The acts that none of these reads, by their own verbs."""
_FIRST = tuple(dict.fromkeys(split(verb)[0] for verb in OWN_VERBS))
OWN_USAGE = tuple(written(verb, act, typed) for verb, (_, act, typed) in OWN_VERBS.items())
"""How each of them is written."""
