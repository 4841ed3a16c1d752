"""Whoever changes how bundles are derived is told to say so, or bundles of before would be called forged (SOC-1)."""

import json

import pytest

from records.derived import DERIVATION
from tests.golden.reckoning import FILE, RAISE, differing, marks

pytestmark = pytest.mark.sop("SOC-1")


def test_the_same_events_give_the_same_files_until_the_reckoning_is_raised() -> None:
    kept = json.loads(FILE.read_text())
    assert differing(kept, DERIVATION, marks()) == [], RAISE
    assert list(kept) == [DERIVATION], "a clause or RECKONING changed: python -m tests.golden.reckoning"


def test_another_verdict_under_the_same_reckoning_is_seen_and_under_another_one_is_not() -> None:
    kept = {DERIVATION: marks()}
    forged = marks() | {"scorecard.csv": "0"}
    assert differing(kept, DERIVATION, forged) == ["scorecard.csv"]
    assert differing(kept, "another", forged) == []
