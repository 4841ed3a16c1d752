"""The state of a component of the status page, as people write it and as every page knows it (COM-3)."""

import re
from collections.abc import Iterable
from typing import Literal, get_args

ComponentState = Literal["operational", "degraded", "partial_outage", "major_outage", "maintenance"]
COMPONENT_STATES: tuple[ComponentState, ...] = get_args(ComponentState)
SPELLINGS: dict[str, ComponentState] = {
    "ok": "operational",
    "up": "operational",
    "working": "operational",
    "degraded_performance": "degraded",
    "slow": "degraded",
    "partial": "partial_outage",
    "major": "major_outage",
    "down": "major_outage",
    "under_maintenance": "maintenance",
}
"""What people write for a state beside its name."""
FROM_BEST: tuple[ComponentState, ...] = ("operational", "maintenance", "degraded", "partial_outage", "major_outage")
"""The states by how much customers see of them, the least first."""
EXPECTED = f"NAME: STATE, with a state of {', '.join(COMPONENT_STATES)}"
_NAME = re.compile(r"[\w.:-]+\Z")


def states_of(words: str, own: Iterable[str], called: Iterable[str]) -> dict[str, ComponentState]:
    """What was written, such as `degraded` or `cmpapi: maintenance; checkout: partial`, by component.

    A state alone, or one of what the service is `called`, is that of the service's `own` components; another name is
    taken as the page's, which says where it knows none of that name. Raises `ValueError` for what is no state.
    """
    ours, names = tuple(own), {name.casefold() for name in called}
    found: dict[str, ComponentState] = {}
    for part in filter(None, (part.strip() for part in re.split(r"[;,\n]", words))):
        name, state = _parted(part)
        if (not name or name.casefold() in names) and ours:
            found |= dict.fromkeys(ours, state)
        elif _NAME.match(name):
            found[name] = state
        else:
            raise ValueError(f"found {part!r}, expected {EXPECTED}; this service has no component of its own")
    return found


def is_worse(one: ComponentState | None, than: ComponentState) -> bool:
    """Whether customers see more of it; what is not known is not."""
    return one is not None and FROM_BEST.index(one) > FROM_BEST.index(than)


def written(said: object) -> object:
    """States by component, as somebody would have written them; what was written stays."""
    if not isinstance(said, dict):
        return said
    return "; ".join(f"{name}: {state}" for name, state in said.items()) or None


def _parted(part: str) -> tuple[str, ComponentState]:
    """One component and its state; the last colon or equals sign parts them."""
    name, sign, word = part.replace("=", ":").rpartition(":")
    state = re.sub(r"[\s-]+", "_", word.strip().lower())
    known = next((one for one in COMPONENT_STATES if one == state), None) or SPELLINGS.get(state)
    if known is None or (sign and not name.strip()):
        raise ValueError(f"found {part!r}, expected {EXPECTED}")
    return name.strip(), known
