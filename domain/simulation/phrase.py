"""Acts in people's words: `declare P1`, `{resolve: it was the flag}`, `{record_change: hotfix, description: ...}`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.rule.act import Ask, IncidentAct
from domain.value.act import Act
from domain.value.model import Instant, OtherIncident, duration_of

ACTS = Act.kinds
"""Every act by its kind."""
OWN = frozenset({"at", "incident"})
"""The keys of a line that are not the person."""


def told(line: Mapping[str, Any], start: datetime) -> dict[str, Any]:
    """A line as the act it tells of; what is not understood stays for the models to refuse."""
    people = [key for key in line if key not in OWN]
    if len(people) != 1 or "act" in line:
        return dict(line)
    person = people[0]
    return {"by": str(person), "act": act(str(person), line[person], start), **{k: line[k] for k in OWN if k in line}}


def act(person: str, words: Any, start: datetime) -> dict[str, Any]:
    """The act that was written as words, or as a mapping whose first key is the act.

    What is said by its name as well counts as that says. A yes or a no would be lost by it, and stays for the models
    to refuse: `{authorise_change: false, number: 1}`.
    """
    if not isinstance(words, Mapping):
        return {"kind": kind(str(words)), "by": person, **_object(str(words))}
    first, *rest = words.items() or [("", None)]
    name = str(first[0]).replace(" ", "_")
    fields = {str(key): _moment(name, str(key), value, start) for key, value in rest}
    if (about := about_of(name)) and first[1] is not None:
        said = _moment(name, about, first[1], start)
        fields[about] = [said, fields[about]] if about in fields and isinstance(said, bool) else fields.get(about, said)
    return {"kind": name, "by": person, **fields}


def kind(words: str) -> str:
    """The act that a sentence begins with: its name, with spaces or underscores; the first word when it is none."""
    spoken = f"{words.strip().lower().replace(' ', '_')}_"
    return next((name for name in ACTS if spoken.startswith(f"{name}_")), words.strip().partition(" ")[0])


def _object(words: str) -> dict[str, Any]:
    name = kind(words)
    rest = words.strip()[len(name) :].strip()
    return {about_of(name) or "words": rest} if rest else {}


def _moment(name: str, field: str, value: Any, start: datetime) -> Any:
    """A moment may be written as a time after the start."""
    span = duration_of(value) if isinstance(value, str) and field in moments(name) else None
    return value if span is None else start + span


def moments(name: str) -> tuple[str, ...]:
    """The fields of an act that are moments."""
    fields = ACTS[name].model_fields.items() if name in ACTS else ()
    return tuple(field for field, info in fields if info.annotation in (Instant, Instant | None))


def people(name: str) -> tuple[str, ...]:
    """The fields of an act that name somebody."""
    fields = ACTS[name].model_fields.items() if name in ACTS else ()
    asked = ((field, one) for field, info in fields for one in info.metadata)
    return tuple(field for field, one in asked if isinstance(one, Ask) and one.how == "person")


def others(name: str) -> tuple[str, ...]:
    """The fields of an act that name another incident."""
    fields = ACTS[name].model_fields.items() if name in ACTS else ()
    return tuple(field for field, info in fields if any(isinstance(one, OtherIncident) for one in info.metadata))


def about_of(name: str) -> str:
    """The field that an act's own word is about: `declare P1` declares that severity; empty where there is none."""
    act = ACTS.get(name)
    return act.about() if act and issubclass(act, IncidentAct) else ""
