"""The least that could ring: a workflow begun by a signal, with one activity."""

from datetime import timedelta

from temporalio import activity, workflow


@workflow.defn(name="Floor")
class FloorWorkflow:
    """Waits for a signal and has one activity done."""

    def __init__(self) -> None:
        self.told = False

    @workflow.run
    async def run(self) -> None:
        """Ring."""
        await workflow.wait_condition(lambda: self.told)
        await workflow.execute_activity("ring", start_to_close_timeout=timedelta(seconds=10))

    @workflow.signal
    def tell(self) -> None:
        """Something fires."""
        self.told = True


class Bell:
    """What it rings."""

    def __init__(self) -> None:
        self.rung = 0

    @activity.defn
    async def ring(self) -> None:
        """Ring."""
        self.rung += 1
