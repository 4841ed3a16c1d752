"""A bundle as people read it: figures, population, and each incident with its scorecard, approvals and exceptions.

It follows from the events and from what was suppressed, so that whoever checks makes it again (SOC-1). Plain HTML
without a script or anything from elsewhere: it opens anywhere, and prints.
"""

import re
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from tempfile import TemporaryFile
from typing import Any, get_args

from domain.company.approval import Approval, ApprovedPart
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.report.ended import ended
from domain.report.kpi import KpiReport
from domain.report.scorecard import OVERDUE, WORDS, Verdict
from domain.report.view import View
from domain.rule.act import people_do
from domain.rule.clause import CONSTRUCTED
from domain.rule.names import InRoom
from domain.value.kind import kind_of
from records.delivery import NotTaken
from records.erasure import Erasure

REPORT = "report.html"
STYLE = (
    "body{font:14px/1.45 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
    "table{border-collapse:collapse;width:100%;margin:.4rem 0 1.2rem}th,td{text-align:left;vertical-align:top;"
    "padding:.2rem .6rem .2rem 0;border-bottom:1px solid #ddd;overflow-wrap:anywhere}"
    "th{font-weight:600;white-space:nowrap}td{min-width:9ch}"
    "h2{margin-top:2.2rem;border-top:2px solid #1b1b1b;padding-top:.6rem}.missed,.late{color:#a40000}"
    "@media print{body{margin:0;padding:0;max-width:none;font-size:9pt}section{break-before:page}"
    "h2,h3,thead{break-after:avoid}tr{break-inside:avoid}a{color:inherit;text-decoration:none}}"
    '@page{margin:15mm;@bottom-right{content:counter(page) " / " counter(pages);font:8pt system-ui,sans-serif}}'
)
LATE = re.compile(r"\blate\b")
TIME = "%Y-%m-%d %H:%M:%S"
REASONS = ("reason", "because", "late_reason", "despite")
"""The fields in which somebody says why it is not as the rule has it."""


