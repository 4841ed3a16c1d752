"""What happened reads in a terminal as people say it: first names, the past, how late it was, the clause last."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from console.timeline_page import timeline
from domain.incident.effects import Done, in_past
from domain.incident.incident import Incident
from domain.procedure.action_items import AddItem
from domain.procedure.findings import PostFinding
from domain.procedure.severity import Declare
from tests.domain.story import Story

WIDTH = 80


def printed(incident: Incident, *, every: bool = False, after: int = 0) -> list[str]:
    screen = Console(width=WIDTH)
    with screen.capture() as written:
        last = incident.events[-1].at
        screen.print(timeline(incident, last, ZoneInfo("Europe/Berlin"), every=every, after=after))
    return written.get().splitlines()


def late() -> Incident:
    """Nobody answers for six minutes; what is found fills more than a line."""
    story = Story().passes(minutes=6).acts(Declare(by="jonas", severity="P1")).passes(minutes=2)
    return story.acts(PostFinding(by="dana", conditions="every order waits 10 s " * 12)).incident


@pytest.mark.sop("WAR-6", "ACK-2")
def test_a_page_is_said_with_whom_it_woke_before_their_level() -> None:
    said = " ".join(" ".join(printed(late())).split())
    assert "paged Dana, primary on-call for Checkout API" in said
    assert "paged Sam, secondary on-call for Checkout API: nobody has acknowledged" in re.sub(r" ACK-2", "", said)


@pytest.mark.sop("WAR-6")
def test_each_line_says_who_did_what_when_and_last_its_clause() -> None:
    lines = printed(late())
    assert {len(line) for line in lines[:-1]} == {WIDTH}
    assert re.match(
        r"04:06  Jonas +declared P1 .*TRI-3$", lines[[" declared P1" in line for line in lines].index(True)]
    )
    assert any(re.match(r"04:05  Standfast  paged .*ACK-2$", line) for line in lines)
    assert "…" in "".join(lines)
    assert re.search(r"^\d+ of \d+ events; --all has the rest\.  Times: CET", lines[-1])
    for code in ("done:", "jonas", "reminded", "is commander"):
        assert code not in "\n".join(lines), code


@pytest.mark.sop("WAR-6")
def test_all_of_it_is_numbered_and_nothing_is_cut() -> None:
    incident = late()
    lines = printed(incident, every=True)
    numbers = [int(found.group()) for line in lines if (found := re.match(r"\d+(?=\s)", line))]
    assert numbers == [event.number for event in incident.events]
    assert "…" not in "".join(lines)
    assert printed(incident, every=True, after=numbers[-2])[0].startswith(f"{numbers[-1]}  ")
    assert timedelta(minutes=8) == incident.events[-1].at - incident.opened_at


@pytest.mark.sop("ACT-1", "WAR-6")
def test_an_action_item_is_named_by_what_is_to_be_done() -> None:
    story = Story().acts(Declare(by="jonas", severity="P1")).passes(minutes=1)
    incident = story.acts(AddItem(by="sam", title="Alert on the pool", owner="dana")).passes(minutes=1).incident
    shown = " ".join("\n".join(printed(incident)).split())
    assert "opened the action item 'Alert on the pool'" in shown
    assert "item-1" not in shown


@pytest.mark.parametrize(
    ("said", "past"),
    [
        ("done: page Dana", "paged Dana"), ("done: wake Ines", "woke Ines"), ("done: open the room", "opened the room"),
        ("done: have the issue say so", "had the issue say so"), ("done: send the mail", "sent the mail"),
        ("done: say: hello", "done: say: hello"), ("declared P1", "declared P1"),
    ],
)  # fmt: skip
def test_what_was_to_be_done_is_said_as_it_was_done(said: str, past: str) -> None:
    assert in_past(said) == past


@pytest.mark.sop("WAR-6")
def test_what_one_thing_did_stands_once_and_names_nobody_twice() -> None:
    lines = "\n".join(printed(late()))
    assert "status page update 1 drafted" in lines
    assert "drafted status page update" not in lines
    assert "woke " in lines
    assert not re.search(r"woke [^→]*→", lines)


@pytest.mark.sop("ACK-2")
def test_a_level_is_called_as_people_say_it_and_kept_by_its_key() -> None:
    story = Story().passes(minutes=20)
    assert "last_resort" not in "\n".join(printed(story.incident, every=True))
    assert any("Paged Priya (last resort)" in words for words in story.said())
    done = [event.what.summary for event in story.incident.events if isinstance(event.what, Done)]
    assert any(words.startswith("page last_resort on-call") for words in done)
