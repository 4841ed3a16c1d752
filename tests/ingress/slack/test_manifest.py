"""The app's manifest asks for what the code needs: its events, its shortcuts, its command, its scopes."""

import re
from pathlib import Path
from typing import Any

from tests import yaml
from vendors.slack.client import Settings
from vendors.slack.webhook import DECLARE, EVENTS, FOUND, NOTE

ROOT = Path(__file__).parents[3]


def manifest() -> Any:
    return yaml.safe_load((ROOT / "deploy/slack.yaml").read_text())


def test_every_event_that_the_door_takes_is_subscribed_to() -> None:
    events = set(manifest()["settings"]["event_subscriptions"]["bot_events"])
    assert events == set(EVENTS)


def test_the_shortcuts_and_the_command_are_the_ones_the_code_knows() -> None:
    features = manifest()["features"]
    assert {(one["type"], one["callback_id"]) for one in features["shortcuts"]} == {
        ("global", DECLARE),
        ("message", NOTE),
        ("message", FOUND),
    }
    assert [one["command"] for one in features["slash_commands"]] == [Settings().slack_command]


def test_the_scopes_are_those_that_the_vendors_page_asks_for() -> None:
    row = next(line for line in (ROOT / "vendors/README.md").read_text().splitlines() if line.startswith("| Slack |"))
    asked = set(re.findall(r"`([a-z]+(?::[a-z]+)?)`", row.split("|")[4]))
    assert set(manifest()["oauth_config"]["scopes"]["bot"]) == asked


def test_every_address_is_the_same_door() -> None:
    text = (ROOT / "deploy/slack.yaml").read_text()
    assert set(re.findall(r"https://\S*?(?=[\s}]|$)", text)) == {"https://standfast.example/slack/events"}
