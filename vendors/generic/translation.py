"""Finds what our own webhook asks for in the body of a sender that has no folder here and speaks in its own names.

Azure Monitor, Google Cloud, New Relic, Splunk, Kibana, Zabbix, Nagios, Checkmk, Uptime Kuma, Pingdom, Better Stack,
Dynatrace and their like all say a name, a state, a severity, an id and a time; where in the body, and under which
name, is all that tells them apart. What a body says in our names counts before anything that is found.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from vendors.door import told_once
from vendors.said import CAMEL, HOLDERS, NEVER, PAIRED, held, mark, moment, objects, pairs, part, text

DEPTH, MOST = 7, 400
"""How deep a body is looked into, and how many of its values."""
_CALLED = {
    "title": "title issuetitle alertrule rulename alertname problemtitle incidentname alertgrouptitle checkname"
    " eventname entitydisplayname searchname policyname monitorname displayname attributesname"
    " monitorfriendlyname ticketsubject shortdescription subject conditionname rule exceptionclass errormessage"
    " name sitelabel metricname eventtypename",
    "key": "key trackingid alertgroupid issueid incidentid problemid alertid entityid dedupkey dedupekey fingerprint"
    " alias triggerid eventid monitorid checkid watchid number id",
    "description": "statemessage problemdetailstext longdescription serviceoutput output summary message msg"
    " description text cause reason",
    "severity": "severitylabel severityname levelstring severity problemseverity eventseverity alertseverity"
    " criticality importancelevel priority level",
    "state": "state stage monitorcondition alertgroupstate currentstate alertstatus conclusion status notificationtype"
    " messagetype servicestate hoststate alerttypefriendlyname eventaction eventtype alertaction action",
    "fired_at": "firedat fireddatetime startedat startsat starttime statestarttime start createdat firsttimestamp"
    " statechangedtimestamp eventtime triggeredat microtime timestamp timestampepochmillis startdate"
    " alertdatetime time date ts",
    "at": "resolveddatetime resolvedat endedat endtime closedat",
    "service": "service component configurationitems impactedentities impactedentitynames servicevalue servicesname"
    " businessservice cmdbci projectslug projectname project repositoryname",
}
NAMES: Mapping[str, tuple[str, ...]] = {field: tuple(words.split()) for field, words in _CALLED.items()}
"""What senders call each of our fields, the best name first; a name behind its part's, `incident.id`, is one word."""
PREFIX = re.compile(r"(?:alert|alarm|event|incident|problem|monitor|sensor|check|test|trigger)(.+)")
"""What senders put before a name: `alert_title`, `sensorid` and `TestName` are a title, an id and a name."""
THING = ("alarm", "alert", "sensor", "monitor", "trigger", "alerttype")
"""Whose value is the name itself with some: `alert: HighErrorRate`."""
HOST = ("hostname", "host", "nodename", "node", "entityname", "resourcename", "devicename", "devicehostname", "device")
CHECK = ("servicedesc", "servicedescription", "servicename", "datasource")
WORDS = ("message", "msg", "output", "text", "description", "summary", "statemessage", "content")
NUMBERED: Mapping[str, Mapping[str, str]] = {
    "eventvalue": {"1": "firing", "0": "resolved"},
    "alerttype": {"1": "firing", "2": "resolved", "3": "firing"},
    "heartbeatstatus": {"0": "firing", "1": "resolved", "2": "pending", "3": "maintenance"},
}
"""Senders that tell their state by a number, each in its own way: Zabbix, Uptime Robot, Uptime Kuma."""
STATE = re.compile(r"(?!previous|old|last|prior|expected|http).*(?:state|status)(?:label|name|text|category)?")
"""The other names of a state: `monitor_status`, `check_state_name`, `incident_status.category`."""
SAYS = ("eventtype", "eventname", "alerttype", "event", "type", "triggertype", "actiongroup")
"""Where senders say what has happened in a word of several: `ALERT_RECOVERY`, `check.up`, `resolved_item`."""
OVER = frozenset({"ok", "okay", "clear", "cleared", "resolved", "recovered", "recovery"})
"""Severities that say that it is over, where nothing else tells the state: Netdata, LibreNMS."""
GRAVE = frozenset({"critical", "crit", "warning", "warn", "error", "degraded"})
"""States that say how bad it is, where nothing else does."""
MAILED = re.compile(
    r"\W*(?P<notificationtype>[A-Z]+) (?:Host|Service) Alert: (?P<host>[^/\s]+)(?:/(?P<servicedesc>.+))?"
    r" is (?P<servicestate>[A-Z]+)\W*"
)
"""The subject of a mail of Nagios and its heirs (their commands notify-host-by-email and notify-service-by-email)."""
BETWEEN = re.compile(r",|\s+(?=[\w.-]+:[^/\s])")
"""What stands between tags in one text."""
BATCHES = ("alerts", "records", "Records")
OWNERS = frozenset(
    {
        *("account", "organization", "organisation", "org", "team", "user", "creator", "owner", "actor", "author"),
        *("project", "workspace", "tenant", "application", "commit", "integration"),
    }
)
"""Parts that say whose it is: their own name and id are not the alert's."""
IDENTITY = frozenset({"id", "name", "title", "key", "number", "state", "status"})
TURN = re.compile(r"[a-z]+_to_([a-z]+)")
"""How Oracle calls what has happened: `FIRING_TO_OK`."""
TAGGED = re.compile(r"^tags?\.")
TAGS = ("tags", "eventtags", "labels")


