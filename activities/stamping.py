"""Asks a time-stamp authority over HTTP, as RFC 3161 3.4 has it."""

from datetime import timedelta

import httpx

from config.trust import authorities
from records.checkpoint import Signed
from records.refusal import NotStamped
from records.stamp import Stamp, answered, question

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
