"""The records as the board opens them: when they are first needed, to read only, and never the end of a page."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from records.refusal import RecordsUnavailable, SettingRefused
from records.store import Records

PATIENCE = timedelta(seconds=2)
"""How long a reading is waited for; people look again."""
Found = TypeVar("Found")


class RecordsReader:
    """Reads the records at a URL, or those that are open already."""

    def __init__(self, url: str, records: Records | None = None) -> None:
        self._url = url
        self._records = records

    async def close(self) -> None:
        """Let go of the database."""
        if self._records:
            await self._records.close()

    async def read(self, question: Callable[[Records], Awaitable[Found]]) -> Found:
        """What the records answer. Whatever keeps them from it is `RecordsUnavailable`, with what was said."""
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                self._records = self._records or await Records.open(self._url, PATIENCE)
                return await question(self._records)
        except TimeoutError:
            raise RecordsUnavailable(self._where, f"no answer within {PATIENCE.seconds} s") from None
        except DBAPIError as error:
            raise RecordsUnavailable(self._where, str(error.orig).partition("\n")[0]) from None
        except (OSError, SettingRefused) as error:
            raise RecordsUnavailable(self._where, str(error)) from None

    @property
    def _where(self) -> str:
        return self._records.where if self._records else "STANDFAST_DATABASE_URL"
