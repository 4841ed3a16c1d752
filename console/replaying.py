"""How a replay looks in a terminal: what happened beside what another policy would have brought about. Pure."""

from datetime import datetime, timedelta

from rich.console import Group, RenderableType
from rich.text import Text

from console import period
from console.page import table
from domain.replay.comparison import ClauseChange, Comparison, FigureChange, VerdictCounts
from domain.replay.difference import Difference, DifferenceLine
from domain.value.clip import clipped
from domain.value.model import said_count, spoken

STYLES = {"same": "dim", "moved": "yellow", "changed": "yellow", "only then": "cyan", "only replayed": "bold red"}
ALWAYS = ("proposed", "page")
"""What is shown even where nothing differs."""
PROVED = "Replayed under {}, every page, reminder and miss is as it happened."
UNPROVED = "Replayed under {}, this differs from what happened (the engine or a worker was late, or acts were refused):"
TITLE = 60
"""Letters of a clause's title that say which it is."""
LONGEST = 20
"""Incidents listed before the rest is only counted."""


def incident(differs: Difference, every: bool) -> RenderableType:
    """One incident, side by side."""
    severity = differs.severity or "no severity"
    title = f"{differs.incident} [{severity}] {differs.title}, opened {differs.opened_at:%Y-%m-%d %H:%M:%S} UTC"
    parts: list[RenderableType] = [Text(title, "bold"), Text(differs.limit, "italic"), Text("")]
    parts += _proof(differs)
    if differs.unopened:
        return Group(*parts, Text(f"\n{differs.other} would have opened nothing: {differs.unopened}.", "bold red"))
    shown = [line for line in differs.lines if every or line.mark != "same" or line.sort in ALWAYS]
    parts += [Text(""), _lines(differs, shown)]
    hidden = len(differs.lines) - len(shown)
    parts += [Text(f"\n{hidden} more are the same in both; --all shows them.", "dim")] if hidden else []
    return Group(*parts, *_verdicts(differs, every), *_acts(differs))


def _proof(differs: Difference) -> list[RenderableType]:
    if not differs.control:
        return [Text(PROVED.format(f"its own policy, {differs.policy}"), "green")]
    return [Text(UNPROVED.format(f"its own policy, {differs.policy}"), "yellow"), _lines(differs, differs.control)]


def _lines(differs: Difference, shown: list[DifferenceLine] | tuple[DifferenceLine, ...]) -> RenderableType:
    made = table("what", "which", "then", "replayed", "difference", "who and what")
    for line in shown:
        made.add_row(
            line.sort,
            line.key or "-",
            _after(line.then_at, differs.opened_at),
            _after(line.replayed_at, differs.opened_at),
            Text(line.difference or "-", STYLES[line.mark]),
            Text(_words(line)),
        )
    return made


def _words(line: DifferenceLine) -> str:
    """What it is; both where the words differ."""
    if line.then and line.replayed and line.then != line.replayed:
        return f"{line.then} -> {line.replayed}"
    return line.replayed or line.then


def _after(at: datetime | None, start: datetime) -> str:
    """A moment as the time since the opening."""
    return f"+{spoken(at - start) if at - start >= timedelta(seconds=1) else '0 s'}" if at else "-"


def _verdicts(differs: Difference, every: bool) -> list[RenderableType]:
    found = [one for one in differs.verdicts if every or one.differs]
    if not found:
        return [Text("\nNo clause has another verdict.")]
    made = table("clause", "then", "replayed", "title")
    for one in found:
        style = "yellow" if one.differs else "dim"
        made.add_row(one.clause, one.then, Text(one.replayed, style), Text(clipped(one.title, TITLE)))
    return [Text(""), made]


def _acts(differs: Difference) -> list[RenderableType]:
    words = [f"{differs.other} would have refused: {one}" for one in differs.refusals]
    if differs.untried:
        words += [f"{said_count(differs.untried, 'act')} refused then, and not tried again: only the refusal was kept."]
    return [Text(f"\n{word}", "yellow") for word in words]


