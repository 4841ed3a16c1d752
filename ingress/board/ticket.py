"""What a browser keeps for us: words that we signed, each for one purpose and until a moment."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any

LARGEST = 3000
"""Characters of a ticket; a browser keeps about 4,000 in a cookie."""


class Tickets:
    """Signs and reads tickets of one purpose; a ticket of another, or under another secret, is nothing."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._key = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()

    def sign(self, words: list[str], until: datetime) -> str:
        """The ticket for these words."""
        content = json.dumps([*words, int(until.timestamp())]).encode()
        said = urlsafe_b64encode(content).decode()
        return f"{said}.{self._proof(said)}"

    def read(self, ticket: str, now: datetime) -> tuple[str, ...]:
        """The words of a ticket that is ours and not over; nothing of any other."""
        said, _, proof = ticket.partition(".")
        if len(ticket) > LARGEST or not hmac.compare_digest(proof.encode(), self._proof(said).encode()):
            return ()
        content: list[Any] = json.loads(urlsafe_b64decode(said))
        *words, until = content
        return tuple(words) if until > now.timestamp() else ()

    def word(self, seed: str, purpose: str) -> str:
        """A word of 43 letters that only we can make of a seed: what is told apart is not kept anywhere."""
        made = hmac.new(self._key, f"{purpose} of {seed}".encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(made).decode().rstrip("=")

    def _proof(self, said: str) -> str:
        return hmac.new(self._key, said.encode(errors="replace"), hashlib.sha256).hexdigest()
