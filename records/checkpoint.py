"""Signed checkpoints: what the ends of all chains were at a moment, so that nothing before it can be written anew."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field

from domain.value.model import Model, said_count, unsaid
from records.chain import GENESIS
from records.erasure import Erasure
from records.key import doubts, public, sign
from records.record import Hash, Head, StoredInstant, canonical
from records.suppression import Counted, SuppressedDay


class Moved(Head):
    """How far a chain has come, and whether its incident goes on."""

    open: bool = Field(default=False, exclude_if=unsaid)
    """Whether it was not over yet; a period in which nothing happened to it has it all the same."""


class Checkpoint(Model):
    """The heads that moved since the checkpoint before, and what that one was."""

    number: int
    at: StoredInstant
    previous: Hash
    """The digest of the checkpoint before; zeros for the first."""
    heads: tuple[Moved, ...]
    suppressed: tuple[SuppressedDay, ...] = Field(default=(), exclude_if=unsaid)
    """The alerts that opened nothing on days that have ended since (SCP-2)."""
    erasures: tuple[Erasure, ...] = Field(default=(), exclude_if=unsaid)
    """Personal data that was erased on request since then; without any it is written as it always was."""

    def text(self) -> str:
        """What is signed."""
        return canonical(self)

    def digest(self) -> str:
        return hashlib.sha256(self.text().encode()).hexdigest()


class Signed(Model):
    """A checkpoint, whose key signed it, and how."""

    checkpoint: Checkpoint
    key: str
    signature: str

    def text(self) -> str:
        """The whole as it is kept."""
        return canonical(self)


def signed(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> Signed:
    """Sign a checkpoint."""
    return Signed(checkpoint=checkpoint, key=public(key), signature=sign(key, checkpoint.text()))


def anchors(checkpoints: Iterable[Signed]) -> dict[str, list[Head]]:
    """What the checkpoints say of each incident."""
    found: dict[str, list[Head]] = {}
    for head in (head for one in checkpoints for head in one.checkpoint.heads):
        found.setdefault(head.incident, []).append(head)
    return found


def counted(checkpoints: Iterable[Signed]) -> Counted:
    """What the checkpoints say of suppressed alerts."""
    found = Counted()
    for one in (one.checkpoint for one in checkpoints):
        found.take(one.number, one.suppressed, erased=any(erasure.suppressed for erasure in one.erasures))
    return found


class Silent:
    """Takes in checkpoints in order: which incidents were open in a period without having moved since before it."""

    def __init__(self, since: datetime) -> None:
        self._since = since
        self._open: set[str] = set()
        self.incidents: set[str] = set()

    def take(self, one: Signed) -> None:
        """What one checkpoint says; the first of the period speaks for all before it, which are chained."""
        for head in one.checkpoint.heads:
            silent = head.open and head.at < self._since
            self._open.add(head.incident) if silent else self._open.discard(head.incident)
        if one.checkpoint.at >= self._since:
            self.incidents |= self._open
            self._open.clear()


def erasures(checkpoints: Iterable[Signed]) -> list[Erasure]:
    """What was erased on request, in order."""
    return [erasure for one in checkpoints for erasure in one.checkpoint.erasures]


def unproved(known: Collection[str], incidents: Iterable[str], keys: Collection[str]) -> list[str]:
    """What somebody would have to believe: whose it is without a key, and what no checkpoint speaks of."""
    bare = [incident for incident in incidents if incident not in known]
    said = [] if keys else ["whose it is: no key was given, and anybody can sign with a key of their own"]
    if bare:
        several = f"{said_count(len(bare), 'incident')}, {bare[0]} first"
        said.append(f"that the history of {several}, is the one that was lived: no checkpoint speaks of it")
    elif not known:
        said.append("that nothing was left out: there is no checkpoint")
    return said


def examine_signature(one: Signed, keys: Collection[str] = ()) -> list[str]:
    """What is wrong with a checkpoint by itself.

    Without `keys`, the public keys that are known to be ours, a checkpoint only shows that its own key signed it.
    """
    what = f"checkpoint {one.checkpoint.number}"
    return [*doubts(what, one.key, one.signature, one.checkpoint.text(), keys)]


def examine_checkpoints(checkpoints: Sequence[Signed], keys: Collection[str] = ()) -> list[str]:
    """Find checkpoints that were altered, removed, inserted or reordered."""
    found: list[str] = []
    previous, expected = GENESIS, 1
    for one in checkpoints:
        name = f"checkpoint {one.checkpoint.number}"
        found += examine_signature(one, keys)
        if one.checkpoint.number != expected:
            found.append(f"{name}: expected checkpoint {expected}: one was removed, inserted or reordered")
        elif one.checkpoint.previous != previous:
            found.append(f"{name}: follows another checkpoint {expected - 1} than the one found")
        previous, expected = one.checkpoint.digest(), one.checkpoint.number + 1
    return found
