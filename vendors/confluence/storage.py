"""Writes generated sections in Confluence's storage format, and finds them again among what people wrote."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape

from domain.port.notebook import Section
from domain.port.outline import SUFFIX, Piece, Standing, caption, digest, filled, linked, note, pieces

ATTRIBUTES = r"""(?:"[^"]*"|'[^']*'|[^'">])*?"""
TOKEN = re.compile(
    rf"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<ac:structured-macro\b{ATTRIBUTES}(?P<empty>/)?>|(?P<end></ac:structured-macro>)",
    re.DOTALL,
)
TITLE = re.compile(r"""<ac:parameter\s+ac:name=["']title["']\s*>(.*?)</ac:parameter>""", re.DOTALL)
BODY = "<ac:rich-text-body"
HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.DOTALL)
ROOM = re.compile(r"\s*<p\b[^>]*>\s*</p>|\s*<p\s*/>")
"""An empty paragraph, in which people are to write."""
PARAMETER = re.compile(r"<ac:parameter\b.*?</ac:parameter>", re.DOTALL)
ITEM = re.compile(r"<li\b[^>]*>\s*(?:<p\b[^>]*>)?")
INLINE = re.compile(r"<[^>]+>")
BREAK = re.compile(r"</?(?:p|li|ul|ol|br|div|tr)\b[^>]*>")
ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])\b[^>]*>(.*?)</\1>", re.DOTALL)
LAST_CELL = "</ac:layout-cell>"
PLACEHOLDER = re.compile(r"<ac:placeholder\b[^>]*>.*?</ac:placeholder>", re.DOTALL)
SHOWN = re.compile(r"<(?:ac:image|ac:structured-macro|ac:link|img)\b")
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold, even escaped (w3.org/TR/xml, 2.2)."""


@dataclass(frozen=True)
class Macro:
    """One macro of a page: where it stands, and the title it shows."""

    start: int
    end: int
    text: str

    @property
    def title(self) -> str:
        found = TITLE.search(self.text.partition(BODY)[0])
        return plain(found[1]) if found else ""


def written(section: Section) -> str:
    """The section as a macro that opens and closes, with the note as its last line."""
    content = "".join(_written(piece) for piece in pieces(section))
    return (
        '<ac:structured-macro ac:name="expand" ac:schema-version="1">'
        f'<ac:parameter ac:name="title">{_text(caption(section))}</ac:parameter>'
        f"<ac:rich-text-body>{content}<p><em>{_text(note(section))}</em></p></ac:rich-text-body></ac:structured-macro>"
    )


def _written(piece: Piece) -> str:
    if piece.kind == "text":
        return f"<p>{_linked(piece.rows[0][0])}</p>"
    if piece.kind == "list":
        return f"<ul>{''.join(f'<li><p>{_linked(row[0])}</p></li>' for row in piece.rows)}</ul>"
    rows = [[*row, *[""] * (piece.width - len(row))] for row in piece.rows]
    return f"<table><tbody>{_row(rows[0], 'th')}{''.join(_row(row, 'td') for row in rows[1:])}</tbody></table>"


def _row(cells: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}><p>{_text(cell)}</p></{tag}>' for cell in cells)}</tr>"


def _linked(line: str) -> str:
    words, url = linked(line)
    return f'<a href="{_text(url)}">{_text(words)}</a>' if url else _text(words)


def _text(words: str) -> str:
    return escape(FORBIDDEN.sub("", words))


def macros(body: str) -> Iterator[Macro]:
    """Every macro, those within others too; what stands in code or a comment is none."""
    opened: list[int] = []
    for token in TOKEN.finditer(body):
        if token["end"]:
            start = opened.pop() if opened else None
            if start is not None:
                yield Macro(start, token.end(), body[start : token.end()])
        elif token[0].startswith("<ac:") and not token["empty"]:
            opened.append(token.start())


def generated(body: str) -> list[Macro]:
    """The macros that are ours, in their order."""
    return sorted((macro for macro in macros(body) if macro.title.endswith(SUFFIX)), key=lambda one: one.start)


def blank(sections: Sequence[Section]) -> str:
    """A page where there is no template: the headings, with room for people under each."""
    return "".join(f"<h2>{_text(section.heading)}</h2><p></p>" for section in sections)


def updated(body: str, given: Sequence[Section]) -> str:
    """The page with these sections up to date; the very same text when they are already."""
    sections = filled(given)
    for number, section in enumerate(sections):
        body = _placed(body, section, sections[number - 1] if number else None)
    return _cleared(body, sections)


def _placed(body: str, section: Section, before: Section | None) -> str:
    """Put the section where its old content is, under its heading, after the one before it, or at the end.

    An empty paragraph under the heading stays above it: there people write.
    """
    ours = [macro for macro in generated(body) if macro.title == caption(section)]
    if any(digest(section) in macro.text for macro in ours):
        return body
    if ours:
        return body[: ours[-1].start] + written(section) + body[ours[-1].end :]
    place = _place(body, section, before)
    return body[:place] + written(section) + body[place:]


def _place(body: str, section: Section, before: Section | None) -> int:
    wanted = section.heading.strip().lower()
    ends = [found.end() for found in HEADING.finditer(body) if plain(found[2]).lower() == wanted]
    under = [room.end() if (room := ROOM.match(body, end)) else end for end in ends]
    after = [macro.end for macro in generated(body) if before and macro.title == caption(before)]
    end = body.rfind(LAST_CELL)  # in a page with a layout nothing may stand outside of its cells
    return (under or after or [end if end >= 0 else len(body)])[0]


def _cleared(body: str, sections: Sequence[Section]) -> str:
    """Take away what is generated and no longer owed; of two that are the same, the second."""
    owed = [(caption(section), digest(section)) for section in sections]
    kept: list[tuple[str, str]] = []
    gone: list[Macro] = []
    for macro in generated(body):
        fits = [one for one in owed if one[0] == macro.title and one[1] in macro.text and one not in kept]
        kept += fits[:1]
        gone += [] if fits else [macro]
    return _without(body, gone)


def _without(body: str, gone: Sequence[Macro]) -> str:
    for macro in reversed(gone):
        body = body[: macro.start] + body[macro.end :]
    return body


def said_under(heading: str, body: str) -> str:
    """What stands between a heading and the next one, a line for each paragraph or item; nothing that is generated."""
    wanted = heading.strip().casefold()
    return next(("\n".join(_lines(under)) for _, one, under in _parts(body) if one and one.casefold() == wanted), "")


def _lines(markup: str) -> list[str]:
    """Each paragraph and each item as a line, without what a macro is told."""
    flat = PARAMETER.sub("", " ".join(markup.split()))
    broken = BREAK.sub("\n", ITEM.sub("\n- ", flat))
    return [words for line in broken.split("\n") if (words := plain(INLINE.sub("", line))) and words != "-"]


def standing(body: str, template: str) -> Iterator[Standing]:
    """The page without what is generated: its headings, and what stands under them that its template does not say."""
    known = {_words(under) for _, _, under in _parts(template)}
    for level, heading, under in _parts(body):
        if level:
            yield Standing(level=level, text=heading)
        if (words := _words(under)) not in known:
            yield Standing(text=words)


def _parts(body: str) -> Iterator[tuple[int, str, str]]:
    """Each heading with its level and what stands under it, nothing generated; level 0 stands before the first."""
    body = _without(body, generated(body))
    found = [*HEADING.finditer(body)]
    yield 0, "", body[: found[0].start() if found else len(body)]
    for number, heading in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(body)
        yield int(heading[1]), plain(heading[2]), body[heading.end() : end]


def _words(markup: str) -> str:
    """What people see in a piece of a page: its words, else that there is a picture or a macro; no placeholder."""
    written = PLACEHOLDER.sub(" ", markup)
    return plain(written) or ("…" if SHOWN.search(written) else "")


def plain(markup: str) -> str:
    """The words that people read in a piece of a page."""
    return " ".join(unescape(INLINE.sub(" ", markup)).split())


def facts(body: str) -> dict[str, str]:
    """What a page's tables say in rows of a heading and a value, as the macro "Page properties" has them."""
    rows = [CELL.findall(row) for row in ROW.findall(body)]
    pairs = [cells for cells in rows if [tag for tag, _ in cells] == ["th", "td"]]
    return {plain(name).lower(): plain(value) for (_, name), (_, value) in pairs}
