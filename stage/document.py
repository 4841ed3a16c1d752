"""A page of Confluence as its readers see it: the storage format's own HTML, and nothing that could do anything."""

from collections.abc import Callable
from html.parser import HTMLParser

from markupsafe import Markup, escape

BLOCKS = ("h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "table", "tbody", "tr", "th", "td")
SHOWN = frozenset({*BLOCKS, "strong", "em", "code", "s", "a"})
"""Elements that are shown as they are; of the others only the words."""
LOWER = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h4"}
"""Headings stand below those of the page that shows them."""
EMPTY = frozenset({"br", "hr"})


class _Reader(HTMLParser):
    """Writes again what may be shown; every other tag is left out, and every attribute but where a link leads."""

    def __init__(self, leads: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self._leads, self._named = leads, ""
        self._folds: list[bool] = []
        """Whether each macro that is open opens and closes."""
        self.html: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "ac:structured-macro":
            self._folds.append(known.get("ac:name") == "expand")
            self.html.append("<details>" if self._folds[-1] else "")
        elif tag == "ac:parameter":
            self._named = known.get("ac:name") or "unnamed"
            self.html.append(f"<{self._title()}>" if self._named == "title" else "")
        elif tag == "a" and (known.get("href") or "").startswith(("http://", "https://")):
            self.html.append(f'<a href="{escape(self._leads(known["href"] or ""))}">')
        elif tag in EMPTY:
            self.html.append(f"<{tag}>")
        elif tag in SHOWN:
            self.html.append(f"<{LOWER.get(tag, tag)}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "ac:structured-macro":
            self.html.append("</details>" if self._folds and self._folds.pop() else "")
        elif tag == "ac:parameter":
            self.html.append(f"</{self._title()}>" if self._named == "title" else "")
            self._named = ""
        elif tag in SHOWN:
            self.html.append(f"</{LOWER.get(tag, tag)}>")

    def _title(self) -> str:
        return "summary" if self._folds and self._folds[-1] else "h4"

    def handle_data(self, data: str) -> None:
        if self._named in ("", "title"):
            self.html.append(str(escape(data)))


def readable(storage: str, leads: Callable[[str], str]) -> Markup:
    """The body of a page, to be read."""
    reader = _Reader(leads)
    reader.feed(storage)
    reader.close()
    return Markup("".join(reader.html))  # noqa: S704 -- only the tags named above, and escaped words
