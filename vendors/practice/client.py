"""Plays every role and reaches nobody, so that a drill runs the whole procedure and touches nothing.

Each effect happens once because none happens: the answer is made of the duty alone, the same for every attempt.
"""

import httpx
from pydantic_settings import BaseSettings

from domain.company.catalog import Runbook
from domain.company.status_template import Template
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome

PER_SECOND = 1000.0
"""No limit of a vendor's; a bound for ourselves."""


class Settings(BaseSettings):
    """Nothing can be set."""


class Client:
    """Every role at once."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        """The same arguments as every client; none is needed."""

    async def probe(self) -> str:
        """It is always there."""
        return "reaches nobody"

    async def on_call(self, schedule: str) -> tuple[str, ...]:
        """Nobody is on call in practice."""
        return ()

    async def runbooks(self) -> tuple[Runbook, ...]:
        """The catalog's runbooks do."""
        return ()

    async def templates(self) -> tuple[Template, ...]:
        """The policy's own words do."""
        return ()

    async def _answer(self, duty: AnyDuty, *, again: bool) -> Outcome:
        return duty.practised(f"practice:{duty.mark}")

    page = acknowledge_pages = resolve_pages = read_pages = tell_ticket = _answer
    open_room = invite = set_topic = show_card = veil_card = show_headline = say = archive_room = _answer
    draft_from_template = publish_update = publish_postmortem = read_status = _answer
    open_item = read_item = write_item = open_document = write_document = read_document = review_document = _answer
    send_mail = send_invitation = _answer
