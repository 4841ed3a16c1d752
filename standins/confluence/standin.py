"""Plays one space of a Confluence Cloud site: pages with versions, titles that are unique, labels."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from xml.parsers import expat

from starlette.requests import Request

from standins import standin
from standins.standin import Refused, basic
from vendors.confluence.storage import plain

Json = dict[str, Any]
TAKEN = "A page with this title already exists: A page already exists with the same TITLE in this space"
GONE = "com.atlassian.confluence.api.service.exceptions.GoneException: This deprecated endpoint has been removed."
CREATED = {"spaceId", "status", "title", "parentId", "body"}
CHANGED = {"id", "status", "title", "body", "version", "spaceId", "parentId"}
V2 = "/wiki/api/v2"

HEADING = re.compile(r"<h2>(.*?)</h2>")


class Standin(standin.Standin):
    """One space. `page_size` makes lists come in parts; `status_of_taken` is how a title that is taken is refused."""

    name = "confluence"
    lasting = MappingProxyType({"pages": dict[str, Json], "labels": dict[str, list[str]]})

    def __init__(
        self,
        email: str = "bot@example.com",
        api_token: str = "confluence-token",  # noqa: S107 -- a stand-in's token opens nothing
        space: str = "OPS",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.credentials = basic(email, api_token)
        self.space, self.space_id, self.clock = space, "123456", clock
        self.pages: dict[str, Json] = {}
        self.labels: dict[str, list[str]] = {}
        self.page_size, self.status_of_taken = 250, 400
        page = f"{V2}/pages/{{id}}"
        super().__init__(
            [
                self.route(f"{V2}/spaces", self._list_spaces),
                self.route(f"{V2}/pages", self._list_pages),
                self.route(f"{V2}/pages", self._create, "POST"),
                self.route(page, self._show),
                self.route(page, self._change, "PUT"),
                self.route(f"{page}/direct-children", self._list_children),
                self.route(f"{V2}/labels/{{id}}/pages", self._list_labelled),
                self.route("/wiki/rest/api/label", self._show_label),
                self.route("/wiki/rest/api/content", self._retired, "GET", "POST"),
            ]
        )

    def refused_body(self, status: int, message: str = "refused") -> Any:
        code = "INVALID_REQUEST_PARAMETER" if status == 400 else "ERROR"
        return {"errors": [{"status": status, "code": code, "title": message, "detail": None}]}

    def press_create(self, title: str, body: str, parent: str = "", label: str = "") -> str:
        """Somebody writes a page; its id."""
        page = str(self._opened({"title": title, "body": {"value": body}, "parentId": parent or None})["id"])
        self.labels.setdefault(label, []).append(page)
        return page

    def press_write(self, page: str, markup: str) -> None:
        """Somebody writes on, at the end of a page."""
        self._write(self.pages[page], self.pages[page]["title"], self.storage(page) + markup, "")

    def press_fill(self, page: str, words: Mapping[str, str], rest: str = "") -> None:
        """Somebody writes under headings, and the rest under each other one; at the end of a page that has none."""
        body = self.storage(page)
        said = {heading: f"<p>{text}</p>" for heading in HEADING.findall(body) if (text := words.get(heading, rest))}
        filled = HEADING.sub(lambda found: f"{found[0]}{said.get(found[1], '')}", body)
        filled = filled if HEADING.search(body) else f"{body}<p>{rest}</p>"
        self._write(self.pages[page], self.pages[page]["title"], filled, "")

    def storage(self, page: str) -> str:
        """A page's body."""
        return str(self.pages[page]["body"]["storage"]["value"])

    def text(self, page: str) -> list[str]:
        """What people read on a page, line by line."""
        rows = re.sub(r"</p></t[hd]><t[hd]><p>", " | ", self.storage(page))
        parts = re.split(r"</(?:h[1-6]|p|ac:parameter)>", rows)
        return [line for part in parts if (line := plain(part))]

    def admit(self, request: Request) -> None:
        if request.headers.get("authorization") != self.credentials:
            raise Refused(401, "Unauthorized")

    async def _retired(self, request: Request) -> Json:
        raise Refused(410, GONE)

    async def _list_spaces(self, request: Request) -> Json:
        known = {"id": self.space_id, "key": self.space, "name": "Operations", "type": "global", "status": "current"}
        return {"results": [known] if request.query_params.get("keys") == self.space else [], "_links": {}}

    async def _list_pages(self, request: Request) -> Json:
        asked = request.query_params
        ids = asked.getlist("id")
        newest = asked.get("sort") == "-created-date"
        there = reversed(self.pages.values()) if newest else self.pages.values()
        pages = [page for page in there if not ids or page["id"] in ids]
        pages = [page for page in pages if asked.get("title") in (None, page["title"])]
        return self._part(request, [page for page in pages if asked.get("space-id") in (None, page["spaceId"])])

    async def _list_children(self, request: Request) -> Json:
        parent = self._known(request)["id"]
        kept = ("id", "title", "status", "spaceId")
        children = [{name: page[name] for name in kept} for page in self.pages.values() if page["parentId"] == parent]
        return self._part(request, [{**child, "type": "page"} for child in children])

    async def _list_labelled(self, request: Request) -> Json:
        label = list(self.labels)[int(request.path_params["id"])]
        return self._part(request, [self.pages[page] for page in self.labels[label]])

    async def _show_label(self, request: Request) -> Json:
        name = request.query_params.get("name", "")
        if name not in self.labels:
            raise Refused(404, f"No label found for {name}")
        id_ = str(list(self.labels).index(name))
        return {"label": {"id": id_, "name": name, "label": name, "prefix": "global"}}

    async def _show(self, request: Request) -> Json:
        return self._known(request)

    async def _create(self, request: Request) -> Json:
        asked = await request.json()
        self._check(asked, CREATED, "")
        if asked["spaceId"] != self.space_id:
            raise Refused(404, "Space not found")
        if asked.get("parentId") not in (None, *self.pages):
            raise Refused(404, "Parent not found")
        return {**self._opened(asked), "body": {}}  # it is not promised that the answer holds the body

    async def _change(self, request: Request) -> Json:
        page, asked = self._known(request), await request.json()
        self._check(asked, CHANGED, page["id"])
        if asked["version"]["number"] != page["version"]["number"] + 1:
            raise Refused(
                409, f"Version must be incremented on update. Current version is: {page['version']['number']}"
            )
        self._write(page, asked["title"], asked["body"]["value"], asked["version"].get("message", ""))
        return page

    def _check(self, asked: Json, known: set[str], page: str) -> None:
        """Refuse unknown fields, a body that is no XML, and a title that another page has."""
        if asked.keys() - known or asked.get("status") != "current" or not asked.get("title"):
            raise Refused(400, "Unrecognized or missing field")
        if asked["body"].get("representation") != "storage" or not is_xml(asked["body"]["value"]):
            raise Refused(400, "Error parsing xhtml")
        if len(asked["title"]) > 255:
            raise Refused(400, "Title is too long")
        if asked["title"] in {one["title"] for one in self.pages.values() if one["id"] != page}:
            raise Refused(self.status_of_taken, TAKEN)

    def _opened(self, asked: Json) -> Json:
        id_ = str(1000 + len(self.pages))
        self.pages[id_] = {
            "id": id_,
            "status": "current",
            "spaceId": self.space_id,
            "parentId": asked.get("parentId"),
            "authorId": "account-1",
            "createdAt": self.clock().isoformat(),
            "version": {"number": 0},
            "_links": {"webui": f"/spaces/{self.space}/pages/{id_}"},
        }
        self._write(self.pages[id_], asked["title"], asked["body"]["value"], "")
        return self.pages[id_]

    def _write(self, page: Json, title: str, body: str, message: str) -> None:
        number = page["version"]["number"] + 1
        version = {"number": number, "message": message, "createdAt": self.clock().isoformat(), "minorEdit": False}
        page |= {"title": title, "version": version}
        page["body"] = {"storage": {"representation": "storage", "value": body}}

    def _known(self, request: Request) -> Json:
        if request.path_params["id"] not in self.pages:
            raise Refused(404, "Page not found, or you do not have permission to view it")
        return self.pages[request.path_params["id"]]

    def _part(self, request: Request, items: list[Json]) -> Json:
        """A part of a list; the cursor is the number of its first item."""
        start, limit = (int(request.query_params.get(name, value)) for name, value in (("cursor", 0), ("limit", 25)))
        end = start + min(limit, self.page_size)
        query = urlencode({"limit": limit, "cursor": end})
        more = {"next": f"{request.url.path}?{query}"} if items[end:] else {}
        return {"results": items[start:end], "_links": {"base": "https://acme.atlassian.net/wiki", **more}}


def is_xml(body: str) -> bool:
    """Whether a body in storage format is well-formed; prefixes need no declaration there, and entities are HTML's."""
    try:
        expat.ParserCreate().Parse(f'<!DOCTYPE x [<!ENTITY nbsp "&#160;">]><x>{body}</x>', True)
    except (expat.ExpatError, UnicodeEncodeError):
        return False
    return True
