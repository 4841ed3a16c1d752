"""How deadlines look in a terminal: what is late, in which order, and what reads alike."""

from datetime import UTC, datetime, timedelta

from rich.console import Console

from console import due_page
from domain.report.due import Due

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_a_late_deadline_is_said_to_be_late() -> None:
    assert due_page.left(NOW - timedelta(minutes=3), NOW).plain == "3 min over"
    assert due_page.left(NOW + timedelta(hours=2, seconds=5), NOW).plain == "2 h"


def _due(at: datetime) -> Due:
    said = {"clause": "WAR-4", "key": "WAR-4/1", "says": f"post {at:%H:%M}", "owner": "on_call", "person": "dana"}
    return Due(incident="INC-7KQ2M", **said, due_at=at, rings_at=at)


def test_what_is_overdue_stands_first_and_what_nobody_is_asked_for_any_more_last() -> None:
    over, ahead = (_due(NOW + timedelta(minutes=minutes)) for minutes in (-20, 4))
    passed = _due(NOW - timedelta(hours=1)).model_copy(update={"rings_at": None})
    screen = Console(width=80)
    with screen.capture() as written:
        screen.print(due_page.dues([passed, ahead, over], NOW))
    lines = written.get().splitlines()
    assert [line.split("  ")[0] for line in lines] == ["20 min over", "4 min", "1 h over"]
    assert {len(line) for line in lines} == {80}


def test_what_reads_alike_is_one_line_at_its_first_deadline() -> None:
    page = _due(NOW + timedelta(minutes=4)).model_copy(update={"does": "pages incident commander"})
    later = page.model_copy(update={"key": "ACK-2/page-wake-commander-1", "due_at": NOW + timedelta(minutes=9)})
    elsewhere = page.model_copy(update={"incident": "INC-2M4XP"})
    screen = Console(width=80)
    with screen.capture() as written:
        screen.print(due_page.dues([later, page, elsewhere], NOW))
    lines = [" ".join(line.split()) for line in written.get().splitlines()]
    assert [line.startswith("4 min") for line in lines] == [True, True]
    assert ["(2 times)" in line for line in lines].count(True) == 1


def test_what_is_nobodys_yet_says_who_is_asked_where_that_is_known() -> None:
    nobody = _due(NOW + timedelta(minutes=4)).model_copy(update={"person": "", "called": ""})
    asked = [
        nobody.model_copy(update={"key": f"ACK-1/{who}", "does": who, "asked": who}) for who in ("Dana", "A, B", "")
    ]
    screen = Console(width=80)
    with screen.capture() as written:
        screen.print(due_page.dues(asked, NOW))
    said = " ".join(line[14:28].strip() for line in written.get().splitlines())
    assert said == "Dana, asked A and others, asked somebody"
