"""A setting of the engine that cannot be used ends every command in a sentence that names it, and in no traceback."""

import pytest
from typer.testing import CliRunner

from starter import app
from workflows.away import EngineAway
from workflows.target import target

COMMANDS = (("list",), ("due",), ("ack", "INC-7K3QF"), ("reconcile",), ("restore", "INC-7K3QF"), ("show", "INC-7K3QF"))


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("name", ["TEMPORAL_TLS_CLIENT_KEY_PATH", "TEMPORAL_TLS_SERVER_CA_CERT_PATH"])
def test_a_key_or_certificate_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], name: str
) -> None:
    monkeypatch.setenv("STANDFAST_USER", "dana")
    monkeypatch.setenv(name, "/nowhere/key.pem")
    told = CliRunner().invoke(app, list(words))
    assert told.exit_code == 3
    assert told.stderr.startswith("TEMPORAL_* names /nowhere/key.pem: No such file or directory; `standfast doctor`")


@pytest.mark.parametrize("words", [words for words in COMMANDS if words != ("due",)], ids=lambda words: words[0])
def test_a_codec_key_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    monkeypatch.setenv("STANDFAST_USER", "dana")
    monkeypatch.setenv("STANDFAST_CODEC_KEYS", "short")
    told = CliRunner().invoke(app, list(words))
    assert told.exit_code == 3
    assert told.stderr.startswith("STANDFAST_CODEC_KEYS, key 1: expected 32 bytes in base64")


def test_a_profile_that_cannot_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_PROFILE", "nobody")
    with pytest.raises(ValueError, match="TEMPORAL_\\* or its profile cannot be used"):
        target()


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ('Transport, ConnectError(ConnectError("tcp connect error", Os { message: "Connection refused" }))', "refused"),
        (
            'ConnectError(Custom { error: "failed to lookup address information: Name or service not known" })',
            "(Name or service not known)",
        ),
        ("Custom { kind: InvalidData, error: InvalidMessage(InvalidContentType) }", "(it speaks no TLS)"),
        ("something else\nand more", "(something else)"),
    ],
)
def test_what_the_transport_says_is_told_without_its_insides(raised: str, said: str) -> None:
    away = EngineAway.of(RuntimeError(raised), "engine:7233")
    assert said in away.said
    assert "{" not in away.said
    assert str(away).startswith(f"{away.said}: start it, or set TEMPORAL_ADDRESS")
