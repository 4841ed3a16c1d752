"""How a command ends otherwise than well: a sentence with the next step, and an exit code that a script can use."""

from client.port import IncidentNotFound, NotTaken, NoWorker, Unanswered

CHECK_FAILED, REFUSED, NOT_REACHED, UNKNOWN, UNANSWERED = 1, 2, 3, 4, 5
CODES = (
    "Exit codes: 0 done, 1 a check failed, 2 refused or not understood, 3 Temporal not reached, 4 no such incident, "
    "5 noted or shown in part because no worker answered."
)
"""The exit codes, as the help says them."""


class Ending(Exception):
    """The command ends here, with words for the person and a code for the script."""

    code = CHECK_FAILED


class Refusing(Ending):
    """What was asked is not allowed, or not understood."""

    code = REFUSED


def code_of(error: NotTaken | Unanswered) -> int:
    """The exit code of what the engine says."""
    if isinstance(error, IncidentNotFound):
        return UNKNOWN
    if isinstance(error, NotTaken):
        return REFUSED
    return UNANSWERED if isinstance(error, NoWorker) else NOT_REACHED
