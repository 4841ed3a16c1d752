"""What a release is made of: a CycloneDX bill of materials and a list of licences, from the pinned requirements.

`python -m deploy.release.sbom FOLDER` writes both there. Made twice from the same pins they are the same bytes.
"""

import json
import re
import sys
import tomllib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ;[^\\\n]*)?((?: \\\n +--hash=sha256:[0-9a-f]{64})+)", re.MULTILINE)
HASH = re.compile(r"sha256:([0-9a-f]{64})")
SPACE = uuid.UUID("6f3c1c5e-9d0c-5c0b-8f0e-1a8b6d1f7a10")
"""What our bills' serial numbers are derived in."""
SPOKEN = {
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "Python Software Foundation License": "PSF-2.0",
}
"""How packages call a licence that has an SPDX name."""


@dataclass(frozen=True)
class Pinned:
    """One package of the lock: its version, what its files may hash to, and under what licence it is."""

    name: str
    version: str
    hashes: tuple[str, ...]
    licence: str


def pinned(requirements: str) -> tuple[Pinned, ...]:
    """Every package of the pinned requirements; raises `ValueError` where one is installed in no or another version."""
    return tuple(_one(name, version, HASH.findall(hashes)) for name, version, hashes in PIN.findall(requirements))


def bill(packages: Sequence[Pinned], version: str) -> str:
    """The bill of materials of a release, as CycloneDX 1.6 JSON."""
    made = Bom(components=map(_component, packages))
    made.metadata.component = Component(
        name="standfast", version=version, type=ComponentType.APPLICATION, bom_ref=f"standfast@{version}"
    )
    content = "\n".join(f"{one.name}=={one.version} {' '.join(one.hashes)}" for one in packages)
    made.serial_number = uuid.uuid5(SPACE, f"{version}\n{content}")
    made.register_dependency(made.metadata.component, made.components)
    told = json.loads(JsonV1Dot6(made).output_as_string())
    del told["metadata"]["timestamp"]  # the same pins, the same bytes
    return json.dumps(told, indent=2)


def licences(packages: Sequence[Pinned]) -> str:
    """The licences, for people."""
    rows = [f"| {one.name} | {one.version} | {one.licence} |" for one in packages]
    return "\n".join(["| package | version | licence |", "|---|---|---|", *rows, ""])


def _one(name: str, version: str, hashes: Sequence[str]) -> Pinned:
    try:
        told = metadata(name)
    except PackageNotFoundError:
        raise ValueError(f"{name}: found nothing installed, expected {version}") from None
    if told["version"] != version:
        raise ValueError(f"{name}: found {told['version']} installed, expected {version}")
    return Pinned(name, version, tuple(sorted(hashes)), _licence(told))


def _licence(told: PackageMetadata) -> str:
    """As the package says it: by an SPDX expression, by its classifiers, or in a word."""
    if "License-Expression" in told:
        return told["License-Expression"]
    classified = [one.split(" :: ")[-1] for one in told.get_all("Classifier", []) if one.startswith("License :: ")]
    named = [SPOKEN.get(one, one) for one in classified if one != "OSI Approved"]
    word = told["License"].partition("\n")[0] if "License" in told else "unknown"
    return " OR ".join(sorted(set(named))) or SPOKEN.get(word, word)


def _component(one: Pinned) -> Component:
    made: License | LicenseExpression = LicenseFactory().make_from_string(one.licence)
    return Component(
        name=one.name,
        version=one.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{one.name}@{one.version}",
        purl=PackageURL("pypi", name=one.name.lower().replace("_", "-"), version=one.version),
        licenses=[made],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in one.hashes],
    )


def main(folder: Path) -> None:
    """Write both files."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    packages = pinned((ROOT / "requirements.txt").read_text())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"standfast-{version}.cdx.json").write_text(bill(packages, version) + "\n")
    (folder / f"standfast-{version}-licences.md").write_text(licences(packages))
    print(f"{len(packages)} packages: {folder}/standfast-{version}.cdx.json, {folder}/standfast-{version}-licences.md")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
