"""The last column of the public post-mortems in docs/reader: what would have rung, been asked and said meanwhile.

What happened there stands in the pages' own words. `python -m tests.scenario.outage` plays the scenario that a page
names under the shipped policy, and writes the column anew.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from config.scenario import library
from domain.incident.clocks import Missed, Reminded
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.severity import SeverityDeclared
from domain.procedure.data_breach import BreachQuestionAsked
from domain.procedure.public_update import UpdateDrafted
from tests.golden.accounts import play

READER = Path(__file__).parents[2] / "docs/reader"
PAGES = (READER / "github.md", READER / "gitlab.md")
TABLE = re.compile(r"(?<=<!-- )(table of )([\w-]+)( -->\n)(.*?)(?=<!-- end -->)", re.DOTALL)
DAY = timedelta(days=1)
EVENING = timedelta(hours=36)
"""After so long the day is said too."""
BEGIN = ("pages ", "asks: ", "overdue: ")
OURS = "standfast"


class Row(NamedTuple):
    """From when on, as it is written, and what happened there."""

    at: datetime
    when: str
    there: str


def written(page: Path) -> str:
    """The page with its last column made anew."""
    return TABLE.sub(lambda found: "".join([*found.groups()[:3], table(found[2], found[4])]), page.read_text())


def table(name: str, before: str) -> str:
    """The table of one scenario; its rows and their first two columns are taken from the one before."""
    head, rule, *lines = before.strip().splitlines()
    events, known = _events(name), set[str]()
    rows = list(_rows(lines, events[0].at))
    ends = [*(row.at for row in rows[1:]), events[-1].at + DAY]
    told = (
        f"| {row.when} | {row.there} | {said([one for one in events if row.at <= one.at < end], known)} |"
        for row, end in zip(rows, ends, strict=True)
    )
    return "\n".join([head, rule, *told, ""])


@cache
def _events(name: str) -> list[Event]:
    return [event for one in play(library()[name]).plays for event in one.incident.events]


def _rows(lines: Iterable[str], begins: datetime) -> Iterator[Row]:
    """Rows of `22:54`, of `06:51 +1` on the day after, of `30 Oct`."""
    midnight = begins.replace(hour=0, minute=0)
    for line in lines:
        when, there = (cell.strip() for cell in line.strip("| ").split("|")[:2])
        clock = re.fullmatch(r"(\d\d):(\d\d)(?: \+(\d))?", when)
        if clock:
            hour, minute, day = (int(one or 0) for one in clock.groups())
            yield Row(midnight + timedelta(days=day, hours=hour, minutes=minute), when, there)
        else:
            yield Row(datetime.strptime(f"{when} {begins.year}", "%d %b %Y").replace(tzinfo=UTC), when, there)


def said(events: Iterable[Event], known: set[str]) -> str:
    """What Standfast did meanwhile, minute by minute, each thing once; further pages to the same people are counted."""
    minutes, here, again = dict[str, list[str]](), set[str](), 0
    day = None
    for event in events:
        day = day or event.at.date()
        when = f"{event.at:%H:%M}" if event.at - EVENING < _midnight(day) else f"{event.at:%d %b %H:%M}"
        people = [f"pages {name.title()}" for name in _paged(event)]
        again += sum(one in here for one in people)
        fresh = [one for one in (_phrase(event, known), *people) if one and one not in here]
        here.update(fresh)
        minutes.setdefault(when, []).extend(fresh)
    told = [f"{when} {_listed(words)}" for when, words in minutes.items() if words]
    more = [f"and {again} more page{'s' if again > 1 else ''} to them"] if again else []
    return "<br>".join([*told, *more]) or "nothing"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def _listed(words: Iterable[str]) -> str:
    """What begins alike under one beginning; whom it wakes is first."""
    found = dict[str, list[str]]()
    for word in sorted(words, key=lambda word: not word.startswith("pages ")):
        begins = next((one for one in BEGIN if word.startswith(one)), "")
        found.setdefault(begins, []).append(word.removeprefix(begins))
    return "; ".join(f"{begins}{', '.join(ends)}" for begins, ends in found.items())


def _paged(event: Event) -> tuple[str, ...]:
    done = event.what
    return done.outcome.people if isinstance(done, Done) and done.duty == "page" else ()


def _phrase(event: Event, known: set[str]) -> str:
    """What was done or asked, or was due in vain: in words when it is said first, later by its clause."""
    what = event.what
    if isinstance(what, Reminded):
        word = f"asks: {what.says} ({what.clause})"
        fresh = word not in known
        known.add(word)
        return word if fresh else ""
    if isinstance(what, Missed):
        if what.stopped_at or what.times > 1:
            return ""
        word = f"overdue: {what.says} ({what.clause})"
        fresh = word not in known
        known.add(word)
        return word if fresh else f"overdue: {what.clause}"
    return _does(event)


def _does(event: Event) -> str:
    """What happened by itself, or reached customers."""
    match event.what:
        case Done(duty="open_room"):
            return "opens the war room"
        case Done(duty="publish_update"):
            return "customers read an update"
        case Done(duty="open_document"):
            return "opens the post-mortem"
        case SeverityDeclared() as one if event.by == OURS:
            return f"declares **{one.severity}**"
        case UpdateDrafted() if event.by == OURS:
            return "drafts what customers read"
        case BreachQuestionAsked():
            return "asks whether personal data was touched"
    return ""


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(written(page))
