"""The period that a command is asked about, as people type it."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from console.ending import CommandRefused

From = Annotated[
    str, typer.Option("--from", metavar="WHEN", help="The first day, as in 2026-07-01, or a moment. UTC unless said.")
]
To = Annotated[str, typer.Option("--to", metavar="WHEN", help="The last day, which counts, or the moment of the end.")]
DAY = timedelta(days=1)


def since(typed: str) -> datetime | None:
    """The first moment of the period; None when nothing was typed."""
    return moment("--from", typed) if typed else None


def until(typed: str) -> datetime | None:
    """The first moment after the period: a day that is named as the last one belongs to it."""
    return moment("--to", typed, DAY) if typed else None


def ordered(first: datetime | None, last: datetime | None) -> None:
    """Refuse a period that ends before it begins."""
    if first and last and last <= first:
        raise CommandRefused(
            f"--to: found {last:%Y-%m-%d %H:%M}, expected a moment after --from, {first:%Y-%m-%d %H:%M}"
        )


def said(first: datetime | None, last: datetime | None) -> str:
    """A period in words."""
    start, end = (f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else "" for at in (first, last))
    if not start and not end:
        return "since the records began"
    return f"from {start} until {end}" if start and end else f"since {start}" if start else f"until {end}"


def moment(option: str, typed: str, whole_day: timedelta = timedelta()) -> datetime:
    """A day or a moment as it was typed for an option, with its zone or in UTC; refused where it is neither."""
    try:
        if len(typed) == len("2026-07-01"):
            return datetime.combine(date.fromisoformat(typed), datetime.min.time(), UTC) + whole_day
        at = datetime.fromisoformat(typed)
    except (ValueError, OverflowError):
        expected = "a day such as 2026-07-01 or a moment such as 2026-07-01T12:00"
        raise CommandRefused(f"{option}: found {typed[:40]!r}, expected {expected}") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
