"""Signs how far the record of each incident has come, so that nothing before can be written anew (SOC-1)."""

import logging
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr
from temporalio import activity

from records.key import read_key
from records.refusal import SettingRefused, Unremembered
from records.store import Records

log = logging.getLogger("standfast.notary")
NO_KEY = (
    "nothing was signed: STANDFAST_SIGNING_KEY is not set for the worker; "
    "`standfast audit key --new FILE` makes a key. Incidents are recorded and chained all the same"
)


class Notary:
    """Holds the setting, not the key: a key file that is put there later counts from the next checkpoint on."""

    def __init__(self, records: Records, setting: SecretStr | None, memory: Path | None = None) -> None:
        self._records, self._setting, self._memory = records, setting, memory

    @activity.defn
    async def sign_checkpoint(self) -> str:
        """Sign the ends of the chains that moved, and answer what was signed, or why nothing was."""
        if self._setting is None:
            log.warning(NO_KEY)
            return NO_KEY
        try:
            key = read_key(self._setting.get_secret_value())
        except SettingRefused as error:
            log.error("nothing was signed: %s", error)
            return f"nothing was signed: {error}"
        try:
            made = await self._records.checkpoint(key, datetime.now(UTC), self._memory)
        except Unremembered as error:
            log.error("nothing was signed: %s", error)
            return f"nothing was signed: {error}"
        if made is None:
            return "nothing has moved since the last checkpoint"
        return f"checkpoint {made.checkpoint.number}: {len(made.checkpoint.heads)} incident(s) moved"
