"""What a failed activity means for the incident: the vendor's words, and whether another try can help."""

from temporalio.exceptions import ActivityError, ApplicationError


def reason(error: ActivityError) -> tuple[str, bool]:
    """What the vendor said, and whether trying again can help."""
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return cause.message, not cause.non_retryable
    return f"no answer in time ({type(cause).__name__})", True
