"""An act by its own verb, as in `merge <incident> [reason]`: its words answer its questions in order."""

import re

from domain.rule.act import IncidentAct, Question, Typed, people_do
from ingress.chat.phrase import ParsedCommand, person, split, take_incident
from ingress.chat.word import ROLES

_OF = re.compile(r"^(?:into|with|to|of)\s+(?=\S)", re.IGNORECASE)
READ_ELSEWHERE = ("action", "breach", "postmortem", "update", "change record", "change authorise")
"""What is read with care for the words that responders use."""


def own_verbs(others: tuple[str, ...]) -> dict[str, tuple[str, type[IncidentAct], Typed]]:
    """By what is typed: each act that none of the other verbs reads, and what its verb itself says."""
    every = {typed.verb: (kind, act, typed) for kind, act in people_do().items() for typed in act.commands()}
    return {verb: said for verb, said in every.items() if _is_own(verb, others)}


def _is_own(verb: str, others: tuple[str, ...]) -> bool:
    first, more = split(verb)
    return not {first, verb} & {*READ_ELSEWHERE} and (bool(more) or first not in others)


def read(verbs: dict[str, tuple[str, type[IncidentAct], Typed]], words: str) -> ParsedCommand | None:
    """The act whose verb the words begin with; its form asks for what they leave out."""
    lower = " ".join(words.lower().split()[:2])
    verb = next((one for one in verbs if lower == one or f"{lower} ".startswith(f"{one} ")), None)
    if verb is None:
        return None
    kind, act, typed = verbs[verb]
    _, *rest = words.split(maxsplit=len(verb.split()))[len(verb.split()) - 1 :]
    fixed = {name: str(value).lower() for name, value in typed.fixed.items()}
    left = [one for one in act.questions() if one.field not in fixed]
    said, about_another = rest[0] if rest else "", any(one.ask.example.startswith("INC-") for one in left)
    incident, said = ("", said) if about_another else take_incident(said)
    fields = _answers(act, left, said)
    asks = any(not (one.optional or one.field in fields) for one in left)
    return ParsedCommand(kind=kind, fields=fixed | fields, incident=incident, asks=asks)


def written(verb: str, act: type[IncidentAct], typed: Typed) -> str:
    """How it is written."""
    asked = [one for one in act.questions() if one.field not in typed.fixed]
    said = [f"[{_called(one)}]" if one.optional else f"<{_called(one)}>" for one in asked]
    number = [f"<{name}>" for name in _unasked(act)]
    return " ".join([verb, *number, *said])


def _called(question: Question) -> str:
    return question.field.replace("_", " ")


def _unasked(act: type[IncidentAct]) -> list[str]:
    """What an act is about, where no form asks for it: the number of a change, of a task."""
    about = act.about()
    return [] if not about or any(one.field == about for one in act.questions()) else [about]


def _answers(act: type[IncidentAct], asked: list[Question], rest: str) -> dict[str, str]:
    found = dict[str, str]()
    mentioned = next((one for one in asked if one.how == "person" and rest.startswith("@")), None)
    if mentioned:
        word, rest = split(rest)
        found[mentioned.field] = person(word)
    for name in _unasked(act):
        word, rest = split(rest)
        found |= {name: word.lstrip("#")} if word else {}
    for question in asked:
        if question.field in found or not rest:
            continue
        if question.ask.example.startswith("INC-"):
            rest = _OF.sub("", rest)
        word, rest = split(rest) if _is_a_word(act, question) else (rest.strip(), "")
        found[question.field] = _read(question, word)
    return found


def _is_a_word(act: type[IncidentAct], question: Question) -> bool:
    """Whether one word answers it; whatever else is asked takes all that is left."""
    names_incident, number = question.ask.example.startswith("INC-"), act.model_fields[question.field].annotation is int
    choice = question.how == "choice" and question.ask.choose != "reach"  # whom to page may have several words
    return names_incident or number or choice or question.how in ("person", "moment")


def _read(question: Question, word: str) -> str:
    if question.ask.choose == "role":
        return ROLES.get(word.lower(), word.lower())
    return person(word) if question.how == "person" else word.lstrip("#") if word[1:].isdigit() else word
