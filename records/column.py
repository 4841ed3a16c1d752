"""Key figures as rows for programs: the columns, and what stands in them."""

import csv
import io
from collections.abc import Iterable

from domain.report.kpi import Figure, KpiReport, Scope

COLUMNS = (
    *("part", "name", "clause", "figure", "value", "seconds", "share", "mean", "target", "met", "count", "not_counted"),
    *("kept", "judged", "waived"),
    *("from", "until"),
)
Part = tuple[str, str, Scope, tuple[Figure, ...]]
"""What the figures are of: `service` and its name, for example; and the period they were counted in."""


def parts(sheet: KpiReport) -> list[Part]:
    """The whole, then every service, team and severity."""
    named = [(part, name, found) for part, of in sheet.parts.items() for name, found in of.items()]
    return [(part, name, sheet.scope, found) for part, name, found in [("all", "", sheet.figures), *named]]


def written(found: Iterable[Part]) -> str:
    """The parts as CSV, a figure a line."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for part, name, scope, figures in found:
        ends = scope.model_dump(mode="json")
        for one in figures:
            cells = {"part": part, "name": name, "from": ends["since"], "until": ends["until"]}
            writer.writerow(cells | _cells(one))
    return text.getvalue()


def _cells(one: Figure) -> dict[str, object]:
    return {
        "clause": one.clause,
        "figure": one.title,
        "value": one.says,
        "seconds": round(one.span.total_seconds(), 3) if one.span is not None else None,
        "share": round(one.share, 6) if one.share is not None else None,
        "mean": round(one.mean, 6) if one.mean is not None else None,
        "target": one.target,
        "met": {True: "yes", False: "no", None: ""}[one.met],
        "count": one.count,
        "not_counted": one.unknown,
        "kept": one.part,
        "judged": one.judged,
        "waived": one.waived,
    }
