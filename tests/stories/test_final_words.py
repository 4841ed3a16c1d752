"""What customers read last, on a real engine and a page that is slow, refuses or loses its answers."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from standins.standin import Fault
from tests.stories.hearing import listening
from tests.stories.story import QUIET, alert, told

pytestmark = pytest.mark.story

REFUSED, LOST = Fault("refuse", path="incident", status=503), Fault("lose", method="PATCH")
BOTH = "Checkout and Billing"
RULES = "extends: {quiet}\nclocks:\n  COM-2: {{within: {{P1: 30m, P2: 30m}}}}\n"


@pytest.mark.sop("DET-7", "COM-3", "COM-6", "RES-3")
@pytest.mark.parametrize(
    ("faults", "ends"),
    [((), "Billing"), ((REFUSED, REFUSED), BOTH), ((LOST,), BOTH), ((Fault("hang", seconds=3),), "Billing")],
)
async def test_a_corrected_incident_works_again_and_ends_under_the_names_that_customers_may_have_read(
    engine: WorkflowEnvironment, tmp_path: Path, faults: tuple[Fault, ...], ends: str
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(RULES.format(quiet=QUIET))
    async with told(engine, tmp_path, policy=policy) as story, listening(story, tmp_path) as ingress:
        page, pager, story.group = story.stage.statuspage, story.stage.pagerduty, "checkout/production"
        await ingress.hears("pagerduty", pager.press_trigger("PSVCCHK", "queue full", key="k1"))
        await story.passes(seconds=5)
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        await story.acts("take_role", "ines", role="comms")
        await story.acts("approve_update", "ines")
        await story.acts("correct", "jonas", service="billing", reason="the queue of billing is full")
        await ingress.hears("pagerduty", pager.press_resolve(pager.pages[0].id))
        await story.passes(minutes=29)
        *_, draft = await story.whats("update_drafted")
        assert draft.body.startswith("Billing seems to work again since ")
        page.fail(*faults)
        await story.acts("approve_update", "ines")
        await story.acts("resolve", "jonas", summary="Jonas emptied the queue of billing.")
        await story.passes(seconds=30)
        page.fail(*faults)
        await story.acts("approve_update", "ines")
        await story.passes(minutes=6)
        [shown] = page.incidents.values()
        said = [one["body"] for one in reversed(shown["incident_updates"])]
        assert (shown["status"], said[-1].partition(" is solved.")[0]) == ("resolved", f"The problem with {ends}")
        assert said[1:-1] in ([], [draft.body])


@pytest.mark.sop("COM-3", "COM-6", "RES-3")
async def test_each_text_is_read_once_and_in_order_over_a_reopening_whatever_the_page_loses_or_refuses(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(RULES.format(quiet=QUIET))
    async with told(engine, tmp_path, policy=policy) as story:
        page = story.stage.statuspage
        await story.alert(episode="1")
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        await story.acts("take_role", "ines", role="comms")
        page.fail(Fault("lose", path="/incidents", method="POST"), REFUSED)
        await story.acts("approve_update", "ines", body="Cards fail in Europe.")
        await story.passes(minutes=2)
        page.fail(REFUSED, LOST)
        await story.acts("approve_update", "jonas", body="Cards fail everywhere.")
        await story.passes(minutes=2)
        for episode, faults in (("1", (LOST, REFUSED)), ("2", (REFUSED, LOST))):
            await story.hears(alert(state="resolved", episode=episode))
            await story.acts("resolve", "jonas", summary="The pool is larger.")
            await story.settles()
            page.fail(*faults)
            assert (await story.acts("approve_update", "ines", body=f"End {episode}.")).accepted
            await story.passes(minutes=2)
            if episode == "1":
                await story.hears(alert(episode="2"))
                page.fail(*faults)
                assert (await story.acts("approve_update", "ines", body="It is back.")).accepted
                await story.passes(minutes=2)
        read = ["Cards fail in Europe.", "Cards fail everywhere.", "End 1.", "It is back.", "End 2."]
        assert page.notified == read
        assert {shown["status"] for shown in page.incidents.values()} == {"resolved"}
