"""Which state the body of a sender without a folder here tells: firing, over, or neither of them."""

import re
from collections.abc import Mapping
from typing import Final

from vendors.generic.found import BEFORE, ENDED, SEVERITIES, STATES, Found
from vendors.outcome import words
from vendors.said import text

FIRING: Final = frozenset(
    {
        *("problem", "alert", "alerting", "alarm", "triggered", "trigger", "active", "activated", "open", "opened"),
        *("down", "failed", "failing", "failure", "critical", "error", "warning", "created", "reopened", "firing"),
        *("crit", "warn", "red", "yellow", "offline", "unhealthy", "breached", "violated", "unknown", "unreachable"),
        *("degraded", "fired", "started", "no data", "investigating", "identified", "monitoring", "missing"),
    }
)
CALM: Final = frozenset(
    {
        *("ok", "okay", "up", "closed", "close", "recovered", "recovery", "resolve", "cleared", "clear", "inactive"),
        *("deactivated", "normal", "healthy", "operational", "success", "succeeded", "passed", "passing", "ended"),
        *("solved", "resolved", "fixed", "green", "online", "restored", "back to normal", "completed", "postmortem"),
        *("canceled", "cancelled", "terminated", "reset", "available", "recover", "reporting", "end"),
    }
)
"""How Zabbix, Uptime Kuma, New Relic and their like call the two states; a number is up to one, down to another."""
QUIET: Final = frozenset(
    {
        *("acknowledged", "acknowledgement", "acknowledge", "ack", "unacknowledged", "snoozed", "silenced", "muted"),
        *("downtimestart", "downtimeend", "downtimecancelled", "downtimeremoved", "flappingstart", "flappingstop"),
        *("flappingdisabled", "suppressed", "maintenance", "paused", "pending", "test", "custom", "deploy", "accepted"),
        *("scheduled", "in progress", "verifying", "under maintenance", "a notice", "under way", "no deployment"),
    }
)
"""What happens to an alert between its beginning and its end, or about it: neither a firing nor a recovery."""
MERGED: Final = "merged"
"""What goes on as another alert, which tells its end."""
PENDING: Final = "pending"
"""What nobody has taken on yet with one sender, and what has not begun with another."""
KNOWN: Final = FIRING | CALM | QUIET | {MERGED}
NUMBERED: Mapping[str, Mapping[str, str]] = {
    "eventvalue": {"1": "firing", "0": "resolved"},
    "alerttype": {"1": "firing", "2": "resolved", "3": "firing"},
    "heartbeatstatus": {"0": "firing", "1": "resolved", "2": "pending", "3": "maintenance"},
}
"""Senders that tell their state by a number, each in its own way: Zabbix, Uptime Robot, Uptime Kuma."""
STATE = re.compile(r".*(?:state|status)(?:label|name|text|category)?|health|sync|clear")
"""The other names of a state: `monitor_status`, `check_state_name`, `incident_status.category`; Argo CD's."""
SAYS: Final = ("eventtype", "eventname", "alerttype", "event", "type", "triggertype", "actiongroup")
"""Where senders say what has happened in a word of several: `ALERT_RECOVERY`, `check.up`, `resolved_item`."""
MARKS: Final = (*SAYS, "reason")
SHORT = re.compile(r"\S+(?: \S+)?")
"""A mark of one word or two; what is longer is a sentence, which may say of a recovery that there was none."""
DENIED: Final = frozenset({"not", "no", "non", "never", "un", "isn", "failed"})
NOTICES: Final = frozenset({"assigned", "unassigned", "reassigned", "commented", "deployed"})
"""What people did about an alert, or to the systems."""
OVER: Final = frozenset({"ok", "okay", "clear", "cleared", "resolved", "recovered", "recovery"})
"""Severities that say that it is over, where nothing else tells the state: Netdata, LibreNMS."""
GRAVE: Final = frozenset({"critical", "crit", "warning", "warn", "error", "degraded"})
"""States that say how bad it is, where nothing else does."""
TURN = re.compile(r"[a-z]+_to_([a-z]+)")
"""How Oracle calls what has happened: `FIRING_TO_OK`."""
SPOKEN: Final = ("title", "issuetitle", "alertname", "subject", "name", "message", "msg", "text")
TRIAL = re.compile(
    r"\W*(?:hello world\W+)?(?:this is (?:just |only )?a (?:test|sample|demo)\b.*"
    r"|test(?:ing)? (?:alert|notification|message|webhook|incident|event|transport)\W*(?: (?:from|by|for|sent)\b.*)?)",
    re.IGNORECASE | re.DOTALL,
)
"""The words of a message that somebody sends to try a sender out."""


