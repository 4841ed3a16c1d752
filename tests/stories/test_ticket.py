"""A customer's ticket, from its escalation to the note that it is over."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from config.company import SHIPPED
from standins.serve import serve
from standins.standin import Fault
from standins.zendesk.standin import Standin as Zendesk
from tests.stories.environment import environment
from tests.stories.hearing import listening
from tests.stories.story import QUIET, told

SECRET = "story-zendesk-secret"  # noqa: S105 -- opens nothing


@pytest.mark.sop("DET-2")
async def test_a_ticket_that_opened_an_incident_is_told_which_and_that_it_is_over(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    zendesk, catalog = Zendesk(SECRET, token="story"), tmp_path / "catalog.yaml"  # noqa: S106
    catalog.write_text(f"extends: {SHIPPED / 'catalog.yaml'}\nvendors: {{support: zendesk}}\n")
    async with serve(zendesk.app) as url:
        account = {"ZENDESK_EMAIL": "standfast@acme.example", "ZENDESK_API_TOKEN": "story"}
        with environment({"ZENDESK_API_URL": url, "ZENDESK_WEBHOOK_SECRET": SECRET, **account}):
            async with told(engine, tmp_path, policy=QUIET, catalog=catalog) as story:
                zendesk.fail(Fault("lose", method="PUT"))
                async with listening(story, tmp_path) as ingress:
                    story.group = "checkout/production"
                    escalation = zendesk.press_escalate(datetime.now(UTC), "5158", "No payments", "service_checkout")
                    await ingress.hears("zendesk", escalation)
                await story.passes(seconds=20)
                assert story.incident.startswith("INC-")
                (opened,) = zendesk.notes("5158")
                assert opened.startswith(f"{story.incident} is open for this report.")
                await story.acts("acknowledge", "dana")
                await story.acts("declare", "jonas", severity="P1")
                await story.acts("resolve", "jonas", summary="The flag is off.")
                await story.passes(seconds=20)
                assert [note.partition(" [")[0] for note in zendesk.notes("5158")][1:] == [
                    f"{story.incident} is resolved: The flag is off."
                ]
                assert zendesk.notes("5158", public=True) == []
