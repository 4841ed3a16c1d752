"""What Confluence answers, as far as we read it."""

from urllib.parse import parse_qs, urlsplit

from pydantic import Field

from vendors.said import Part


class Links(Part):
    """Where a page is shown, or where a list goes on."""

    webui: str | None = None
    next: str | None = None


class Written(Part):
    """A body in one format."""

    value: str | None = None


class Body(Part):
    """A page's body; only the storage format is asked for."""

    storage: Written | None = None


class Version(Part):
    """Which version a page is in."""

    number: int = 1


class Page(Part):
    """A page."""

    id: str
    title: str = ""
    type: str = "page"
    status: str = "current"
    version: Version = Version()
    body: Body | None = None
    links: Links = Field(Links(), alias="_links")


class Pages(Part):
    """A part of a list of pages or of a page's children."""

    results: tuple[Page, ...]
    links: Links = Field(Links(), alias="_links")

    @property
    def cursor(self) -> str:
        """Where the list goes on; empty at its end."""
        return parse_qs(urlsplit(self.links.next or "").query).get("cursor", [""])[0]


class Space(Part):
    """A space."""

    id: str
