"""What Temporal stores can be read by us alone, also after a change of keys."""

import base64
from dataclasses import replace
from itertools import pairwise

import pytest
from pydantic import SecretStr
from temporalio.api.common.v1 import Payload

from domain.exchange import TroublesSaid
from workflows.codec import Codec, KeyUnfit, Settings, codec
from workflows.converter import converter

PLAIN = converter()
OLD, NEW = bytes(range(32)), bytes(range(1, 33))
SAID = Payload(metadata={"encoding": b"json/plain"}, data=b'"the customer is Northwind"')


async def test_a_payload_is_unreadable_on_the_way_and_whole_afterwards() -> None:
    ring = Codec([NEW])
    (sealed,) = await ring.encode([SAID])
    assert b"Northwind" not in sealed.SerializeToString()
    assert await ring.decode([sealed]) == [SAID]


async def test_the_same_words_never_look_the_same() -> None:
    one, two = await Codec([NEW]).encode([SAID, SAID])
    assert one.data != two.data


async def test_after_a_change_of_keys_old_payloads_are_read_and_new_ones_use_the_new_key() -> None:
    (old,) = await Codec([OLD]).encode([SAID])
    ring = Codec([NEW, OLD])
    assert await ring.decode([old]) == [SAID]
    (new,) = await ring.encode([SAID])
    with pytest.raises(KeyUnfit, match="add that key"):
        await Codec([OLD]).decode([new])


async def test_while_keys_are_changed_step_by_step_everybody_reads_everybody() -> None:
    """Within a step and over its border: what runs with the keys of one step reads what the next one wrote."""
    rings = [Codec(keys) for keys in ([OLD], [OLD, NEW], [NEW, OLD])]
    for one, next_one in pairwise(rings):
        for writes, reads in ((one, next_one), (next_one, one)):
            assert await reads.decode(await writes.encode([SAID])) == [SAID]
    with pytest.raises(KeyUnfit, match="add that key"):
        await rings[0].decode(await rings[2].encode([SAID]))


async def test_what_was_never_encrypted_is_left_as_it_is() -> None:
    assert await Codec([NEW]).decode([SAID]) == [SAID]


@pytest.mark.sop("SOC-1")
async def test_what_the_watchman_has_said_is_read_without_the_key_and_nothing_else_is() -> None:
    """The result of one round is what the next one begins with: a lost key must not end the rounds."""
    said, told = TroublesSaid(said=("ended/INC-7K3QF/",)), {"text": "the customer is Northwind"}
    old, new = (replace(PLAIN, payload_codec=Codec([key])) for key in (OLD, NEW))
    sealed = await old.encode([said, told])
    assert await new.decode(sealed[:1], [TroublesSaid]) == await PLAIN.decode(sealed[:1], [TroublesSaid]) == [said]
    with pytest.raises(KeyUnfit, match="add that key"):
        await new.decode(sealed[1:], [dict])


async def test_a_flipped_bit_is_noticed() -> None:
    ring = Codec([NEW])
    (sealed,) = await ring.encode([SAID])
    sealed.data = sealed.data[:-1] + bytes([sealed.data[-1] ^ 1])
    with pytest.raises(KeyUnfit, match="altered"):
        await ring.decode([sealed])


def test_without_keys_there_is_no_codec() -> None:
    assert codec(Settings(standfast_codec_keys=SecretStr(" , "))) is None


def test_keys_are_read_newest_first() -> None:
    words = ",".join(base64.b64encode(key).decode() for key in (NEW, OLD))
    assert codec(Settings(standfast_codec_keys=SecretStr(words))) is not None


@pytest.mark.parametrize("word", ["short", base64.b64encode(b"16 bytes of key.").decode(), "no base64!"])
def test_a_key_that_is_none_is_refused_without_being_repeated(word: str) -> None:
    with pytest.raises(KeyUnfit, match="key 1: expected 32 bytes") as refused:
        codec(Settings(standfast_codec_keys=SecretStr(word)))
    assert word not in str(refused.value)
