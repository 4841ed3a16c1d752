"""Speaks to Notion as the notebook of post-mortems and runbooks, in API version 2026-03-11.

How each effect happens once. Notion has no idempotency key and nothing that is unique. A post-mortem carries its duty's
mark in the data source's text property `Incident key`, in the request that creates it, and every attempt asks for it
before it creates. Without such a property, or under a plain page, the title is looked through for the incident's id,
which it always carries; a person who gives the page another title between two attempts hides it. What remains: how soon
a new page shows in a query is not published. Of two pages the oldest is kept.

A generated section is a toggle of its own, whose caption ends with "generated" and whose last line is a note with the
digest of its content. What stands already is left alone; what has changed is written beside the old one, the note last,
and only then the old one goes. So an attempt may end anywhere, and the next one finds old and half-written toggles and
clears them away. Nothing outside of these toggles is touched. A section goes under the template's heading of its name,
if there is one.

Notion fills a page from its template some time after it has answered. Until the page has content, opening it is refused
as worth another try: the wait is the caller's.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.company.catalog import Runbook
from domain.company.runbook import MATCHES, SERVICES, written
from domain.port.duty import NotDone, Outcome, VendorError
from domain.port.notebook import OpenDocument, ReadDocument, ReviewDocument, Section, WriteDocument
from domain.port.outline import SUFFIX, Standing, caption, digest, filled, title
from domain.port.outline import unwritten as empty_sections
from vendors.notion.answer import SHOWN, Block, Blocks, Database, Page, Pages, Source, Template, Templates
from vendors.notion.api import api
from vendors.notion.block import batches, blank, body, head, names, said_under, text, with_room

PER_SECOND = 0.2
"""About three requests a second and integration (developers.notion.com/reference/request-limits); writing a post-mortem
of six sections sends some twenty."""

KEY = "incident key"
"""The text property that carries the mark, in lower case."""
PAUSE = timedelta(seconds=5)
"""How long the template is given to arrive before another look."""
RESTORE = "if the page or a part of it is archived or in the trash, restore it in Notion (page menu, Trash)"
"""What people can do about a page that takes nothing any more."""
READER = "https://www.notion.so/"
ADVICE = {401: "set NOTION_TOKEN to the internal integration secret (notion.so/profile/integrations)"}
"""What a refusal of the doctor's question asks for (developers.notion.com/reference/status-codes)."""


class Settings(BaseSettings):
    """Where Notion is, who we are, where post-mortems go and runbooks lie: a data source, its database, or a page."""

    notion_api_url: str = "https://api.notion.com"
    notion_token: SecretStr = SecretStr("")
    notion_postmortems: str = ""
    notion_runbooks: str = ""
    notion_webhook_token: SecretStr = SecretStr("")


