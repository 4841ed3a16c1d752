"""Charts of the key figures over the months against their targets: where everything stands in an SVG of 360 by 190."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.company.policy_follow_up import KpiTarget
from domain.report.kpi import Figure

HOUR = timedelta(hours=1)
NONE = "no data"
MOST = 12
"""Names of months below a chart; of more months not every one is named."""
LEFT, RIGHT, TOP, BOTTOM = 44.0, 352.0, 18.0, 154.0
"""Where the bars stand."""
FILLED = 0.65
"""How much of its month's width a bar takes."""
LINES = 4
"""Lines across a chart at most, the one at zero left out."""


class Point(NamedTuple):
    """One figure of one month, and whether the month is in the period that is looked at."""

    month: datetime
    figure: Figure
    inside: bool


class Bar(NamedTuple):
    """One month; without a value it says so. Hatched where the target is missed, to be told without colour."""

    left: float
    width: float
    top: float | None
    words: str
    missed: bool
    inside: bool


class Mark(NamedTuple):
    """Words beside an axis."""

    at: float
    words: tuple[str, ...]


class Chart(NamedTuple):
    """Everything there is to draw."""

    bars: tuple[Bar, ...]
    values: tuple[Mark, ...]
    months: tuple[Mark, ...]
    limit: float | None
    word: str


def drawn(points: Sequence[Point], target: KpiTarget) -> Chart:
    """The chart of one figure."""
    unit, word = _unit(target)
    limit, values = _limit(target, unit), [_value(point.figure, unit) for point in points]
    step = _step(max(value or 0 for value in [limit, *values]))
    most = step * max(math.ceil(round(max(value or 0 for value in [limit, *values]) / step, 6)), 1)

    def height(value: float | None) -> float | None:
        return None if value is None else round(BOTTOM - (BOTTOM - TOP) * value / most, 1)

    each = (RIGHT - LEFT) / max(len(points), 1)
    bars = [_bar(point, LEFT + each * place, each, height(values[place])) for place, point in enumerate(points)]
    lines = [step * number for number in range(round(most / step) + 1)]
    every, counts = -(-len(points) // MOST) or 1, unit or target.at_least_each is not None
    return Chart(
        tuple(bars),
        tuple(Mark(height(line) or 0, (f"{line:g}" if counts else f"{round(line * 100, 2):g}%",)) for line in lines),
        tuple(
            Mark(round(LEFT + each * (place + 0.5), 1), _named(points[place].month, first=place == 0))
            for place in range(0, len(points), every)
        ),
        height(limit),
        word,
    )


def _bar(point: Point, left: float, each: float, top: float | None) -> Bar:
    words = f"{point.month:%B %Y}: {point.figure.says}\n{point.figure.counted}"
    side = each * (1 - FILLED) / 2
    top = None if point.figure.says == NONE else top
    return Bar(
        round(left + side, 1), round(each * FILLED, 1), top, words, point.figure.met is False, inside=point.inside
    )


def _step(most: float) -> float:
    """A round number, so that few lines reach up to the highest value."""
    if most <= 0:
        return 1.0
    rough = most / LINES
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)


def _named(month: datetime, *, first: bool) -> tuple[str, ...]:
    """The month's name, with the year where one begins; beside a January no December needs its own."""
    begins = month.month == 1 or (first and month.month < 12)
    return (f"{month:%b}", f"{month:%Y}") if begins else (f"{month:%b}",)


def _unit(target: KpiTarget) -> tuple[timedelta | None, str]:
    if target.under is None:
        return None, ""
    return (timedelta(minutes=1), "minutes") if target.under <= HOUR else (HOUR, "hours")


def _limit(target: KpiTarget, unit: timedelta | None) -> float | None:
    if unit and target.under:
        return target.under / unit
    return next((one for one in (target.at_least_each, target.at_least, target.below) if one is not None), None)


def _value(figure: Figure, unit: timedelta | None) -> float | None:
    if unit:
        return round(figure.span / unit, 2) if figure.span is not None else None
    return figure.share if figure.mean is None else figure.mean
