"""Pages out of templates: everything that comes from outside is escaped, and only web addresses become links."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from domain.procedure.headline import WORDS
from domain.value.model import said_span
from domain.value.moment import told_moments

NAMED = re.compile(r"\bINC-[0-9A-HJKMNP-TV-Z]{5}\b")
"""How an incident is named in a text."""
SOON = timedelta(minutes=5)
"""A deadline nearer than this is soon; the script in the browser knows the same number."""


def left(span: timedelta) -> str:
    """How much of its time a promise has left, or by how much it is over."""
    return f"{said_span(abs(span))} {'left' if span > timedelta() else 'overdue'}"


def day(at: datetime) -> str:
    """A moment with its day, in UTC."""
    return f"{at.astimezone(UTC):%d %b %H:%M:%S}"


def iso(at: datetime) -> str:
    """A moment for machines."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def millis(at: datetime) -> int:
    """A moment as the browser counts."""
    return round(at.timestamp() * 1000)


def web(url: str) -> str:
    """The address if it is one of the web, else nothing: what vendors send must not run (`javascript:`)."""
    try:
        return url if urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc else ""
    except ValueError:
        return ""


def led(text: str) -> Markup:
    """Text in which each incident that it names is a link to its page."""
    return Markup(NAMED.sub(r'<a href="/incidents/\g<0>">\g<0></a>', str(escape(text))))  # noqa: S704


def phase(name: str) -> str:
    """What a phase is called when people read it."""
    return WORDS.get(name, name or "no worker has seen it yet")


class Pages:
    """Renders pages whole, or only the part of them that lives."""

    def __init__(self) -> None:
        self._templates = environment()

    def compile(self) -> None:
        """Read every template now, so that no reader waits for it."""
        for name in self._templates.list_templates():
            self._templates.get_template(name)

    def whole(self, part: str, **context: Any) -> str:
        """A page in its frame."""
        return self._templates.get_template("frame.html").render(part=part, **context)

    def part(self, part: str, **context: Any) -> str:
        """What a page holds, for a browser that has the frame and counts its clocks by itself."""
        return self._templates.get_template(part).render(**context, now=None)


@cache
def environment() -> Environment:
    """The templates beside this file, each compiled once for a process."""
    made = Environment(
        loader=PackageLoader("ingress.board", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "day": day,
        "iso": iso,
        "led": led,
        "left": left,
        "millis": millis,
        "timed": told_moments,
        "web": web,
        "phase": phase,
        "span": said_span,
    }
    made.filters.update(filters)
    made.globals["SOON"] = SOON
    return made
