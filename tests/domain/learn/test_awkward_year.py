"""A year in which everything awkward happens once, and its figures by paper and pencil."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest

from domain.procedure.figure_part import FigurePart
from domain.report.kpi import Figure, KpiReport, Scope, measured
from domain.report.view import View
from records.chain import GENESIS, chained
from records.derived import KPI, Derived
from records.record import Stored
from tests.domain.learn import pencil
from tests.domain.learn.case import POLICY, days, hours
from tests.domain.learn.diary import Life

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MONTHS = [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13)] + [datetime(2027, 1, 1, tzinfo=UTC)]
END = MONTHS[-1]
APRIL = 4
Begun = Callable[..., Life]


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def fights(begun: Begun) -> None:
    """How an incident was acknowledged, classified and ended."""
    begun(at(1, 6), "in order").wait(3).acknowledge().wait(3).declare("P1").wait(5).update().leap(minutes(20)).resolve()
    begun(at(1, 8), "two weeks").wait(4).acknowledge().declare("P2").leap(hours(5)).update().resolve()
    begun(at(1, 9), "acknowledged late").wait(9).acknowledge().declare("P1").update().leap(minutes(30)).resolve()
    begun(at(1, 12), "claims an earlier minute").wait(20).acknowledge(claims=1).declare("P1").update().leap(
        minutes(9)
    ).resolve()
    begun(at(1, 13), "claims it in time").wait(4).acknowledge(claims=1).declare("P1").update().wait(9).resolve()
    begun(at(1, 14), "never declared, short").wait(2).acknowledge().wait(6).resolve()
    begun(at(1, 15), "never declared, long").wait(2).acknowledge().wait(10).leap(minutes(16)).update().wait(9).resolve()
    begun(at(1, 16), "a blip").wait(3).recovers(blip=True)
    begun(at(1, 19), "rang through the ladder").wait(22).leap(minutes(158)).recovers()
    begun(at(1, 20), "a warning that rang and went", severity="warning").wait(7).recovers(blip=True)
    begun(at(2, 2), "made P3 before its end").wait(2).acknowledge().declare("P1").update().leap(minutes(66)).declare(
        "P3"
    ).resolve()
    begun(at(2, 3), "too low at first").wait(2).acknowledge().declare("P3").leap(minutes(30)).declare("P1").wait(
        4
    ).update().resolve()
    begun(at(2, 4), "raised later", severity="warning").acknowledge().declare("P2").update().wait(9).declare(
        "P1"
    ).resolve()
    begun(at(2, 5), "low and stays", severity="low").wait(9).acknowledge().declare("P3").leap(minutes(90)).resolve()
    begun(at(2, 6), "no word to customers").wait(2).acknowledge().declare("P1").leap(minutes(40)).resolve()
    begun(at(2, 9), "over before the first word").wait(2).acknowledge().declare("P1").wait(4).resolve().wait(16)
    begun(at(1, 31, 23, 30), "over the end of the month").wait(4).acknowledge().declare("P1").update().leap(
        minutes(50)
    ).resolve()
    begun(at(2, 27), "three months long", severity="warning").acknowledge().declare("P2").update().leap(
        days(70)
    ).resolve()
    odd = begun(at(8, 1), "of no runbook", severity="low", title="the moon is full")
    odd.acknowledge().declare("P3").resolve().diary.runbook = False
    begun(at(9, 30, 23), "never ends").wait(2).acknowledge().declare("P1").update()
    begun(at(11, 30), "nobody ever came").leap(days(1))


def none_of_ours(begun: Begun) -> None:
    """What no figure counts."""
    begun(at(3, 2), "false alarm").wait(2).acknowledge().declare("P1").wait(9).close_as("false_alarm")
    begun(at(3, 3), "duplicate").wait(9).acknowledge().close_as("duplicate")
    begun(at(3, 4), "not ours").wait(2).acknowledge().close_as("not_ours")
    begun(at(3, 5), "merged").wait(2).acknowledge().declare("P1").leap(minutes(30)).merge()
    begun(at(3, 6), "a drill", drill=True).wait(7).acknowledge().declare("P1").leap(hours(3)).end_drill()
    begun(at(3, 7), "a false alarm of long", severity="warning").acknowledge().leap(days(30)).close_as("false_alarm")


def reopened(begun: Begun) -> None:
    """Ends that did not hold."""

    def fought(day: int, name: str) -> Life:
        return begun(at(4, day), name).wait(2).acknowledge().declare("P1").update().leap(minutes(20)).resolve()

    fought(6, "after a calm").leap(minutes(40)).reopen().wait(15).resolve()
    fought(7, "to renew its 48 hours").leap(hours(60)).reopen().resolve().leap(hours(1)).blames("reopened").write()
    fought(8, "with an hour left").leap(hours(47)).reopen().leap(minutes(30)).resolve().leap(hours(2))
    paused = fought(9, "written after a pause").leap(hours(40)).reopen().leap(hours(20)).resolve()
    paused.leap(hours(6)).blames("pause").write()
    fought(30, "in the next month").leap(days(1)).reopen().leap(hours(2)).resolve()
    fought(13, "and not resolved again").leap(hours(3)).reopen().leap(days(9))


def learned(begun: Begun) -> None:
    """Post-mortems and action items."""

    def fought(day: int, name: str, month: int = 5) -> Life:
        return begun(at(month, day), name).wait(2).acknowledge().declare("P1").update().leap(minutes(20)).resolve()

    fought(4, "written in time").leap(hours(40)).blames("written").write().leap(days(3)).done()
    fought(5, "written late").leap(hours(49)).blames("late").write().leap(days(20)).done()
    fought(6, "waived in time").leap(hours(40)).waive().leap(days(10))
    fought(7, "waived after the miss").leap(hours(60)).waive()
    fought(8, "never written").leap(days(30))

    def light(day: int, name: str) -> Life:
        return begun(at(5, day), name, severity="low").acknowledge().declare("P3").resolve()

    light(11, "declined in time").item().leap(days(3)).declined()
    light(12, "declined after its day").item().leap(days(15)).declined()
    light(13, "reopened in the tracker").item().leap(days(2)).done().leap(days(2)).undone().leap(days(11))
    light(14, "reopened and done again").item().leap(days(2)).done().leap(days(2)).undone().leap(days(2)).done()
    light(15, "several items").item().item().item().leap(days(1)).done(1).leap(days(14)).done(2)
    fought(30, "open at the year's end", month=12).leap(hours(20)).item()


def causes(begun: Begun) -> None:
    """What came back, and what only looks like it."""

    def fought(month: int, day: int, name: str, **said: str) -> Life:
        return begun(at(month, day), name, severity="low", **said).acknowledge().declare("P3").resolve()

    fought(6, 1, "the first of two").blames("retry-storm")
    fought(6, 20, "the second of two").blames("retry-storm")
    first, second = fought(6, 2, "named last, and first"), fought(6, 21, "named first, and second")
    second.blames("lost-leader")
    first.case.now = second.case.now + hours(1)
    first.blames("lost-leader")
    fought(6, 3, "long ago").blames("full-disk")
    fought(9, 2, "91 days later").blames("full-disk")
    fought(6, 4, "there").blames("stuck-lock")
    fought(6, 22, "there, away and back").blames("stuck-lock").blames("queue").blames("stuck-lock")
    fought(6, 5, "stays").blames("expired-key")
    fought(6, 23, "there and away").blames("expired-key").blames("unpinned")
    fought(7, 1, "a pool of checkout").blames("capacity")
    fought(7, 20, "a disk of billing", title="disk of the invoices is full").corrected("billing").blames("capacity")
    fought(7, 21, "a pool of checkout again").blames("capacity")
    begun(at(8, 3), "practised", drill=True, severity="low").acknowledge().declare("P3").blames("practised").end_drill()
    fought(8, 20, "what was practised").blames("practised")


@cache
def year() -> tuple[Life, ...]:
    """Every incident, looked at for the last time when the year is over."""
    lives: list[Life] = []

    def begun(when: datetime, name: str, **said: str) -> Life:
        return Life(lives, when, name, **said)

    for part in (fights, none_of_ours, reopened, learned, causes):
        part(begun)
    for life in lives:
        if life.case.now < END and life.case.incident.closed_at is None:
            life.leap(END - life.case.now)
    return tuple(lives)


@cache
def rows() -> tuple[View, ...]:
    """What the product says of each of them."""
    return tuple(life.case.view for life in year())


PERIODS = (*pairwise(MONTHS), (BEGIN, END), (MONTHS[3], MONTHS[6]))


@pytest.mark.sop("KPI-1", "KPI-2", "KPI-3", "KPI-4", "KPI-5", "KPI-6", "KPI-7", "KPI-8", "SOC-1")
def test_every_incident_every_month_and_the_bundle_of_the_year_say_what_the_diaries_say() -> None:
    """One test, so that the year is lived through once."""
    _incidents_agree()
    _months_agree()
    _counts_agree()
    _bundle_agrees()


def _incidents_agree() -> None:
    for life, row in zip(year(), rows(), strict=True):
        others = [one.diary for one in year() if one is not life]
        apart = {"PM-3", "ACT-2", *(["COM-2"] if life.diary.reopened else [])}
        known = [one for one in row.parts if one.figure not in apart and "/" not in one.figure]
        assert {one.figure: noted(one) for one in known} == pencil.lines(life.diary, others), life.name


def noted(part: FigurePart) -> pencil.Line:
    spent = timedelta(microseconds=part.spent)
    return pencil.Line(part.judged, part.kept, part.open, part.waived, part.timed, spent)


def _months_agree() -> None:
    for since, until in PERIODS:
        made = measured(rows(), POLICY.targets, Scope(since=since, until=until), END)
        mine = pencil.sheet([life.diary for life in year()], since, until)
        assert (made.incidents, made.running, made.left_out) == (mine.incidents, mine.running, dict(mine.left_out))
        for one in made.figures:
            if one.clause not in ("COM-2", "PM-3", "ACT-2"):
                assert told(one) == reckoned(one.clause, mine.lines.get(one.clause, pencil.Line())), since


def _counts_agree() -> None:
    """What is no time and no share of what was kept: items of a post-mortem, the age of items, the pages of each."""
    diaries = [life.diary for life in year() if not life.diary.left_out]
    made = measured(rows(), POLICY.targets, Scope(since=BEGIN, until=END), END)
    found = {one.clause: one for one in made.figures}
    lessons = [len(one.items) for one in diaries if one.written]
    assert (found["PM-3"].mean, found["PM-3"].count) == (sum(lessons) / len(lessons), len(lessons))
    ages = [END - item.begun for one in diaries for item in one.items if not (item.done or item.declined)]
    assert (found["ACT-2"].span, found["ACT-2"].count) == (sum(ages, timedelta()) / len(ages), len(ages))
    woken = Counter(person for one in diaries for page in one.pages.values() for person, _ in page)
    counted = {who: {one.clause: one.count for one in of}["ACK-6"] for who, of in made.parts["person"].items()}
    assert counted == woken


def told(figure: Figure) -> tuple[object, ...]:
    value = figure.span if figure.clause in pencil.UNDER else figure.share
    return value, figure.count, figure.part, figure.judged, figure.unknown, figure.waived, figure.met


def reckoned(figure: str, line: pencil.Line) -> tuple[object, ...]:
    """A time is a mean, with how many were in time; a share is of those that kept it, or of those that did not."""
    met = pencil.met(figure, line)
    if figure in pencil.UNDER:
        mean = line.spent / line.timed if line.timed else None
        return mean, line.timed, line.kept, line.judged, line.judged + line.open - line.timed, line.waived, met
    part = line.kept if figure in pencil.AT_LEAST else line.judged - line.kept
    share = part / line.judged if line.judged else None
    return share, line.judged, part, line.judged, line.open, line.waived, met


def _bundle_agrees() -> None:
    """Of one month's incidents, for a bundle reads, judges and tells each of them anew."""
    made, lives = Derived(BEGIN, END, END), [life for life in year() if life.diary.fired.month == APRIL]
    for life in lives:
        made.take(chained(life.case.incident.id, GENESIS, map(Stored.of, life.case.incident.events)))
    [line] = made.files()[KPI]
    mine = pencil.sheet([life.diary for life in lives], BEGIN, END)
    sheet = KpiReport.model_validate_json(line)
    assert (sheet.incidents, sheet.running, sheet.left_out) == (mine.incidents, mine.running, dict(mine.left_out))
    for one in sheet.figures:
        if one.clause not in ("COM-2", "PM-3", "ACT-2"):
            assert told(one)[1:] == reckoned(one.clause, mine.lines.get(one.clause, pencil.Line()))[1:]
