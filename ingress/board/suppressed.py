"""Suppressed alerts as the board lists them: what fired, where, and why it opened nothing (SCP-2)."""

from collections.abc import Sequence
from typing import NamedTuple

from pydantic import ValidationError

from domain.alerting.alert import Alert
from domain.alerting.scope import is_security
from domain.company.alert_rule import AlertRule
from domain.value.model import Instant
from ingress.board.access import PRIVATE
from ingress.board.names import BoardNames
from records.overview import SuppressedRow
from vendors.vendor import spelled


class SuppressedLine(NamedTuple):
    """One suppressed alert."""

    at: Instant
    source: str
    title: str
    where: str
    reason: str
    service: str = ""
    severity: str = ""


def line(one: SuppressedRow, rule: AlertRule, naming: BoardNames) -> SuppressedLine:
    """The alert in words; one about security keeps its subject to itself, as its incident would."""
    try:
        alert = Alert.model_validate_json(one.alert)
    except ValidationError:
        return SuppressedLine(one.at, "", "an alert of an older release", one.key, one.reason)
    title = PRIVATE if is_security(alert, rule) else alert.title
    where = " · ".join(word for word in (naming.service(alert.service), alert.environment) if word)
    return SuppressedLine(one.at, alert.source, title, where, one.reason, alert.service, alert.severity)


def choices(lines: Sequence[SuppressedLine]) -> dict[str, list[tuple[str, str]]]:
    """By what the lines can be told apart: who sent them, and how bad the sender said it was."""
    sources, severities = {one.source for one in lines}, {one.severity for one in lines}
    found = {"source": [(one, spelled(one)) for one in sorted(sources) if one]}
    return found | {"severity": [(one, one) for one in sorted(severities) if one]}
