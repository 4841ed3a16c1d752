"""Messages about several incidents in one: stacked blocks, as many as Slack takes, each with its own buttons."""

from collections.abc import Sequence

from domain.port.conversation import ShownMessage
from domain.port.message import Message
from vendors.slack.message import BLOCKS, Block, blocks, fallback

HOME = 100
"""Blocks of a home (docs.slack.dev/reference/views)."""


def stacked(parts: Sequence[ShownMessage], most: int = BLOCKS) -> list[Block]:
    """The parts one under the other; what does not fit is counted in the last line."""
    stack: list[Block] = []
    for number, (message, incident) in enumerate(parts):
        block = blocks(message, incident)
        if len(stack) + len(block) > most - (number < len(parts) - 1):
            return [*stack, *blocks(Message(text=f"… and {len(parts) - number} more"), "")]
        stack += block
    return stack


def read_out(parts: Sequence[ShownMessage]) -> str:
    """The parts as text, for notifications and screen readers."""
    return "\n".join(fallback(message) for message, _ in parts)[:3000]
