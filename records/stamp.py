"""Checkpoints that somebody else has put the time to: a time-stamp authority, as RFC 3161 has it (SOC-1).

A checkpoint that is stamped was there at that moment, whoever holds our key; and checkpoints are chained, so that one
stamp speaks of every checkpoint before it.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from pydantic import ValidationError
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from domain.value.model import Model, said_count
from records.checkpoint import Signed
from records.record import canonical
from records.refusal import NotStamped, SettingRefused

GRANTED = 0
"""The state of an answer that holds the stamp that was asked for, RFC 3161 2.4.2."""
AT_MOST = timedelta(days=1)
"""How long after the moment that it says a checkpoint may be stamped: an authority may be away for a night."""


class Stamp(Model):
    """What an authority answered about one checkpoint."""

    number: int
    authority: str
    response: str
    """The whole answer as DER in base64."""

    def text(self) -> str:
        """The one way in which it is kept."""
        return canonical(self)


class Stamped(NamedTuple):
    """What is wrong with some stamps, what they leave to believe, and what they say."""

    findings: list[str]
    unproved: list[str]
    said: list[str]


def question(one: Signed) -> TimeStampRequest:
    """What an authority is asked: it sees a digest and a number used once, and nothing of what happened."""
    return TimestampRequestBuilder().data(one.text().encode()).hash_algorithm(HashAlgorithm.SHA256).build()


def answered(one: Signed, asked: TimeStampRequest, *, authority: str, response: bytes) -> Stamp:
    """The stamp that an authority gave, or `NotStamped`; whose it is, is seen by whoever has its root."""
    read = _read(response)
    if read.status != GRANTED:
        raise NotStamped(f"{authority} refused: status {read.status} {'; '.join(read.status_string)}".rstrip())
    if read.tst_info.nonce != asked.nonce or read.tst_info.message_imprint.message != _digest(one):
        raise NotStamped(f"{authority} answered another question")
    return Stamp(number=one.checkpoint.number, authority=authority, response=base64.b64encode(response).decode())


def roots(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file: an authority's root, and what stands between the root and its own."""
    try:
        found = tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError):
        raise SettingRefused("--tsa-root", f"{path}, which cannot be read", "a PEM file of certificates") from None
    if not any(one.subject == one.issuer for one in found):
        raise SettingRefused("--tsa-root", f"{path}, which holds no root", "the root that vouches for the authority")
    return found


def examine_stamps(
    stamps: Sequence[Stamp], checkpoints: Sequence[Signed], trusted: Sequence[x509.Certificate], as_of: datetime
) -> Stamped:
    """Hold stamps against the checkpoints they speak of; without a `trusted` root nobody knows whose they are."""
    known = {one.checkpoint.number: one for one in checkpoints}
    moments: dict[int, datetime] = {}
    found: list[str] = []
    for stamp in stamps:
        try:
            moments[stamp.number] = _moment(stamp, known.get(stamp.number), trusted)
        except NotStamped as error:
            found.append(f"time stamp of checkpoint {stamp.number}: {error}")
    if not trusted:
        return Stamped(
            found, [], [f"{said_count(len(stamps), 'time stamp')}, not checked: no --tsa-root"] if stamps else []
        )
    late = _late(checkpoints, moments, as_of)
    many = f"{said_count(len(late), 'checkpoint')}, {late[0]} first, were" if late else ""
    unproved = [f"that {many} made when they say: no time stamp is of that day"] if late else []
    return Stamped(found, unproved, _said(stamps, moments))


def read_stamps(lines: Iterable[str]) -> tuple[list[Stamp], list[str]]:
    """The lines that are stamps; those that cannot be were altered."""
    read: list[Stamp] = []
    found: list[str] = []
    for number, line in enumerate(lines, 1):
        try:
            read.append(Stamp.model_validate_json(line))
        except ValidationError:
            found.append(f"time stamp in place {number}: altered: it cannot be read")
    return read, found


def _moment(stamp: Stamp, one: Signed | None, trusted: Sequence[x509.Certificate]) -> datetime:
    """When it was stamped; raises `NotStamped` where it was not."""
    if one is None:
        raise NotStamped("removed: the checkpoint is not there")
    try:
        read = _read(base64.b64decode(stamp.response, validate=True))
        if read.tst_info.message_imprint.message != _digest(one):
            raise NotStamped("altered: it is of another text")
        own = [certificate for certificate in trusted if certificate.subject == certificate.issuer]
        others = [certificate for certificate in trusted if certificate.subject != certificate.issuer]
        if trusted:
            VerifierBuilder(roots=own, intermediates=others).build().verify_message(read, one.text().encode())
        return read.tst_info.gen_time
    except (binascii.Error, ValueError):
        raise NotStamped("altered: it cannot be read") from None
    except VerificationError:
        raise NotStamped("not by an authority whose root was given") from None


def _late(checkpoints: Sequence[Signed], moments: dict[int, datetime], as_of: datetime) -> list[int]:
    """The checkpoints that no stamp speaks of within a day: whoever made them may have made them later."""
    found: list[int] = []
    first: datetime | None = None
    for one in reversed(checkpoints):
        said = moments.get(one.checkpoint.number)
        first = min(said, first or said) if said else first
        if (first or as_of) - one.checkpoint.at > AT_MOST:
            found.append(one.checkpoint.number)
    return found[::-1]


def _said(stamps: Sequence[Stamp], moments: dict[int, datetime]) -> list[str]:
    """Up to where somebody else has put the time to it."""
    last = max((stamp for stamp in stamps if stamp.number in moments), key=lambda stamp: stamp.number, default=None)
    if last is None:
        return []
    at = f"{moments[last.number]:%Y-%m-%d %H:%M:%S} UTC"
    return [f"stamped by others: checkpoint {last.number}, and so all before it, was there at {at} ({last.authority})"]


def _read(response: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(response)
    except ValueError:
        raise NotStamped("what came is no time stamp") from None


def _digest(one: Signed) -> bytes:
    return hashlib.sha256(one.text().encode()).digest()
