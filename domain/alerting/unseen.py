"""Alerts that are counted and not told one by one: each is a short mark of its key, and many marks are one text."""

import base64
import hashlib
from collections.abc import Iterable

WIDE = 8
"""Characters of a mark: 48 bits, so that among a hundred thousand keys two hardly ever look alike."""


def mark(key: str) -> str:
    """The mark of an alert's key."""
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode(errors="replace")).digest()[:6]).decode()


def packed(marks: Iterable[str]) -> str:
    """Many marks as one text, the same whatever their order."""
    return "".join(sorted(set(marks)))


def unpacked(text: str) -> set[str]:
    """The marks of such a text."""
    return {text[start : start + WIDE] for start in range(0, len(text), WIDE)}
