"""One P1 from its alert to its close, told with each set of vendors: the procedure is kept alike, whoever plays it."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from demo.chosen import CATALOGS, Chosen, SignedRequest
from domain.report.scorecard import scorecard
from domain.run import read as fold
from standins.stage import Stage
from standins.standin import Fault, Standin
from tests.stories.environment import environment
from tests.stories.story import QUIET, Story, told
from vendors.directory import DIRECTORY

DRAFT = "Some customers may not be able to pay. We are looking into it and will write again within 30 minutes."
CREATIONS = {
    "pagerduty": Fault("lose", path="/incidents", method="POST"),
    "opsgenie": Fault("lose", path="/v2/alerts", method="POST"),
    "slack": Fault("lose", path="/chat.postMessage"),
    "statuspage": Fault("lose", path="/incidents", method="POST"),
    "instatus": Fault("lose", path="/incidents", method="POST"),
    "jira": Fault("lose", path="/issue", method="POST"),
    "linear": Fault("lose", path="/graphql", says="issueCreate"),
    "confluence": Fault("lose", path="/pages", method="POST"),
    "notion": Fault("lose", path="/v1/pages", method="POST"),
}
"""The request of each vendor whose repetition people would see; its answer is lost once."""


@pytest.mark.slow
@pytest.mark.sop("DET-1", "DET-3", "ACK-1", "ACK-2", "WAR-1", "COM-1", "COM-6", "RES-1", "PM-1", "ACT-1", "ACT-2")
async def test_a_p1_is_kept_alike_with_each_set_of_vendors(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    cards = {}
    for name, catalog in CATALOGS.items():
        folder = tmp_path / name
        folder.mkdir()
        async with told(engine, folder, policy=QUIET, catalog=catalog) as story:
            _lose_every_first_answer(story)
            await _lived(story, Chosen(story.stage, story.company.catalog))
            ended = fold.read(await story.events())
            cards[name] = {one.clause: one.verdict for one in scorecard(ended, ended.events[-1].at)}
    assert cards["alternate"] == cards["default"]
    assert {cards["default"][clause] for clause in ("ACK-2", "COM-1", "PM-1", "ACT-1", "ACT-2")} == {"met"}


def _lose_every_first_answer(story: Story) -> None:
    for name, fault in CREATIONS.items():
        played: Standin = getattr(story.stage, name)
        played.fail(fault)


async def _lived(story: Story, chosen: Chosen) -> None:
    await _fires_and_is_acknowledged_at_the_pager(story, chosen)
    await _is_fought_in_the_room_and_told_to_customers(story)
    await _is_resolved_and_written_down(story, chosen)
    await _is_followed_up_in_the_tracker(story, chosen)


async def _delivered(story: Story, sent: SignedRequest) -> None:
    """A signed request is proved, read and relayed, all of it twice."""
    webhook = DIRECTORY[sent.door.rpartition("/")[2]].part("webhook")
    with environment(story.stage.environment):
        webhook.verify(sent.request, webhook.Settings())
    for _ in range(2):
        heard = webhook.read(sent.request)
        if heard.alerts:
            await story.tells(*heard.alerts, row=1)
        for act in heard.acts:
            await story.ingress.signal(act.incident, act.act)
    await story.settles()


async def _fires_and_is_acknowledged_at_the_pager(story: Story, chosen: Chosen) -> None:
    await _delivered(story, chosen.fires())
    await story.passes(minutes=5, seconds=30)
    assert _woken(story.stage) in (["PDANA01", "PSAM002"], ["dana@harbourline.example", "sam@harbourline.example"])
    await _delivered(story, chosen.acknowledges("sam"))
    assert [event.by for event in await story.events("acknowledged")] == ["sam"]


def _woken(stage: Stage) -> list[str]:
    return [page.who[0] for page in stage.pagerduty.pages] + [alert.who[0] for alert in stage.opsgenie.alerts]


async def _is_fought_in_the_room_and_told_to_customers(story: Story) -> None:
    await story.acts("declare", "jonas", severity="P1")
    await story.acts("take_role", "ines", role="comms")
    await story.acts("approve_update", "ines")
    await story.acts("approve_mail", "ines")
    await story.acts("post_finding", "sam", conditions="The fraud check times out.")
    await story.acts("record_change", "jonas", change="hotfix", description="Switch it off", bypass=True)
    await story.acts("authorise_change", "mira", number=1)
    await story.passes(minutes=2)
    assert [one.split("\n\nReference")[0] for one in _told(story.stage)] == [DRAFT]


def _told(stage: Stage) -> list[str]:
    """What the page's subscribers were sent."""
    return [*stage.statuspage.notified, *stage.instatus.account.notified]


async def _is_resolved_and_written_down(story: Story, chosen: Chosen) -> None:
    await story.acts("resolve", "jonas", summary="A fraud check timed out; it was switched off.")
    await story.acts("approve_update", "ines", body="The problem with payments is solved.")
    await story.acts("answer_breach", "mira", breach=False, reason="Nothing personal was touched.")
    await story.acts("add_item", "mira", title="Give the fraud check a timeout", owner="dana")
    assert (await story.acts("complete_postmortem", "mira", cause="dependency")).accepted
    await story.passes(minutes=2)
    learning = fold.read(await story.events()).learning
    assert any("Switch it off" in line for line in chosen.document(learning.document))
    assert "The problem with payments is solved." in _told(story.stage)[-1]
    assert len(chosen.items) == 2


async def _is_followed_up_in_the_tracker(story: Story, chosen: Chosen) -> None:
    assert not [*story.stage.pagerduty.open_pages, *story.stage.opsgenie.open_alerts]
    await story.accounts()
    for item in chosen.items:
        await _delivered(story, chosen.finishes(item, "sam"))
    await story.passes(hours=1, minutes=1)
    assert (await story.view()).phase == "closed"
