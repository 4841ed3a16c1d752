"""What senders say, read leniently: an ornament of another type than expected never decides whether an alert is heard.

Nothing is as good as an empty text, a number is the text it is written as, and a moment that is none is `NEVER`, for
which `vendors.hearing` puts the arrival.
"""

import base64
import functools
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError, model_validator

from domain.value.model import Instant
from vendors.door import READER

NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""What is written where no time is known."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NUMBER = re.compile(r"\d{9,20}(\.\d{1,9})?", re.ASCII)
GO_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d{4})\b.*")
"""Some relays print times as Go does."""
WORDED = re.compile(r"\s*(?:\b(?:UTC|GMT)|\[[\w/+-]+\])$")
"""How Greenwich is written out, and the name of a zone behind its offset, as Java writes it."""
YEAR_FIRST = re.compile(r"^(\d{4})[./](\d\d)[./](\d\d)\b")
SERVICE = (
    "service",
    "service_name",
    "svc",
    "app",
    "application",
    "app_kubernetes_io_name",
    "app_name",
    "dd_service",
    "job",
)
EXPORTERS = ("kube-state-metrics", "kubelet", "cadvisor", "blackbox-exporter", "pushgateway")
"""Jobs that watch others: what they say is about none of their own."""
ENVIRONMENT = (
    "env",
    "environment",
    "deployment_environment_name",
    "deployment_environment",
    "environment_name",
    "stage",
)
"""Names of labels by convention, best first and as `plain` writes them; what the words mean is the catalog's to say."""
SEVERITY = (
    *("severity", "severity_text", "priority", "level", "sev"),
    *("event_severity", "trigger_severity", "event_nseverity", "trigger_nseverity", "nseverity"),
)
SENDER = (
    *("source", "event_source", "sender", "monitor", "monitoring", "monitoring_tool", "tool", "origin", "generator"),
    *("product", "system", "integration", "provider", "url", "link", "links", "event_url", "generator_url"),
)
"""The labels in which a sender says who it is."""
_NAGIOS = ("ok", "warning", "critical", "unknown")
SCALES: Mapping[str, tuple[str, ...]] = {
    "zabbix": ("not classified", "information", "warning", "average", "high", "disaster"),
    "opennms": ("", "indeterminate", "cleared", "normal", "warning", "minor", "major", "critical"),
    "nagios": _NAGIOS,
    "icinga": _NAGIOS,
    "checkmk": _NAGIOS,
    "event_definition": ("info", "low", "normal", "high", "critical"),
    "instana": (*("info",) * 5, *("warning",) * 5, "critical"),
}
"""Senders that count severities from the least, with their words for each number; others count from the gravest.

Zabbix: documentation/current/en/manual/config/triggers/severity; OpenNMS: "Severity"; Nagios: plugin return codes;
Graylog, by its event definitions: 4 is critical; Instana: webhook alert channel, 5 warns and 10 is critical.
"""
HOLDERS = ("body", "payload", "data", "database64", "message", "log", "value")
"""The names under which a relay passes a message on, as it is or in a text."""
PAIRED = 64_000
"""Characters of a text in which pairs are looked for: more than is kept of an alert's labels."""
PAIR = re.compile(r"([^:=]+)[:=](.*)", re.DOTALL)
"""How a label is written in one text: `env:prod`, `env=prod`."""
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
"""Where a name begins another word without a sign between."""
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Instant)


class Part(BaseModel):
    """A part of what a vendor says: frozen, and silent about the fields we have no use for: releases add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _leave_out_nothing(cls, told: Any) -> Any:
        """What is null is not there."""
        return {name: one for name, one in told.items() if one is not None} if isinstance(told, dict) else told


class Told(Part):
    """One whose fields we name as the vendor does, or as we do."""

    model_config = ConfigDict(populate_by_name=True)


def text(value: Any) -> str:
    """Whatever stands there, as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def pairs(value: Any) -> dict[str, str]:
    """Names with their values, from an object, a list of pairs however each is written, or a text of such pairs."""
    if isinstance(value, str):
        value = value[:PAIRED].split(",")
    if isinstance(value, Mapping):
        return {text(name): _joined(one) for name, one in value.items() if one is not None}
    if not isinstance(value, list | tuple):
        return {}
    found = (_pair(one) for one in value)
    return {name: told for name, told in found if name}


def _joined(value: Any) -> str:
    """The words of a list, one after another; whatever else stands there, as text."""
    plainly = isinstance(value, list) and all(isinstance(one, str | int | float) for one in value)
    return ",".join(text(one) for one in value) if plainly else text(value)


def _pair(one: Any) -> tuple[str, str]:
    if isinstance(one, Mapping):
        named = (one.get(word) for word in ("name", "key", "tag"))
        return text(next((told for told in named if told), "")), _joined(one.get("value"))
    if isinstance(one, list | tuple) and len(one) == 2:
        return text(one[0]), text(one[1])
    found = PAIR.fullmatch(one) if isinstance(one, str) else None
    return (found[1].strip(), found[2].strip()) if found else ("", "")


def word(value: Any) -> str:
    """The one word that is meant: of a list the first, of an object its name."""
    if isinstance(value, list):
        return next((word(one) for one in value if one), "")
    if isinstance(value, Mapping):
        return next((text(value[name]) for name in ("name", "value", "title", "id") if value.get(name)), "")
    return text(value)


