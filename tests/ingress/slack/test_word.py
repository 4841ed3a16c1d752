"""Other tools' words are answered as those who type them mean them; a word that nobody knows by what can be done."""

import pytest

from standins.slack.block import faults
from tests.ingress.slack.scene import DANA, INES, JONAS, SAM, Scene
from tests.ingress.slack.test_command import labels
from tests.ingress.slack.test_press import declared


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("resolv it is over", "I don't know `resolv`. Did you mean `/incident resolve`?"),
        ("xyzzy", "I don't know `xyzzy`. `/incident help` says what can be typed."),
    ],
)
async def test_an_unknown_word_is_answered_with_its_nearest_and_what_its_reader_may_do(
    scene: Scene, words: str, said: str
) -> None:
    incident = await declared(scene)
    for typed, room in ((words, scene.room(incident)), (f"{incident} {words}", "incidents")):
        answer = await scene.command(typed, JONAS, room)
        assert answer["text"].startswith(said)
        assert faults(answer["blocks"]) == []
        assert "Resolve" in labels(answer)
        assert "snooze" not in answer["text"]
    outside = await scene.command(words, JONAS)
    assert outside["text"].startswith(said)
    assert labels(outside) == ["Declare an incident", "Open menu", "What is due"]
    scene.engine.unreachable = True
    assert (await scene.command(words, JONAS))["text"].startswith(f"{said}\nThe engine is away")


async def test_how_it_stands_is_the_card_told_to_who_asks_and_asks_nothing_of_the_incident(scene: Scene) -> None:
    incident = await declared(scene)
    await scene.command("finding the disk is full", DANA, scene.room(incident))
    asked = len(scene.engine.asked)
    answer = await scene.command("summary", SAM)
    assert answer["text"].startswith("*Checkout API: checkout 5xx error rate above 5 %*\nP1, being fought. Jonas ")
    assert "the disk is full" in str(answer["blocks"])
    assert (faults(answer["blocks"]), labels(answer)) == ([], ["Open menu", "What is due"])
    assert len(scene.engine.asked) == asked


@pytest.mark.sop("WAR-3", "WAR-5")
async def test_who_is_at_it_and_where_are_said_with_the_presses_that_bring_people_in(scene: Scene) -> None:
    first = await scene.alert()
    who = await scene.command(f"{first} who", SAM)
    assert "Incident commander: nobody yet" in who["text"]
    assert labels(who) == ["Take command", "Page somebody"]
    assert "It has no war room." in (await scene.command("join", SAM))["text"]
    incident = await declared(scene)
    who, there = [await scene.command(f"{incident} {one}", SAM) for one in ("who", "join")]
    assert "Incident commander: Jonas" in who["text"]
    assert labels(who) == ["Page somebody"]
    assert labels(there) == [f"Join #{scene.room(incident)}", "I am here"]
    assert faults(there["blocks"]) == []
    await scene.command(f"{incident} resolve Rolled back.", JONAS)
    assert [labels(await scene.command(f"{incident} {one}", SAM)) for one in ("who", "join")] == [
        [], [f"Join #{scene.room(incident)}"],
    ]  # fmt: skip


@pytest.mark.sop("ACK-2", "TRI-4")
async def test_who_escalates_is_asked_whether_it_is_worse_or_somebody_is_needed(scene: Scene) -> None:
    incident = await declared(scene)
    answer = await scene.command("escalate the pool is full", DANA, scene.room(incident))
    assert (labels(answer), faults(answer["blocks"])) == (["Another severity", "Page somebody"], [])
    scene.slack.workspace.post(scene.slack.rooms[scene.room(incident)], {**answer, "subtype": "ephemeral"})
    await scene.press("Page somebody", DANA, scene.room(incident))
    await scene.fill({"to": "sam"}, DANA)
    [paged] = scene.happened(incident, "page_asked")
    assert (paged.by, paged.what.model_dump()["reason"]) == ("dana", "the pool is full")


@pytest.mark.sop("COM-3")
async def test_what_is_mitigated_is_offered_as_monitoring_and_nothing_is_written_yet(scene: Scene) -> None:
    incident = await declared(scene)
    assert await scene.command("mitigated the fix is out", INES, scene.room(incident)) == {}
    state = next(one for one in list(scene.slack.views.values())[-1]["blocks"] if one["block_id"] == "status")
    assert state["element"]["initial_option"]["value"] == "monitoring"
    assert {one.by for one in scene.happened(incident, "update_drafted")} == {"standfast"}


@pytest.mark.sop("SCP-3")
@pytest.mark.parametrize("words", ["status", "who", "join"])
async def test_how_a_security_incident_stands_is_told_in_its_own_room_only(scene: Scene, words: str) -> None:
    incident = await scene.alert("unauthorised access to the checkout database")
    outside = await scene.command(f"{incident} {words}", DANA)
    assert outside["text"] == f"{incident} is a security incident: it is read in its own war room."
    inside = await scene.command(words, DANA, scene.room(incident))
    assert inside["text"].startswith("*Checkout API: security incident, private*\n")
