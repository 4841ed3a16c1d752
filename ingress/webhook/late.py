"""What was done for an incident that had ended, and that it did not take any more: when, by whom, what, and why not."""

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from ingress.webhook.inbox import Inbox, InboxUnavailable
from ingress.webhook.kept_act import DOOR, Kept, kept_in
from ingress.webhook.table import INBOX, Row, micros, row_of, set_aside
from ingress.webhook.unheard import done, unheard
from records.delivery import NotTaken
from records.redaction import Redaction
from vendors.door import Unreadable

AWAY, ENDED = "Done while the engine was away", "Said after the end, and not taken"
REMARKS = 20
"""Remarks that are told at once."""
PATIENCE = timedelta(seconds=3)
"""How long an inbox is waited for by somebody who looks."""


class LateWord(NamedTuple):
    """One thing: when, who did it by whatever word is known of them, and the rest of the sentence."""

    at: datetime
    by: str
    words: str


def not_taken(rows: Iterable[Row], incident: str = "") -> list[LateWord]:
    """The acts of people among rows that were set aside, for one incident or for all."""
    return [
        LateWord(
            act.at or row.request.received_at, act.by, f"in {kept.incident}: {done(act)} was not taken: {row.found}"
        )
        for row in rows
        if (kept := kept_by(row)) and (act := kept.act) and kept.incident and incident in ("", kept.incident)
    ]


def kept_by(row: Row) -> Kept | None:
    """What a row says that an act of people is kept in; none where it is another's, or cannot be read."""
    try:
        return kept_in(row) if row.door == DOOR else None
    except Unreadable:
        return None


def unheard_of(rows: Iterable[Row], incident: str = "") -> list[LateWord]:
    """What vendors' webhooks told of what had ended, of one incident or of all."""
    found: list[LateWord] = []
    for row in rows:
        if incident in ("", row.path):
            by, _, done_there = row.found.partition(": ")
            words = f"in {row.door}, for {row.path}: {done_there}: {row.expected}"
            found.append(LateWord(row.request.received_at, by, words))
    return found


def remarks(connection: Connection, since: datetime) -> list[Row]:
    """What was read from a moment on and held nothing for anybody, the latest of it: a page edited by hand, a test."""
    young = (INBOX.c.state == "relayed", INBOX.c.row >= micros(since) // 1000, INBOX.c.remark != "")
    wanted = select(INBOX).where(*young).order_by(INBOX.c.row.desc()).limit(REMARKS)
    return [row_of(one) for one in connection.execute(wanted).mappings()][::-1]


def left(connection: Connection, since: datetime, until: datetime) -> tuple[NotTaken, ...]:
    """All that arrived in a period and was not taken, as evidence holds it."""
    told = [
        _left(row, one, kept.incident)
        for row in set_aside(connection, DOOR)
        if (kept := kept_by(row))
        for one in not_taken([row])
    ]
    told += [_left(row, one, row.path) for row in unheard(connection) for one in unheard_of([row])]
    return tuple(sorted((one for one in told if since <= one.at < until), key=lambda one: (one.at, one.receiver)))


def _left(row: Row, word: LateWord, receiver: str) -> NotTaken:
    return NotTaken(at=row.request.received_at, receiver=receiver, by=word.by, said=word.words)


def take_out(connection: Connection, redaction: Redaction, held: Collection[str] = ()) -> int:
    """Take somebody out of all such words and what they came in, but of held incidents; answers in how many rows."""
    reached = 0
    for row in (*set_aside(connection, DOOR), *unheard(connection)):
        kept = kept_by(row)
        if (kept.incident if kept else row.path) in held:
            continue
        body = redaction.text(row.request.body.decode(errors="surrogateescape")).encode(errors="surrogateescape")
        words = {"body": body, "wrong_found": redaction.text(row.found)}
        if words != {"body": row.request.body, "wrong_found": row.found}:
            connection.execute(update(INBOX).where(INBOX.c.row == row.row).values(**words))
            reached += 1
    return reached


async def late_words(inbox: Inbox, incident: str) -> dict[str, list[LateWord]]:
    """All that one incident did not take, under its headings; raises `InboxUnavailable`."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            rows, late = await inbox.look(set_aside, DOOR), await inbox.look(unheard)
    except TimeoutError:
        raise InboxUnavailable("the inbox does not answer in time") from None
    found = {AWAY: not_taken(rows, incident), ENDED: unheard_of(late, incident)}
    return {heading: words for heading, words in found.items() if words}
