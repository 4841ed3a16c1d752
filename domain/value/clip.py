"""Words that are longer than the room there is for them."""


def clipped(words: str, room: int) -> str:
    """As many whole words as fit, and three dots for the rest; a word is cut where half of the room would be empty."""
    if len(words) <= room:
        return words
    fits = words[: room - 1]
    whole = fits if words[room - 1].isspace() else fits.rpartition(" ")[0]
    return f"{(whole if 2 * len(whole) >= room else fits).rstrip(' ,;:')}…"
