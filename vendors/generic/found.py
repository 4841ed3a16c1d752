"""The values of a body by the names that a sender gave them, however deep they stand and however they are written."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from vendors.door import told_once
from vendors.said import CAMEL, HOLDERS, NEVER, PAIRED, held, moment, objects, pairs, part, text

DEPTH: Final = 7
"""How deep a body is looked into."""
MOST: Final = 400
"""How many of its values are taken."""
STATES: Final = (
    *("state", "stage", "monitorcondition", "alertgroupstate", "currentstate", "alertstatus"),
    *("conclusion", "status", "notificationtype", "messagetype", "servicestate", "hoststate"),
    *("alerttypefriendlyname", "eventaction", "eventtype", "alertaction", "action"),
)
"""What senders call a state, the best name first."""
SEVERITIES: Final = (
    *("severitylabel", "severityname", "levelstring", "severity", "problemseverity", "eventseverity", "alertseverity"),
    *("criticality", "importancelevel", "severityvalue", "priority", "level"),
)
"""What senders call a severity, the best name first."""
ENDED: Final = ("resolveddatetime", "resolvedat", "endedat", "endtime", "closedat")
"""What senders call the moment at which it was over."""
BEFORE = re.compile(r"(?:previous|prior|old|last|expected|http).*(?:state|status).*")
"""A state that is no more, or none of the alert's."""
MEASURED: Final = ("event", "value")
"""What an event measured; as one name it is Zabbix's state."""
PREFIX = re.compile(r"(?:alert|alarm|event|incident|problem|monitor|sensor|check|test|trigger|notify)(.+)")
"""What senders put before a name: `alert_title`, `sensorid` and `TestName` are a title, an id and a name."""
MAILED = re.compile(
    r"\W*(?P<notificationtype>[A-Z]+) (?:Host|Service) Alert: (?P<host>[^/\s]+)(?:/(?P<servicedesc>.+))?"
    r" is (?P<servicestate>[A-Z]+)\W*"
)
"""The subject of a mail of Nagios and its heirs (their commands notify-host-by-email and notify-service-by-email)."""
BETWEEN = re.compile(r",|\s+(?=[\w.-]+:[^/\s])")
"""What stands between tags in one text."""
OWNERS: Final = frozenset(
    {
        *("account", "organization", "organisation", "org", "team", "user", "creator", "owner", "actor", "author"),
        *("project", "workspace", "tenant", "application", "commit", "integration", "webhook", "sender"),
    }
)
"""Parts that say whose it is: their own name, id and state are not the alert's."""
PLACES: Final = frozenset(
    {
        *(
            "repository",
            "environment",
            "environments",
            "agent",
            "page",
            "alertsource",
            "service",
            "componentupdate",
            "app",
            "services",
        )
    }
)
"""Parts that say where it is: their own name and id are not the alert's, and their state may be."""
NAMED: Final = frozenset({"id", "name", "title", "key", "number"})
STATED: Final = frozenset({"state", "status"})
ENVELOPES = ("data", "payload")
"""Under which names an event tells what it is about; an id beside it is the event's, new each time."""
TAGGED = re.compile(r"^tags?\.")
TAGS = ("tags", "eventtags", "labels")
UNCOMPARED = re.compile(r"[^a-z0-9]")
LONG = 100
"""Characters of a name that is hardly told twice."""


def bare(name: str) -> str:
    """A name as it is compared: `firedAt`, `fired_at` and `Fired At` are one."""
    return _bare(name) if len(name) <= LONG else _bare.__wrapped__(name)


@lru_cache(maxsize=4_000)
def _bare(name: str) -> str:
    return UNCOMPARED.sub("", name.lower())


