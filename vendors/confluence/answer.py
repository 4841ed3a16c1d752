"""What Confluence answers, as far as we read it."""

from urllib.parse import parse_qs, urlsplit

from pydantic import AliasPath, Field

from vendors.said import Part


class Page(Part):
    """A page."""

    id: str
    title: str = ""
    type: str = "page"
    status: str = "current"
    version: int = Field(1, validation_alias=AliasPath("version", "number"))
    body: str | None = Field(None, validation_alias=AliasPath("body", "storage", "value"))
    """In the storage format, the only one that is asked for."""
    shown_at: str | None = Field(None, validation_alias=AliasPath("_links", "webui"))


class Pages(Part):
    """A part of a list of pages or of a page's children."""

    results: tuple[Page, ...]
    next: str | None = Field(None, validation_alias=AliasPath("_links", "next"))

    @property
    def cursor(self) -> str:
        """Where the list goes on; empty at its end."""
        return parse_qs(urlsplit(self.next or "").query).get("cursor", [""])[0]


class Space(Part):
    """A space."""

    id: str
