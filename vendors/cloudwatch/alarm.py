"""A CloudWatch alarm's change of state, however it was told, in our words.

An alarm has no severity, service or environment. So words are read from its description, `sev=1 service=checkout
env=prod runbook=https://...`, with a colon, as JSON or in Markdown too; the service may also be a dimension. What is
not there is the catalog's and the policy's to fill.
"""

import re
from typing import Literal
from urllib.parse import quote

from domain.alerting.alert import Alert, State
from domain.value.model import Instant, Model
from vendors import said
from vendors.cloudwatch.envelope import Arn
from vendors.door import Unreadable, links

WORD = re.compile(
    r"(?:^|(?<=[\s,;({\"'*]))(sev|severity|priority|svc|service|env|environment|runbook)[\"'*]*"
    r"\s*[=:][*\s]*[\"'`]?([^\s,;)}\"'`*]+)",
    re.IGNORECASE,
)
NAMES = {"sev": "severity", "priority": "severity", "svc": "service", "env": "environment"}
STATES: dict[str, State] = {"ALARM": "firing", "OK": "resolved", "INSUFFICIENT_DATA": "no_data"}
CONSOLES = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}
"""Where alarms are looked at, outside the partition that has a console per region."""
DIMENSIONS = ("service", "service_name", "function_name")
"""The dimensions that name what runs: a company's own, of ECS, of Lambda."""
Value = Literal["ALARM", "OK", "INSUFFICIENT_DATA"]


class Alarm(Model):
    """An alarm in one state. Its name is its key; nothing tells one episode from the next but the recovery between."""

    arn: str
    name: str
    value: str
    description: str = ""
    reason: str = ""
    labels: dict[str, str]
    children: tuple[str, ...] = ()
    """The alarms that made a composite one change, by their ARNs."""
    gone: str = ""
    """Why nobody will tell the alarm's end: it was deleted or silenced. It is calm then, and no recovery."""
    fired_at: Instant
    at: Instant

    def alert(self) -> Alert:
        """The alarm as everybody else knows it."""
        if self.value.upper() not in STATES and not self.gone:
            raise Unreadable("NewStateValue", repr(self.value)[:80], f"one of {', '.join(STATES)}")
        place, words = self._place, self._words
        return Alert(
            source="cloudwatch",
            key=self.arn,
            state="merged" if self.gone else STATES[self.value.upper()],
            title=self.name,
            description="\n".join(part for part in (self.description, self.reason, self.gone) if part),
            service=words.get("service", "") or said.first(self.labels, DIMENSIONS) or self._family,
            environment=words.get("environment", ""),
            severity=_severity(words.get("severity", "")),
            labels=self._labels | {"alarm": self.name, "region": place.region, "account": place.account},
            links=links(("CloudWatch alarm", _console(place, self.name)), ("Runbook", words.get("runbook", ""))),
            fired_at=self.fired_at,
            at=self.at,
        )

    @property
    def _place(self) -> Arn:
        """Where the alarm is; nowhere that is known, when its name says nothing of it."""
        try:
            return Arn.read(self.arn, "AlarmArn")
        except Unreadable:
            return Arn(partition="aws", region="", account="", name=self.name)

    @property
    def _labels(self) -> dict[str, str]:
        return self.labels | ({"children": ",".join(self.children)} if self.children else {})

    @property
    def _family(self) -> str:
        """A composite alarm without a word of its service is about what its child's name begins with."""
        return re.split(r"[-_./ ]", self.children[0].rpartition(":")[2])[0] if self.children else ""

    @property
    def _words(self) -> dict[str, str]:
        return {NAMES.get(key.lower(), key.lower()): word.rstrip(".") for key, word in WORD.findall(self.description)}


def _severity(word: str) -> str:
    """A bare number means what the matrix calls sev1."""
    return f"sev{word}" if word.isdigit() else word


def _console(place: Arn, name: str) -> str:
    """The alarm's page, which has its graph and its history."""
    if not place.region:
        return ""
    host = CONSOLES.get(place.partition, f"{place.region}.console.aws.amazon.com")
    return f"https://{host}/cloudwatch/home?region={place.region}#alarmsV2:alarm/{quote(name, safe='')}"
