"""Speaks to Confluence Cloud as the notebook of post-mortems and runbooks: API v2, and v1 for what only that knows.

How each effect happens once. Confluence has no idempotency key, but a title is unique in its space, and ours always
carries the incident's id: a second creation is refused, and then, as at the start of every attempt, the page is looked
for by its title. A further attempt looks through the newest pages for the id too, because the incident may be called
otherwise by then. The page is created with all its content in one request. A page is changed whole, under the number of
the version it was read in: if somebody was faster the change is refused, and the next attempt reads anew. What remains:
a page whose title lost the id between two attempts is made again, and Atlassian has been asked to lift the rule of
unique titles (CONFCLOUD-2524).

A generated section is an "expand" macro, whose title ends with "generated" and whose last line is a note with the
digest of its content. Only these macros are replaced, and a page that has them already is not written. A section goes
under the template's heading of its name, if there is one.
"""

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.company.catalog import Runbook
from domain.company.runbook import MATCHES, SERVICES, written
from domain.port.duty import NotDone, Outcome, VendorError
from domain.port.notebook import OpenDocument, ReadDocument, ReviewDocument, Section, WriteDocument
from domain.port.outline import title, unwritten
from vendors.api import Api, basic
from vendors.confluence import storage
from vendors.confluence.answer import Page, Pages, Space
from vendors.said import Part

PER_SECOND = 2.0
"""Traffic by API token has burst limits only, whose numbers are not published (developer.atlassian.com,
"Rate limiting", Confluence Cloud); a duty sends up to five requests."""

RETRYABLE = frozenset({408, 409, 429, 500, 502, 503, 504})
"""429 and 503 come with Retry-After (the same page); 409 says that somebody else has changed the page meanwhile. After
the others a page may have been made, which is why every attempt looks first."""

TITLE_LENGTH = 255
TAKEN = "already exists"
"""How a refusal reads when the title is taken; its status and its code are not documented."""
PAGE_SIZE = 100
RESTORE = "restore the page from the space's archive or trash"
"""What people can do about a page that takes nothing any more."""

ADVICE = {
    401: "set CONFLUENCE_EMAIL and CONFLUENCE_API_TOKEN to an account and its API token (id.atlassian.com, Security)",
    403: "let the account use Confluence, and view and add pages in the space",
    404: "set CONFLUENCE_URL to the site, as in https://example.atlassian.net/wiki",
}
"""What a refusal of the doctor's question asks for (developer.atlassian.com, "Basic auth for REST APIs")."""

P = TypeVar("P", bound=Part)


class Settings(BaseSettings):
    """Which site, who we are there, where post-mortems go, and where runbooks are: a label, or a page's number."""

    confluence_url: str = ""
    confluence_api_url: str = ""
    """Where calls go if not to the site: https://api.atlassian.com/ex/confluence/<cloud id>/wiki for a scoped token."""
    confluence_email: str = ""
    confluence_api_token: SecretStr = SecretStr("")
    confluence_space: str = ""
    confluence_template: str = ""
    confluence_parent: str = ""
    confluence_runbooks: str = "runbook"


