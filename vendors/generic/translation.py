"""Finds what our own webhook asks for in the body of a sender that has no folder here and speaks in its own names.

Azure Monitor, Google Cloud, New Relic, Splunk, Kibana, Zabbix, Nagios, Checkmk, Uptime Kuma, Pingdom, Better Stack,
Dynatrace and their like all say a name, a state, a severity, an id and a time; where in the body, and under which
name, is all that tells them apart. What a body says in our names counts before anything that is found.
"""

from collections.abc import Mapping
from typing import Any

from vendors.generic.found import ENDED, SEVERITIES, STATES, Found, bare
from vendors.generic.state import KNOWN, graded_by_state, state_of
from vendors.generic.work import ran
from vendors.said import held, mark, objects, pairs, part

_CALLED = {
    "title": "title issuetitle alertrule rulename alertname problemtitle incidentname alertgrouptitle checkname"
    " eventname entitydisplayname searchname policyname monitorname displayname attributesname"
    " monitorfriendlyname ticketsubject shortdescription subject conditionname rule exceptionclass errormessage"
    " name sitelabel metricname eventtypename secrettypedisplayname operationname",
    "key": "key trackingid alertgroupid issueid incidentid problemid alertid entityid dedupkey dedupekey fingerprint"
    " alias triggerid eventid monitorid checkid watchid number id",
    "description": "statemessage problemdetailstext longdescription serviceoutput output summary message msg"
    " description text cause reason",
    "fired_at": "firedat fireddatetime startedat startsat starttime statestarttime start createdat firsttimestamp"
    " statechangedtimestamp eventtime triggeredat openedat occurredat detectedat created creationtime firstseen timeiso"
    " microtime timestamp timestampepochmillis startdate"
    " alertdatetime time date ts",
    "service": "service configurationitems impactedentities impactedentitynames servicevalue servicesname"
    " businessservice cmdbci app projectname projectslug project component repositoryname applicationname appname",
}
NAMES: Mapping[str, tuple[str, ...]] = {"severity": SEVERITIES, "state": STATES, "at": ENDED} | {
    field: tuple(words.split()) for field, words in _CALLED.items()
}
"""What senders call each of our fields, the best name first; a name behind its part's, `incident.id`, is one word."""
THING = ("alarm", "alert", "sensor", "monitor", "trigger", "alerttype")
"""Whose value is the name itself with some: `alert: HighErrorRate`."""
HOST = ("hostname", "host", "nodename", "node", "entityname", "resourcename", "devicename", "devicehostname", "device")
CHECK = ("servicedesc", "servicedescription", "servicename", "datasource")
WORDS = ("message", "msg", "output", "text", "description", "summary", "statemessage", "content")
BATCHES = ("alerts", "records", "Records")


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


def translated(content: Mapping[str, Any], *, timed: bool = True) -> dict[str, Any]:
    """What the body says in our words; empty when nothing in it could be the name of what is wrong.

    Its moments only where it is `timed`: they are the dearest to look for, and our own names have them.

    What is over, or acknowledged, needs no name beside its key: PagerDuty's events and their like then leave it out.
    """
    found = Found(content)
    host, check = found.first(HOST), found.first(CHECK)
    named = found.first(NAMES["title"])
    thing = next((found.values[name] for name in THING if _names(found.values.get(name))), "")
    title = named or thing or (f"{check or 'Host'} on {host}" if host else "") or found.first(WORDS)
    run, state = ran(content, found), state_of(found)
    if state != "firing" or run:
        title = title or found.first(NAMES["key"]) or run.get("state")
    title = title or found.first((*NAMES["service"], "servicename"))
    if not title:
        return {}
    told: dict[str, Any] = {name: value for name in NAMES if (value := found.first(NAMES[name])) is not None}
    if target := found.values.get("alerttargetids"):
        told.setdefault("service", target.rpartition("/")[2])
    told |= {"kind": "alert", "title": title, "labels": found.labels, "tags": found.tags, "links": _links(found.labels)}
    if timed:
        told |= {"fired_at": found.moment(NAMES["fired_at"]), "at": found.moment(ENDED)}
    told["state"] = state
    if "severity" not in told and not run and (word := graded_by_state(found)):
        told["severity"] = word
    if "ruleid" in found.values and "alertid" in found.values:
        told["key"] = f"{found.values['ruleid']}/{found.values['alertid']}"
    if "htmlurl" in found.values and told.get("key") == found.values.get("number"):
        told["key"] = found.values["htmlurl"]  # a number counts within its repository
    if "key" not in told:
        told["key"] = mark(title, host, check, told.get("service"), found.tags, pairs(content.get("labels")))
    return told | run


def _names(value: str | None) -> bool:
    """Whether this is what something is called: no number, no yes or no, no state."""
    word = (value or "").strip().lower()
    return bool(word) and not word.isdigit() and word not in KNOWN | {"true", "false"}


def _links(labels: Mapping[str, str]) -> list[dict[str, str]]:
    """The addresses among the values."""
    found = {name: value for name, value in labels.items() if value.startswith(("https://", "http://"))}
    return [{"label": _label(name), "url": value} for name, value in found.items()]


def _label(name: str) -> str:
    return "Runbook" if "runbook" in name.lower() else name.replace("_", " ").capitalize()
