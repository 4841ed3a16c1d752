"""The smallest workflow that waits long and listens: it shows that an engine does what stories need."""

from datetime import timedelta

from temporalio import workflow


@workflow.defn
class Sleeper:
    """Sleeps for a span unless woken, and says how long it slept and why it stopped."""

    def __init__(self) -> None:
        self._woken_by = ""

    @workflow.run
    async def run(self, span: timedelta) -> tuple[timedelta, str]:
        started_at = workflow.now()
        try:
            await workflow.wait_condition(lambda: bool(self._woken_by), timeout=span)
        except TimeoutError:
            return workflow.now() - started_at, "time"
        return workflow.now() - started_at, self._woken_by

    @workflow.update
    def wake(self, who: str) -> str:
        self._woken_by = who
        return f"woken by {who}"

    @wake.validator
    def _somebody(self, who: str) -> None:
        if not who:
            raise ValueError("who wakes it?")