def comparison(compared: Comparison, every: bool, past: str = "the records") -> RenderableType:
    """The incidents of a past, side by side."""
    scope = compared.scope
    asked = [f"{name} {value}" for name in ("service", "team") if (value := getattr(scope, name))]
    ended = f" that ended {period.said(scope.since, scope.until)}" if scope.since or scope.until else ""
    which = ", ".join([f"incidents of {past}{ended}", *asked])
    own = ", ".join(compared.policies) or "nothing"
    parts: list[RenderableType] = [
        Text(f"{compared.incidents} {which}: {own} then, {compared.other} replayed", "bold"),
        Text(compared.limit, "italic"),
        Text(""),
        *_proofs(compared),
    ]
    if not compared.incidents:
        return Text(f"There are no {which}.")
    parts += [Text(""), _clauses(compared, every), Text(""), _load(compared), Text(""), _figures(compared.figures)]
    return Group(*parts, *_changed(compared, every))


def _proofs(compared: Comparison) -> list[RenderableType]:
    proved = compared.incidents - len(compared.unproved)
    words = f"Replayed under their own policy, {proved} of {compared.incidents} incidents go exactly as they happened."
    if compared.unproved:
        words += f" The others: {', '.join(compared.unproved[:LONGEST])}; replay one by itself to see where."
    return [Text(words, "yellow" if compared.unproved else "green")]


def _clauses(compared: Comparison, every: bool) -> RenderableType:
    made = table("clause", "kept", "late", "never kept", "", "kept now", "late now", "never now", "title")
    for one in compared.clauses:
        if every or one.then != one.replayed or one.then.late or one.then.missed:
            made.add_row(
                one.clause, *_counts(one.then), _arrow(one), *_counts(one.replayed), Text(clipped(one.title, TITLE))
            )
    return made


def _counts(tally: VerdictCounts) -> tuple[str, str, str]:
    return str(tally.met), str(tally.late), str(tally.missed)


def _arrow(one: ClauseChange) -> Text:
    return Text("->", "yellow") if one.then != one.replayed else Text("=", "dim")


def _load(compared: Comparison) -> RenderableType:
    begins, ends = compared.night
    made = table("asked of people", "then", "replayed", "difference")
    names = {
        "pages": "pages sent",
        "woken": f"people paged at night ({begins:02d}:00 to {ends:02d}:00 UTC)",
        "reminders": "reminders",
        "misses": "deadlines passed",
        "chases": "said again",
    }
    for field, words in names.items():
        then, replayed = getattr(compared.then, field), getattr(compared.replayed, field)
        more = replayed - then
        made.add_row(words, str(then), str(replayed), Text(f"{more:+d}" if more else "-", "yellow" if more else "dim"))
    return made


def _figures(found: tuple[FigureChange, ...]) -> RenderableType:
    made = table("clause", "figure", "target", "then", "replayed", "counted from")
    for one in found:
        then, replayed = one.then, one.replayed
        style = "yellow" if (then.says, then.met) != (replayed.says, replayed.met) else "dim"
        made.add_row(
            then.clause,
            then.title,
            _both(then.target, replayed.target),
            then.says,
            Text(replayed.says, style),
            _both(then.counted, replayed.counted),
        )
    return made


def _both(then: str, replayed: str) -> str:
    """One word where both are the same."""
    return then if then == replayed else f"{then} -> {replayed}"


def _changed(compared: Comparison, every: bool) -> list[RenderableType]:
    if not compared.changed:
        return [Text("\nNo incident would have gone otherwise.")]
    shown = compared.changed if every else compared.changed[:LONGEST]
    made = table("incident", "severity", "difference", "title")
    for one in shown:
        made.add_row(one.incident, one.severity or "-", ", ".join(one.says), Text(one.title))
    rest = len(compared.changed) - len(shown)
    words = f"\n{len(compared.changed)} of {compared.incidents} incidents would have gone otherwise:"
    more = [Text(f"and {rest} more; --all shows them.", "dim")] if rest else []
    return [Text(words, "bold"), made, *more]
