"""Forms: what stands in them when they open, and what changes while they are filled in."""

import asyncio
from collections.abc import Awaitable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TypeVar

from client.port import IncidentClient, Unanswered
from domain.port.conversation import ChatConversation, Chosen, Form, Opened, Options
from domain.report.view import View
from ingress.chat.others import others
from ingress.chat.phrase import ParsedCommand
from ingress.chat.prefill import Prefill
from ingress.chat.question import TEMPLATE, form, previewed
from ingress.chat.templates import Templates, options, taken

PREFILLING = timedelta(seconds=0.7)
FORMING = timedelta(seconds=2)
"""How long the incident, and then the chat, are waited for: a trigger lives three seconds."""
Result = TypeVar("Result")
NONE: Mapping[str, Options] = MappingProxyType({})


class Forms:
    """Opens forms for people, and shows them anew when a choice in them changes what they hold."""

    def __init__(self, engine: IncidentClient, front: ChatConversation, prefill: Prefill, templates: Templates) -> None:
        self._engine, self._front, self._prefill = engine, front, prefill
        self.templates = templates

    async def open(self, asked: ParsedCommand, user: str, channel: str, trigger: str) -> None:
        """Open the form at once; the incident may say what stands in it, if it is quick."""
        view = await self._quick_view(asked.incident)
        fields = self._prefill.own(asked.kind, user, view, self.templates.now()) | asked.fields
        known = self._prefill.known(asked.kind, fields, view)
        known |= await self.templates.at_the_start(asked.kind, view, known)
        known = await self.templates.at_the_end(asked.kind, view) | known
        opened = Opened(incident=asked.incident, act=asked.kind, channel=channel)
        own = self._prefill.owned(asked.kind, user, view)
        await soon(self._front.open_form(trigger, await self._shown(opened, known, view, own)), FORMING)

    async def change(self, chosen: Chosen) -> None:
        """A template replaces state and text; every choice and press brings the preview up to date."""
        opened = chosen.opened
        view = await self._quick_view(opened.incident)
        fields = {**opened.fields, **chosen.values}
        offered = await self.templates.offered(view) if view else {}
        if chosen.field == TEMPLATE and (one := offered.get(chosen.values.get(TEMPLATE, ""))):
            fields |= taken(one)
            opened = opened.model_copy(update={"turn": opened.turn + 1})
        await self._front.change_form(chosen.view, await self._shown(opened, fields, view))

    async def _shown(
        self, opened: Opened, fields: Mapping[str, str], view: View | None, own: Mapping[str, Options] = NONE
    ) -> Form:
        choices = {**self._prefill.choices(view), **own, **await self._others(opened)}
        if previewed(opened.act) and view:
            choices[TEMPLATE] = options(await self.templates.offered(view))
        preview = self._prefill.preview(opened.act, view, fields) if view else ""
        return form(opened, fields, choices, preview)

    async def _others(self, opened: Opened) -> dict[str, Options]:
        """The other open incidents where the form asks for one; nothing where the engine is slow: then it is typed."""
        try:
            return await soon(others(self._engine, opened.act, opened.incident), PREFILLING)
        except (Unanswered, TimeoutError):
            return {}

    async def _quick_view(self, incident: str) -> View | None:
        if not incident:
            return None
        try:
            return await soon(self._engine.view(incident), PREFILLING)
        except (Unanswered, TimeoutError):
            return None


async def soon(work: Awaitable[Result], within: timedelta) -> Result:
    """The result, or `TimeoutError`."""
    async with asyncio.timeout(within.total_seconds()):
        return await work
