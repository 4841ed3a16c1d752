"""A CloudWatch alarm's change of state, however it was told, in our words.

An alarm has no severity, service or environment. So `key=value` words are read from its description: `sev=1
service=checkout env=prod runbook=https://...`; what is not there is the catalog's and the policy's to fill.
"""

import re
from typing import Literal
from urllib.parse import quote

from domain.alerting.alert import Alert, State
from domain.value.model import Moment, Shape
from vendors.cloudwatch.envelope import Arn
from vendors.door import links

WORD = re.compile(r"(?:^|(?<=[\s,;(]))(sev|severity|svc|service|env|environment|runbook)=([^\s,;)]+)", re.IGNORECASE)
NAMES = {"sev": "severity", "svc": "service", "env": "environment"}
STATES: dict[str, State] = {"ALARM": "firing", "OK": "resolved", "INSUFFICIENT_DATA": "no_data"}
CONSOLES = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}
"""Where alarms are looked at, outside the partition that has a console per region."""
Value = Literal["ALARM", "OK", "INSUFFICIENT_DATA"]


class Alarm(Shape):
    """An alarm in one state. Its name is its key; nothing tells one episode from the next but the recovery between."""

    arn: str
    name: str
    value: Value
    description: str = ""
    reason: str = ""
    labels: dict[str, str]
    fired_at: Moment
    at: Moment

    def alert(self) -> Alert:
        """The alarm as everybody else knows it."""
        place, words = Arn.read(self.arn, "AlarmArn"), self._words
        return Alert(
            source="cloudwatch",
            key=self.arn,
            state=STATES[self.value],
            title=self.name,
            description="\n".join(part for part in (self.description, self.reason) if part),
            service=words.get("service", ""),
            environment=words.get("environment", ""),
            severity=_severity(words.get("severity", "")),
            labels=self.labels | {"alarm": self.name, "region": place.region, "account": place.account},
            links=links(("CloudWatch alarm", _console(place, self.name)), ("Runbook", words.get("runbook", ""))),
            fired_at=self.fired_at,
            at=self.at,
        )

    @property
    def _words(self) -> dict[str, str]:
        return {NAMES.get(key.lower(), key.lower()): word.rstrip(".") for key, word in WORD.findall(self.description)}


def _severity(word: str) -> str:
    """A bare number means what the matrix calls sev1."""
    return f"sev{word}" if word.isdigit() else word


def _console(place: Arn, name: str) -> str:
    """The alarm's page, which has its graph and its history."""
    host = CONSOLES.get(place.partition, f"{place.region}.console.aws.amazon.com")
    return f"https://{host}/cloudwatch/home?region={place.region}#alarmsV2:alarm/{quote(name, safe='')}"
