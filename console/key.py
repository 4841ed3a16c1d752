"""The key that signs the evidence: made, found in the settings, and its public half shown."""

import os
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from console.ending import CommandRefused
from console.screen import complain, out
from console.session import finish
from records.key import public, read_key
from records.refusal import SettingRefused
from records.setting import Settings

NO_KEY = "STANDFAST_SIGNING_KEY is not set, and nothing can be signed: `standfast audit key --new FILE` makes a key"


def show_key(
    new: Annotated[Path | None, typer.Option("--new", metavar="FILE", help="Make a new key in this file.")] = None,
) -> None:
    """Print the public half of the key that signs, which an auditor is given; or make a new key."""
    finish(_key(str(new.absolute()) if new else ""))


async def _key(new: str) -> int:
    key = _made(Path(new)) if new else signing_key()
    out().print(public(key), soft_wrap=True)
    if new:
        complain(f"The private key is in {new}: keep it secret and safe, and set STANDFAST_SIGNING_KEY={new}")
        complain("Above is its public half: give that to your auditor, by another way than the bundles.")
    return 0


def _made(file: Path) -> Ed25519PrivateKey:
    """A new key in a file that only its owner reads; one that is there stays."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
            written.write(pem)
    except FileExistsError:
        raise CommandRefused(
            f"{file} is there already; a key that signed evidence must not be lost, so name another"
        ) from None
    except OSError as error:
        raise CommandRefused(f"{file} cannot be written: {error.strerror}") from None
    return key


def signing_key() -> Ed25519PrivateKey:
    """The key of the settings, or one sentence that says what to do."""
    setting = Settings().standfast_signing_key
    if setting is None:
        raise CommandRefused(NO_KEY)
    try:
        return read_key(setting.get_secret_value())
    except SettingRefused as error:
        raise CommandRefused(str(error)) from None
