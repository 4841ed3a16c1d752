"""Takes a body of our own webhook as it is plainly meant: what its schema asks of a sender decides about no alert."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.company.severity_word import CODE, plain
from vendors import said
from vendors.door import Unreadable
from vendors.generic.found import bare
from vendors.generic.kubernetes import about
from vendors.generic.state import CALM, FIRING, GRAVE
from vendors.generic.translation import passed_on, translated
from vendors.said import NEVER, mark, moment, objects, pairs, text

LINE, TEXT, LINKS = 250, 10_000, 20
UNNAMED = "An alert without a name"
NO_PLACES = FIRING | CALM | {"build", "deploy", "deployment", "release", "package", "lint", "verify", "publish"}
"""What a stage is called that is no environment: a state of Azure's, a step of a pipeline."""


def taken(content: Any) -> dict[str, Any]:
    """The body with every field in the type it should have; what can be left out and makes no sense is left out."""
    if not isinstance(content, Mapping):
        raise Unreadable("body", type(content).__name__, "an object with `kind`")
    content = _in_our_names(about(passed_on(content)))
    told = {name: read(content[name]) for name, read in FIELDS.items() if content.get(name) is not None}
    told = {name: value for name, value in told.items() if value not in ("", NEVER) or name in ("kind", "state")}
    if not told.get("kind") and told.keys() & {"ticket", "title"}:
        told["kind"] = "escalation" if "ticket" in told else "alert"
    is_alert = told.get("kind") == "alert"
    known = ALERT if is_alert else ESCALATION if told.get("kind") == "escalation" else told.keys()
    told = {name: value for name, value in told.items() if name in known}
    told.setdefault("title", UNNAMED)
    told.setdefault("fired_at" if is_alert else "escalated_at", NEVER)
    if is_alert:
        told = _by_labels(content, told)
        if "key" not in told:
            told["key"] = mark(told["title"], told.get("service"), told.get("labels"))
    return told


def _in_our_names(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body in our names, whatever case they are in; what it does not say in them is looked for under its own."""
    ours = {OURS.get(bare(name), name): value for name, value in content.items()}
    said_so = {name: value for name, value in ours.items() if name in FIELDS and value not in (None, "")}
    kind = _word(ours.get("kind"))
    is_ours = "title" in said_so and bool(said_so.keys() & {"ticket", "key"})
    if kind == "escalation" or (kind != "alert" and is_ours):
        return ours
    flat = {name: value for name, value in ours.items() if not isinstance(value, Mapping)}
    found = translated(flat, timed=False) if kind == "alert" else translated(content)
    if kind == "alert":
        lacking = {name: found.get(name) for name in ("state", "key", "links")} | {"labels": found.get("tags")}
        if lacking["state"] == "test":  # whoever tries us out wants to see an incident
            del lacking["state"]
        return lacking | {name: value for name, value in ours.items() if value not in (None, "", {})}
    if text(said_so.get("severity")).isdigit() and found.get("severity"):
        del said_so["severity"]  # beside its number a sender names it
    return found and found | {name: value for name, value in said_so.items() if name in ALIKE}


def _by_labels(content: Mapping[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """With service, environment and severity from labels, or from a field of that meaning, where they lack."""
    fields = {name: text(value) for name, value in content.items() if isinstance(value, str | int) and name != "state"}
    if "severity" not in told and _word(content.get("state")) in GRAVE:
        fields["severity"] = _word(content["state"])
    links = " ".join(f"{one['label']} {one['url']}" for one in told.get("links", ()))
    beside = {**fields, **told.get("labels", {}), **({"links": links} if links else {})}
    told = told | ({"severity": said.counted(told["severity"], beside)} if "severity" in told else {})
    environment = said.environment(beside)
    named = {
        "service": said.service(beside),
        "environment": "" if environment.lower() in NO_PLACES else environment,
        "severity": said.severity(beside),
    }
    return {name: value[:LINE] for name, value in named.items() if value} | told


def _line(value: Any) -> str:
    return " ".join(text(value).split())[:LINE].strip()


def _word(value: Any) -> str:
    return text(value).strip().lower()


def _name(value: Any) -> str:
    return _line(said.word(value))


def _state(value: Any) -> str:
    """One of our two states, or the sender's word where it means neither."""
    word = _word(value)
    return "firing" if word in FIRING else "resolved" if word in CALM else word


def is_s1(severity: str) -> bool:
    """Whether a word means S1: `S1`, `SEV1`, `P1 - Critical`, `1`. Urgent is none: customers choose that themselves."""
    codes = [int(number) for _, number in CODE.findall(severity.lower())]
    return codes[0] <= 1 if codes else plain(severity) in ("1", "critical", "crit", "emergency")


def _key(value: Any) -> str:
    told = text(value).strip()
    return told if len(told) <= LINE else f"{told[: LINE - 20]}~{mark(told)}"


def _address(value: Any) -> str:
    told = text(value).strip()
    return told if told.startswith(("https://", "http://")) and len(told) < 2000 and "." in told else ""


def _links(value: Any) -> list[dict[str, str]]:
    told = [{"url": one} if isinstance(one, str) else one for one in said.several(value)]
    found = [{"label": _line(one.get("label")) or "Link", "url": _address(one.get("url"))} for one in objects(told)]
    return [one for one in found if one["url"]][:LINKS]


FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "kind": _word,
    "key": _key,
    "ticket": _key,
    "state": _state,
    "title": _line,
    "description": lambda value: text(value)[:TEXT],
    "service": _name,
    "environment": _name,
    "severity": _name,
    "customer": _line,
    "labels": pairs,
    "links": _links,
    "url": _address,
    "fired_at": moment,
    "escalated_at": moment,
    "at": moment,
}
OURS = {bare(name): name for name in FIELDS}
ALIKE = frozenset({"title", "description", "severity", "service", "environment", "links"})
"""What has the same name with us and with others, and the same meaning."""
ALERT = frozenset(FIELDS) - {"ticket", "customer", "url", "escalated_at"}
ESCALATION = frozenset(FIELDS) - {"key", "labels", "links", "fired_at"}
