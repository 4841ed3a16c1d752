"""Which way a run goes: one that an earlier release began goes on as it was recorded.

A mark costs two events, so a run that bears the newest asks for no other.
"""

from temporalio import workflow

NEWEST = "one timer for all deadlines, and the records take what belongs together"
"""What came last; whoever changes what a run orders again adds a mark beside it, and asks it by itself."""


def since(mark: str) -> bool:
    """Whether this run began when what the mark says was so already."""
    return workflow.patched(NEWEST) or workflow.patched(mark)
