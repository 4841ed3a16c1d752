"""Plays Datadog: monitors that trigger, remind and recover, told by a webhook with our template or the default one."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote, urlencode

from standins.standin import Standin as _Standin
from vendors.datadog.template import PAYLOAD
from vendors.door import Request

Encoding = Literal["template", "default", "form"]


@dataclass(frozen=True)
class Monitor:
    """A monitor, and what it watches of the groups that it tells apart."""

    id: int
    name: str
    priority: str = ""
    tags: tuple[str, ...] = ()


class Standin(_Standin):
    """One organisation whose webhook carries the token."""

    name = "datadog"

    def __init__(self, token: str, *, encoding: Encoding = "template", site: str = "https://app.datadoghq.com") -> None:
        super().__init__([])
        self._token, self._encoding, self._site = token, encoding, site
        self._cycles: dict[tuple[int, str], int] = {}
        self._events = 7_716_548_234_000_000_000

    def press_trigger(self, at: datetime, monitor: Monitor, scope: str = "", word: str = "Triggered") -> Request:
        """A group of the monitor begins to fire; `word` may be Warn or No Data."""
        if (monitor.id, scope) not in self._cycles:
            self._cycles[monitor.id, scope] = self._event()
        return self._told(at, monitor, scope, word, word)

    def press_renotify(self, at: datetime, monitor: Monitor, scope: str = "") -> Request:
        """The group still fires, and people are reminded."""
        self._cycle(monitor, scope)
        return self._told(at, monitor, scope, "Renotify", "Triggered")

    def press_recover(self, at: datetime, monitor: Monitor, scope: str = "") -> Request:
        """The group is well again, which ends its cycle."""
        self._cycle(monitor, scope)
        request = self._told(at, monitor, scope, "Recovered", "Recovered")
        del self._cycles[monitor.id, scope]
        return request

    def press_test(self, at: datetime, monitor: Monitor, by: str = "oncall@acme.example") -> Request:
        """Somebody presses "Test Notifications"."""
        text = f"Test notification triggered by {by}."
        return self._send(
            at, monitor, {**self._values(at, monitor, "", "Triggered", "[TEST] "), "$TEXT_ONLY_MSG": text}
        )

    def _cycle(self, monitor: Monitor, scope: str) -> int:
        if (monitor.id, scope) not in self._cycles:
            raise KeyError(f"monitor {monitor.id} does not fire for {scope!r}")
        return self._cycles[monitor.id, scope]

    def _event(self) -> int:
        self._events += 1
        return self._events

    def _told(self, at: datetime, monitor: Monitor, scope: str, word: str, titled: str) -> Request:
        values = self._values(at, monitor, scope, word)
        return self._send(at, monitor, {**values, "$ALERT_TITLE": _title(titled, scope) + monitor.name})

    def _values(self, at: datetime, monitor: Monitor, scope: str, word: str, mark: str = "") -> dict[str, str]:
        event, milliseconds = self._event(), str(int(at.timestamp() * 1000))
        title = _title(word, scope) + mark + monitor.name
        tags = ("monitor", *monitor.tags, *(part for part in scope.split(",") if part))
        values = {
            "$ID": str(event),
            "$ALERT_ID": str(monitor.id),
            "$ALERT_TRANSITION": word,
            "$ALERT_TYPE": "success" if word == "Recovered" else "error",
            "$ALERT_PRIORITY": monitor.priority,
            "$ALERT_SCOPE": scope,
            "$ALERT_TITLE": title,
            "$EVENT_TITLE": (f"[{monitor.priority}] " if monitor.priority else "") + title,
            "$EVENT_TYPE": "query_alert_monitor",
            "$TEXT_ONLY_MSG": f"{monitor.name} @webhook-standfast",
            "$TAGS": ",".join(sorted(tags)),
            "$DATE": milliseconds,
            "$LAST_UPDATED": milliseconds,
            "$LINK": f"{self._site}/event/event?id={event}",
            "$ORG_ID": "421337",
            "$ORG_NAME": "Acme Production",
        }
        cycle = self._cycles.get((monitor.id, scope))
        tagged = {f"$TAGS[{key}]": _tag(tags, key) for key in ("service", "env", "team")}
        return values | tagged | ({"$ALERT_CYCLE_KEY": str(cycle)} if cycle else {})

    def _send(self, at: datetime, monitor: Monitor, values: dict[str, str]) -> Request:
        if self._encoding == "default":
            body = json.dumps(self._default(monitor, values)).encode()
        else:
            filled = {key: values.get(value, value) for key, value in PAYLOAD.items()}
            body = (urlencode(filled) if self._encoding == "form" else json.dumps(filled)).encode()
        kind = "application/x-www-form-urlencoded" if self._encoding == "form" else "application/json"
        headers = {"content-type": kind, "authorization": f"Bearer {self._token}"}
        return Request(headers=headers, body=body, received_at=at)

    def _default(self, monitor: Monitor, values: dict[str, str]) -> dict[str, object]:
        """What Datadog posts when nobody has written a template."""
        page = f"{self._site}/monitors/{monitor.id}"
        status = f"{page}?to_ts={values['$DATE']}&group={quote(values['$ALERT_SCOPE'], safe='')}"
        links = f"[[Monitor Status]({status})] · [[Edit Monitor]({page}/edit)]"
        return {
            "body": f"%%%\n{values['$TEXT_ONLY_MSG']}\n\n- - -\n\n{links}\n%%%",
            "last_updated": values["$LAST_UPDATED"],
            "event_type": values["$EVENT_TYPE"],
            "title": values["$EVENT_TITLE"],
            "date": values["$DATE"],
            "org": {"id": values["$ORG_ID"], "name": values["$ORG_NAME"]},
            "id": values["$ID"],
        }


def _title(word: str, scope: str) -> str:
    return f"[{word} on {{{scope}}}] " if scope else f"[{word}] "


def _tag(tags: tuple[str, ...], key: str) -> str:
    return next((tag.partition(":")[2] for tag in tags if tag.startswith(key + ":")), "")
