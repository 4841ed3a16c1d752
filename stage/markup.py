"""Slack's own markup as a browser shows it (docs.slack.dev/messaging/formatting-message-text)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape

from markupsafe import Markup, escape

EMOJI = {"mag": "🔎", "mag_right": "🔎", "pushpin": "📌", "round_pushpin": "📌", "white_check_mark": "✅", "eyes": "👀"}
HELD = re.compile("\ue000(\\d+)\ue001")
"""Stands for a token while the words around it are formed; no keyboard writes these characters."""
STYLES = (
    (re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])"), r"<b>\1</b>"),
    (re.compile(r"(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])"), r"<i>\1</i>"),
    (re.compile(r"(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])"), r"<s>\1</s>"),
)
BARE = re.compile(r"https?://[^\s<>|\ue000]*[^\s<>|\ue000.,;:!?)*_~]")
"""An address in the middle of words, which Slack makes a link by itself."""
CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)


@dataclass(frozen=True)
class Reader:
    """Who reads, and what ids are called for them."""

    user: str
    people: Mapping[str, str]
    rooms: Mapping[str, str]
    leads: Callable[[str], str]
    """Where a link leads on the stage."""


def plain(text: str) -> str:
    """Words in which only emoji are written in a way of their own."""
    return re.sub(r":([a-z_]+):", lambda found: EMOJI.get(found[1], found[0]), text)


def linked(text: str, leads: Callable[[str], str]) -> Markup:
    """Words without any markup, as a mail has them, with their addresses as links."""
    parts, end = [], 0
    for found in BARE.finditer(text):
        parts += [escape(text[end : found.start()]), f'<a href="{escape(leads(found[0]))}">{escape(found[0])}</a>']
        end = found.end()
    return Markup("".join([*parts, escape(text[end:])]))  # noqa: S704 -- every part was escaped above


def formatted(text: str, reader: Reader) -> Markup:
    """Text of the kind `mrkdwn` as HTML; whatever is not Slack's markup is shown as it was written."""
    held: list[str] = []

    def hold(html: str) -> str:
        held.append(html)
        return f"\ue000{len(held) - 1}\ue001"

    text = re.sub("[\ue000\ue001]", "", text)
    text = CODE.sub(lambda found: hold(_code(found[1], found[2])), text)
    text = re.sub(r"<([^<>\n]+)>", lambda found: hold(_token(found[1], reader)), text)
    text = BARE.sub(lambda found: hold(_token(found[0], reader)), text)
    html = str(escape(plain(unescape(text))))
    for pattern, shown in STYLES:
        html = pattern.sub(shown, html)
    html = HELD.sub(lambda found: held[int(found[1])], _lines(html))
    return Markup(html)  # noqa: S704 -- every part was escaped above


def _lines(html: str) -> str:
    """Line breaks, and quotations of one or more lines."""
    parts: list[str] = []
    for quoted, lines in _runs(html.split("\n")):
        shown = "<br>".join(lines)
        parts.append(f"<blockquote>{shown}</blockquote>" if quoted else f"<p>{shown}</p>")
    return "".join(parts)


def _runs(lines: list[str]) -> list[tuple[bool, list[str]]]:
    runs: list[tuple[bool, list[str]]] = []
    for line in lines:
        quoted = line.startswith("&gt;")
        line = line.removeprefix("&gt;").removeprefix(" ") if quoted else line
        if runs and runs[-1][0] == quoted:
            runs[-1][1].append(line)
        else:
            runs.append((quoted, [line]))
    return runs


def _code(block: str | None, inline: str | None) -> str:
    words = escape(unescape(block or inline or ""))
    return f"<pre>{words}</pre>" if block else f"<code>{words}</code>"


def _token(token: str, reader: Reader) -> str:
    """What stands between angle brackets: somebody, a room, a moment, everybody, or a link."""
    told, _, label = token.partition("|")
    if told.startswith("@"):
        who = escape(label or reader.people.get(told[1:], told[1:]))
        return f'<span class="{"me" if told[1:] == reader.user else "at"}">@{who}</span>'
    if told.startswith("#"):
        return f'<span class="at">#{escape(label or reader.rooms.get(told[1:], told[1:]))}</span>'
    if told.startswith("!date^"):
        return _moment(told, label)
    if told.startswith("!"):
        return f'<span class="me">@{escape(told[1:].partition("^")[0])}</span>'
    url = unescape(told)
    if not url.startswith(("http://", "https://", "mailto:")):
        return str(escape(f"<{unescape(token)}>"))
    return f'<a href="{escape(reader.leads(url))}">{escape(unescape(label or told))}</a>'


def _moment(token: str, otherwise: str) -> str:
    """A moment, which the browser then says in the reader's own time."""
    _, seconds, how, *_ = [*token.split("^"), "", ""]
    if not re.fullmatch(r"\d{1,12}", seconds):
        return str(escape(otherwise))
    at = datetime.fromtimestamp(int(seconds), UTC).isoformat()
    return f'<time datetime="{at}" data-how="{"day" if "date" in how else "time"}">{escape(otherwise)}</time>'
