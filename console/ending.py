"""How a command ends otherwise than well: a sentence with the next step, and an exit code that a script can use."""

from collections.abc import Iterable

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


class NotReached(Ending):
    """Temporal does not answer, or does not let us in."""

    code = NOT_REACHED


class Unknown(Ending):
    """There is no such incident; says which ones sound like it."""

    code = UNKNOWN

    def __init__(self, incident: str, near: Iterable[str] = ()) -> None:
        alike = ", ".join(near)
        meant = f"did you mean {alike}?" if alike else "`standfast list --all` shows those there are"
        super().__init__(f"{incident}: there is no such incident; {meant}")


class Unanswered(Ending):
    """No worker answered in time."""

    code = UNANSWERED
