"""Where a link that a vendor printed leads on the stage: to what its reader would see there."""

import re
from urllib.parse import quote, urlsplit

HERE = "/stage"
PLACES = (
    (re.compile(r"/slack/archives/(\w+)(?:/p(\d+))?"), "slack"),
    (re.compile(r"/(?:pagerduty/incidents|alert/detail)/([\w-]+)(?:/.*)?"), "pager"),
    (re.compile(r"/(?:status|incidents)/([\w-]+)"), "page"),
    (re.compile(r"/(?:jira/browse|acme/issue)/([\w-]+)(?:/.*)?"), "tickets"),
    (re.compile(r"/wiki/(?:.*/)?pages/([\w-]+)"), "document"),
)
"""The paths of what is played, by the page of the stage that shows it."""
PLAYED = re.compile(r"(^|\.)(notion\.so|linear\.app|opsgenie\.com|status\.example|stspg\.example|slack\.com)$")
"""Hosts whose pages are played too, though a link to them names the vendor's own."""


def led(path: str) -> str:
    """The page of the stage for a path under it; the stage itself where none is known."""
    for pattern, page in PLACES:
        if found := pattern.fullmatch(path):
            return _slack(*found.groups()) if page == "slack" else f"{HERE}/{page}#{found[1]}"
    return HERE


def leads(url: str, own: str) -> str:
    """What a link becomes on the stage that is served at `own`; this machine's own pages stay as they are."""
    parts = urlsplit(url)
    if url.startswith(f"{own}{HERE}/"):
        return led(parts.path.removeprefix(HERE))
    if parts.hostname in ("127.0.0.1", "localhost"):
        return url
    if parts.hostname and PLAYED.search(parts.hostname):
        return f"{HERE}/document#{parts.path.strip('/')}" if "notion" in parts.hostname else led(parts.path)
    return f"{HERE}/outside?to={quote(url, safe='')}"


def _slack(room: str, stamp: str | None) -> str:
    return f"{HERE}?room={room}" + (f"#m{stamp}" if stamp else "")
