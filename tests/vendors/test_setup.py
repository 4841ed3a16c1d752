"""What an operator is told to paste is what the readers were made for."""

import importlib
import json
import re

from tests.house.source import ROOT
from vendors.datadog import template as datadog
from vendors.directory import DIRECTORY
from vendors.zendesk import template as zendesk

NOTES = (ROOT / "docs/monitoring.md").read_text()


def test_the_setup_notes_show_the_templates_as_they_are() -> None:
    shown = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", NOTES, re.DOTALL)]
    assert shown == [datadog.HEADERS, datadog.PAYLOAD, zendesk.PAYLOAD]


def test_every_address_in_the_setup_notes_is_a_vendor_that_is_heard() -> None:
    named = re.findall(r"`/webhooks/([a-z]+)`", NOTES)
    assert named == ["alertmanager", "datadog", "grafana", "cloudwatch", "zendesk", "sentry", "github"]
    assert all(DIRECTORY[name].hears for name in named)
    assert all(DIRECTORY[name].part("webhook") for name in named)
    assert all(importlib.import_module(f"standins.{name}.standin") for name in named)
