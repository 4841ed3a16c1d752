"""Which way a run goes: one that an earlier release began goes on as it was recorded.

A mark costs two events, so a run that bears the newest asks for no other.
"""

from temporalio import workflow

ONE_TIMER = "one timer for all deadlines, and the records take what belongs together"
SEVERAL = "what one turn asks of the chat is one activity"
CALLED_BACK = "what is called back is looked for"
IN_A_ROW = "what comes one after the other goes together: words of a room, edits, writes to the records"
ON_ITS_WAY = "what is on its way goes along with nothing"
NEWEST = "a post-mortem that is owed no more is called back, and looked for"
"""What came last; whoever changes what a run orders again puts a mark in its place, and this one into `COMPLETE`."""
COMPLETE = (NEWEST, ON_ITS_WAY, IN_A_ROW, CALLED_BACK, SEVERAL, ONE_TIMER)
"""The newest first: a run that bears one of these bears it for all that came before."""
RECALLED = "a page that is owed no more is called back"
OWN_MISS = "an act is moved by the miss that it would undo, by no other"
TAKEN_BACK = "an end that the tracker takes back is none"
TITLED = "lists know an incident by its corrected title"


def since(mark: str) -> bool:
    """Whether this run began when what the mark says was so already."""
    asked = COMPLETE[: COMPLETE.index(mark) + 1] if mark in COMPLETE else (*COMPLETE, mark)
    return any(workflow.patched(one) for one in asked)
