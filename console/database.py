"""The records as commands open them: where the worker writes, and never an empty file made by a mistyped path."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError

from console.ending import CommandRefused
from records.overview import Overview
from records.place import lacking_file
from records.refusal import RecordsUnavailable, SettingRefused
from records.setting import Settings
from records.store import Records

HINT = "set STANDFAST_DATABASE_URL to where the worker writes; the worker makes the tables when it starts"


@asynccontextmanager
async def opened() -> AsyncIterator[Records]:
    """The records of the settings, or one sentence that says why not."""
    url = Settings().standfast_database_url.get_secret_value()
    try:
        if missing := lacking_file(url):
            raise CommandRefused(f"there are no records at {missing}; {HINT}")
        async with await Records.open(url) as records:
            yield records
    except SettingRefused as error:
        raise CommandRefused(str(error)) from None
    except RecordsUnavailable as error:
        raise CommandRefused(f"{error}; `standfast doctor` looks closer") from None
    except DBAPIError as error:
        said = str(error.orig).partition("\n")[0]
        raise CommandRefused(f"the records cannot be read ({said}); {HINT}") from None


async def every_incident(records: Records, *, open_only: bool) -> AsyncIterator[Overview]:
    """What is recorded of each, page by page."""
    last = None
    while rows := await records.incidents(open_only=open_only, after=last):
        last = rows[-1].id
        for row in rows:
            yield row
