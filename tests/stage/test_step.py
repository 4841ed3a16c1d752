"""A step of the stage's story is ticked once what it says has happened in the incident, and not before."""

import re
from pathlib import Path

from domain.incident.effects import Done
from standins.keeping import Keeper
from tests.stage.conftest import Visit
from tests.stage.test_stage import declared


def ticked(page: str) -> list[str]:
    """The steps that the stage calls done."""
    return re.findall(r'<li class="ok">.*?<b>(.*?)</b>', page, re.DOTALL)


async def does(visit: Visit, incident: str, number: int) -> None:
    """Have a step done for whoever plays it."""
    await visit.does("step", **{"as": "dana"}, step=str(number))
    await visit.scene.settles(incident)


async def test_a_step_is_ticked_once_it_is_done(visit: Visit) -> None:
    incident = await declared(visit)
    visit.on.jira.press_open("What another incident left to do")
    assert "A change without deployment" not in ticked(await visit.looks())
    assert "Customers are told" not in ticked(await visit.looks())
    await does(visit, incident, 3)
    await does(visit, incident, 5)
    done = ticked(await visit.looks())
    assert "Customers are told" in done
    assert "A change without deployment" in done


async def test_words_that_leave_by_themselves_after_the_end_tick_nothing(visit: Visit) -> None:
    incident = await declared(visit)
    await does(visit, incident, 6)
    await visit.scene.passes(incident, minutes=30)
    published = [one.what for one in visit.scene.happened(incident, "done") if isinstance(one.what, Done)]
    assert "publish_update" in [one.duty for one in published]
    done = ticked(await visit.looks())
    assert "It is solved" in done
    assert "Customers are told" not in done


async def test_the_steps_afterwards_tell_customers_that_it_is_over_and_each_is_noted(visit: Visit) -> None:
    incident = await declared(visit)
    for number in (3, 6, 7):
        await does(visit, incident, number)
    told = [one.what for one in visit.scene.happened(incident, "done") if isinstance(one.what, Done)]
    assert ["(resolved)" in one.summary for one in told if one.duty == "publish_update"] == [False, True]
    assert "typed &#39;/incident resolve A new fraud check" in await visit.looks()


async def test_a_restart_finds_the_steps_with_their_incident(visit: Visit, tmp_path: Path) -> None:
    first, steps = await declared(visit), visit.playing.steps
    Keeper(tmp_path).recall(steps)
    await visit.looks()
    newer = await visit.scene.alert("another thing")
    known = visit.scene.engine.incidents
    visit.scene.engine.incidents = {newer: known[newer], first: known[first]}
    steps.follows = ""
    Keeper(tmp_path).recall(steps)
    assert "It is a P1" in ticked(await visit.looks())
    del visit.scene.engine.incidents[first]
    assert ticked(await visit.looks()) == ["An alert fires"]


async def test_the_steps_stay_with_their_incident_until_the_newer_one_is_followed(visit: Visit) -> None:
    first = await declared(visit)
    assert "It is a P1" in ticked(await visit.looks())
    newer = await visit.scene.alert("another thing")
    known = visit.scene.engine.incidents
    visit.scene.engine.incidents = {newer: known[newer], first: known[first]}
    page = await visit.looks()
    assert "It is a P1" in ticked(page)
    assert f'Follow it instead<span class="unseen">: {newer}<' in page
    await does(visit, first, 4)
    assert [one.by for one in visit.scene.happened(first, "finding_posted")] == ["sam"]
    await visit.does("follow", **{"as": "dana"})
    page = await visit.looks()
    assert ticked(page) == ["An alert fires"]
    assert "Follow it instead" not in page
    await does(visit, newer, 2)
    assert visit.scene.engine.incidents[newer].severity == "P1"
