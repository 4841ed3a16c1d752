"""Suppressed alerts as the board lists them: what fired, where, and why it opened nothing (SCP-2)."""

from typing import NamedTuple

from pydantic import ValidationError

from domain.alerting.alert import Alert
from domain.alerting.scope import is_security
from domain.company.alert_rule import AlertRule
from domain.value.model import Instant
from ingress.board.access import PRIVATE
from records.overview import SuppressedRow


class SuppressedLine(NamedTuple):
    """One suppressed alert."""

    at: Instant
    source: str
    title: str
    where: str
    reason: str


def line(one: SuppressedRow, rule: AlertRule) -> SuppressedLine:
    """The alert in words; one about security keeps its subject to itself, as its incident would."""
    try:
        alert = Alert.model_validate_json(one.alert)
    except ValidationError:
        return SuppressedLine(one.at, "", "an alert of an older release", one.key, one.reason)
    title = PRIVATE if is_security(alert, rule) else alert.title
    where = " · ".join(word for word in (alert.service, alert.environment) if word)
    return SuppressedLine(one.at, alert.source, title, where, one.reason)
