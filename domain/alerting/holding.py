"""What a group holds back, bounded by its bytes: all of it travels in one message when the group begins a new run."""

from collections.abc import Iterator, Mapping

from domain.alerting.alert import Alert
from domain.alerting.sifting import HeldAlert

ROOM = 256 * 1024
"""Bytes of alerts that are held back as they came, and again as many of the others in brief."""
BRIEF, LABEL, LABELS = 300, 100, 20
"""Characters of a description and of a label, and labels, that an alert in brief keeps."""


class HoldingLimit:
    """How much a group may still hold back."""

    def __init__(self) -> None:
        self._whole, self._brief = ROOM, ROOM

    def take(self, held: Mapping[str, HeldAlert]) -> tuple[dict[str, HeldAlert], dict[str, HeldAlert]]:
        """What fits of these, the first of them as they came, and what does not."""
        fits, left = dict[str, HeldAlert](), dict[str, HeldAlert]()
        for key, one in held.items():
            found = next(self._fitting(one), None)
            (fits if found else left)[key] = found or one
        return fits, left

    def _fitting(self, one: HeldAlert) -> Iterator[HeldAlert]:
        if (size := _size(one)) <= self._whole:
            self._whole -= size
            yield one
        short = one.model_copy(update={"alert": in_few_words(one.alert)})
        if (size := _size(short)) <= self._brief:
            self._brief -= size
            yield short


def _size(one: HeldAlert) -> int:
    return len(one.model_dump_json().encode())


def in_few_words(alert: Alert) -> Alert:
    """An alert without the length of its words: what it is about, and nothing that it is told by."""
    labels = [(name, word) for name, word in alert.labels.items() if len(name) + len(word) <= LABEL]
    return alert.model_copy(update={"description": alert.description[:BRIEF], "labels": dict(labels[:LABELS])})
