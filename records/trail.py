"""The events of a bundle, read once, chain by chain: a bundle may hold more of them than memory does."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import groupby

from records.archive import Part
from records.chain import examine
from records.erasure import Marks
from records.record import Head, Record, readable

NAME = "events.jsonl"


def examine_events(
    content: Part,
    ends: Mapping[str, Head],
    seen: Mapping[str, Sequence[Head]],
    expected: Collection[str],
    *,
    take: Callable[[Sequence[Record]], None] = lambda chain: None,
    erased: Mapping[str, Marks] | None = None,
) -> list[str]:
    """What is wrong with the records: each line, their order, each chain, and incidents that are missing.

    `take` is handed each chain, for what follows from it. `erased` says what is left of events, by incident.
    """
    found: list[str] = []

    def judge(incident: str, chain: Sequence[Record]) -> list[str]:
        marks = (erased or {}).get(incident)
        return [str(one) for one in examine(incident, chain, ends.get(incident), seen.get(incident, ()), erased=marks)]

    judged: dict[str, list[str]] = {}
    scattered: set[str] = set()
    for incident, chain in groupby(_records(content, found), key=lambda record: record.incident):
        if incident in judged:
            scattered.add(incident)
        else:
            whole = list(chain)
            take(whole)
            judged[incident] = judge(incident, whole)
    judged |= {incident: judge(incident, chain) for incident, chain in _gathered(content, scattered).items()}
    judged |= {incident: judge(incident, ()) for incident in {*ends, *expected} - judged.keys()}
    return [*found, *(said for incident in sorted(judged) for said in judged[incident])]


def _records(content: Part, found: list[str]) -> Iterator[Record]:
    """The records in the order they stand; lines that are none, or stand after a later one, are told."""
    furthest = ("", 0)
    for number, line, record in readable(Record, content.lines(), NAME, "a record", found):
        place = (record.incident, record.number)
        if record.line().encode() != line:
            found.append(f"{NAME} line {number}: altered: {record.incident} record {record.number} is written anew")
        if place < furthest:
            said = f"found after {furthest[0]} record {furthest[1]}"
            found.append(f"{record.incident} record {record.number}: reordered: {said}")
        furthest = max(furthest, place)
        yield record


def _gathered(content: Part, incidents: Collection[str]) -> dict[str, list[Record]]:
    """The records of incidents that stand in several places, which only happens where somebody moved them."""
    chains: dict[str, list[Record]] = {incident: [] for incident in incidents}
    for record in _records(content, []) if incidents else ():
        if record.incident in chains:
            chains[record.incident].append(record)
    return chains