def bare(name: str) -> str:
    """A name as it is compared: `firedAt`, `fired_at` and `Fired At` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


class Found:
    """The values of a body by their bare names, what is less deep before what is deeper."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.values: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        level: list[tuple[str, Mapping[str, Any]]] = [("", content)]
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

    def _take(self, part: str, told: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
        below = []
        for name, value in told.items():
            if len(self.values) > MOST:
                break
            if bare(name) in TAGS and not isinstance(value, Mapping):
                self._tag(value)
            if isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping):
                below.append((bare(name), value[0]))
            elif isinstance(value, Mapping):
                below.append((bare(name), value))
            elif bare(name) in HOLDERS and (passed := held(value)):
                below.append((bare(name), passed))
            elif value is not None and (plainly := _plain(bare(name), value)) is not None:
                another = part.endswith("value") and bare(name) == "number"  # what was measured is no alert's number
                if not another and not (part in OWNERS and bare(name) in IDENTITY):
                    self.values.setdefault(bare(name), plainly)
                self.values.setdefault(part + bare(name), plainly)
                self.labels.setdefault(CAMEL.sub("_", TAGGED.sub("", name)), plainly[:250])
        return below

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


def batch(content: Any) -> list[Any] | None:
    """Each alert of a message that is nothing but several, with what it says of all of them; None for any other."""
    told = content if isinstance(content, Mapping) else {}
    several = next((listed for name in BATCHES if len(listed := objects(told.get(name))) > 1), [])
    if not several or {bare(name) for name in told} & {*NAMES["key"]}:
        return None
    common = {name: value for name, value in told.items() if not isinstance(value, list | Mapping)}
    if any(bare(name) in NAMES["title"] for one in several for name in one):
        common = {name: value for name, value in common.items() if bare(name) not in NAMES["title"]}
    return [common | one for one in several]


