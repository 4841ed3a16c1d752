"""What the inbox could not read: shown, and read again after a mend."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated

import typer
from pydantic_settings import BaseSettings
from rich.text import Text

from console.ending import CommandRefused
from console.moment import clock, local
from console.not_taken import sentences
from console.page import table
from console.period import moment
from console.screen import show, show_json
from console.session import AsJson, finish
from ingress.webhook.inbox import Inbox, InboxUnavailable, NotSetAside
from ingress.webhook.late import AWAY, ENDED, kept_by, late_words, left, not_taken, remarks, take_out, unheard_of
from ingress.webhook.population import deliveries
from ingress.webhook.table import Row
from ingress.webhook.unheard import unheard
from ingress.webhook.waiting import Chosen
from records.delivery import Deliveries
from records.redaction import Redaction

SINCE, UNTIL = "Received from then on; UTC unless said.", "Received before then; UTC unless said."
app = typer.Typer(
    name="inbox", no_args_is_help=True, help="Show webhooks that could not be read, and read or relay webhooks again."
)


LATELY = timedelta(days=1)
SET = "set STANDFAST_INBOX to where the ingress writes"
IDLE = "Read in the last day, with nothing in it for anybody (the latest)"


class Settings(BaseSettings):
    """Where the inbox is."""

    standfast_inbox: str = "var/inbox.db"


@app.command("list")
def list_rows(as_json: AsJson = False) -> None:
    """List the webhooks that could not be read, or that wait for a mend; what nothing took, and the latest remarks."""
    finish(_list(as_json))


@app.command()
def retry(
    row: Annotated[int | None, typer.Argument(metavar="[ROW]", help="A row of `standfast inbox list`.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    door: Annotated[str, typer.Option("--door", help="All that came through this door.")] = "",
    since: Annotated[str, typer.Option("--since", metavar="WHEN", help=SINCE)] = "",
    until: Annotated[str, typer.Option("--until", metavar="WHEN", help=UNTIL)] = "",
) -> None:
    """Have webhooks read again, after the program or the catalog was mended: one row, or all that are chosen."""
    chosen = _chosen(door, since, until)
    many = everything or chosen != Chosen()
    finish(_retry_all(chosen) if many and row is None else _retry(row, many))


@app.command()
def relay(
    since: Annotated[str, typer.Option("--since", metavar="WHEN", help=SINCE)],
    until: Annotated[str, typer.Option("--until", metavar="WHEN", help=UNTIL)] = "",
    door: Annotated[str, typer.Option("--door", help="Only what came through this door.")] = "",
) -> None:
    """Relay kept webhooks again, after Temporal's store was lost or rolled back; first `standfast restore --all`."""
    finish(_retry_all(_chosen(door, since, until), relayed=True))


def _chosen(door: str, since: str, until: str) -> Chosen:
    """The rows of a door and of a time, as they were typed."""
    return Chosen(door, moment("--since", since) if since else None, moment("--until", until) if until else None)


async def _list(as_json: bool) -> int:
    async with opened() as inbox:
        rows, late = await everything(inbox), await inbox.look(unheard)
        idle = await inbox.look(remarks, datetime.now(UTC) - LATELY)
    if as_json:
        named = {"rows": rows, "unheard": late, "remarks": idle}
        show_json({name: [described(row) for row in some] for name, some in named.items()})
        return 0
    made = table("row", "door", "received", "where", "found", "expected")
    for row in rows:
        received = f"{row.request.received_at:%d %b %H:%M:%S}"
        made.add_row(str(row.row), row.door, received, Text(row.path), Text(row.found), Text(row.expected))
    show(made if rows else "Every webhook could be read.")
    now, here = datetime.now(UTC), local()
    _say(AWAY, sentences(not_taken(rows), now, here))
    _say(ENDED, sentences(unheard_of(late), now, here))
    _say(IDLE, [f"{clock(row.request.received_at, now, here)} {row.door}: {row.remark}" for row in idle])
    return 0


async def say_not_taken(incident: str, zone: tzinfo) -> None:
    """Say what an incident that has ended did not take; nothing where nothing is, or where no inbox can be asked."""
    try:
        async with opened() as inbox:
            found = await late_words(inbox, incident)
    except CommandRefused:
        return
    for heading, words in found.items():
        _say(heading, sentences(words, datetime.now(UTC), zone))


def _say(heading: str, said: list[str]) -> None:
    if said:
        show("", Text(f"{heading}:", "bold"), *(Text(f"  {one}") for one in said))


async def everything(inbox: Inbox) -> list[Row]:
    """All the rows that were set aside or wait for a mend, page by page."""
    rows: list[Row] = []
    for page in (inbox.unreadable, inbox.held_back):
        last = 0
        while more := await page(after=last):
            rows, last = rows + more, more[-1].row
    return sorted(rows, key=lambda row: row.row)


async def _retry(row: int | None, many: bool) -> int:
    if row is None or many:
        raise CommandRefused("expected one row, or --all, --door, --since and --until for many")
    try:
        async with opened() as inbox:
            again = await inbox.retry(row)
    except NotSetAside as error:
        raise CommandRefused(f"{error}; `standfast inbox list` shows them") from None
    show(f"row {row} is read again as row {again}")
    return 0


async def _retry_all(chosen: Chosen, *, relayed: bool = False) -> int:
    async with opened() as inbox:
        rows = await (inbox.relay_again if relayed else inbox.retry_all)(chosen)
    show("\n".join(f"row {row} is read again as row {again}" for row, again in rows.items()) or "There was none.")
    return 0


async def received(since: datetime, until: datetime) -> Deliveries:
    """What the inbox received in a period; where it is away, that it is."""
    try:
        async with opened() as inbox:
            counted = await inbox.look(deliveries, since, until)
            return counted.model_copy(update={"not_taken": await inbox.look(left, since, until)})
    except CommandRefused as error:
        return Deliveries(away=str(error))


async def without(redaction: Redaction, held: Collection[str]) -> int | None:
    """Take somebody out of what was not taken any more; None where no inbox can be reached."""
    try:
        async with opened() as inbox:
            return await inbox.do(take_out, redaction, held)
    except CommandRefused:
        return None


@asynccontextmanager
async def opened() -> AsyncIterator[Inbox]:
    """The inbox of the settings, as long as it can be reached."""
    inbox = _inbox()
    try:
        yield inbox
    except InboxUnavailable as error:
        raise CommandRefused(f"{error}; {SET}") from None
    finally:
        await inbox.close()


def _inbox() -> Inbox:
    """The one there is: a mistyped path must not look like an inbox without trouble."""
    try:
        inbox = Inbox(Settings().standfast_inbox)
    except ValueError as error:
        raise CommandRefused(str(error)) from None
    file = inbox.database.url.database
    if inbox.database.dialect.name == "sqlite" and file and not Path(file).exists():
        raise CommandRefused(f"there is no inbox at {file}; {SET}")
    return inbox


def described(row: Row) -> dict[str, object]:
    """A row without its body, which may hold what people wrote to customers."""
    at = row.request.received_at.isoformat()
    wrong = {"path": row.path, "found": row.found, "expected": row.expected}
    kept, told = kept_by(row), {"remark": row.remark} if row.remark else {}
    act = {"incident": kept.incident, "by": kept.act.by, "act": kept.act.kind} if kept and kept.act else {}
    return {"row": row.row, "door": row.door, "received_at": at, "waits": row.state == "held", **wrong, **told, **act}
