"""A bundle that an earlier release exported verifies with this one: it is kept as it was, not made again (SOC-1)."""

from pathlib import Path

import pytest

from records.bundle import Verification, verify_bundle
from records.derived import DERIVATION
from tests import bundles
from tests.records.test_erasure import ASKED
from tests.records.test_export import OURS

pytestmark = pytest.mark.sop("SOC-1")
OTHERWISE = "policies, scorecard and key figures: a release wrote them that derives them otherwise than this one"
each = pytest.mark.parametrize("release", bundles.names())


def verified(content: bytes, tmp_path: Path) -> Verification:
    path = tmp_path / "audit.zip"
    path.write_bytes(content)
    return verify_bundle(path, OURS)


@each
def test_a_bundle_that_an_earlier_release_exported_is_whole(release: str, tmp_path: Path) -> None:
    made = verified(bundles.read(release), tmp_path)
    assert made.findings == []
    assert made.manifest
    assert made.unproved == ([] if made.manifest.manifest.derivation == DERIVATION else [OTHERWISE])
    assert [one.asked for one in made.erased] == [ASKED]


@each
def test_what_was_changed_in_it_since_is_found(release: str, tmp_path: Path) -> None:
    told = bundles.read(release)
    changed = told.replace(b'\\"by\\":\\"jonas\\"', b'\\"by\\":\\"mira_\\"')
    assert (len(changed), changed != told) == (len(told), True)
    assert any("altered" in finding for finding in verified(changed, tmp_path).findings)
