"""The exit codes of the command line, for scripts; importing them costs nothing."""

CHECK_FAILED, REFUSED, NOT_REACHED, UNKNOWN, UNANSWERED, UNPROVED = 1, 2, 3, 4, 5, 6
CODES = (
    "Exit codes: 0 done, 1 a check failed, 2 refused or not understood, 3 Temporal not reached, 4 no such incident, "
    "5 noted or shown in part because no worker answered, 6 nothing wrong with the evidence and not all of it proved."
)
"""The exit codes, as the help says them."""
