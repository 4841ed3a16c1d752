"""One notification of a Datadog monitor, whatever template it was written with: ours, the default one, another one."""

import re
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import unquote_plus

from pydantic import AliasChoices, AliasPath, BaseModel, BeforeValidator, ConfigDict, Field

from vendors.said import NEVER, moment, text

VARIABLE = re.compile(r"\$[A-Z][A-Z0-9_]*(\[[^\]]*\])?")
"""What arrives in place of a variable that does not apply."""
_TRANSITION = r"((?:Re-)?(?:Triggered|Warn|No Data|Renotify|Recovered))(?: on \{([^}]*)\})?"
TITLED = re.compile(rf"\[{_TRANSITION}\]")
BRACKETS = re.compile(rf"\[(?:P[1-5]|TEST|{_TRANSITION})\]\s*")
TEST = re.compile(r"^\s*(?:\[[^\]]*\]\s*)*\[TEST\]")
NOTICE = re.compile(
    r"\s*\[(?:Monitor (?:Modified|Created|Deleted|Muted|Unmuted)|(?:Un)?muted|Downtime[^\]]*)\]"
    r"|\s*(?:Scheduled )?Downtime (?:scheduled|started|ended|canceled|updated)\b",
    re.IGNORECASE,
)
"""Titles of what Datadog says about a monitor itself."""
PRIORITY = re.compile(r"\bP[1-5]\b|^[1-5]$", re.IGNORECASE)
"""`P1`, and the bare number that Datadog's own interface for programs gives a monitor."""
SITE = re.compile(r"https://[a-z0-9.-]+\.(?:datadoghq\.com|datadoghq\.eu|ddog-gov\.com)(?=[/?#]|$)")
MONITOR = re.compile(r"/monitors[/#](\d+)")
GROUP = re.compile(r"[?&]group=([^&)\s]+)")


def _word(value: Any) -> Any:
    """Everything is text, and a variable that was not replaced is nothing."""
    if isinstance(value, list):
        value = ",".join(text(part) for part in value)
    if value is None or (isinstance(value, str) and VARIABLE.fullmatch(value.strip())):
        return ""
    return "" if isinstance(value, dict) else text(value).strip()


_Word = Annotated[str, BeforeValidator(_word)]


def _named(*names: str | AliasPath) -> Any:
    """Read from the first of these keys that is there: templates in the wild name the same variable differently."""
    return Field(default="", validation_alias=AliasChoices(*names))


class Notice(BaseModel):
    """The values that are read; templates hold others, which are passed over."""

    model_config = ConfigDict(frozen=True)

    monitor_id: _Word = _named("monitor_id", "alert_id")
    cycle_key: _Word = _named("cycle_key", "alert_cycle_key")
    told: _Word = _named("transition", "alert_transition")
    alert_type: _Word = ""
    priority: _Word = _named("priority", "alert_priority")
    severity_word: _Word = _named("severity", "security_signal_severity", "incident_severity")
    told_scope: _Word = _named("scope", "scopes", "alert_scope")
    metric: _Word = _named("metric", "alert_metric")
    query: _Word = _named("query", "alert_query")
    summary: _Word = _named("status_summary", "alert_status")
    alert_title: _Word = ""
    named: _Word = _named("security_rule_name", "incident_title", "synthetics_test_name")
    """What else than a monitor the alert is of."""
    thing: _Word = _named("security_signal_id", "incident_public_id")
    incident_status: _Word = ""
    event_title: _Word = _named("event_title", "title")
    text: _Word = _named("text", "body")
    hostname: _Word = _named("hostname", "host")
    tags: _Word = ""
    service: _Word = ""
    env: _Word = ""
    date: _Word = _named("date", "last_updated")
    link: _Word = _named("link", "url")
    snapshot: _Word = ""
    org: _Word = _named("org_id", AliasPath("org", "id"))

    @property
    def is_test(self) -> bool:
        """Whether somebody pressed "Test Notifications"."""
        return any(TEST.match(title) for title in self._titles) or "Test notification triggered by" in self.text

    @property
    def is_about_itself(self) -> bool:
        """Whether this says that somebody changed or muted the monitor, not how things are."""
        quiet = not self.transition and self.alert_type.lower() in ("info", "user_update")
        return not self.is_test and (quiet or any(NOTICE.match(title) for title in self._titles))

    @property
    def transition(self) -> str:
        """The alert's state in Datadog's word; a reminder repeats the state that the alert's own title tells."""
        word = self.told or _titled(self.event_title, 1) or _titled(self.alert_title, 1)
        return (_titled(self.alert_title, 1) or word) if word.lower() == "renotify" else word

    @property
    def monitor(self) -> str:
        """The monitor's id; the default template tells it in its links only."""
        found = MONITOR.search(self.text)
        return self.monitor_id or (found.group(1) if found else self.thing)

    @property
    def scope(self) -> str:
        """The group of a monitor that watches several, in an order of its own, because templates tell it in several."""
        found = GROUP.search(self.text)
        scope = self.told_scope or _titled(self.event_title, 2) or _titled(self.alert_title, 2)
        scope = scope or (unquote_plus(found.group(1)) if found else "")
        return ",".join(sorted({part.strip() for part in scope.split(",")} - {"", "*"}))

    @property
    def name(self) -> str:
        """The monitor's name, without what Datadog writes in front of it."""
        title = next((title for title in self._titles if title), "")
        return BRACKETS.sub("", title).strip() or title

    @property
    def severity(self) -> str:
        """The monitor's priority, or the word of a template or a tag. The event's own, normal or low, is none."""
        found = PRIORITY.search(self.priority) or re.search(r"(?<=\[)P[1-5](?=\])", self.event_title)
        return f"P{found.group()[-1]}" if found else self.severity_word or self.label("severity", "sev", "priority")

    @property
    def site(self) -> str:
        """The address of the Datadog that sent this; there are several."""
        found = SITE.search(self.link) or SITE.search(self.text)
        return found.group() if found else ""

    @property
    def labels(self) -> dict[str, str]:
        """The tags that have a value, the scope's too; of several values of one key, all."""
        pairs = [tag.strip().split(":", 1) for tag in f"{self.scope},{self.tags}".split(",") if ":" in tag]
        labels: dict[str, list[str]] = {}
        for key, value in pairs:
            labels.setdefault(key, []).extend([] if value in labels.get(key, []) else [value])
        return {key: ",".join(values) for key, values in labels.items()}

    def label(self, *keys: str) -> str:
        """The first value of the first of these tags that is there."""
        labels = self.labels
        return next((labels[key].split(",")[0] for key in keys if labels.get(key)), "")

    @property
    def environment(self) -> str:
        """The environment; none where an alert covers several, for one of them may be production."""
        told = self.env or next((value for key in ("env", "environment") if (value := self.labels.get(key, ""))), "")
        return "" if "," in told else told

    def at(self, otherwise: datetime) -> datetime:
        """When this was so, by Datadog's clock; templates post seconds too, and nothing usable when they are wrong."""
        told = moment(self.date)
        return otherwise if told == NEVER else told

    @property
    def _titles(self) -> tuple[str, ...]:
        return self.alert_title, self.event_title, self.named


def _titled(title: str, part: int) -> str:
    found = TITLED.search(title)
    return (found.group(part) or "") if found else ""
