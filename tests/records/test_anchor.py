"""What was signed is remembered outside the database, and nobody signs or vouches for what is not as remembered."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records.anchor import remembered
from records.bundle import verify_bundle
from records.key import public
from records.refusal import Unremembered
from records.store import Records
from tests.domain.learn.case import NOON, days
from tests.records.case import INCIDENT, events
from tests.records.test_evidence import tamper
from tests.records.test_export import KEY, LATER, OURS, exported, told

pytestmark = pytest.mark.sop("SOC-1")
OTHER = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "anchors.jsonl"


async def test_every_checkpoint_is_remembered_and_one_that_was_made_elsewhere_is_learnt(
    records: Records, memory: Path
) -> None:
    await records.append(INCIDENT, events(2))
    await records.checkpoint(KEY, NOON)
    await records.append(INCIDENT, events(4))
    await records.checkpoint(KEY, NOON + days(1), memory)
    assert remembered(memory) == list(await records.checkpoints())
    assert await records.checkpoint(KEY, NOON + days(2), memory) is None
    assert len(remembered(memory)) == 2
    assert await records.verify_all(OURS, remembered(memory)) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM checkpoint", "checkpoint 1: removed"),
        ("UPDATE event SET hash = previous_hash WHERE number = 2", f"{INCIDENT} record 2: altered"),
        ("DELETE FROM event WHERE number = 2", f"{INCIDENT} record 2: removed"),
    ],
)
async def test_what_is_not_as_remembered_is_not_signed_over_and_is_found(
    records: Records, memory: Path, statement: str, said: str
) -> None:
    await records.append(INCIDENT, events(2))
    await records.checkpoint(KEY, NOON, memory)
    await records.append(INCIDENT, events(3))
    await tamper(records, statement)
    with pytest.raises(Unremembered, match=said):
        await records.checkpoint(KEY, NOON + days(1), memory)
    assert len(remembered(memory)) == 1
    assert any(one.startswith(said) for one in await records.verify_all(OURS, remembered(memory)))


async def test_a_key_that_was_changed_between_two_checkpoints_is_believed_beside_the_one_before(
    records: Records, memory: Path
) -> None:
    await records.append(INCIDENT, events(2))
    await records.checkpoint(KEY, NOON, memory)
    await records.append(INCIDENT, events(3))
    await records.checkpoint(OTHER, NOON + days(1), memory)
    both = [public(KEY), public(OTHER)]
    assert await records.verify_all(both, remembered(memory)) == []
    assert await records.verify_all(both[1:], remembered(memory)) != []


async def test_a_checkpoint_by_another_key_is_not_learnt(records: Records, memory: Path) -> None:
    await records.append(INCIDENT, events(2))
    await records.checkpoint(KEY, NOON, memory)
    await records.append(INCIDENT, events(3))
    await records.checkpoint(OTHER, NOON + days(1))
    with pytest.raises(Unremembered, match="signed by a key that is not ours"):
        await records.checkpoint(KEY, NOON + days(2), memory)


async def test_a_bundle_whose_history_was_signed_anew_is_found_by_what_is_anchored(
    records: Records, memory: Path, tmp_path: Path
) -> None:
    await records.append(INCIDENT, events(2))
    await records.checkpoint(KEY, NOON, memory)
    await tamper(records, "DELETE FROM checkpoint", "DELETE FROM event", "DELETE FROM head")
    await told(records)
    await exported(records, tmp_path / "audit.zip")
    assert verify_bundle(tmp_path / "audit.zip", OURS).whole
    [found] = verify_bundle(tmp_path / "audit.zip", OURS, remembered(memory)).findings
    assert found == "checkpoint 1: altered: it is not as it is anchored outside"
    assert LATER > NOON


def test_a_memory_that_cannot_be_read_is_said(memory: Path) -> None:
    memory.write_text("no checkpoint\n")
    with pytest.raises(Unremembered, match="line 1"):
        remembered(memory)
