"""Whatever is done to a chain is found, and the record it was done to is named (SOC-1)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from records.chain import GENESIS, chained, digest, examine
from records.record import Head, Record, Stored, canonical, write_moment
from tests.records.case import INCIDENT, NOON, event, events

pytestmark = pytest.mark.sop("SOC-1")

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
STORED = st.builds(
    Stored,
    number=st.just(1),
    at=st.integers(0, 10**9).map(lambda tick: NOON + timedelta(microseconds=tick)),
    by=WORDS,
    clause=st.none() | WORDS,
    kind=WORDS,
    body=WORDS,
)
CHAINS = st.lists(STORED, min_size=2, max_size=6).map(
    lambda many: chained(INCIDENT, GENESIS, [one.model_copy(update={"number": n}) for n, one in enumerate(many, 1)])
)


def end(records: Sequence[Record]) -> Head:
    last = records[-1]
    return Head.model_validate(last.model_dump(mode="json", include={"incident", "number", "hash", "at"}))


def named(records: Sequence[Record], whole: Sequence[Record]) -> dict[int, set[str]]:
    """What is found in records that were once whole, by number."""
    found: dict[int, set[str]] = {}
    for finding in examine(INCIDENT, records, end(whole)):
        found.setdefault(finding.number, set()).add(finding.kind)
    return found


@given(CHAINS)
def test_nothing_is_found_in_a_chain_nobody_touched(chain: tuple[Record, ...]) -> None:
    assert examine(INCIDENT, chain, end(chain), [end(chain[:1])]) == ()
    assert examine(INCIDENT, chain) == ()


@given(CHAINS, st.data())
def test_a_changed_field_is_found_in_its_record_and_no_other(chain: tuple[Record, ...], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    field = data.draw(st.sampled_from(["at", "by", "clause", "kind", "body", "hash", "previous_hash"]))
    other = {"at": NOON - timedelta(microseconds=1), "hash": "f" * 64, "previous_hash": "e" * 64}
    value = other.get(field, data.draw(WORDS))
    assume(value != getattr(chain[place], field))
    touched = [*chain[:place], chain[place].model_copy(update={field: value}), *chain[place + 1 :]]
    assert set(named(touched, chain)) == {place + 1}
    assert "altered" in named(touched, chain)[place + 1]


@given(CHAINS, st.data())
def test_a_record_altered_with_a_new_hash_to_match_is_found(chain: tuple[Record, ...], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    forged = chain[place].model_copy(update={"body": chain[place].body + "!"})
    forged = forged.model_copy(update={"hash": digest(forged)})
    assert named([*chain[:place], forged, *chain[place + 1 :]], chain) == {place + 1: {"altered"}}


@given(CHAINS, st.data())
def test_a_chain_written_anew_contradicts_its_head_and_its_anchors(
    chain: tuple[Record, ...], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    forged = [one.model_copy(update={"body": one.body + "!"}) for one in chain[place:]]
    anew = chained(INCIDENT, chain[place].previous_hash, [Stored(**_content(one)) for one in forged])
    assert named([*chain[:place], *anew], chain) == {len(chain): {"altered"}}
    anchor = end(chain[: place + 1])
    found = examine(INCIDENT, [*chain[:place], *anew], anchors=[anchor])
    assert [(one.number, one.kind) for one in found] == [(place + 1, "altered")]


def _content(record: Record) -> dict[str, object]:
    return record.model_dump(include=set(Stored.model_fields))


@given(CHAINS, st.data())
def test_a_removed_record_is_named_also_the_last(chain: tuple[Record, ...], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    assert named([*chain[:place], *chain[place + 1 :]], chain) == {place + 1: {"removed"}}


@given(CHAINS, st.data())
def test_an_inserted_record_is_named_wherever_it_stands(chain: tuple[Record, ...], data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(chain)))
    taken = data.draw(st.integers(1, len(chain) + 1))
    forged = event(taken, "a forged event").model_dump()
    before = chain[taken - 2].hash if taken > 1 else GENESIS
    [extra] = chained(INCIDENT, before, [Stored(**forged)])
    found = named([*chain[:place], extra, *chain[place:]], chain)
    assert found[taken] & {"inserted", "altered"}
    assert set(found) <= {taken, *range(place, len(chain) + 1)}


@given(CHAINS, st.data())
def test_a_record_that_stands_twice_was_inserted(chain: tuple[Record, ...], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    assert named([*chain[: place + 1], *chain[place:]], chain) == {place + 1: {"inserted"}}


@given(CHAINS)
def test_a_record_of_another_incident_was_inserted(chain: tuple[Record, ...]) -> None:
    [stranger] = chained("INC-00000", GENESIS, [event(1)])
    found = examine(INCIDENT, [*chain, stranger], end(chain))
    assert [str(one) for one in found] == [f"INC-00000 record 1: inserted: found among those of {INCIDENT}"]


@given(CHAINS, st.data())
def test_records_in_another_order_are_named(chain: tuple[Record, ...], data: st.DataObject) -> None:
    order = data.draw(st.permutations(chain))
    assume(order != list(chain))
    found = named(order, chain)
    behind = {one.number for place, one in enumerate(order) if any(o.number > one.number for o in order[:place])}
    assert found == {number: {"reordered"} for number in behind}


@given(CHAINS, st.data())
def test_records_that_exchanged_their_numbers_are_both_named(chain: tuple[Record, ...], data: st.DataObject) -> None:
    one, other = data.draw(st.permutations(range(len(chain))))[:2]
    swapped = list(chain)
    swapped[one] = chain[other].model_copy(update={"number": one + 1})
    swapped[other] = chain[one].model_copy(update={"number": other + 1})
    assert named(swapped, chain) == {one + 1: {"reordered"}, other + 1: {"reordered"}}


def test_a_number_far_away_costs_nothing() -> None:
    chain = list(chained(INCIDENT, GENESIS, events(3)))
    chain[1] = chain[1].model_copy(update={"number": 10**12})
    assert set(named(chain, chained(INCIDENT, GENESIS, events(3)))) == {2, 10**12}


def test_the_hash_is_the_same_for_ever() -> None:
    """Recorded chains must stay provable: if this fails, every chain there is has become unreadable."""
    [first] = chained(INCIDENT, GENESIS, [event(1)])
    assert first.line() == (
        '{"at":"2026-03-02T12:01:00.250000Z","body":"{\\"at\\":\\"2026-03-02T12:01:00.250000+00:00\\",\\"by\\":\\"ada\\",'
        '\\"number\\":1,\\"what\\":{\\"kind\\":\\"noted\\",\\"text\\":\\"the page rang\\"}}","by":"ada",'
        f'"clause":"ACK-1","hash":"{first.hash}","incident":"INC-7K2QF","kind":"noted","number":1,"previous_hash":"{GENESIS}"}}'
    )
    assert first.hash == "a15cda246f8dfea74ecf1c6d86309fa04c4b9583c9a860e924a3007132518914"


MOMENTS = st.datetimes(timezones=st.just(UTC))


@given(MOMENTS, MOMENTS)
def test_written_moments_sort_as_time_does(one: datetime, other: datetime) -> None:
    assert (write_moment(one) < write_moment(other)) == (one < other)


def test_the_form_that_is_hashed_stays_as_it_is() -> None:
    """RFC 8785 would write some of these otherwise, and every hash that is stored would be another."""
    assert canonical({"b": 1.0, "a": [0.1, 1e16, 1e-07, 2**60, None, True]}) == (
        '{"a":[0.1,1e+16,1e-07,1152921504606846976,null,true],"b":1.0}'
    )
    assert canonical({"\U00010000": 2, "\uffff": "é\u2028\x1f"}) == '{"\uffff":"é\u2028\\u001f","\U00010000":2}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))