class Client:
    """Plays the role Notebook."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._api = api(http, settings.notion_api_url, settings.notion_token.get_secret_value())

    async def probe(self) -> str:
        """Prove the token, and that the places the settings name are shared with the integration, changing nothing."""
        await self._api.prove("/v1/users/me", ADVICE)
        source = await self._reach("NOTION_POSTMORTEMS", self._settings.notion_postmortems)
        if self._settings.notion_runbooks:
            await self._reach("NOTION_RUNBOOKS", self._settings.notion_runbooks)
        keyed = source and source.column("rich_text", KEY)
        more = "" if keyed else "; without a text property 'Incident key' a post-mortem is known by its title alone"
        return f"the token opens the place of the post-mortems{more}"

    async def _reach(self, setting: str, place: str) -> Source | None:
        """The data source, or None for a page; an error says how to share what cannot be seen."""
        source = await self._source(place) if place else None
        if source or (place and await self._api.look(f"/v1/pages/{_id(place)}", Page)):
            return source
        do = f"open it in Notion and add the integration under Connections, or set {setting} to what is shared with it"
        raise VendorError("notion", f"{setting}: the integration cannot see {place!r}", retryable=False, do=do)

    async def open_document(self, duty: OpenDocument, *, again: bool) -> Outcome:
        """Make the page from the template, unless it is there already, and fill in our sections (PM-1)."""
        place = self._settings.notion_postmortems
        if not place:
            raise VendorError("notion", "NOTION_POSTMORTEMS is not set", retryable=False)
        source = await self._source(place)
        found = await self._found(source, place, duty)
        if duty.called_back:
            if found is None:
                raise NotDone("notion")
            return Outcome(ref=found.id, url=found.url)
        template = await self._template(source) if source else None
        if found and again and found.title != title(duty):
            await self._name(found.id, duty)
        page = found or await self._create(source, place, template, duty)
        await self._await_template(page, template)
        left = await self._write(page.id, duty.sections)
        return Outcome(ref=page.id, url=page.url, text=unwritten(left))

    async def write_document(self, duty: WriteDocument, *, again: bool) -> Outcome:
        """Replace what has changed of the generated sections; every attempt compares first (PM-1)."""
        try:
            await self._name(duty.ref, duty)
            left = await self._write(duty.ref, duty.sections)
        except VendorError as refused:
            refused.do = "" if refused.retryable else RESTORE
            raise
        for first in left.values():
            raise VendorError("notion", unwritten(left), retryable=False, retry_after=first.retry_after)
        return Outcome(ref=duty.ref)

    async def _name(self, page: str, duty: OpenDocument | WriteDocument) -> None:
        """Call a page otherwise; the title's property has the id `title` in every data source."""
        if duty.title:
            asked = {"properties": {"title": {"title": text(title(duty))}}}
            await self._api.ask("PATCH", f"/v1/pages/{_id(page)}", Page, json=asked)

    async def read_document(self, duty: ReadDocument, *, again: bool) -> Outcome:
        """What people wrote between the heading and the next one, without what is generated (COM-8)."""
        return Outcome(ref=duty.ref, text=said_under(duty.heading, await self._children(duty.ref)))

    async def review_document(self, duty: ReviewDocument, *, again: bool) -> Outcome:
        """Which of people's headings have nothing under them but what the template says (PM-3)."""
        place = self._settings.notion_postmortems
        source = await self._source(place) if place else None
        template = await self._template(source) if source else None
        prompts = {one.text for one in await self._standing_on(template.id)} - {SHOWN} if template else set()
        parts = [one for one in await self._standing_on(duty.ref) if one.level or one.text not in prompts]
        return Outcome(ref=duty.ref, unwritten=empty_sections(parts, duty.generated))

    async def _standing_on(self, block: str) -> list[Standing]:
        """Everything on a page or in a block in its order, without what is generated and without pages of its own."""
        parts = list[Standing]()
        for one in await self._children(block):
            if one.text.endswith(SUFFIX):
                continue
            parts.append(Standing(level=one.level, text=one.words))
            parts += await self._standing_on(one.id) if one.has_children and one.type != "child_page" else []
        return parts

    async def runbooks(self) -> tuple[Runbook, ...]:
        """Every page of the library; of a plain page, every page directly under it (TRI-2)."""
        place = self._settings.notion_runbooks
        if not place:  # the company keeps its runbooks elsewhere
            return ()
        source = await self._source(place)
        if source:
            parts = await self._api.listed(f"/v1/data_sources/{source.id}/query", Pages, {"result_type": "page"})
            return tuple(_runbook(page) for part in parts for page in part.results if page.title)
        return tuple(
            written(block.text, READER + block.id.replace("-", "")) for block in await self._pages_under(place)
        )

    async def _source(self, place: str) -> Source | None:
        """The data source of this id, or the only one of the database of this id; None when it is a page."""
        found = await self._api.look(f"/v1/data_sources/{_id(place)}", Source)
        database = None if found else await self._api.look(f"/v1/databases/{_id(place)}", Database)
        if found or database is None:
            return found
        if len(database.data_sources) != 1:
            names = ", ".join(f"{one.id} ({one.name})" for one in database.data_sources)
            said = f"database {place} has several data sources: set the id of one of {names}"
            raise VendorError("notion", said, retryable=False)
        return await self._api.ask("GET", f"/v1/data_sources/{database.data_sources[0].id}", Source)

    async def _template(self, source: Source) -> Template | None:
        """The default template of the data source, or its only one."""
        parts = await self._api.listed(f"/v1/data_sources/{source.id}/templates", Templates)
        known = [one for part in parts for one in part.templates]
        chosen = [one for one in known if one.is_default] or known
        return chosen[0] if len(chosen) == 1 else None

    async def _found(self, source: Source | None, place: str, duty: OpenDocument) -> Page | None:
        if source is None:
            marked = [block for block in await self._pages_under(place) if duty.incident in block.text]
            return await self._api.ask("GET", f"/v1/pages/{marked[0].id}", Page) if marked else None
        key = source.column("rich_text", KEY)
        by_key = {"property": key, "rich_text": {"equals": duty.mark}}
        by_title = {"property": source.column("title"), "title": {"contains": duty.incident}}
        oldest = [{"timestamp": "created_time", "direction": "ascending"}]
        asked = {"filter": by_key if key else by_title, "sorts": oldest, "page_size": 1}
        pages = await self._api.ask("POST", f"/v1/data_sources/{source.id}/query", Pages, json=asked)
        return next(iter(pages.results), None)

    async def _create(self, source: Source | None, place: str, template: Template | None, duty: OpenDocument) -> Page:
        named = {"title": text(title(duty))}
        begun: dict[str, object] = {"children": blank(duty.sections)}
        if source is None:
            asked = {"parent": {"type": "page_id", "page_id": place}, "properties": {"title": named}, **begun}
            return await self._api.ask("POST", "/v1/pages", Page, json=asked)
        key = source.column("rich_text", KEY)
        marked = {key: {"rich_text": text(duty.mark)}} if key else {}
        if template:
            begun = {"template": {"type": "template_id", "template_id": template.id}}
        parent = {"type": "data_source_id", "data_source_id": source.id}
        asked = {"parent": parent, "properties": {source.column("title"): named, **marked}, **begun}
        return await self._api.ask("POST", "/v1/pages", Page, json=asked)

    async def _await_template(self, page: Page, template: Template | None) -> None:
        if template and not await self._children(page.id) and await self._children(template.id):
            said = f"page {page.id} is made, and its template is still to arrive"
            raise VendorError("notion", said, retryable=True, retry_after=PAUSE)

    async def _pages_under(self, place: str) -> list[Block]:
        return [block for block in await self._children(place) if block.type == "child_page"] if place else []

    async def _children(self, block: str) -> list[Block]:
        parts = await self._api.listed(f"/v1/blocks/{_id(block)}/children", Blocks)
        return [child for part in parts for child in part.results]

    async def _write(self, page: str, sections: Sequence[Section]) -> dict[str, VendorError]:
        """Bring the toggles up to date: first add what is missing, then clear away what is old.

        A toggle that Notion will not have touched holds up no other; it is answered, and why.
        """
        blocks, kept, left = await self._children(page), list[str](), dict[str, VendorError]()
        for section in filled(sections):
            try:
                standing = await self._standing(blocks, section)
                kept.append(standing or await self._add(page, blocks, section, kept))
            except VendorError as refused:
                if refused.retryable:
                    raise
                left[caption(section)] = refused
        for block in blocks:
            if block.text.endswith(SUFFIX) and block.id not in kept and block.text not in left:
                gone = await self._api.send("DELETE", f"/v1/blocks/{block.id}", accept=frozenset({400, 404}))
                if gone.status_code == 400:
                    left[block.text] = self._api.refusal("DELETE", f"/v1/blocks/{block.id}", gone)
        return left

    async def _standing(self, blocks: Sequence[Block], section: Section) -> str | None:
        """The toggle that holds this very content, whole."""
        for block in (block for block in blocks if block.text == caption(section)):
            if any(digest(section) in child.text for child in await self._children(block.id)):
                return block.id
        return None

    async def _add(self, page: str, blocks: Sequence[Block], section: Section, kept: Sequence[str]) -> str:
        """Write the section where its old toggle is, under its heading, after the one before it, or at the end."""
        old = [block.id for block in blocks if block.text == caption(section)]
        under = [room.id for block, room in zip(blocks, with_room(blocks), strict=True) if names(block, section)]
        places = [*old[-1:], *under[:1], *kept[-1:]]
        made = await self._append(page, [head(section)], places[0] if places else None)
        known = {block.id for block in blocks}
        toggle = next((one.id for one in made if one.text == caption(section) and one.id not in known), "")
        if not toggle:
            raise VendorError(
                "notion", f"the answer shows no toggle {caption(section)!r} of page {page}", retryable=False
            )
        for batch in batches(body(section)):
            await self._append(toggle, batch)
        return toggle

    async def _append(self, block: str, children: list[dict[str, object]], after: str | None = None) -> list[Block]:
        where = {"position": {"type": "after_block", "after_block": {"id": after}}} if after else {}
        asked = {"children": children, **where}
        answer = await self._api.ask("PATCH", f"/v1/blocks/{_id(block)}/children", Blocks, json=asked)
        return list(answer.results)


def _runbook(page: Page) -> Runbook:
    return written(page.title, page.url, " ".join(page.words(MATCHES)), page.words(SERVICES))


def unwritten(left: Mapping[str, VendorError]) -> str:
    """Which toggles could not be written, in Notion's words, and what to do; empty where all were."""
    first = next(iter(left.values()), None)
    return f"not brought up to date: {', '.join(left)}, for {first.said}; {RESTORE}" if first else ""


def _id(given: str) -> str:
    """An id as a part of a path, whatever somebody has pasted into a setting."""
    return quote(given, safe="")
