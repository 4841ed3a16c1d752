"""What was encrypted with a key that is not here: said as the setting that lacks it."""

from collections.abc import Iterator
from contextlib import contextmanager

from client.error import EngineUnavailable

LACKS = "encrypted with a key that is not in STANDFAST_CODEC_KEYS here"


@contextmanager
def readable(what: str) -> Iterator[None]:
    """Raises `EngineUnavailable` where a payload is encrypted and its key is not here; the records may have it."""
    try:
        yield
    except (KeyError, ValueError) as error:
        from workflows.codec import ENCODING, KeyUnfit  # costs a library of ciphers

        if isinstance(error, KeyUnfit) or ENCODING.decode() in str(error):
            raise EngineUnavailable(f"{what}: {LACKS}; set it as the workers have it") from None
        raise
