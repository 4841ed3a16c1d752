"""What became of a run of something, by the word that is told of it, alone or within a longer one."""

import re
from typing import Final

from vendors.said import CAMEL

FAILED: Final = frozenset({"failed", "failure", "fail", "error", "errored", "crashed", "broken", "timedout", "timeout"})
DONE: Final = frozenset({"success", "successful", "succeeded", "passed", "fixed", "ready", "ok", "live", "applied"})
UNDER_WAY: Final = frozenset(
    {
        *("started", "start", "created", "create", "running", "queued", "pending", "progress", "requested", "waiting"),
        *("scheduled", "building", "enqueued", "processing", "preparing", "blocked", "manual", "inactive", "skipped"),
        *("canceled", "cancelled", "neutral", "stale", "aborted", "unstarted", "planning", "planned", "applying"),
        "required",
    }
)


def words(told: str) -> list[str]:
    """The words of a longer one: `job.run.errored`, `USER_TASK_FAILED`, `AssignedToUser`."""
    return re.findall(r"[a-z]+", CAMEL.sub("_", told).lower().replace("timed_out", "timeout"))


def outcome(told: str) -> str:
    """Whether it failed (`firing`), went well (`resolved`) or goes on (`under way`); empty for other words."""
    said = {*words(told)}
    meanings = (("firing", FAILED), ("resolved", DONE), ("under way", UNDER_WAY))
    return next((meant for meant, known in meanings if known & said), "")