def state_of(found: Found) -> str:
    """The state by the first word that means one; what has an end is over."""
    for name, meanings in NUMBERED.items():
        if meaning := meanings.get(found.values.get(name, "")):
            return meaning
    if quiet := _quiet(found):
        return quiet
    told = (word for name in STATES if (word := _known(found, name)))
    if said := next((word for word in told if word != PENDING), ""):
        return said
    others = [word for word in states_in(found) if word in KNOWN]
    over = [word for name in MARKS for word in _marks(found.values.get(name, "")) if word in CALM]
    if over or (others and set(others) <= CALM):
        return next(iter(over or others))
    turned = TURN.fullmatch(text(found.values.get("type")).lower())
    if turned and turned[1] in KNOWN:
        return turned[1]
    graded = text(found.first(SEVERITIES)).strip().lower()
    return "resolved" if graded in OVER or found.moment(ENDED) else "firing"


def states_in(found: Found) -> list[str]:
    """Every word that stands under the name of a state."""
    others = (name for name in found.values if STATE.fullmatch(name) and not BEFORE.fullmatch(name))
    return [word for name in (*STATES, *others) if (word := _word(found, name))]


def graded_by_state(found: Found) -> str:
    """How bad it is, where a state or a mark says so: `triggerType: Critical`."""
    marks = (word for name in MARKS for word in _marks(found.values.get(name, "")))
    return next((word for word in (*states_in(found), *marks) if word in GRAVE), "")


def _known(found: Found, name: str) -> str:
    """The state under a name: of several in one word an end, then a beginning; a stage called test is no state."""
    told = (_word(found, name), *(_marks(found.values.get(name, "")) if name == "eventtype" else ()))
    known = [word for word in told if word in KNOWN]
    if name == "stage":
        known = [word for word in known if word not in QUIET]
    return min(known, key=lambda word: 0 if word in CALM else 1 if word in FIRING else 2, default="")


def _quiet(found: Found) -> str:
    """What a message is that tells of no trouble: sent to try it out, of a deployment, or of what people did."""
    told = [found.values.get(name, "").strip() for name in (*SAYS, "version")]
    if NOTICES & {word for one in told if SHORT.fullmatch(one) for word in words(one)}:
        return "a notice"
    return next(iter({"test", "deploy"} & {one.lower() for one in told}), "") or ("test" if is_trial(found) else "")


def is_trial(found: Found) -> bool:
    """Whether somebody tries the sender out: by a mark, or by its words."""
    told = [found.values.get(name, "") for name in SPOKEN]
    alone = found.values.keys() <= {"msg"} and found.values.get("msg", "").endswith(" Testing")
    return alone or any(TRIAL.fullmatch(word) for word in told) or _word(found, "istest") == "true"


def _marks(told: str) -> list[str]:
    """The words of a mark; none where it is a sentence or denies one."""
    said = words(told) if SHORT.fullmatch(told.strip()) else []
    return [] if DENIED & {*said} else said


def _word(found: Found, name: str) -> str:
    """What stands under a name, in small letters and with spaces between its words."""
    return text(found.values.get(name)).strip().lower().replace("_", " ")
