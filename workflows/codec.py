"""Encrypts what Temporal stores: AES-GCM over every payload, with a ring of keys so that they can be changed."""

import base64
import hashlib
import os
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from domain.value.model import comma_list

ENCODING = b"binary/standfast-aes-gcm"
NONCE = 12
CLEAR = "clear"
"""Marks a payload that bears no word of an incident: a key that is lost must not keep the watchman from his round."""


class Settings(BaseSettings):
    """The keys, newest first: 32 bytes each in base64, separated by commas. Without any, nothing is encrypted."""

    model_config = SettingsConfigDict(extra="ignore")

    standfast_codec_keys: SecretStr = SecretStr("")


class KeyUnfit(ValueError):
    """A key that is not 32 bytes in base64, or a payload whose key the ring has lost."""


class Codec(PayloadCodec):
    """Encrypts with the newest key; decrypts with the one that the payload names."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ring = {_name(key): AESGCM(key) for key in keys}
        self._newest = _name(keys[0])

    async def encode(self, payloads: Iterable[Payload]) -> list[Payload]:
        """Each payload, whole with its metadata, as one encrypted payload; one that is marked stays clear."""
        return [payload if CLEAR in payload.metadata else self._encrypted(payload) for payload in payloads]

    async def decode(self, payloads: Iterable[Payload]) -> list[Payload]:
        """The payloads as they were; one that was never encrypted is left as it is."""
        return [self._decrypted(p) if p.metadata.get("encoding") == ENCODING else p for p in payloads]

    def _encrypted(self, payload: Payload) -> Payload:
        nonce = os.urandom(NONCE)
        data = nonce + self._ring[self._newest].encrypt(nonce, payload.SerializeToString(), None)
        return Payload(metadata={"encoding": ENCODING, "key": self._newest.encode()}, data=data)

    def _decrypted(self, payload: Payload) -> Payload:
        name = payload.metadata.get("key", b"").decode()
        if name not in self._ring:
            raise KeyUnfit(f"a payload was encrypted with key {name}: add that key to STANDFAST_CODEC_KEYS again")
        try:
            plain = self._ring[name].decrypt(payload.data[:NONCE], payload.data[NONCE:], None)
        except InvalidTag:
            raise KeyUnfit(f"a payload of key {name} was altered or is not ours") from None
        return Payload.FromString(plain)


def codec(settings: Settings) -> Codec | None:
    """The codec that the environment asks for; None without keys."""
    words = comma_list(settings.standfast_codec_keys.get_secret_value())
    return Codec([_key(word, number) for number, word in enumerate(words, 1)]) if words else None


def _key(word: str, number: int) -> bytes:
    try:
        key = base64.b64decode(word, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise KeyUnfit(
            f"STANDFAST_CODEC_KEYS, key {number}: expected 32 bytes in base64 (head -c 32 /dev/urandom | base64)"
        )
    return key


def _name(key: bytes) -> str:
    """How a payload names its key without giving it away."""
    return hashlib.sha256(b"standfast codec key" + key).hexdigest()[:12]
