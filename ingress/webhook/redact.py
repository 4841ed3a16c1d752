"""Keeps secrets out of the inbox: only headers that are known to carry none are kept as they came."""

from collections.abc import Mapping

HARMLESS = (
    "content-type",
    "content-length",
    "content-encoding",
    "user-agent",
    "host",
    "date",
    "x-request-id",
    "traceparent",
)
HARMLESS_ENDS = ("-event", "-type", "-id", "-delivery", "-timestamp", "-topic", "-arn", "-resource", "-identifier")
"""What vendors call the kind and the number of a delivery: X-GitHub-Event, X-Webhook-Id, Linear-Delivery."""


def redacted(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with every other value struck out; that one was there may still matter to a reader."""
    return {name: value if _harmless(name.lower()) else "redacted" for name, value in headers.items()}


def _harmless(name: str) -> bool:
    return name in HARMLESS or name.endswith(HARMLESS_ENDS)
