"""An update is begun from the page's templates, seen as customers will read it, and approved where it is due."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest

from domain.company.status_template import Template
from standins.slack.block import view_faults
from tests.ingress.slack.scene import DANA, INES, JONAS, Scene
from tests.ingress.slack.test_press import declared
from tests.vendors.slack.contract import inbound

PAGE = (
    Template(name="Investigating", status="investigating", body="We look into [service]."),
    Template(name="A bad deploy", status="identified", body="A deploy of {{service}} went wrong. We take it back."),
    Template(name="Nothing is said of the state", body="We write again in 30 minutes."),
)


def blocks(view: dict[str, Any]) -> dict[str, Any]:
    """The blocks of a form, by the question."""
    return {block["block_id"].partition("/")[0]: block for block in view["blocks"]}


def preview(view: dict[str, Any]) -> str:
    return str(blocks(view)["preview"]["text"]["text"])


async def opened(scene: Scene, words: str = "update", user: str = INES) -> tuple[str, dict[str, Any]]:
    """The form for an update of a declared P1; answers the incident and the form."""
    scene.page = PAGE
    incident = await declared(scene)
    await scene.command(words, user, scene.room(incident))
    return incident, [{}, *scene.slack.views.values()][-1]


@pytest.mark.sop("COM-3")
async def test_the_form_offers_the_pages_templates_and_our_own_words(scene: Scene) -> None:
    _, view = await opened(scene)
    offered = [option["text"]["text"] for option in blocks(view)["template"]["element"]["options"]]
    assert offered[:3] == ["Investigating", "A bad deploy", "Nothing is said of the state"]
    assert offered[3:] == [
        "Our words: investigating",
        "Our words: identified",
        "Our words: monitoring",
    ], "the end's words are offered after it"
    assert view_faults(view) == []


@pytest.mark.sop("COM-3")
async def test_a_template_replaces_state_and_text_and_is_seen_as_customers_will_read_it(scene: Scene) -> None:
    incident, before = await opened(scene)
    view = await scene.choose("template", INES, template="A bad deploy", body="what Ines had typed")
    body, status = blocks(view)["body"], blocks(view)["status"]
    assert body["element"]["initial_value"] == "A deploy of Checkout API went wrong. We take it back."
    assert status["element"]["initial_option"]["value"] == "identified"
    assert body["block_id"] != blocks(before)["body"]["block_id"]
    assert preview(view) == (
        "*What customers will read*\n>Checkout: major outage\n>Identified\n"
        ">A deploy of Checkout API went wrong. We take it back."
    )
    await scene.fill({}, INES)
    (drafted,) = [event for event in scene.happened(incident, "update_drafted") if event.by == "ines"]
    assert drafted.what.model_dump()["body"] == "A deploy of Checkout API went wrong. We take it back."
    assert drafted.what.model_dump()["status"] == "identified"


@pytest.mark.sop("COM-3", "COM-6")
@pytest.mark.parametrize("state", ["investigating", "identified", "monitoring", "resolved"])
async def test_our_own_words_stand_in_the_form_with_all_that_is_known(scene: Scene, state: str) -> None:
    await opened(scene)
    view = await scene.choose("template", INES, template=f"policy/{state}")
    body = blocks(view)["body"]["element"]["initial_value"]
    assert "Checkout " in body or "Some customers may not be able to pay since" in body
    assert "{" not in body


@pytest.mark.sop("COM-3")
async def test_a_fresh_update_begins_with_the_state_that_was_said_last(scene: Scene) -> None:
    incident, _ = await opened(scene, "update identified We know why it fails.")
    await scene.command("update approve", JONAS, scene.room(incident))
    await scene.settles(incident)
    await scene.command("update", INES, scene.room(incident))
    asked = blocks([*scene.slack.views.values()][-1])
    assert asked["status"]["element"]["initial_option"]["value"] == "identified"
    assert asked["body"]["element"]["initial_value"].startswith("We know the cause")


async def test_a_template_without_a_state_leaves_the_one_that_was_chosen(scene: Scene) -> None:
    await opened(scene)
    view = await scene.choose("template", INES, template="Nothing is said of the state", status="monitoring")
    assert blocks(view)["status"]["element"]["initial_option"]["value"] == "monitoring"


@pytest.mark.parametrize("field", ["status", "look"])
async def test_what_was_typed_stays_and_the_preview_follows_it(scene: Scene, field: str) -> None:
    _, before = await opened(scene)
    view = await scene.choose(field, INES, status="monitoring", body="It is mended,\nand <we> watch.")
    assert preview(view).endswith(">Monitoring\n>It is mended,\n>and &lt;we&gt; watch.")
    assert blocks(view)["body"]["block_id"] == blocks(before)["body"]["block_id"]  # Slack keeps what stands there


@pytest.mark.sop("COM-1", "COM-3")
async def test_a_reminder_is_answered_from_a_template_and_a_refusal_stands_at_its_question(scene: Scene) -> None:
    scene.page = PAGE
    incident = await declared(scene)
    await scene.passes(incident, minutes=11)
    await scene.press("Publish the update", DANA, scene.room(incident))
    view = await scene.choose("template", DANA, template="A bad deploy")
    refused = (await scene.fill({}, DANA)).json()["errors"]
    assert refused.keys() <= {block["block_id"] for block in view["blocks"]}
    assert "Only Jonas may approve an update" in "".join(refused.values())
    await scene.fill({}, JONAS)
    (approved,) = scene.happened(incident, "update_approved")
    assert approved.what.model_dump()["body"] == "A deploy of Checkout API went wrong. We take it back."


@pytest.mark.sop("RES-1", "COM-6")
async def test_the_form_of_the_end_shows_what_customers_will_read_and_that_alone_is_published(scene: Scene) -> None:
    incident, view = await opened(scene, "resolve", JONAS)
    words = blocks(view)["customers"]["element"]["initial_value"]
    assert words == "The problem with Checkout is solved. It lasted from 02 March 03:00 to 03:00 UTC."
    assert preview(view) == f"*What customers will read*\n>Checkout: major outage\n>Resolved\n>{words}"
    assert view["submit"]["text"] == "Solved, tell customers"
    assert view_faults(view) == []
    changed = await scene.choose("look", JONAS, summary="A bad deploy", customers="Paying works again.")
    assert preview(changed).endswith(">Paying works again.")
    refused = await scene.fill({"summary": "A bad deploy", "customers": "Dana rolled it back."}, JONAS)
    assert "the name of Dana" in "".join(refused.json()["errors"].values())
    await scene.fill({"summary": "A bad deploy", "customers": "Paying works again."}, JONAS)
    await scene.passes(incident, minutes=40)
    last = [event for event in scene.happened(incident, "update_approved") if event.clause == "COM-6"]
    assert [(event.by, event.what.model_dump()["body"]) for event in last] == [("jonas", "Paying works again.")]


@pytest.mark.sop("RES-1")
async def test_the_form_of_the_end_asks_nothing_for_customers_who_read_nothing(scene: Scene) -> None:
    incident = await scene.alert()
    await scene.command(f"{incident} ack", DANA)
    await scene.command(f"{incident} sev P3 one customer only", JONAS)
    await scene.command(f"{incident} resolve", JONAS)
    view = list(scene.slack.views.values())[-1]
    assert blocks(view).keys() == {"summary", "despite"}
    assert view["submit"]["text"] == "Solved"
    scene.engine.unreachable = True
    await scene.command(f"{incident} resolve", JONAS)
    assert blocks(list(scene.slack.views.values())[-1]).keys() == {"summary", "despite"}


async def test_a_form_that_was_closed_meanwhile_needs_no_change(scene: Scene) -> None:
    await opened(scene)
    request = scene.slack.choose(list(scene.slack.views)[-1], "look", {}, INES)
    scene.slack.views.clear()
    assert (await scene.twice(request)).status_code == 200


async def test_with_the_engine_away_the_form_opens_without_what_only_the_incident_knows(scene: Scene) -> None:
    incident = await declared(scene)
    scene.engine.unreachable = True
    await scene.command("update", INES, scene.room(incident))
    assert blocks(list(scene.slack.views.values())[-1]).keys() == {"status", "body", "components"}


async def test_a_page_that_is_away_leaves_the_policys_words(scene: Scene) -> None:
    incident = await declared(scene)
    await scene.command("update", INES, scene.room(incident))
    view = list(scene.slack.views.values())[-1]
    assert all(option["value"].startswith("policy/") for option in blocks(view)["template"]["element"]["options"])


async def test_a_choice_of_the_standin_is_what_slack_sends(scene: Scene) -> None:
    await opened(scene)
    request = scene.slack.choose(list(scene.slack.views)[-1], "template", {"template": "A bad deploy"}, INES)
    payload = json.loads(parse_qs(request.body.decode())["payload"][0])
    assert [error.message for error in inbound("In_block_actions").iter_errors(payload)] == []
