"""A change of the house is no change of the procedure: what it brings about stays, event by event and duty by duty."""

import json

from tests.golden.accounts import FILE, digests


def test_what_the_procedure_brings_about_is_what_it_brought_about() -> None:
    before, now = json.loads(FILE.read_text()), digests()
    assert {name for name in before | now if before.get(name) != now.get(name)} == set()
