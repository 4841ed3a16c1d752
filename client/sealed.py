"""What was encrypted with a key that is not here: said as the setting that lacks it."""

from collections.abc import Iterator
from contextlib import contextmanager

from client.error import EngineUnavailable

ENCRYPTED = "Encoded failure"
"""What the engine's library says of a failure whose words are encrypted."""
LACKS = "encrypted with a key that is not in STANDFAST_CODEC_KEYS here"


@contextmanager
def readable(what: str) -> Iterator[None]:
    """Raises `EngineUnavailable` where a payload is encrypted and its key is not here; the records may have it."""
    try:
        yield
    except (KeyError, ValueError) as error:
        from workflows.codec import ENCODING, KeyUnfit  # costs a library of ciphers

        if isinstance(error, KeyUnfit) or ENCODING.decode() in str(error):
            do = "set it as the workers have it; where they lack it too, bring it back (docs/recipes.md)"
            do += f"; where it is lost for good: `standfast restore {what} --records-only`"
            raise EngineUnavailable(f"{what}: {LACKS}; {do}") from None
        raise


def opened(said: str) -> str:
    """What a worker failed with, where it is not encrypted."""
    return said if said != ENCRYPTED else "its worker could not answer; `standfast doctor` says what is wrong"
