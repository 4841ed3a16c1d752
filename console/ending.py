"""How a command ends otherwise than well: a sentence with the next step, and an exit code that a script can use."""

from typing import TYPE_CHECKING

from console.code import CHECK_FAILED, NOT_REACHED, REFUSED, UNANSWERED, UNKNOWN

if TYPE_CHECKING:
    from client.error import NotTaken, Unanswered


class Ending(Exception):
    """The command ends here, with words for the person and a code for the script."""

    code = CHECK_FAILED


class CommandRefused(Ending):
    """What was asked is not allowed, or not understood."""

    code = REFUSED


def code_of(error: "NotTaken | Unanswered") -> int:
    """The exit code of what the engine says."""
    from client.error import IncidentNotFound, NotTaken, NoWorker

    if isinstance(error, IncidentNotFound):
        return UNKNOWN
    if isinstance(error, NotTaken):
        return REFUSED
    return UNANSWERED if isinstance(error, NoWorker) else NOT_REACHED
