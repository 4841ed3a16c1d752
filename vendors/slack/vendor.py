"""Slack: plays the room."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="slack",
    roles=("room",),
    needs=("SLACK_BOT_TOKEN",),
)
