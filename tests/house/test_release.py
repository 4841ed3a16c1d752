"""What a release is made of is said whole, and whose images it names can be pinned; no digest is made up."""

import json
import sys
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.release import images, sbom
from tests.house.source import ROOT

PINS = (ROOT / "requirements.txt").read_text()
AGREED = {
    *("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0"),
    *("MPL-2.0", "LGPL-3.0-only"),
}
"""Under which we may ship what we do not change."""
DIGEST = f"sha256:{'0' * 63}1"


def test_the_bill_is_cyclonedx_and_names_every_pin_with_its_hashes() -> None:
    packages = sbom.pinned(PINS)
    text = sbom.bill(packages, "1.2.3")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    told = json.loads(text)
    names = [line.partition("==")[0] for line in PINS.splitlines() if "==" in line and not line.startswith(" ")]
    assert [one["name"] for one in told["components"]] == sorted(names)
    assert len(names) > 60
    assert sum(len(one["hashes"]) for one in told["components"]) == PINS.count("--hash=sha256:")
    assert (told["metadata"]["component"]["version"], "timestamp" in text) == ("1.2.3", False)


def test_the_same_pins_are_the_same_bill_and_another_release_is_another() -> None:
    packages = sbom.pinned(PINS)[:3]
    assert sbom.bill(packages, "1") == sbom.bill(packages, "1")
    assert json.loads(sbom.bill(packages, "1"))["serialNumber"] != json.loads(sbom.bill(packages, "2"))["serialNumber"]


def test_everything_that_ships_is_under_a_licence_that_was_agreed_to() -> None:
    packages = sbom.pinned(PINS)
    said = {word for one in packages for word in one.licence.replace(" OR ", " AND ").split(" AND ")}
    assert said - AGREED == set()
    version = next(one.version for one in packages if one.name == "httpx")
    assert f"| httpx | {version} | BSD-3-Clause |" in sbom.licences(packages)


@pytest.mark.parametrize(("name", "said"), [("httpx", "expected 0.0.1"), ("no-such-package", "found nothing")])
def test_what_is_not_installed_as_it_is_pinned_is_refused(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        sbom.pinned(f"{name}==0.0.1 \\\n    --hash=sha256:{'0' * 64}\n")


def test_a_digest_is_written_behind_every_tag_and_asked_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = tmp_path / "registry.py"
    registry.write_text(f"import sys\nprint('{DIGEST}')\nopen(sys.argv[1], 'a').write(sys.argv[2] + ' ')\n")
    monkeypatch.setenv("IMAGE_DIGEST", f"{sys.executable} {registry} {tmp_path}/asked")
    compose, other, ours = tmp_path / "compose.yaml", tmp_path / "temporal.yaml", "image: standfast:${RELEASE:-0.1.0}\n"
    compose.write_text(f"image: postgres:16\n{ours}image: standfast\n")
    other.write_text(f"FROM python:3.12-slim\nimage: postgres:16@sha256:{'f' * 64}\n")
    assert images.pin([compose, other]) == 0
    assert compose.read_text() == f"image: postgres:16@{DIGEST}\n{ours}image: standfast\n"
    assert other.read_text() == f"FROM python:3.12-slim@{DIGEST}\nimage: postgres:16@{DIGEST}\n"
    assert (tmp_path / "asked").read_text() == "postgres:16 python:3.12-slim "
    assert (images.unpinned(compose.read_text()), capsys.readouterr().out.count(DIGEST)) == ((), 2)


def test_what_is_no_digest_is_written_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGE_DIGEST", "echo unauthorized")
    compose = tmp_path / "compose.yaml"
    compose.write_text("image: postgres:16\n")
    with pytest.raises(ValueError, match="found 'unauthorized postgres:16', expected sha256"):
        images.pin([compose])
    assert compose.read_text() == "image: postgres:16\n"


def test_every_image_of_others_has_a_tag_that_is_no_moving_word() -> None:
    named = {image for place in images.files() for _, image, _ in images.NAMED.findall(place.read_text())}
    whose = {"python", "postgres", "temporalio/admin-tools", "temporalio/server", "temporalio/ui"}
    assert {one.partition(":")[0] for one in named} == whose
    assert [one for one in named if one.endswith((":latest", ":main", ":edge"))] == []
