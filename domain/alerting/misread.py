"""What a group was told and its release cannot read: it is kept, it rings, and a release that can reads it."""

import json
from collections.abc import Iterable
from datetime import datetime

from pydantic import ValidationError

from domain.alerting.alert import Alert
from domain.alerting.digest import AlertDigest
from domain.value.kind import OF_ANOTHER_RELEASE

KEPT = 300_000
"""Bytes of it that are kept, as they are written; what is more is lost, and that is said."""


def keep(kept: tuple[str, ...], said: str) -> tuple[str, ...]:
    """With one thing more, where there is room."""
    every = (*kept, said)
    return every if said and len(json.dumps(every, ensure_ascii=False).encode(errors="replace")) <= KEPT else kept


def readable(kept: Iterable[str]) -> tuple[tuple[AlertDigest, ...], tuple[str, ...]]:
    """The digests that can be read by now, and what cannot."""
    read, left = list[AlertDigest](), list[str]()
    for said in kept:
        try:
            read.append(AlertDigest.model_validate_json(said, extra="ignore", context=OF_ANOTHER_RELEASE))
        except ValidationError:
            left.append(said)
    return tuple(read), tuple(left)


def alarm(group: str, signal: str, why: str, now: datetime, *, kept: bool) -> Alert:
    """That the group was told something that may have been alerts; the same for an hour, so that it rings once."""
    stays = "It is kept, and read by a release that can." if kept else "It is not kept: look at its sender."
    return Alert(
        source="standfast",
        key=f"unreadable/{group}",
        episode=now.strftime("%Y-%m-%dT%HZ"),
        title=f"{group} was told something that this release cannot read",
        description=f"{signal}: {why[:1000]}. {stays} It may have been an alert: look there.",
        severity="critical",
        labels={"kind": "unreadable"},
        fired_at=now,
        at=now,
    )
