"""What people call each other in a hurry."""

from collections import Counter
from collections.abc import Mapping


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """What people call each of those with a name: the first name where it is nobody else's, else the whole."""
    first = {id: name.split()[0] for id, name in names.items() if name}
    counted = Counter(first.values())
    return {id: word if counted[word] == 1 else names[id] for id, word in first.items()}