class Client:
    """Plays the role Notebook."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        headers = basic(settings.confluence_email, settings.confluence_api_token.get_secret_value())
        place = settings.confluence_api_url or settings.confluence_url
        self._api = Api("confluence", http, place, headers, RETRYABLE)

    async def probe(self) -> str:
        """Prove the account, the space, and the pages that the settings name, changing nothing."""
        key, settings = self._settings.confluence_space, self._settings
        response = await self._api.prove("/api/v2/spaces", ADVICE, params={"keys": key})
        if not self._api.parsed(response, tuple[Space, ...], "results"):
            do = f"set CONFLUENCE_SPACE to the key of a space that {settings.confluence_email} may see"
            raise VendorError("confluence", f"there is no space {key!r}, or we may not see it", retryable=False, do=do)
        for name in ("confluence_template", "confluence_parent"):
            if page := getattr(settings, name):
                absent = {404: f"set {name.upper()} to the number of a page that is there, or leave it out"}
                await self._api.prove(f"/api/v2/pages/{quote(page, safe='')}", ADVICE | absent)
        return f"the token opens the space {key}"

    async def open_document(self, duty: OpenDocument, *, again: bool) -> Outcome:
        """Make the page from the template page, filled in, unless it is there already (PM-1)."""
        space = await self._space()
        named = title(duty)[:TITLE_LENGTH]
        found = await self._titled(space, named) or (await self._lately(space, duty.incident) if again else None)
        if duty.called_back:
            if found is None:
                raise NotDone("confluence")
            return Outcome(ref=found.id, url=self._link(found))
        made, left = (None, "") if found else await self._create(space, named, duty)
        if made:
            return Outcome(ref=made.id, url=self._link(made), text=left)
        return await self._bring(found or await self._titled(space, named), duty.mark, duty.sections, named)

    async def write_document(self, duty: WriteDocument, *, again: bool) -> Outcome:
        """Replace what has changed of the generated sections; every attempt compares first (PM-1)."""
        try:
            page = await self._page(duty.ref)
        except VendorError as refused:
            refused.do = "" if refused.retryable else RESTORE
            raise
        named = title(duty)[:TITLE_LENGTH] if duty.title else ""
        return await self._bring(page, duty.mark, duty.sections, named)

    async def read_document(self, duty: ReadDocument, *, again: bool) -> Outcome:
        """What people wrote between the heading and the next one, without what is generated (COM-8)."""
        page = await self._page(duty.ref)
        return Outcome(ref=page.id, text=storage.said_under(duty.heading, _storage(page)))

    async def review_document(self, duty: ReviewDocument, *, again: bool) -> Outcome:
        """Which of people's headings have nothing under them but what the template says (PM-3)."""
        page, (template, _) = await self._page(duty.ref), await self._template()
        parts = storage.standing(_storage(page), template)
        return Outcome(ref=duty.ref, unwritten=unwritten(parts, duty.generated))

    async def runbooks(self) -> tuple[Runbook, ...]:
        """Every page with the label in the space, or directly under the page, with what its table says (TRI-2)."""
        place = self._settings.confluence_runbooks.strip()
        pages = await (self._under(place) if place.isdigit() else self._labelled(place))
        return tuple(self._runbook(page) for page in pages)

    async def _space(self) -> str:
        key = self._settings.confluence_space
        response = await self._api.send("GET", "/api/v2/spaces", params={"keys": key})
        spaces = self._api.parsed(response, tuple[Space, ...], "results")
        if not spaces:
            raise VendorError("confluence", f"there is no space {key!r}, or we may not see it", retryable=False)
        return spaces[0].id

    async def _titled(self, space: str, named: str) -> Page | None:
        query = {"space-id": space, "title": named, "status": "current", "body-format": "storage"}
        return next(iter((await self._ask("/api/v2/pages", Pages, query)).results), None)

    async def _lately(self, space: str, incident: str) -> Page | None:
        """The oldest of the newest pages whose title carries the incident's id."""
        query = {"space-id": space, "status": "current", "sort": "-created-date", "limit": PAGE_SIZE}
        newest = (await self._ask("/api/v2/pages", Pages, query)).results
        known = next((page for page in reversed(newest) if incident in page.title), None)
        return await self._page(known.id) if known else None

    async def _page(self, ref: str) -> Page:
        return await self._ask(f"/api/v2/pages/{quote(ref, safe='')}", Page, {"body-format": "storage"})

    async def _create(self, space: str, named: str, duty: OpenDocument) -> tuple[Page | None, str]:
        """Create the page, without the template and the parent where these are gone, and say what it lacks.

        No page where the title is taken, which an attempt at the same time may have done.
        """
        start, left = await self._template()
        begun = start or storage.blank(duty.sections)
        body = {"representation": "storage", "value": storage.updated(begun, duty.sections)}
        asked = {"spaceId": space, "status": "current", "title": named, "body": body}
        parent = self._settings.confluence_parent
        response = await self._post(asked | ({"parentId": parent} if parent else {}))
        if parent and not response.is_success and TAKEN not in response.text:
            said = self._api.refusal("POST", "/api/v2/pages", response).said
            left.append(f"made at the top of the space, not under page {parent} ({said}): correct CONFLUENCE_PARENT")
            response = await self._post(asked)
        if response.is_success:
            return self._api.parsed(response, Page), "; ".join(left)
        if TAKEN not in response.text:
            raise self._api.refusal("POST", "/api/v2/pages", response)
        return None, ""

    async def _post(self, asked: dict[str, Any]) -> httpx.Response:
        return await self._api.send("POST", "/api/v2/pages", accept=frozenset({400, 403, 404, 409}), json=asked)

    async def _template(self) -> tuple[str, list[str]]:
        """What the template page holds, and that it is gone where it is."""
        number = self._settings.confluence_template
        if not number:
            return "", []
        path, query = f"/api/v2/pages/{quote(number, safe='')}", {"body-format": "storage"}
        response = await self._api.send("GET", path, accept=frozenset({404}), params=query)
        if response.status_code == 404:
            return "", [f"made without the template page {number}, which is gone: correct CONFLUENCE_TEMPLATE"]
        return _storage(self._api.parsed(response, Page)), []

    async def _bring(self, page: Page | None, mark: str, sections: Sequence[Section], named: str) -> Outcome:
        """Write the page if its generated sections are not these, or it is called otherwise."""
        if page is None:
            said = "the title is taken by a page that we may not see"
            raise VendorError("confluence", said, retryable=False, do=RESTORE)
        if page.status != "current":
            raise VendorError("confluence", f"page {page.id} is {page.status}", retryable=False, do=RESTORE)
        body = storage.updated(_storage(page), sections)
        named = named or page.title
        if (body, named) != (_storage(page), page.title):
            asked = {
                "id": page.id,
                "status": "current",
                "title": named,
                "body": {"representation": "storage", "value": body},
                "version": {"number": page.version + 1, "message": mark},
            }
            await self._api.send("PUT", f"/api/v2/pages/{page.id}", json=asked)
        return Outcome(ref=page.id, url=self._link(page))

    async def _labelled(self, label: str) -> list[Page]:
        if not label:
            return []
        query = {"name": label, "type": "page"}
        response = await self._api.send("GET", "/rest/api/label", accept=frozenset({404}), params=query)
        if response.status_code == 404:
            return []
        path = f"/api/v2/labels/{self._api.parsed(response, str, 'label', 'id')}/pages"
        return await self._listed(path, {"space-id": await self._space(), "body-format": "storage"})

    async def _under(self, parent: str) -> list[Page]:
        children = await self._listed(f"/api/v2/pages/{parent}/direct-children", {})
        ids = [child.id for child in children if child.type == "page"]
        pages: list[Page] = []
        for start in range(0, len(ids), PAGE_SIZE):
            chosen = {"id": ids[start : start + PAGE_SIZE], "status": "current", "body-format": "storage"}
            pages += await self._listed("/api/v2/pages", chosen)
        return pages

    def _runbook(self, page: Page) -> Runbook:
        facts = storage.facts(_storage(page))
        pattern = next((value for name, value in facts.items() if name in MATCHES), "")
        services = next((value for name, value in facts.items() if name in SERVICES), "")
        return written(page.title, self._link(page), pattern, tuple(services.split(",")))

    def _link(self, page: Page) -> str:
        return self._settings.confluence_url.rstrip("/") + (page.shown_at or f"/pages/{page.id}")

    async def _listed(self, path: str, query: dict[str, Any]) -> list[Page]:
        """Every page of a list."""
        part = await self._ask(path, Pages, {**query, "limit": PAGE_SIZE})
        pages = list(part.results)
        while part.cursor:
            part = await self._ask(path, Pages, {**query, "limit": PAGE_SIZE, "cursor": part.cursor})
            pages += part.results
        return pages

    async def _ask(self, path: str, shape: type[P], query: dict[str, Any]) -> P:
        return self._api.parsed(await self._api.send("GET", path, params=query), shape)


def _storage(page: Page) -> str:
    """The body; a page that came without one must not be taken for an empty one and written over."""
    if page.body is None:
        raise VendorError("confluence", f"page {page.id} came without its body", retryable=False)
    return page.body
