"""The key figures by paper and pencil: from diaries, by the SOP's words alone, with nothing of the product."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.domain.learn.diary import Diary, Item

GRAVE = ("P1", "P2")
UNDER = {
    "KPI-1": timedelta(minutes=5),
    "KPI-2": timedelta(hours=1),
    "KPI-3": timedelta(hours=4),
    "KPI-7": timedelta(minutes=10),
    "WAR-3": timedelta(minutes=15),
}
AT_LEAST = {"KPI-4": 1.0, "KPI-5": 0.9, "COM-2": 0.95}
BELOW = {"KPI-6": 0.05, "KPI-8": 0.1, "TRI-2": 0.2, "ACK-6": 0.25}
UNSAID = timedelta(minutes=10)
"""TRI-4: what nobody has classified so long after its acknowledgement is treated as proposed."""
HALF_HOUR = timedelta(minutes=30)
TWO_DAYS, QUARTER = timedelta(hours=48), timedelta(days=90)


@dataclass
class Line:
    """One figure of one incident or of many: how many were judged, kept it, are open, and how long they took."""

    judged: int = 0
    kept: int = 0
    open: int = 0
    waived: int = 0
    timed: int = 0
    spent: timedelta = timedelta()

    def __add__(self, other: "Line") -> "Line":
        pairs = zip(self.__dict__.values(), other.__dict__.values(), strict=True)
        return Line(*(one + more for one, more in pairs))


def gravest(diary: Diary) -> str:
    """The severest that was declared; what nobody declared counts as proposed."""
    return min((severity for _, severity in declarations(diary)), default=diary.proposed)


def declarations(diary: Diary) -> list[tuple[datetime, str]]:
    """What people declared, and before them what counted by itself ten minutes after the acknowledgement."""
    if (
        not diary.acknowledged
        or min((at for at, _ in diary.declared), default=diary.seen) <= diary.acknowledged + UNSAID
    ):
        return diary.declared
    by_itself = diary.acknowledged + UNSAID
    return (
        diary.declared if diary.ends and diary.ends[0] <= by_itself else [(by_itself, diary.proposed), *diary.declared]
    )


def span(figure: str, spent: timedelta, *, known: bool) -> Line:
    """A time that is known counts; one that still runs is a miss from the moment on at which it is too long."""
    short = spent < UNDER[figure]
    if known:
        return Line(judged=1, kept=int(short), timed=1, spent=spent)
    return Line(open=1) if short else Line(judged=1)


def acknowledged(diary: Diary) -> Line | None:
    if gravest(diary) not in GRAVE:
        return None
    if diary.acknowledged:
        return span("KPI-1", diary.acknowledged - diary.fired, known=True)
    rang = (diary.ends[0] if diary.ends else diary.seen) - diary.fired
    return span("KPI-1", rang, known=bool(diary.ends) and rang >= UNDER["KPI-1"])


def restored(diary: Diary) -> Line | None:
    """From firing to end and from each reopening to the next end; the calm between was no outage."""
    figure = {"P1": "KPI-2", "P2": "KPI-3"}.get(gravest(diary))
    if not figure or diary.blip:
        return None
    begun = [diary.fired, *diary.reopened]
    over = len(diary.ends) == len(begun)
    ends = diary.ends if over else [*diary.ends, diary.seen]
    return span(figure, sum((end - start for start, end in zip(begun, ends, strict=True)), timedelta()), known=over)


def written(diary: Diary) -> Line | None:
    """48 hours from the first end, standing still while it was reopened; from a correction, where that asked for it."""
    if gravest(diary) not in GRAVE or not diary.ends or diary.blip:
        return None
    pauses = zip(diary.reopened, [*diary.ends[1:], diary.seen], strict=False)
    due = (diary.corrected_at or diary.ends[0]) + TWO_DAYS + sum((end - at for at, end in pauses), timedelta())
    waived, until = int(diary.waived is not None), min(at for at in (diary.written, diary.waived, diary.seen) if at)
    if until > due:
        return Line(judged=1, waived=waived)
    return Line(judged=1, kept=1, waived=waived) if diary.written else Line(open=1 - waived, waived=waived)


def items(diary: Diary) -> Line | None:
    lines = [line for item in diary.items if (line := _item(item))]
    return sum(lines, Line()) if lines else None


def _item(item: Item) -> Line | None:
    """Done in time is kept; past its day is missed, whatever came later; declined in time never was owed."""
    if item.late or (item.done and item.done > item.due):
        return Line(judged=1)
    if item.done:
        return Line(judged=1, kept=1)
    return None if item.declined else Line(open=1)


def repeated(diary: Diary, others: Iterable[Diary]) -> Line:
    if not diary.cause:
        return Line(open=1)
    before = [one for one in others if one.left_out != "drill" and _alike(diary, one)]
    return Line(judged=1, kept=int(not any(diary.fired - QUARTER <= one.fired < diary.fired for one in before)))


def _alike(one: Diary, other: Diary) -> bool:
    """A category is the same cause where the same thing failed; a cause with a name of its own is one anywhere."""
    category = one.cause in ("capacity", "hardware", "deployment")
    return one.cause == other.cause and (not category or one.failed == other.failed)


def told(diary: Diary) -> Line | None:
    """From the first declaration of a P1 or P2, or from when it counts as one, to the first words on the page."""
    declared = [at for at, severity in declarations(diary) if severity in GRAVE]
    if not declared:
        return None
    if diary.public:
        return span("KPI-7", diary.public[0] - declared[0], known=True)
    return span("KPI-7", (diary.ends[0] if diary.ends else diary.seen) - declared[0], known=False)


def classified(diary: Diary) -> Line:
    """Too low: below the matrix at any time, or raised later."""
    severities = [severity for _, severity in declarations(diary)]
    well = severities and max(severities) <= diary.proposed and severities[0] == min(severities)
    return Line(judged=1, kept=int(bool(well))) if severities else Line(open=1)


def updates(diary: Diary) -> Line | None:
    """The first within ten minutes of the declaration, then one every half hour; each that lacks was not made."""
    declared = [at for at, severity in declarations(diary) if severity in GRAVE]
    if not declared or diary.reopened:
        return None
    due, end, made, first = declared[0] + UNDER["KPI-7"], (diary.ends or [diary.seen])[0], Line(), True
    for at in [one for one in diary.public if one <= end]:
        made += Line(judged=1, kept=1) if at <= due else Line(judged=1 if first else 1 + (at - due) // HALF_HOUR)
        due, first = at + HALF_HOUR, False
    if end > due:
        made += Line(judged=1 if first else 1 + (end - due) // HALF_HOUR)
    elif not diary.ends:
        made += Line(open=1)
    return made if made != Line() else None


def commanded(diary: Diary) -> Line | None:
    if gravest(diary) not in GRAVE:
        return None
    at = diary.commanded
    end = at or (diary.ends[0] if diary.ends else diary.seen)
    return span("WAR-3", end - diary.fired, known=at is not None)


def with_runbook(diary: Diary) -> Line:
    taken = diary.acknowledged or diary.ends
    return Line(judged=1, kept=int(diary.runbook)) if taken else Line(open=1)


def paged(diary: Diary) -> Line | None:
    by_day = [7 <= at.hour < 22 for page in diary.pages.values() for _, at in page]
    return Line(judged=len(by_day), kept=sum(by_day)) if by_day else None


def lines(diary: Diary, others: Iterable[Diary]) -> dict[str, Line]:
    """What one incident adds to each figure."""
    if diary.left_out:
        return {}
    mttr = {"P1": "KPI-2", "P2": "KPI-3"}.get(gravest(diary), "")
    found = {
        "KPI-1": acknowledged(diary),
        mttr: restored(diary),
        "KPI-4": written(diary),
        "KPI-5": items(diary),
        "KPI-6": repeated(diary, others),
        "KPI-7": told(diary),
        "KPI-8": classified(diary),
        "COM-2": updates(diary),
        "WAR-3": commanded(diary),
        "TRI-2": with_runbook(diary),
        "ACK-6": paged(diary),
    }
    return {figure: line for figure, line in found.items() if line}


@dataclass
class Sheet:
    """A period: the figures, and how many incidents they are of."""

    lines: dict[str, Line]
    incidents: int
    running: int
    left_out: Counter[str]


def sheet(diaries: list[Diary], since: datetime, until: datetime) -> Sheet:
    """What ended first in the period, and what was not over at its end; of what ended later nothing is known yet."""
    made, out, incidents, running = dict[str, Line](), Counter[str](), 0, 0
    for diary in diaries:
        end = diary.ends[0] if diary.ends else None
        if diary.fired >= until or (end and end < since):
            continue
        if diary.left_out:
            out[diary.left_out] += 1
            continue
        incidents += 1
        later = end is not None and end >= until
        running += end is None or later
        for figure, line in lines(diary, [one for one in diaries if one is not diary]).items():
            counted = Line(open=line.judged + line.open) if later else line
            made[figure] = made.get(figure, Line()) + counted
    return Sheet(made, incidents, running, out)


def met(figure: str, line: Line) -> bool | None:
    """Whether the target is met: of times the mean, of shares the share."""
    if not line.judged:
        return None
    if figure in UNDER:
        return bool(line.timed) and line.spent / line.timed < UNDER[figure]
    good = line.kept / line.judged
    return good >= AT_LEAST[figure] if figure in AT_LEAST else 1 - good < BELOW[figure]