class Found:
    """The values of a body by their bare names, what is less deep before what is deeper."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.values: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        level: list[tuple[str, Mapping[str, Any]]] = [("", _opened(content))]
        for _ in range(DEPTH):
            level = [below for part, told in level for below in self._take(part, told)]
        if mailed := MAILED.fullmatch(self.values.get("subject", "")):
            del self.values["subject"]
            self.values |= {name: word for name, word in mailed.groupdict().items() if word}
        for name, value in tuple(self.values.items()):
            if prefixed := PREFIX.fullmatch(name):
                self.values.setdefault(prefixed[1], value)

    def first(self, names: Iterable[str]) -> str | None:
        """The value under the first of these names that says something."""
        return next((self.values[name] for name in names if self.values.get(name)), None)

    def moment(self, names: Iterable[str]) -> datetime | None:
        """The first that is a moment: `time` is as often a time of day."""
        return next((at for name in names if (at := moment(self.values.get(name))) != NEVER), None)

    def _take(self, part: str, told: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
        below: list[tuple[str, Mapping[str, Any]]] = []
        for name, value in told.items():
            inner = part if bare(name) == "metadata" and part else bare(name)
            if len(self.values) > MOST:
                break
            if bare(name) in TAGS and not isinstance(value, Mapping):
                self._tag(value)
            if isinstance(value, list) and bare(name) not in TAGS and _are_pairs(value):
                below.append((inner, pairs(value)))
            elif isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping):
                below.append((inner, value[0]))
            elif isinstance(value, Mapping):
                below.append((inner, value))
            elif bare(name) in HOLDERS and (passed := held(value)):
                below.append((bare(name), passed))
            elif value is not None and (plainly := _plain(bare(name), value)) is not None:
                self._keep(part, name, plainly)
        return below

    def _keep(self, part: str, name: str, plainly: str) -> None:
        another = part.endswith("value") and bare(name) == "number"  # what was measured is no alert's number
        of_another = NAMED | STATED if part in OWNERS else NAMED if part in PLACES else ()
        if not another and bare(name) not in of_another:
            self.values.setdefault(bare(name), plainly)
        if (part, bare(name)) == ("service", "name"):
            self.values.setdefault("service", plainly)
        if not BEFORE.fullmatch(bare(name)) and (part, bare(name)) != MEASURED:
            self.values.setdefault(part + bare(name), plainly)
        self.labels.setdefault(CAMEL.sub("_", TAGGED.sub("", name)), plainly[:250])

    def _tag(self, value: Any) -> None:
        """Tags, in a list, in JSON as a text, or with commas between them."""
        told = value
        if isinstance(value, str):
            try:
                told = json.loads(value)
            except (ValueError, RecursionError):
                told = BETWEEN.split(value[:PAIRED])
        self.tags |= {name: word[:250] for name, word in pairs(told).items()}
        for name, word in self.tags.items():
            self.values.setdefault(bare(name), word)
            self.labels.setdefault(name, word)


def _opened(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body without the id of an event that tells of something with an id, or a check, of its own."""
    about: Mapping[str, Any] = next((told for name in ENVELOPES if (told := part(content.get(name)))), {})
    marked = {bare(name) for name in content} & {"type", "event", "eventtype", "action"}
    if "id" in about and "id" in (event := part(content.get("event")) or {}):
        content = {**content, "event": {name: value for name, value in event.items() if name != "id"}}
    if ("id" in about and marked) or {"check", "entity"} <= content.keys():
        return {name: value for name, value in content.items() if name != "id"}
    return content


def _are_pairs(value: list[Any]) -> bool:
    """Whether the objects of a list are names with their values, and nothing else."""
    told, named = objects(value), ({"name", "value"}, {"key", "value"})
    return bool(told) and all({*one} in named for one in told)


def _plain(name: str, value: Any) -> str | None:
    """A value as text; of a list of them the first, of tags all; nothing for what has parts. A state is one alone."""
    if not isinstance(value, list):
        return text(value)[:PAIRED]
    told = [one.get("value") if isinstance(one, Mapping) else one for one in value]
    words = [text(one) for one in told if isinstance(one, str | int | float)]
    if name in STATES:
        told_once([(name, word) for word in words])
    return ",".join(words if name in TAGS else words[:1])[:PAIRED] or None
