"""Charts of the key figures over the months against their targets, made with plotly; colours are the page's to give."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import plotly.graph_objects as go  # type: ignore[import-untyped]

from domain.company.policy_follow_up import Target
from domain.report.kpi import Figure

HOUR = timedelta(hours=1)
NONE = "no data"
MOST = 12
"""Names of months below a chart; of more months not every one is named."""


class Point(NamedTuple):
    """One figure of one month, and whether the month is in the period that is looked at."""

    month: datetime
    figure: Figure
    inside: bool


def drawn(points: Sequence[Point], target: Target) -> str:
    """The chart as plotly's JSON. A month that misses its target is hatched, so that it can be told without colour."""
    unit, word = _unit(target)
    limit = _limit(target, unit)
    months = [f"{point.month:%Y-%m}" for point in points]
    bars = go.Bar(
        x=months,
        y=[_value(point.figure, unit) for point in points],
        name="month",
        meta="value",
        hovertext=[f"{point.month:%B %Y}: {point.figure.says}<br>{point.figure.counted}" for point in points],
        hoverinfo="text",
        marker={
            "opacity": [1 if point.inside else 0.5 for point in points],
            "pattern": {"shape": ["/" if point.figure.met is False else "" for point in points], "size": 5},
        },
    )
    line = go.Scatter(
        x=months, y=[limit] * len(months), name="target", meta="target", mode="lines", hoverinfo="skip",
        line={"dash": "dash", "width": 2},
    )  # fmt: skip
    figure = go.Figure(data=[bars, *([line] if limit is not None else [])], layout=_layout(word, points))
    return str(figure.to_json())


def _layout(word: str, points: Sequence[Point]) -> dict[str, object]:
    measured = {"title": {"text": word}} if word else {"tickformat": ".0%"}
    every = -(-len(points) // MOST)
    named = {f"{one.month:%Y-%m}": _named(one.month, one is points[0]) for one in points[::every]}
    return {
        "template": "none",
        "annotations": [_absent(one.month) for one in points if one.figure.says == NONE],
        "margin": {"l": 44, "r": 8, "t": 8, "b": 36},
        "height": 190,
        "showlegend": False,
        "dragmode": False,
        "bargap": 0.35,
        "xaxis": {
            "fixedrange": True,
            "type": "category",
            "tickangle": 0,
            "showgrid": False,
            "tickvals": list(named),
            "ticktext": list(named.values()),
        },
        "yaxis": {"fixedrange": True, "rangemode": "tozero", "nticks": 5, **measured},
    }


def _absent(month: datetime) -> dict[str, object]:
    """What stands where a month has nothing to show: not a bar of no height, which would be a figure."""
    place = {"x": f"{month:%Y-%m}", "y": 0, "yanchor": "bottom", "textangle": -90, "showarrow": False}
    return {"text": NONE, **place}


def _named(month: datetime, first: bool) -> str:
    """The month's name, with the year where one begins."""
    return f"{month:%b}<br>{month:%Y}" if first or month.month == 1 else f"{month:%b}"


def _unit(target: Target) -> tuple[timedelta | None, str]:
    if target.under is None:
        return None, ""
    return (timedelta(minutes=1), "minutes") if target.under <= HOUR else (HOUR, "hours")


def _limit(target: Target, unit: timedelta | None) -> float | None:
    if unit and target.under:
        return target.under / unit
    return target.at_least if target.at_least is not None else target.below


def _value(figure: Figure, unit: timedelta | None) -> float | None:
    if unit:
        return round(figure.span / unit, 2) if figure.span is not None else None
    return figure.share
