"""Signs how far the record of each incident has come, has that stamped (RFC 3161 3.4), and mails it (SOC-1)."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from pydantic import SecretStr
from temporalio import activity

from config.trust import authorities
from domain.port.duty import VendorError
from domain.value.model import said_count
from records.checkpoint import Signed
from records.key import read_key
from records.refusal import NotStamped, SettingRefused, Unremembered
from records.stamp import Stamp, answered, question
from records.store import Records

PATIENCE = timedelta(seconds=10)
QUERY = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


async def stamped(authority: str, one: Signed, patience: timedelta = PATIENCE) -> Stamp:
    """The authority's stamp on a checkpoint, or `NotStamped` with what it said instead."""
    asked = question(one)
    try:
        async with httpx.AsyncClient(timeout=patience.total_seconds(), verify=authorities()) as http:
            reply = await http.post(authority, content=asked.as_bytes(), headers=QUERY)
            reply.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotStamped(f"{authority}: {error or type(error).__name__}") from None
    return answered(one, asked, authority=authority, response=reply.content)


log = logging.getLogger("standfast.notary")
NO_KEY = (
    "nothing was signed: STANDFAST_SIGNING_KEY is not set for the worker; "
    "`standfast audit key --new FILE` makes a key. Incidents are recorded and chained all the same"
)


Mailed = Callable[[Signed], Awaitable[None]]
"""Sends a checkpoint by mail, or raises `VendorError`."""


class CheckpointActivities:
    """Holds the setting, not the key: a key file that is put there later counts from the next checkpoint on."""

    def __init__(
        self,
        records: Records,
        setting: SecretStr | None,
        memory: Path | None = None,
        *,
        authority: str = "",
        mail: Mailed | None = None,
    ) -> None:
        self._records, self._setting, self._memory = records, setting, memory
        self._authority, self._mail = authority, mail

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
        moved = (
            f"checkpoint {made.checkpoint.number}: {said_count(len(made.checkpoint.heads), 'incident')} moved"
            if made
            else ""
        )
        stamped = await self._stamp() if self._authority else ""
        sent = await self._send(made, self._mail) if made and self._mail else ""
        return "; ".join(filter(None, (moved or "nothing has moved since the last checkpoint", stamped, sent)))

    async def _send(self, made: Signed, mail: Mailed) -> str:
        """Mail a checkpoint; one that could not be sent is covered by the next, for they are chained."""
        try:
            await mail(made)
        except VendorError as error:
            log.warning("checkpoint %s is not mailed: %s", made.checkpoint.number, error)
            return f"checkpoint {made.checkpoint.number} is not mailed: {error}"
        return f"checkpoint {made.checkpoint.number} is mailed"

    async def _stamp(self) -> str:
        """Have the newest checkpoint stamped; an authority that gives none is asked again with the next one."""
        newest = await self._records.unstamped()
        if newest is None:
            return ""
        number, result = newest.checkpoint.number, "failed"
        try:
            await self._records.keep_stamp(await stamped(self._authority, newest))
            result = "done"
            return f"checkpoint {number} is stamped"
        except NotStamped as error:
            log.warning("checkpoint %s is not stamped: %s", number, error)
            return f"checkpoint {number} is not stamped: {error}"
        finally:
            counter = activity.metric_meter().create_counter(
                "standfast_stamps", "Time stamps asked for, by how it went"
            )
            counter.add(1, {"result": result})
