"""The texts that an update can begin from: the status page's own templates, then the policy's words."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import httpx

from config.company import Company
from config.trust import authorities
from domain.company.policy_text import GREEN, IMPACT
from domain.company.status_template import STATUSES, Template, filled
from domain.port.conversation import Options
from domain.port.duty import VendorError
from domain.procedure.public_words import ended_now
from domain.report.view import View
from ingress.chat.question import last_words
from vendors.directory import DIRECTORY

EVERY = timedelta(minutes=15)
"""How old what a page offers may be before it is read anew."""
FIRST = timedelta(seconds=0.3)
"""How long a form waits for a page that has never been read; what opens a form lives three seconds."""
OURS = "policy/"
"""How the choice of the policy's own words begins."""
log = logging.getLogger("standfast.ingress.template")
Read = Callable[[str], Awaitable[tuple[Template, ...]]]


async def read_page(vendor: str) -> tuple[Template, ...]:
    """What the status page of this vendor offers; nothing where it is not configured."""
    known = DIRECTORY.get(vendor)
    if known is None or known.missing:
        return ()
    async with httpx.AsyncClient(verify=authorities()) as http:
        found: tuple[Template, ...] = await known.client(http).templates()
        return found


class Templates:
    """Each page's templates, kept at hand: a form hardly ever waits for a page, and never for one that is away."""

    def __init__(
        self, company: Company, read: Read = read_page, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._company, self._read, self.now = company, read, now
        self._kept: dict[str, tuple[Template, ...]] = {}
        self._asked: dict[str, datetime] = {}
        self._reading: dict[str, asyncio.Task[None]] = {}

    async def offered(self, view: View) -> dict[str, Template]:
        """What an update of this incident can begin from, with what is known filled in, by the choice's own name.

        The end's words are offered after it alone, and no others then: before it nobody knows when it ended (COM-6).
        """
        values = {"service": self._title(view), "summary": "", "id": view.id, **view.words}
        ours, known = self._company.policy.updates, {name: bool(values.get(name)) for name in (GREEN, IMPACT)}
        texts = [(state, ours.draft(ours.knows(state, **known))) for state, _ in STATUSES]
        policys = [Template(name=f"{OURS}{state}", status=state, body=text) for state, text in texts]
        every = {one.name[:150]: one for one in (*await self._pages(view), *policys) if one.name and _fits(one, view)}
        return {name: one.model_copy(update={"body": filled(one.body, values)}) for name, one in every.items()}

    async def first(self, status: str, view: View) -> Template | None:
        """What a fresh update in this state begins with: the page's template that the policy names, else our words."""
        offered = await self.offered(view)
        named = self._company.policy.updates.templates.get(status, "").strip().lower()
        of_page = (one for name, one in offered.items() if name.lower() == named)
        found = next(of_page, None) or offered.get(f"{OURS}{status}")
        return found.model_copy(update={"status": status}) if found else None

    async def at_the_start(self, kind: str, view: View | None, known: Mapping[str, str]) -> dict[str, str]:
        """State and text that a fresh update begins with, where nothing stands in its form yet."""
        if kind != "draft_update" or view is None or "body" in known:
            return {}
        found = await self.first(known.get("status") or view.fresh_state or "investigating", view)
        return taken(found) if found else {}

    async def at_the_end(self, kind: str, view: View | None) -> dict[str, str]:
        """What customers would read where this act ends what they read of: as if it was over now (COM-6)."""
        words, now = last_words(kind), self.now()
        if not (words and view and view.on_page):
            return {}
        over = view.model_copy(update={"resolved_at": now, "words": ended_now(view.words, now)})
        found = await self.first("resolved", over)
        return {words: found.body} if found else {}

    async def stop(self) -> None:
        """Leave off readings that are under way."""
        for task in self._reading.values():
            task.cancel()
        await asyncio.gather(*self._reading.values(), return_exceptions=True)

    async def _pages(self, view: View) -> tuple[Template, ...]:
        catalog = self._company.catalog
        vendor = catalog.vendor("status_page", view.service) if view.service in catalog.services else "none"
        if vendor != "none" and self._is_old(vendor):
            self._asked[vendor] = self.now()
            self._reading[vendor] = asyncio.create_task(self._refresh(vendor))
        if vendor not in self._kept and vendor in self._reading:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._reading[vendor]), FIRST.total_seconds())
        return self._kept.get(vendor, ())

    def _is_old(self, vendor: str) -> bool:
        asked_at = self._asked.get(vendor)
        return asked_at is None or self.now() - asked_at >= EVERY

    async def _refresh(self, vendor: str) -> None:
        try:
            self._kept[vendor] = await self._read(vendor)
        except (VendorError, httpx.HTTPError) as error:
            log.warning("the templates of %s stay as they were: %s", vendor, type(error).__name__)

    def _title(self, view: View) -> str:
        service = self._company.catalog.services.get(view.service)
        return service.title if service else view.service


def taken(template: Template) -> dict[str, str]:
    """The fields that a template brings; a page that names no state leaves the one that was chosen."""
    state = {"status": template.status} if template.status else {}
    return {**state, "body": template.body}


def _fits(one: Template, view: View) -> bool:
    """Whether the state that goes with a text is one that an update may say now (COM-6)."""
    return one.status is None or (one.status == "resolved") == (view.resolved_at is not None)


def options(offered: dict[str, Template]) -> Options:
    """The choices as the form shows them."""
    return tuple((name, _label(name)) for name in list(offered)[:100])


def _label(name: str) -> str:
    return f"Our words: {name.removeprefix(OURS)}" if name.startswith(OURS) else name
