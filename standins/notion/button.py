"""What people do in the Notion that is played here, and the webhook that Notion would send of it."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from standins.notion.workspace import Json, Workspace, heard, rich
from vendors import door


class Buttons:
    """People's hands in a workspace with one library and one data source of post-mortems."""

    def __init__(self, workspace: Workspace, secret: str) -> None:
        self.workspace, self.secret = workspace, secret
        self.postmortems = workspace.add_source({"Name": "title", "Incident key": "rich_text"})
        columns = {"Name": "title", "Failure mode": "rich_text", "Services": "multi_select"}
        self.library = workspace.add_source(columns)

    def press_runbook(self, title: str, pattern: str, *services: str) -> str:
        """Somebody writes a runbook; its address."""
        chosen = [{"id": name, "name": name, "color": "default"} for name in services]
        told = {"Name": {"title": rich(title)}, "Failure mode": {"rich_text": rich(pattern)}}
        parent = {"type": "data_source_id", "data_source_id": self.library}
        return str(self.workspace.add_page(parent, {**told, "Services": {"multi_select": chosen}})["url"])

    def press_write(self, page: str, text: str, after: str | None = None) -> door.Request:
        """Somebody writes a paragraph, after the block that reads so or at the end."""
        blocks = [self.workspace.blocks[id_] for id_ in self.workspace.children[page]]
        found = [block["id"] for block in blocks if after and after == heard(block[block["type"]]["rich_text"])]
        asked = {"type": "paragraph", "paragraph": {"rich_text": rich(text)}}
        block = self.workspace.add_block(page, asked, found[0] if found else None)
        changed = [{"id": block["id"], "type": "block"}]
        return self._delivery(self._event("page.content_updated", page, {"updated_blocks": changed}))

    def press_fill(self, page: str, words: Mapping[str, str], rest: str = "") -> None:
        """Somebody writes under headings, and the rest under each other one; at the end of a page that has none."""
        blocks = [self.workspace.blocks[id_] for id_ in self.workspace.children[page]]
        plain = [one["heading_2"] for one in blocks if one["type"] == "heading_2"]
        headings = [heard(one["rich_text"]) for one in plain if not one.get("is_toggleable")]
        for heading in headings or [""]:
            if text := words.get(heading, rest):
                self.press_write(page, text, after=heading or None)

    def press_rename(self, page: str, title: str) -> door.Request:
        """Somebody gives a page another title."""
        self.workspace.rename(page, rich(title))
        return self._delivery(self._event("page.properties_updated", page, {"updated_properties": ["title"]}))

    def press_subscribe(self) -> door.Request:
        """Somebody makes a subscription, and Notion sends its token once."""
        return self._delivery({"verification_token": self.secret})

    def _event(self, kind: str, page: str, data: Json) -> Json:
        database = next(one for one, held in self.workspace.databases.items() if self.postmortems in held)
        parent = {"id": database, "type": "database", "data_source_id": self.postmortems}
        ids = ("workspace_id", "subscription_id", "integration_id", "id")
        now = self.workspace.clock().isoformat()
        return {
            **{name: str(uuid4()) for name in ids},
            "workspace_name": "Acme",
            "timestamp": now,
            "type": kind,
            "attempt_number": 1,
            "authors": [{"id": str(uuid4()), "type": "person"}],
            "accessible_by": [],
            "entity": {"id": page, "type": "page"},
            "data": {"parent": parent, **data},
            "api_version": "2026-03-11",
        }

    def _delivery(self, event: Any) -> door.Request:
        body = json.dumps(event).encode()
        headers = {"x-notion-signature": f"sha256={door.signed_hex(self.secret, body)}"}
        return door.Request(headers=headers, body=body, received_at=self.workspace.clock())