def several(value: Any) -> list[Any]:
    """The entries of a list; whatever else stands there has none."""
    return [one for one in value if one is not None] if isinstance(value, list | tuple) else []


def objects(value: Any) -> list[Any]:
    """The objects in a list."""
    return [one for one in several(value) if isinstance(one, Mapping)]


def part(value: Any) -> Any:
    """An object, or nothing."""
    return value if isinstance(value, Mapping) else None


def held(value: Any) -> Mapping[str, Any] | None:
    """The object that a text holds, in JSON or that in base64; None for any other."""
    if not isinstance(value, str) or len(value) < len("{}"):
        return None
    try:
        told = value if value.lstrip().startswith("{") else base64.b64decode(value, validate=True).decode()
        found = READER.decode(told) if told.lstrip().startswith("{") else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def number(value: Any) -> int:
    """A count; 0 for what is none."""
    told = text(value)
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0


def _counted(told: str) -> datetime:
    """A count since 1970, in seconds, or in milli-, micro- or nanoseconds by its magnitude."""
    whole, _, rest = told.partition(".")
    digits = len(whole)
    scale = 9 if digits > 17 else 6 if digits > 14 else 3 if digits > 11 else 0
    return EPOCH + timedelta(microseconds=int(f"{whole}{rest:<09.9}".replace(" ", "0")) // 10 ** (scale + 3))


def moment(value: Any) -> datetime:
    """A moment in any of the spellings there are; `NEVER` for what is none, or what no clock can show.

    A time without a zone is none: read as UTC it would be hours off for whoever does not live there, and an arrival is
    seconds off.
    """
    try:
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        told = text(value).strip()
        if NUMBER.fullmatch(told):
            return _counted(told)
        if found := GO_TIME.fullmatch(told):
            told = f"{found[1]}T{found[2]}{found[3]}"
        return _spelt(told)
    except (ValidationError, ValueError, OverflowError, OSError):
        return NEVER


def _spelt(told: str) -> datetime:
    """A moment that is written as a date: ISO 8601 by far the most often, else as in a mail's header."""
    if "-" in told:
        with suppress(ValidationError):
            return _MOMENT.validate_python(told).astimezone(UTC)
    zone = "" if "[" in told else "Z"
    dated = YEAR_FIRST.sub(r"\1-\2-\3", WORDED.sub(zone, told))
    for written, read in ((dated.upper(), datetime.fromisoformat), (told, parsedate_to_datetime)):
        with suppress(ValueError, OverflowError):
            if (at := read(written)).tzinfo:
                return at.astimezone(UTC)
    return NEVER


def end_of_day(day: str | None) -> datetime | None:
    """The last minute (UTC) of a day such as `2026-12-07`; None where none is told."""
    at = moment(f"{day}T23:59:00Z") if day else NEVER
    return None if at == NEVER else at


def mark(*told: Any) -> str:
    """What names a thing whose sender gave it no name: the same words make the same mark."""
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


Text = Annotated[str, BeforeValidator(text)]
Pairs = Annotated[dict[str, str], BeforeValidator(pairs)]
Texts = Annotated[tuple[str, ...], BeforeValidator(lambda value: tuple(text(one) for one in several(value)))]
Objects = Annotated[tuple[dict[str, Any], ...], BeforeValidator(lambda value: tuple(objects(value)))]
Number = Annotated[int, BeforeValidator(number)]
When = Annotated[datetime, BeforeValidator(moment)]


UNFILLED = re.compile(r"\{\{.*\}\}|[<\[]no value[>\]]|\$\{[^}]*\}|%\([^)]*\)s", re.IGNORECASE | re.DOTALL)
"""What a template leaves where it knew no value, of Prometheus, Grafana, Go and their like."""


@functools.lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A label's name however it is written: `service.name`, `Service-Name`, `serviceName` are one."""
    return re.sub(r"[^a-z0-9]+", "_", CAMEL.sub("_", name).lower()).strip("_")


def first(labels: Mapping[str, str], names: Iterable[str]) -> str:
    """The value of the first of these labels that is there."""
    known: dict[str, str] = {}
    for name, value in labels.items():
        if value.strip() and not UNFILLED.fullmatch(value.strip()):
            known.setdefault(plain(name), value.strip())
    return next((known[name] for name in names if name in known), "")


def service(labels: Mapping[str, str]) -> str:
    """The service that labels name by convention, of several the first; an exporter that watches others is none."""
    found = first(labels, SERVICE).split(",")[0].strip()
    return "" if found.endswith(EXPORTERS) else found


def environment(labels: Mapping[str, str]) -> str:
    """The environment that labels name by convention; none where there are several: one of them may be production."""
    found = first(labels, ENVIRONMENT)
    return "" if "," in found else found


def severity(labels: Mapping[str, str]) -> str:
    """The severity that labels name by convention."""
    return counted(first(labels, SEVERITY), labels)


def counted(word: str, labels: Mapping[str, str]) -> str:
    """A number on the scale of a sender that counts from the least, in its words; any other word as it stands."""
    if not (len(word) <= 2 and word.isascii() and word.isdigit()):
        return word
    names, told = {plain(name) for name in labels}, " ".join(first(labels, [name]) for name in SENDER).lower()
    for sender, words in SCALES.items():
        own = sender in told or any(name.startswith(sender) for name in names)
        if own or (sender == "zabbix" and any(name.endswith("nseverity") for name in names)):
            return words[int(word)] if int(word) < len(words) else word
    return word
