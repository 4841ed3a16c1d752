"""A moment in words: as the engine writes it in UTC, and found again in a text by a surface that says it locally."""

import re
from collections.abc import Iterable
from datetime import datetime


def clock_time(moment: datetime, seen_at: datetime | None = None) -> str:
    """A moment as people in a war room read it: 03:07 UTC; with its day where that is not the day it is seen."""
    other_day = seen_at is not None and moment.date() != seen_at.date()
    return f"{moment:%d %b %H:%M} UTC" if other_day else f"{moment.hour:02}:{moment.minute:02} UTC"


def told_moments(text: str, moments: Iterable[datetime]) -> list[tuple[str, datetime | None]]:
    """A text in pieces: those that name one of the moments as `clock_time` does, with it, and the words between."""
    said = {f"{at:{form}} UTC": at for at in moments for form in ("%H:%M", "%d %b %H:%M")}
    longest = sorted(said, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, longest))})", text) if said else [text]
    return [(piece, said.get(piece)) for piece in pieces if piece]
