"""Whose images are deployed, by digest: a tag can be moved, a digest cannot.

`python -m deploy.release.images --pin` asks the registries for the digest of each tag and writes it behind the tag;
`--check` says what is not pinned and ends with 1. Our own image is built here and pinned by whoever pushes it.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from os import environ
from pathlib import Path

DEPLOY = Path(__file__).parents[1]
NAMED = re.compile(
    r"^(\s*(?:image:|FROM)\s+)([a-z][a-z0-9./_-]*:[A-Za-z0-9._-]+)(@sha256:[0-9a-f]{64})?(?=\s|$)", re.MULTILINE
)
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
ASK = "docker buildx imagetools inspect --format {{.Manifest.Digest}}"
"""What is asked for a digest, with the image's name behind it; IMAGE_DIGEST names another, such as `crane digest`."""


def files() -> tuple[Path, ...]:
    """Where images are named."""
    return (DEPLOY / "Containerfile", DEPLOY / "compose.yaml", *sorted((DEPLOY / "kubernetes").rglob("*.yaml")))


def unpinned(text: str) -> tuple[str, ...]:
    """The images of others that a file names by a tag alone."""
    return tuple(image for _, image, digest in NAMED.findall(text) if not digest)


def pinned(text: str, digest: Callable[[str], str]) -> str:
    """The same file with the digest of today behind every tag."""
    return NAMED.sub(lambda found: f"{found[1]}{found[2]}@{digest(found[2])}", text)


def asked(image: str) -> str:
    """What the registry answers; raises `ValueError` for what is no digest."""
    command = [*shlex.split(environ.get("IMAGE_DIGEST", ASK)), image]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    if not DIGEST.fullmatch(said):
        raise ValueError(f"{image}: found {said[:80]!r}, expected sha256: and 64 hexadecimal digits")
    return said


def pin(places: Iterable[Path]) -> int:
    """Write the digests; each image is asked for once."""
    known: dict[str, str] = {}

    def digest(image: str) -> str:
        known[image] = known.get(image) or asked(image)
        return known[image]

    written = [(place, pinned(place.read_text(), digest)) for place in places]
    for place, text in written:
        place.write_text(text)
    print("\n".join(f"{image}@{one}" for image, one in sorted(known.items())))
    return 0


def check(places: Iterable[Path]) -> int:
    """Say what is not pinned."""
    found = [f"{place.relative_to(DEPLOY.parent)}: {one}" for place in places for one in unpinned(place.read_text())]
    print("\n".join(found) or "Every image is pinned by its digest.")
    return int(bool(found))


def main(words: Sequence[str]) -> int:
    """One of the two."""
    return pin(files()) if "--pin" in words else check(files())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
