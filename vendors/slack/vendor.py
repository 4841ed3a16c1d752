"""Slack: plays the room."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="slack",
    roles=("room",),
    talks=True,
    person=(r"[UW][A-Z0-9]{2,}", "U012ABCDEF"),
    needs=("SLACK_BOT_TOKEN",),
)