class Report:
    """Takes in incident by incident, and gives the lines of the page; the sections wait on disk, for they may be many.

    What cannot be said of an incident leaves nothing of it behind.
    """

    def __init__(self, since: datetime, until: datetime, at: datetime) -> None:
        self._since, self._until, self._at = since, until, at
        self._kinds, self._suppressed = Counter[str](), Counter[str]()
        self._alerts = 0
        self._sections = TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115
        weakref.finalize(self, self._sections.close)
        self._index: list[tuple[str, ...]] = []
        self._erasures: list[Erasure] = []
        self._late: list[tuple[str, ...]] = []

    def take(self, incident: Incident, seen: View, *, verdicts: Sequence[Verdict], policy: str) -> None:
        """One incident; `policy` is the digest of the version that it ran under last."""
        section = [*_section(incident, seen, verdicts=verdicts, policy=policy)]
        self._sections.writelines(f"{line}\n" for line in section)
        self._kinds[seen.left_out or "incident"] += 1
        self._alerts += len(incident.alerts)
        wrong = ", ".join(one.clause for one in verdicts if one.verdict in ("missed", "late"))
        self._index.append((incident.id, seen.title, seen.gravest, _moment(seen.fired_at), seen.left_out, wrong))

    def pass_over(self, incident: str, said: str) -> None:
        """An incident whose events cannot be read."""
        self._kinds["unreadable"] += 1
        self._index.append((incident, said, "", "", "unreadable", ""))

    def erase(self, *erasures: Erasure) -> None:
        """Somebody was taken out of events on request."""
        self._erasures += erasures

    def leave(self, *words: NotTaken) -> None:
        """What was said after an incident's end, or done while the engine was away, and was not taken any more."""
        self._late += ((_moment(one.at), one.receiver, one.by, one.said) for one in words)

    def suppress(self, reason: str) -> None:
        """An alert that opened nothing."""
        self._suppressed[reason] += 1

    def lines(
        self,
        sheet: KpiReport,
        policies: Iterable[Mapping[str, Any]],
        totals: Iterable[Sequence[str]],
        heard: Iterable[Sequence[str]],
    ) -> Iterator[str]:
        """The page, line by line; `heard` is what came through each door, its names in the first row."""
        title = f"Incident response, {self._since:%Y-%m-%d %H:%M} until {self._until:%Y-%m-%d %H:%M} UTC"
        figures = [(one.clause, one.title, one.target, one.says, _met(one.met), one.counted) for one in sheet.figures]
        versions = [
            (
                one["sha256"],
                one["first_used_at"][:19].replace("T", " "),
                str(one["incidents"]),
                _approved(one["policy"]),
            )
            for one in policies
        ]
        yield from (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>',
            f"<style>{STYLE}</style></head><body>",
            f"<h1>{escape(title)}</h1>",
            f"<p>As of {self._at:{TIME}}. Every moment is UTC. This page follows from the events: "
            "<code>standfast audit verify</code> makes it again, and names the line that says otherwise.</p>",
            *_table("Key figures", ("clause", "figure", "target", "value", "result", "counted from"), figures),
            *_table("Population", ("what", "how many"), self._population()),
            *_table("What was received, by door", *_headed(heard)),
            *_table("Not taken any more", ("arrived", "for", "by", "what"), self._late),
            *_table("Erased on request", ("request", "by", "agreed", "reason", "events here"), self._erased()),
            *_table("Versions of the policy", ("SHA-256", "first used", "incidents", "approved"), versions),
            *_table("Clauses", ("clause", "title", *WORDS.values(), OVERDUE), totals),
            *_table("Incidents", ("incident", "title", "severity", "fired", "left out", "missed or late"), self._index),
        )
        self._sections.seek(0)
        yield from (line.removesuffix("\n") for line in self._sections)
        yield "</body></html>"

    def _population(self) -> Iterator[tuple[str, str]]:
        """Everything that arrived, whether a figure counts it or not."""
        for kind, count in sorted(self._kinds.items()):
            counted = "counted" if kind == "incident" else "in no figure"
            yield f"{kind} ({counted})", str(count)
        yield "alerts in these incidents", str(self._alerts)
        for reason, count in sorted(self._suppressed.items()):
            yield f"suppressed: {reason}", str(count)

    def _erased(self) -> Iterator[tuple[str, ...]]:
        """What was taken out of the incidents that are here, by which request."""
        here = {row[0] for row in self._index}
        for one in self._erasures:
            if count := sum(event.incident in here for event in one.events):
                yield one.asked.request, one.asked.by, one.asked.seconded_by, one.asked.reason, str(count)


def _approved(policy: Mapping[str, Any]) -> str:
    """Who has approved the severity matrix and the texts for customers, and until when that holds."""
    known = {part: Approval.model_validate(one) for part, one in policy.get("approved", {}).items()}
    said = [f"{part} {known[part].told}" if part in known else f"{part} by nobody" for part in get_args(ApprovedPart)]
    return "; ".join(said)


