"""What Socket Mode hands over is read into the same words as what Slack posts."""

import pytest

from domain.port.conversation import Commanded, Passed
from tests.vendors.slack.test_webhook import NOW, sample
from vendors.slack.webhook import read_envelope


@pytest.mark.parametrize("name", ["events_api", "slash_commands", "interactive"])
def test_every_envelope_of_socket_mode_is_read(name: str) -> None:
    envelope = sample(f"socket_mode.{name}")["body"]
    heard = read_envelope(envelope["type"], envelope["payload"], NOW)
    expected: dict[str, type] = {"events_api": Passed, "slash_commands": Commanded, "interactive": Passed}
    assert isinstance(heard, expected[name])
    assert heard == read_envelope(envelope["type"], envelope["payload"], NOW)


def test_the_words_of_a_command_are_as_they_were_typed() -> None:
    """Slack escapes signs, people and channels there (deploy/slack.yaml, should_escape)."""
    ids = {"trigger_id": "1.2", "command": "/incident", "user_id": "UADA", "channel_id": "C1"}
    told = "declare &lt;#C12|x&gt; <#C12|checkout> p99 &gt; 2 s &amp; <@UBOB|bob> waits"
    heard = read_envelope("slash_commands", {**ids, "text": told}, NOW)
    assert isinstance(heard, Commanded)
    assert heard.words == "declare <#C12|x> #checkout p99 > 2 s & @UBOB waits"
