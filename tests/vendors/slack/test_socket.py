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