def _section(incident: Incident, seen: View, *, verdicts: Sequence[Verdict], policy: str) -> Iterator[str]:
    names = InRoom(incident)
    yield f'<section id="{escape(incident.id)}"><h2>{escape(incident.id)}: {escape(seen.title)}</h2>'
    moments = ("fired_at", "opened_at", "acknowledged_at", "declared_at", "resolved_at", "closed_at")
    told = [(name.removesuffix("_at"), _moment(at)) for name in moments if (at := getattr(seen, name))]
    held = [(seen.role_titles.get(role, role), names.person(who)) for role, who in seen.roles.items()]
    books = ", ".join(f"{book.label} {book.url}".strip() for book in incident.runbooks) or "none matched"
    about = [("kind", seen.kind), ("service", seen.service), ("severity", seen.gravest), *told, *held]
    yield from _table("", ("", ""), [*about, ("runbook", books), ("policy", policy)])
    judged = [
        (one.clause, one.now, one.why * (one.verdict != "met" or one.why.startswith(CONSTRUCTED)), one.waiver)
        for one in verdicts
        if one.verdict != "not_applicable"
    ]
    yield from _table("Scorecard", ("clause", "verdict", "judged by", "waived because"), judged)
    proofs = ("when", "clause", "who", "what", "way", "proof")
    yield from _table("Approvals and decisions", proofs, _approvals(incident, names))
    yield from _table("Exceptions", ("when", "clause", "who", "what", "reason"), _exceptions(incident, names))
    void = ("clause", "promise", "due", "no longer owed from", "because of")
    yield from _table("Promises that ended before their time", void, _void(incident))
    yield "</section>"


def _void(incident: Incident) -> Iterator[tuple[str, ...]]:
    """What was neither kept nor missed, for it was no longer owed before its time had come, and what made it so."""
    for one in ended(incident):
        because = _named(one.because.what) if one.because else "what was decided before"
        yield one.clause, f"{one.key} {one.says}", _moment(one.due_at), _moment(one.ended_at), because


def _approvals(incident: Incident, names: InRoom) -> Iterator[tuple[str, ...]]:
    """What somebody did who needed a right to it, with the way it came and the proof of who it was."""
    rights = {*incident.policy.may, *incident.policy.proof}
    makes = {fact for kind, act in people_do().items() if act.deed or kind in rights for fact in act.makes}
    for event in incident.events:
        if event.act and type(event.what) in makes:
            yield (_moment(event.at), event.clause, event.signed(names), _said(event.what), event.via, event.proof)


def _exceptions(incident: Incident, names: InRoom) -> Iterator[tuple[str, ...]]:
    """What departs from the rule, with the reason that somebody gave."""
    for event in incident.events:
        reasons = [str(said) for name in REASONS if (said := getattr(event.what, name, ""))]
        if event.act and reasons:
            yield (_moment(event.at), event.clause, event.signed(names), _named(event.what), "; ".join(reasons))


def _said(what: Fact) -> str:
    """What happened by the names that the events have, which no rewording changes."""
    told = what.model_dump(mode="json", exclude={"clause", "kind"})
    words = (f"{name.replace('_', ' ')}: {value}" for name, value in told.items() if value not in ("", None, [], {}))
    return f"{_named(what)}: {'; '.join(words)}"


def _named(what: Fact) -> str:
    return kind_of(type(what)).replace("_", " ")


def _moment(at: datetime) -> str:
    return f"{at:{TIME}}"


def _met(met: bool | None) -> str:
    return "" if met is None else "kept" if met else "not kept"


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table line by line, so that a changed row is named; nothing where there is no row."""
    told = list(rows)
    if not told:
        return
    if title:
        yield f"<h3>{escape(title)}</h3>"
    top = "".join(f"<th>{escape(one)}</th>" for one in head)
    yield f"<table><thead><tr>{top}</tr></thead>" if any(head) else "<table>"
    for row in told:
        cells = (_cell(cell, name) for name, cell in zip(head, row, strict=True))
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</table>"


def _headed(rows: Iterable[Sequence[str]]) -> tuple[Sequence[str], list[Sequence[str]]]:
    """The names of the columns, and the rows below them."""
    head, *below = rows
    return head, below


def _cell(text: str, column: str) -> str:
    """One cell, in one line; a verdict that is bad stands out, and an incident leads to its section."""
    shown = escape(" ".join(str(text).split()))
    if column == "incident":
        return f'<a href="#{shown}">{shown}</a>'
    bad = "missed" if shown.startswith((WORDS["missed"], OVERDUE)) else "late" if LATE.search(shown) else ""
    bad = bad if column == "verdict" else ""
    return f'<span class="{bad}">{shown}</span>' if bad else shown
