"""A finding of AWS's guards as EventBridge tells it: of GuardDuty and its like one, of Security Hub several (SCP-3).

https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
"""

import functools
import re
from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, AliasPath, Field

from domain.alerting.alert import Alert, WebhookContent
from vendors.door import parse
from vendors.said import NEVER, Text, Told, When, objects, part, text

GRAVE = 7.0
"""From here on GuardDuty calls a finding high, from 9 on critical; what is below it rings nobody."""
NUMBER = re.compile(r"\d{1,3}(?:\.\d+)?")
MILD = ("", "medium", "low", "informational", "info", "untriaged", "none", "other", "unknown")
OVER = ("resolved", "suppressed", "archived", "closed", "archive", "deleted")
INFO = functools.partial(AliasPath, "finding_info")
"""Where the newer Security Hub writes it (OCSF)."""


class _Finding(Told):
    """One finding; the guards write the same in small letters that Security Hub begins with large ones."""

    id: Text = Field(default="", validation_alias=AliasChoices("id", "Id", "findingArn", INFO("uid")))
    title: Text = Field(default="", validation_alias=AliasChoices("title", "Title", INFO("title")))
    description: Text = Field(default="", validation_alias=AliasChoices("description", "Description", INFO("desc")))
    type: Text = ""
    severity: Any = Field(default=None, validation_alias=AliasChoices("severity", "Severity"))
    workflow: Any = Field(default=None, validation_alias=AliasChoices("Workflow"))
    record: Text = Field(default="", validation_alias=AliasChoices("RecordState", "status"))

    @property
    def gravity(self) -> str:
        """`critical` or `high`; empty for what is neither, or is over; a word that nobody knows is high."""
        status = text((part(self.workflow) or {}).get("Status"))
        if {status.lower(), self.record.lower()} & set(OVER):
            return ""
        graded = part(self.severity) or {"Label": self.severity}
        label = text(graded.get("Label") or graded.get("description")).strip().lower()
        if NUMBER.fullmatch(label):
            return "critical" if float(label) >= 9 else "high" if float(label) >= GRAVE else ""
        return "critical" if label == "critical" else "" if label in MILD else "high"


class _Event(Told):
    """The event around it."""

    source: Text = ""
    account: Text = ""
    region: Text = ""
    time: When = NEVER
    detail: Any = None


def is_finding(kind: str) -> bool:
    """Whether an event of this kind is of a guard."""
    return kind.endswith(("Finding", "Findings - Imported", "Findings Imported V2"))


def read(content: Mapping[str, Any], kind: str) -> WebhookContent:
    """Hear what is grave; a finding that is not is a remark."""
    event = parse(_Event, content)
    detail = part(event.detail) or {}
    told = objects(detail.get("findings")) or [detail]
    found = [parse(_Finding, one, "detail") for one in told]
    alerts = tuple(_alert(event, kind, one) for one in found if one.gravity)
    return WebhookContent(alerts=alerts, remark="" if alerts else f"{kind} of no high severity")


def _alert(event: _Event, kind: str, told: _Finding) -> Alert:
    labels = {"source": event.source, "detail_type": kind, "type": told.type}
    more = {"account": event.account, "region": event.region}
    return Alert(
        source="cloudwatch",
        key=told.id or f"{kind}:{told.title}",
        title=told.title or kind,
        description=told.description,
        severity=told.gravity,
        labels={name: value for name, value in (labels | more).items() if value},
        fired_at=event.time,
        at=event.time,
    )
