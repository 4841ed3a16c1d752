"""Checkpoints anchored outside the database: a file that only grows, and that remembers what was signed (SOC-1).

Whoever owns the database and the key can write another history, and sign it. The file lies elsewhere, best where it can
only be appended to: what is not as it remembers is neither signed over nor called whole.
"""

import os
from collections.abc import Iterable, Sequence
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from pydantic import ValidationError

from records.checkpoint import Signed, anchors
from records.record import Head
from records.refusal import Unremembered


def remembered(path: Path) -> list[Signed]:
    """Every checkpoint that a file has, in its order, or a folder of such files and of the mails that brought them.

    None where it is not there yet. Raises `Unremembered`.
    """
    if path.is_dir():
        kept = [one for file in sorted(path.iterdir()) if file.is_file() for one in _of_file(file)]
        return sorted(kept, key=lambda one: one.checkpoint.number)
    return _of_file(path)


def _of_file(path: Path) -> list[Signed]:
    try:
        lines = _content(path).splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Unremembered(f"{path} cannot be read: {error.strerror}") from None
    return [_read(path, number, line) for number, line in enumerate(lines, 1)]


def _content(path: Path) -> str:
    """What a file says; of a mail, its attachments."""
    if path.suffix != ".eml":
        return path.read_text(encoding="utf-8")
    files = [part.get_content() for part in message_from_bytes(path.read_bytes(), policy=default).iter_attachments()]
    return "".join(one.decode(errors="replace") if isinstance(one, bytes) else str(one) for one in files)


def _read(path: Path, number: int, line: str) -> Signed:
    try:
        return Signed.model_validate_json(line)
    except ValidationError:
        raise Unremembered(f"{path} line {number}: it cannot be read as a checkpoint") from None


def anchor(path: Path, signed: Iterable[Signed]) -> None:
    """Append checkpoints, and be sure that they are on the disk."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{one.text()}\n" for one in signed)
        file.flush()
        os.fsync(file.fileno())


def forgotten(kept: Iterable[Signed], memory: Sequence[Signed]) -> list[str]:
    """What is remembered outside and is not there as it was: each checkpoint by its number."""
    there = {one.checkpoint.number: one.text() for one in kept}
    found = []
    for one in memory:
        number = one.checkpoint.number
        if number not in there:
            found.append(f"checkpoint {number}: removed: it is anchored outside and not there")
        elif there[number] != one.text():
            found.append(f"checkpoint {number}: altered: it is not as it is anchored outside")
    return found


def heads(memory: Iterable[Signed]) -> dict[str, Head]:
    """How far the chain of each incident had come when it was anchored last."""
    return {incident: found[-1] for incident, found in anchors(memory).items()}
