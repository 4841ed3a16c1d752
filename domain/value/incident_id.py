"""Names that are made, not given: incident ids that can be said over the phone."""

import hashlib

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def incident_id(seed: str, attempt: int = 0) -> str:
    """`INC-` and five Crockford characters, the same for the same seed; another attempt gives another id."""
    number = int.from_bytes(hashlib.sha256(f"{seed}#{attempt}".encode()).digest()[:8], "big")
    letters = ""
    for _ in range(5):
        number, digit = divmod(number, 32)
        letters += CROCKFORD[digit]
    return f"INC-{letters}"


def spelled(word: str) -> str:
    """An incident id as it was typed or heard on the phone: any case, with or without `INC-`, O for 0, I or L for 1."""
    letters = word.strip(" #").upper().removeprefix("INC").lstrip("- ")
    return "INC-" + letters.translate(str.maketrans("OIL", "011"))
