"""Why a process does not start, in one line for its log."""

from pydantic import ValidationError

from config.place import InvalidFile


def unusable(error: Exception) -> str:
    """Which setting or file cannot be used, and what is expected; what was found of a setting may be a secret."""
    if isinstance(error, InvalidFile):
        return f"{error}; `standfast policy check` says more"
    if not isinstance(error, ValidationError):
        return str(error)
    found = []
    for one in error.errors(include_url=False, include_input=False):
        name, words = ".".join(map(str, one["loc"])).upper(), str(one["msg"]).removeprefix("Value error, ")
        found.append(words if words.startswith(name) else f"{name}: {words}")
    return "; ".join(found)
