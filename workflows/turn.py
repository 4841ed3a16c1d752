"""A turn of a workflow that orders nothing orders this, so that its task keeps a time of its own.

A worker that takes a run over with an update waiting is given tasks without a command as one, under the time of the
last (docs/adr/0012-stale-clock.md).
"""

from temporalio import workflow

from workflows.since import since

MARKED = "every turn orders something"
"""Runs that began before this was so go on as they were recorded."""


def mark_turn() -> None:
    """Order the cheapest thing there is: one event of history, no task for anybody."""
    if since(MARKED):
        workflow.upsert_memo({"turn": workflow.info().get_current_history_length()})
