"""Office hours and shifts: weekends, holidays, midnight, and the nights on which the clocks change."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.company.catalog import Level
from domain.value.calendar import Calendar, Shift, counted, earlier, gaps, later
from tests.house.source import ROOT

DUE = """
from datetime import UTC, datetime, timedelta
from domain.value.calendar import Calendar, later
calendar = Calendar.model_validate({"zone": "Europe/Lisbon", "begins": "09:00", "ends": "17:00"})
print(later(datetime(2026, 7, 1, 8, tzinfo=UTC), timedelta(hours=1), calendar).isoformat())
"""
LISBON = ZoneInfo("Europe/Lisbon")
HOUR = timedelta(hours=1)
OFFICE = Calendar.model_validate({"zone": "Europe/Lisbon", "begins": "09:00", "ends": "17:00"})


def lisbon(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LISBON)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (lisbon(3, 4, 10), 4, lisbon(3, 4, 14)),
        (lisbon(3, 4, 16), 2, lisbon(3, 5, 10)),
        (lisbon(3, 4, 7), 1, lisbon(3, 4, 10)),
        (lisbon(3, 4, 9), 8, lisbon(3, 4, 17)),
        (lisbon(3, 6, 16, 30), 4, lisbon(3, 9, 12, 30)),
        (lisbon(3, 7, 12), 1, lisbon(3, 9, 10)),
        (lisbon(3, 27, 16), 4, lisbon(3, 30, 12)),
        (lisbon(10, 23, 16), 80, lisbon(11, 6, 16)),
    ],
    ids=["within a day", "overnight", "before opening", "to the minute", "weekend", "saturday", "spring", "autumn"],
)
def test_office_time_stands_still_at_night_and_at_weekends(start: datetime, hours: int, due: datetime) -> None:
    assert OFFICE.after(start, hours * HOUR) == due
    assert OFFICE.between(start, due) == hours * HOUR
    assert OFFICE.after(start, hours * HOUR).tzinfo is UTC


def test_a_holiday_is_a_day_on_which_nothing_counts() -> None:
    free = OFFICE.model_copy(update={"holidays": (date(2026, 12, 25),)})
    assert free.after(lisbon(12, 24, 16), 2 * HOUR) == lisbon(12, 28, 10)
    assert OFFICE.after(lisbon(12, 24, 16), 2 * HOUR) == lisbon(12, 25, 10)


def test_hours_may_cross_midnight_and_then_belong_to_the_day_on_which_they_begin() -> None:
    nights = Calendar.model_validate({"zone": "Europe/Lisbon", "days": ["fri"], "begins": "22:00", "ends": "06:00"})
    assert nights.holds(lisbon(3, 7, 5, 59))
    assert not nights.holds(lisbon(3, 7, 6))
    assert not nights.holds(lisbon(3, 6, 5))
    assert nights.after(lisbon(3, 7, 5), 2 * HOUR) == lisbon(3, 13, 23)


@pytest.mark.parametrize(("night", "hours"), [(lisbon(3, 28, 22), 7), (lisbon(10, 24, 22), 9), (lisbon(6, 6, 22), 8)])
def test_a_night_in_which_the_clocks_change_is_shorter_or_longer_and_counts_as_it_is(
    night: datetime, hours: int
) -> None:
    nights = Calendar.model_validate({"zone": "Europe/Lisbon", "days": ["sat"], "begins": "22:00", "ends": "06:00"})
    assert nights.between(night, night.astimezone(UTC) + timedelta(hours=12)) == hours * HOUR


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    minutes=st.integers(1, 20_000),
    zone=st.sampled_from(["Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]),
    begins=st.integers(0, 23),
    length=st.integers(1, 23),
    days=st.sets(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1),
)
def test_forth_and_back_is_the_same_time_in_every_zone(
    start: datetime, minutes: int, zone: str, begins: int, length: int, days: set[str]
) -> None:
    ends = f"{(begins + length) % 24:02}:00"
    said = {"zone": zone, "days": sorted(days), "begins": f"{begins:02}:00", "ends": ends}
    hours, span = Calendar.model_validate(said), timedelta(minutes=minutes)
    due = hours.after(start, span)
    assert due >= start + span
    assert hours.between(start, due) == span
    assert hours.after(hours.before(due, span), span) == due
    assert hours.between(hours.before(due, span), due) == span


def test_without_a_calendar_every_hour_counts() -> None:
    start = lisbon(3, 7, 12).astimezone(UTC)
    assert later(start, 5 * HOUR, None) == start + 5 * HOUR
    assert earlier(start, 5 * HOUR, None) == start - 5 * HOUR
    assert counted(start, start + 5 * HOUR, None) == 5 * HOUR


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"zone": "Mars/Olympus"}, "expected a time zone by its name"),
        ({"zone": "../../etc/passwd"}, "expected a time zone by its name"),
        ({"days": []}, "days: found none"),
        ({"ends": "09:00"}, "expected another hour than `begins`"),
        ({"begins": "nine"}, "expected an hour as clocks show it"),
        ({"begins": 9}, "expected an hour as clocks show it"),
        ({"begins": "9"}, "expected an hour as clocks show it"),
        ({"ends": "24:30"}, "ends"),
    ],
)
def test_a_calendar_that_has_no_hours_or_no_zone_is_refused(over: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Calendar.model_validate({"zone": "Europe/Lisbon", "begins": "09:00", "ends": "17:00", **over})


@pytest.mark.parametrize(
    ("written", "shown"), [("09:30", "09:30"), (1020, "17:00"), ("24:00", "24:00"), ("7:05", "07:05")]
)
def test_hours_are_read_as_people_and_as_yaml_write_them(written: Any, shown: str) -> None:
    shift = Shift.model_validate({"zone": "UTC", "begins": "00:30", "ends": written, "people": ["ada"]})
    assert shift.model_dump()["ends"] == shown
    assert Shift.model_validate_json(shift.model_dump_json()) == shift


def shift(zone: str, begins: str, ends: str, *people: str, **more: Any) -> dict[str, Any]:
    return {"zone": zone, "begins": begins, "ends": ends, "people": list(people), **more}


SUN = [
    shift("Asia/Singapore", "08:00", "17:00", "mei"),
    shift("Europe/Lisbon", "08:00", "18:00", "rita"),
    shift("America/New_York", "12:00", "20:30", "june"),
]


@pytest.mark.parametrize(
    ("at", "people"),
    [
        (datetime(2026, 1, 14, 3, 0, tzinfo=UTC), ("mei",)),
        (datetime(2026, 1, 14, 8, 30, tzinfo=UTC), ("mei", "rita")),
        (datetime(2026, 1, 14, 9, 0, tzinfo=UTC), ("rita",)),
        (datetime(2026, 7, 14, 17, 0, tzinfo=UTC), ("june",)),
        (datetime(2026, 1, 14, 17, 0, tzinfo=UTC), ("rita", "june")),
        (datetime(2026, 3, 10, 16, 0, tzinfo=UTC), ("rita", "june")),
        (datetime(2026, 3, 4, 16, 0, tzinfo=UTC), ("rita",)),
    ],
    ids=["night in europe", "handover", "end is outside", "summer", "winter", "new york has changed", "not yet"],
)
def test_who_is_on_call_depends_on_the_hour_in_each_zone(at: datetime, people: tuple[str, ...]) -> None:
    assert Level.model_validate({"shifts": SUN}).on_call(at) == people


def test_outside_of_the_shifts_the_others_are_paged_and_nobody_is_never_the_answer() -> None:
    night = datetime(2026, 1, 14, 3, 0, tzinfo=UTC)
    only = [shift("Europe/Lisbon", "08:00", "18:00", "rita", "ben")]
    assert Level.model_validate({"shifts": only, "people": ["ada"]}).on_call(night) == ("ada",)
    assert Level.model_validate({"shifts": only}).on_call(night) == ("rita", "ben")
    assert Level.model_validate({"shifts": only, "schedule": "nights"}).on_call(night) == ()


def test_a_gap_is_found_also_when_it_is_there_for_a_few_weeks_a_year() -> None:
    assert list(gaps(Level.model_validate({"shifts": SUN}).shifts, date(2026, 1, 1))) == []
    tight = [shift("Europe/Lisbon", "08:00", "20:00", "rita"), shift("America/New_York", "15:00", "03:00", "june")]
    found = list(gaps(Level.model_validate({"shifts": tight}).shifts, date(2026, 1, 1)))
    assert found[0] == (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), datetime(2026, 3, 8, 8, 0, tzinfo=UTC))
    assert {begins.month for begins, _ in found} == {3, 10}


def test_a_weekday_without_anybody_is_a_gap() -> None:
    week = [shift("UTC", "00:00", "24:00", "ada", days=["mon", "tue", "wed", "thu", "fri", "sat"])]
    [first, *_] = gaps(Level.model_validate({"shifts": week}).shifts, date(2026, 1, 1))
    assert first == (datetime(2026, 1, 4, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC))


def test_a_machine_with_other_rules_for_a_zone_decides_as_every_other(tmp_path: Path) -> None:
    zone = tmp_path / "Europe/Lisbon"
    zone.parent.mkdir()
    zone.write_bytes(files("tzdata").joinpath("zoneinfo/Asia/Tokyo").read_bytes())
    place = {"PYTHONPATH": str(ROOT), "PYTHONTZPATH": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", DUE], env=place, capture_output=True, text=True, check=True)  # noqa: S603
    assert said.stdout.strip() == "2026-07-01T09:00:00+00:00"
