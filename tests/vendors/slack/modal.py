"""The modal that an act's form becomes in Slack."""

from collections.abc import Mapping

from domain.port.conversation import Form, Opened, Options
from ingress.chat.question import form
from vendors.slack.form import View, modal


def form_of(
    kind: str, incident: str, fields: Mapping[str, str], choices: Mapping[str, Options] | None = None, turn: int = 0
) -> Form:
    return form(Opened(incident=incident, act=kind, channel="C1", turn=turn), fields, choices or {})


def modal_of(kind: str, incident: str, fields: Mapping[str, str], choices: Mapping[str, Options] | None = None) -> View:
    return modal(form_of(kind, incident, fields, choices))
