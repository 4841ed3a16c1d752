"""What is said to people becomes Block Kit blocks and a fallback text that Slack always accepts.

Lengths: docs.slack.dev/reference/block-kit/blocks and /block-elements/button-element. What is too long ends in "…".
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from domain.company.catalog import Link, Person
from domain.port.message import Button, Message
from domain.value.clip import clipped
from domain.value.moment import told_moments

Block = dict[str, Any]

TEXT = 3000
HEADER = 150
FIELD = 2000
FIELDS = 10
BLOCKS = 50
BUTTONS = 25
LABEL = 75
VALUE = 2000
ADDRESS = 3000
LINK = "link"
"""The action id of a button that only leads somewhere; Slack tells of its press all the same."""
ACTION = "act:"
"""An action id is `act:` and the act's kind; a second button of one kind adds `:2`, for ids are unique in a block."""


def render(message: Message, incident: str) -> dict[str, Any]:
    """The `text` and `blocks` of a post; the buttons carry the incident they act on."""
    return {"text": fallback(message), "blocks": blocks(message, incident)}


def fallback(message: Message) -> str:
    """The whole message as text, for notifications and screen readers."""
    facts = [f"{escape(name)}: {local(escape(value), message.moments)}" for name, value in message.facts]
    lines = [escape(message.title), words(message), *facts]
    return clip("\n".join(line for line in lines if line.strip()), TEXT) or "(no words)"


def blocks(message: Message, incident: str) -> list[Block]:
    """Title, text, facts, links, buttons, in this order; facts give way when there is no room for all."""
    head = [*_header(message.title), *_section(words(message))]
    tail = [*_links(message.links), *_actions(message.buttons, incident), *_context(message.small, message.moments)]
    facts = list(_facts(message.facts, message.moments))[: max(BLOCKS - len(head) - len(tail), 0)]
    return [*head, *facts, *tail][:BLOCKS] or [*_section(fallback(message))]


def words(message: Message) -> str:
    """The text with its people called: where it names them, else in front."""
    text, unnamed = escape(message.text), []
    for person in message.to:
        named = re.compile(rf"(?<![\w<])@?{re.escape(escape(person.name))}(?!\w)")
        call = mention(person)
        text, count = named.subn(call.replace("\\", r"\\"), text) if person.name else (text, 0)
        unnamed += [] if count else [call]
    text = text if unnamed else text[:1].upper() + text[1:]
    return local(" ".join([*unnamed, text]).strip(), message.moments)


def local(text: str, moments: Iterable[datetime]) -> str:
    """Escaped words, with their moments in each reader's own time (docs.slack.dev/messaging, "Date formatting")."""
    return "".join(_token(at, piece) if at else piece for piece, at in told_moments(text, moments))


def _token(at: datetime, said: str) -> str:
    how = "{time}" if said[2] == ":" else "{date_short_pretty} {time}"
    return f"<!date^{int(at.timestamp())}^{how}|{said}>"


def mention(person: Person) -> str:
    """How Slack calls a person; by name when Slack does not know them."""
    return f"<@{known}>" if (known := person.at("slack")) else escape(person.name or person.id)


def escape(text: str) -> str:
    """Words stay words: nobody's alert may ring `<!channel>` (docs.slack.dev/messaging/formatting-message-text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """Cut to the limit and say so, never inside a mention, a link or an escaped character."""
    if len(text) <= limit:
        return text
    return re.sub(r"(<[^>]*|&[a-z]*)$", "", text[: limit - 1]) + "…"


def _header(title: str) -> Iterator[Block]:
    if title.strip():
        yield {"type": "header", "text": {"type": "plain_text", "text": clip_plain(title, HEADER)}}


def clip_plain(text: str, limit: int) -> str:
    """Cut plain text, in which `<` and `&` mean nothing."""
    return clipped(text, limit)


def _section(text: str) -> Iterator[Block]:
    if text.strip():
        yield {"type": "section", "text": {"type": "mrkdwn", "text": clip(text, TEXT)}}


def _context(small: str, moments: Sequence[datetime] = ()) -> Iterator[Block]:
    """The small grey line at the end."""
    if small.strip():
        yield {"type": "context", "elements": [{"type": "mrkdwn", "text": clip(local(escape(small), moments), FIELD)}]}


def _facts(facts: Sequence[tuple[str, str]], moments: Sequence[datetime]) -> Iterator[Block]:
    said = [(escape(name), local(escape(value), moments)) for name, value in facts]
    fields = [{"type": "mrkdwn", "text": clip(f"*{name}*\n{value}", FIELD)} for name, value in said]
    for start in range(0, len(fields), FIELDS):
        yield {"type": "section", "fields": fields[start : start + FIELDS]}


def _links(links: Sequence[Link]) -> Iterator[Block]:
    """One line of links; one that does not fit whole is left out, for half a link leads nowhere."""
    line = ""
    for link in (link for link in links if link.url):
        longer = f"{line} · {_link(link)}" if line else _link(link)
        line = longer if len(longer) <= TEXT else line
    yield from _section(line)


def _link(link: Link) -> str:
    label = escape(link.label).replace("|", "¦") or escape(link.url)
    return f"<{address(link.url).replace('&', '&amp;')}|{label}>"


def address(url: str) -> str:
    """An address without anything that would end it early."""
    return quote(url, safe=":/?#[]@!$&()*+,;=%~-._")


def _actions(buttons: Sequence[Button], incident: str) -> Iterator[Block]:
    seen: dict[str, int] = {}
    elements = []
    for button in (one for one in buttons if len(address(one.url)) <= ADDRESS):
        seen[button.act] = seen.get(button.act, 0) + 1
        elements.append(_button(button, incident, seen[button.act]))
    for start in range(0, len(elements), BUTTONS):
        yield {"type": "actions", "elements": elements[start : start + BUTTONS]}


def _button(button: Button, incident: str, number: int) -> Block:
    leads = {"action_id": f"{LINK}:{number}", "url": address(button.url)}
    acts = {
        "action_id": f"{ACTION}{button.act}" + (f":{number}" if number > 1 else ""),
        "value": _value(button, incident),
    }
    words = {"type": "plain_text", "text": _label(button)}
    element = {"type": "button", "text": words, **(leads if button.url else acts)}
    return element if button.style == "plain" else {**element, "style": button.style}


def _label(button: Button) -> str:
    """What the press does; that a form follows is said by three dots."""
    words, dots = button.label.strip() or button.act, "…" if button.asks else ""
    return clip_plain(words, LABEL - len(dots)).removesuffix("…") + dots if dots else clip_plain(words, LABEL)


def _value(button: Button, incident: str) -> str:
    """What the press sends back, as JSON; when it is too long, the longest field gives way first."""
    fields, asks = dict(button.fields), {"asks": True} if button.asks else {}
    while len(value := _json({"incident": incident, "fields": fields, **asks})) > VALUE:
        longest = max(fields, key=lambda name: len(fields[name]))
        keep = max(len(fields[longest]) - (len(value) - VALUE) - 1, 0)
        fields[longest] = fields[longest][:keep].rstrip("…") + "…" if keep else ""
        if not any(fields.values()):
            fields = {}
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
