"""The Ed25519 keys that evidence is signed with."""

import base64
import binascii
from collections.abc import Collection, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from records.refusal import SettingRefused

NAME = "STANDFAST_SIGNING_KEY"
EXPECTED = "the path of an unencrypted Ed25519 PEM file, or 32 bytes in base64 (head -c 32 /dev/urandom | base64)"


def read_key(setting: str) -> Ed25519PrivateKey:
    """The private key a setting means: a file, or the key itself. The setting is never repeated in an error."""
    path = Path(setting)
    if len(setting) < 4096 and path.is_file():
        content = path.read_bytes()
        return _pem(content) if content.lstrip().startswith(b"-----") else _raw(content, "a file that holds neither")
    return _raw(setting.encode(), "neither a file that exists nor such a key")


def _pem(content: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        raise SettingRefused(NAME, "a PEM file that cannot be read", EXPECTED) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingRefused(NAME, f"a PEM file with a {type(key).__name__}", EXPECTED)
    return key


def _raw(content: bytes, found: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(content.strip(), validate=True))
    except (binascii.Error, ValueError):
        raise SettingRefused(NAME, found, EXPECTED) from None


def public(key: Ed25519PrivateKey) -> str:
    """The key's public half in base64: what an auditor is given, by another way than the evidence."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def sign(key: Ed25519PrivateKey, text: str) -> str:
    """The signature over a text's UTF-8, in base64."""
    return base64.b64encode(key.sign(text.encode())).decode()


def doubts(what: str, key: str, signature: str, text: str, keys: Collection[str]) -> Iterator[str]:
    """What is wrong with a signature by itself, and by whom it is where `keys` are the public keys known to be ours."""
    if not signed_by(key, signature, text):
        yield f"{what}: altered: its signature does not fit"
    if keys and key not in keys:
        yield f"{what}: signed by a key that is not ours: {key}"


def signed_by(public_key: str, signature: str, text: str) -> bool:
    """Whether the owner of this public key signed this text."""
    try:
        owner = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        owner.verify(base64.b64decode(signature, validate=True), text.encode())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
