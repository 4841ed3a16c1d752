"""Words of senders inside a text that is shown as Markdown: what they say is shown, and does nothing."""

import re


def literal(words: str) -> str:
    """The words as one line in which nothing links, loads, quotes or begins a heading."""
    return re.sub(r"([\\`*_\[\]<>#|~!])", r"\\\1", " ".join(words.split()))
