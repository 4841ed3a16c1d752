"""Notion played in this process: takes pages and blocks, and refuses what Notion refuses."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from starlette.requests import Request

from standins import standin
from standins.notion import accepted
from standins.notion.button import Buttons
from standins.notion.workspace import USER, Json, Workspace, heard
from standins.standin import Refused

VERSION = "2026-03-11"
CODES = {400: "validation_error", 401: "unauthorized", 403: "restricted_resource", 404: "object_not_found"}
CODES |= {409: "conflict_error", 429: "rate_limited", 500: "internal_server_error"}
CODES |= {503: "service_unavailable", 504: "gateway_timeout", 529: "service_overload"}


class Standin(standin.Standin, Buttons):
    """One workspace. `page_size` makes lists come in parts; `templates_arrive` is false while Notion is slow."""

    name = "notion"
    lasting = MappingProxyType(
        {
            "workspace.pages": dict[str, Json],
            "workspace.blocks": dict[str, Json],
            "workspace.children": dict[str, list[str]],
            "workspace.sources": dict[str, dict[str, str]],
            "workspace.databases": dict[str, list[str]],
            "workspace.templates": dict[str, list[tuple[str, bool]]],
            "postmortems": str,
            "library": str,
        }
    )

    def __init__(
        self,
        token: str = "ntn_token",  # noqa: S107 -- a stand-in's token opens nothing
        secret: str = "secret_notion",  # noqa: S107
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        Buttons.__init__(self, Workspace(clock), secret)
        self.token, self.page_size, self.templates_arrive = token, 100, True
        self.archived: set[str] = set()
        """Blocks that somebody put away and that still show: nothing of them may be changed."""
        self.code = ""
        """The code of the next refusals, where a status has several."""
        source, blocks = "/v1/data_sources/{id}", "/v1/blocks/{id}"
        routes: Iterable[tuple[str, str, Callable[[Request], Awaitable[Json]]]] = (
            ("GET", "/v1/users/me", self._me),
            ("GET", source, self._show_source),
            ("GET", f"{source}/templates", self._list_templates),
            ("POST", f"{source}/query", self._query),
            ("GET", "/v1/databases/{id}", self._show_database),
            ("POST", "/v1/pages", self._create),
            ("GET", "/v1/pages/{id}", self._show_page),
            ("PATCH", "/v1/pages/{id}", self._rename),
            ("DELETE", blocks, self._delete),
            ("GET", f"{blocks}/children", self._list_children),
            ("PATCH", f"{blocks}/children", self._append),
        )
        standin.Standin.__init__(self, [self.route(path, act, verb) for verb, path, act in routes])

    def refused_body(self, status: int, message: str = "refused") -> Any:
        code = self.code or CODES.get(status, "other")
        return {"object": "error", "status": status, "code": code, "message": message, "request_id": str(uuid4())}

    def admit(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise Refused(401, "API token is invalid.")
        if request.headers.get("notion-version") != VERSION:
            raise Refused(400, "Notion-Version header should be defined.")

    async def _me(self, request: Request) -> Json:
        return {**USER, "name": "Standfast", "avatar_url": None, "type": "bot", "bot": {}}

    async def _show_source(self, request: Request) -> Json:
        source, now = _known(request, self.workspace.sources), self.workspace.clock().isoformat()
        database = next(key for key, held in self.workspace.databases.items() if source in held)
        columns = self.workspace.sources[source].items()
        return {
            "object": "data_source",
            "id": source,
            "title": [],
            "description": [],
            "icon": None,
            "cover": None,
            "parent": {"type": "database_id", "database_id": database},
            "url": "https://www.notion.so/x",
            "database_parent": {"type": "workspace", "workspace": True},
            "is_inline": False,
            "in_trash": False,
            "created_time": now,
            "last_edited_time": now,
            "created_by": USER,
            "last_edited_by": USER,
            "public_url": None,
            "properties": {
                name: {"id": name[:4], "name": name, "type": kind, "description": None, kind: _config(kind)}
                for name, kind in columns
            },
        }

    async def _show_database(self, request: Request) -> Json:
        database, now = _known(request, self.workspace.databases), self.workspace.clock().isoformat()
        held = [{"id": source, "name": f"Source {n}"} for n, source in enumerate(self.workspace.databases[database])]
        return {
            "object": "database",
            "id": database,
            "title": [],
            "description": [],
            "data_sources": held,
            "parent": {"type": "workspace", "workspace": True},
            "url": "https://www.notion.so/d",
            "is_inline": False,
            "in_trash": False,
            "is_locked": False,
            "icon": None,
            "cover": None,
            "created_time": now,
            "last_edited_time": now,
            "public_url": None,
        }

    async def _list_templates(self, request: Request) -> Json:
        known = self.workspace.templates.get(_known(request, self.workspace.sources), [])
        named = [{"id": page, "name": f"Template {n}", "is_default": one} for n, (page, one) in enumerate(known)]
        part = self._part(named, request.query_params.get("start_cursor"))
        return {"templates": part.pop("results"), **part}

    async def _query(self, request: Request) -> Json:
        source, asked = _known(request, self.workspace.sources), await request.json()
        _check(asked, {"filter", "sorts", "start_cursor", "page_size", "result_type"})
        templates = {page for page, _ in self.workspace.templates.get(source, [])}
        pages = [page for page in self.workspace.pages.values() if page["parent"].get("data_source_id") == source]
        shown = [page for page in pages if page["id"] not in templates and self._fits(page, source, asked)]
        part = self._part(shown, asked.get("start_cursor"), asked.get("page_size", 100))
        return {"object": "list", "type": "page_or_data_source", "page_or_data_source": {}, **part}

    def _fits(self, page: Json, source: str, asked: Json) -> bool:
        """Understands what we ask for: a text that equals or contains."""
        wanted = asked.get("filter")
        if wanted is None:
            return True
        kind = self.workspace.sources[source].get(wanted.get("property", ""), "")
        if kind not in wanted:
            raise Refused(400, f"Could not find property with name or id: {wanted.get('property')}")
        text = heard(page["properties"].get(wanted["property"], {}).get(kind, []))
        return bool(text == wanted[kind]["equals"] if "equals" in wanted[kind] else wanted[kind]["contains"] in text)

    async def _create(self, request: Request) -> Json:
        asked = await request.json()
        _check(asked, {"parent", "properties", "template", "children"})
        if "template" in asked and "children" in asked:
            raise Refused(400, "body failed validation: body.children should be not present with a template")
        if faults := list(accepted.block_faults(asked.get("children", []))):
            raise Refused(400, f"body failed validation: {faults[0]}")
        parent, source = asked["parent"], asked["parent"].get("data_source_id")
        if source not in self.workspace.sources and parent.get("page_id") not in self.workspace.pages:
            raise Refused(404, "Could not find the parent. Make sure it is shared with your integration.")
        columns = self.workspace.sources.get(source, {"title": "title"})
        for name, value in asked["properties"].items():
            kind = columns.get(name, "")
            faults = list(accepted.text_faults(value.get(kind), f"body.properties.{name}"))
            if faults:
                raise Refused(400, f"body failed validation: {faults[0]}")
        page = self.workspace.add_page(parent, asked["properties"])
        for block in asked.get("children", []):
            self.workspace.add_block(page["id"], block)
        if "template" in asked and self.templates_arrive:
            self.workspace.copy(asked["template"]["template_id"], page["id"])
        return page

    async def _show_page(self, request: Request) -> Json:
        return self.workspace.pages[_known(request, self.workspace.pages)]

    async def _rename(self, request: Request) -> Json:
        """The title alone, by its property's id."""
        page, asked = self.workspace.pages[_known(request, self.workspace.pages)], await request.json()
        _check(asked, {"properties"})
        _check(asked["properties"], {"title"})
        if faults := list(accepted.text_faults(asked["properties"]["title"].get("title"), "body.properties.title")):
            raise Refused(400, f"body failed validation: {faults[0]}")
        self.workspace.rename(page["id"], asked["properties"]["title"]["title"])
        return page

    async def _delete(self, request: Request) -> Json:
        block = _known(request, self.workspace.blocks)
        self._refuse_archived(block)
        return self.workspace.remove_block(block)

    async def _list_children(self, request: Request) -> Json:
        blocks = [
            self.workspace.shown(id_) for id_ in self.workspace.children[_known(request, self.workspace.children)]
        ]
        part = self._part(blocks, request.query_params.get("start_cursor"))
        return {"object": "list", "type": "block", "block": {}, **part}

    async def _append(self, request: Request) -> Json:
        parent, asked = _known(request, self.workspace.children), await request.json()
        _check(asked, {"children", "position"})
        self._refuse_archived(parent)
        after = asked.get("position", {}).get("after_block", {}).get("id")
        faults = list(accepted.block_faults(asked.get("children")))
        faults += [] if after in (None, *self.workspace.children[parent]) else ["body.position: no child of this block"]
        faults += [] if len(await request.body()) <= 500_000 else ["body is larger than 500 KB"]
        if faults or accepted.count(asked["children"]) > 1000:
            raise Refused(400, f"body failed validation: {'; '.join(faults) or 'more than 1000 blocks'}")
        made = [self.workspace.add_block(parent, one, after) for one in reversed(asked["children"])] if after else []
        made = made[::-1] or [self.workspace.add_block(parent, one) for one in asked["children"]]
        return {"object": "list", "type": "block", "block": {}, **self._part(made, None)}

    def _refuse_archived(self, block: str) -> None:
        if block in self.archived:
            raise Refused(400, "Can't edit block that is archived. You must unarchive the block before editing.")

    def _part(self, items: list[Json], cursor: str | None, size: int = 100) -> Json:
        """A part of a list; the cursor is the id of its first item."""
        start = next((number for number, item in enumerate(items) if item["id"] == cursor), 0)
        end = start + min(size, self.page_size)
        rest = items[end : end + 1]
        return {"results": items[start:end], "has_more": bool(rest), "next_cursor": rest[0]["id"] if rest else None}


def _known(request: Request, things: Iterable[str]) -> str:
    id_ = str(request.path_params["id"])
    if id_ not in things:
        raise Refused(404, f"Could not find it with ID: {id_}. Make sure it is shared with your integration.")
    return id_


def _check(asked: Json, known: set[str]) -> None:
    unknown = sorted(asked.keys() - known)
    if unknown:
        raise Refused(400, f"body failed validation: body.{unknown[0]} should be not present")


def _config(kind: str) -> Json:
    return {"options": []} if kind == "multi_select" else {}