def passed_on(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a gateway of Amazon or a subscription of Google passes on, without their own words; else the body itself."""
    pushed = part(content.get("message")) or {}
    told = content.get("body") if "requestContext" in content else pushed.get("data")
    return held(told) or content


def _plain(name: str, value: Any) -> str | None:
    """A value as text; of a list of them the first, of tags all; nothing for what has parts. A state is one alone."""
    if not isinstance(value, list):
        return text(value)[:PAIRED]
    told = [one.get("value") if isinstance(one, Mapping) else one for one in value]
    words = [text(one) for one in told if isinstance(one, str | int | float)]
    if name in NAMES["state"]:
        told_once([(name, word) for word in words])
    return ",".join(words if name in TAGS else words[:1])[:PAIRED] or None


def translated(content: Mapping[str, Any], states: frozenset[str], calm: frozenset[str]) -> dict[str, Any]:
    """What the body says in our words; empty when nothing in it could be the name of what is wrong.

    What is over, or acknowledged, needs no name beside its key: PagerDuty's events and their like then leave it out.

    `states` are the words that mean a state, `calm` those that mean that it is over.
    """
    found = Found(content)
    host, check = found.first(HOST), found.first(CHECK)
    named = found.first(NAMES["title"])
    thing = next((found.values[name] for name in THING if _names(found.values.get(name), states)), "")
    title = named or thing or (f"{check or 'Host'} on {host}" if host else "") or found.first(WORDS)
    title = title or (found.first(NAMES["key"]) if _state(found, states, calm) != "firing" else None)
    if not title:
        return {}
    told: dict[str, Any] = {name: value for name in NAMES if (value := found.first(NAMES[name])) is not None}
    if target := found.values.get("alerttargetids"):
        told.setdefault("service", target.rpartition("/")[2])
    told |= {"kind": "alert", "title": title, "labels": found.labels, "tags": found.tags, "links": _links(found.labels)}
    told |= {"fired_at": _moment(found, "fired_at"), "at": _moment(found, "at")}
    told["state"] = _state(found, states, calm)
    if "severity" not in told and (word := next((one for one in _states(found) if one in GRAVE), "")):
        told["severity"] = word
    if "ruleid" in found.values and "alertid" in found.values:
        told["key"] = f"{found.values['ruleid']}/{found.values['alertid']}"
    told.setdefault("key", mark(title, host, check, told.get("service"), found.tags, pairs(content.get("labels"))))
    return told


def _names(value: str | None, states: frozenset[str]) -> bool:
    """Whether this is what something is called: no number, no yes or no, no state."""
    word = (value or "").strip().lower()
    return bool(word) and not word.isdigit() and word not in states | {"true", "false"}


def _moment(found: Found, field: str) -> Any:
    """The first that is a moment: `time` is as often a time of day."""
    return next((at for name in NAMES[field] if (at := moment(found.values.get(name))) != NEVER), None)


def _state(found: Found, states: frozenset[str], calm: frozenset[str]) -> str:
    """The state by the first word that means one; what has an end is over."""
    for name, meanings in NUMBERED.items():
        if meaning := meanings.get(found.values.get(name, "")):
            return meaning
    if quiet := _quiet(found):
        return quiet
    for name in NAMES["state"]:
        known = [word for word in _parts(found, name, apart=name == "eventtype") if word in states]
        if known:
            return next((word for word in known if word in calm), known[0])
    others = [word for word in _states(found) if word in states]
    said = [word for name in SAYS for word in _parts(found, name, apart=True) if word in calm]
    if said or (others and set(others) <= calm):
        return next(iter(others or said))
    turned = TURN.fullmatch(text(found.values.get("type")).lower())
    if turned and turned[1] in states:
        return turned[1]
    graded = text(found.first(NAMES["severity"])).strip().lower()
    return "resolved" if graded in OVER or _moment(found, "at") else "firing"


def _quiet(found: Found) -> str:
    """What a message is that tells of no trouble: sent to try it out, or of a deployment."""
    words = {found.values.get(name, "").strip().lower() for name in (*SAYS, "version")}
    return next(iter(words & {"test", "deploy"}), "")


def _parts(found: Found, name: str, *, apart: bool) -> tuple[str, ...]:
    """The word under a name, and its parts where several are told in one."""
    told = text(found.values.get(name)).strip()
    return (told.lower(), *(re.findall(r"[a-z]+", CAMEL.sub("_", told).lower()) if apart else ()))


def _states(found: Found) -> list[str]:
    """Every word that stands under the name of a state."""
    names = (*NAMES["state"], *(name for name in found.values if STATE.fullmatch(name)))
    return [word for name in names if (word := text(found.values.get(name)).strip().lower())]


def _links(labels: Mapping[str, str]) -> list[dict[str, str]]:
    """The addresses among the values."""
    found = {name: value for name, value in labels.items() if value.startswith(("https://", "http://"))}
    return [{"label": _label(name), "url": value} for name, value in found.items()]


def _label(name: str) -> str:
    return "Runbook" if "runbook" in name.lower() else name.replace("_", " ").capitalize()
