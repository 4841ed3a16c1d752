"""What whoever owes a deadline does to keep it, in words: somebody's name is said before them."""

from domain.procedure.sop import PROCEDURE
from domain.report.view import Due


def does(due: Due) -> str:
    """What keeps it, as "tells the room"."""
    promise = PROCEDURE.promises.get(due.clause)
    return promise.owed(due.says) if promise else due.says
