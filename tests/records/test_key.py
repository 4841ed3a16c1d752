"""A signing key is found where the setting says, or refused without being shown."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from records.key import public, read_key, sign, signed_by
from records.refusal import SettingRefused
from records.setting import Settings

RAW = bytes(range(32))
KEY = Ed25519PrivateKey.from_private_bytes(RAW)


def test_a_key_is_read_from_base64_and_from_both_kinds_of_file(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(base64.b64encode(RAW) + b"\n")
    (tmp_path / "pem").write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    for setting in (base64.b64encode(RAW).decode(), str(tmp_path / "raw"), str(tmp_path / "pem")):
        assert public(read_key(setting)) == public(KEY)


def test_what_is_no_such_key_is_refused_and_never_shown(tmp_path: Path) -> None:
    encrypted = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"hush"))
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for name, content in {"encrypted": encrypted, "other": other, "junk": b"hush"}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SettingRefused, match=r"STANDFAST_SIGNING_KEY: found a .* expected the path"):
            read_key(str(tmp_path / name))
    for setting in ("hush-hush", "aHVzaA==", ""):
        with pytest.raises(SettingRefused, match="neither a file that exists nor such a key") as refused:
            read_key(setting)
        assert "hush" not in str(refused.value)


def test_a_signature_is_of_one_key_over_one_text() -> None:
    signature = sign(KEY, "naïve")
    assert signed_by(public(KEY), signature, "naïve")
    assert not signed_by(public(KEY), signature, "naive")
    assert not signed_by(public(Ed25519PrivateKey.generate()), signature, "naïve")
    assert not signed_by("?", "?", "naïve")


def test_the_settings_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDFAST_SIGNING_KEY", "hush")
    monkeypatch.setenv("STANDFAST_DATABASE_URL", "postgresql://ada:hush@host/records")
    assert "hush" not in repr(Settings())
    monkeypatch.delenv("STANDFAST_DATABASE_URL")
    assert Settings().standfast_database_url.get_secret_value() == "sqlite:///var/records.db"
