"""Every act of people can be done on the board: somebody is offered it at some time, and it reaches its incident.

The table is the code's own list of acts: one that is new fails here until some stage of an incident has it.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.report.offer import offered
from domain.report.view import view
from domain.rule.act import people_do
from domain.simulation.incident import SimulatedIncident
from tests.again import again
from tests.domain.test_may import FIELDS
from tests.ingress.board.guest import visiting, words
from tests.ingress.board.night import COMPANY, NOW, PROXY, after, minutes, opened
from tests.ingress.board.test_act import fields

BREACH = {"reason": "a dump was read", "aware_at": NOW - timedelta(hours=9)}
ALSO: dict[str, dict[str, Any]] = {
    "snooze": {"clause": "COM-1", "until": NOW + timedelta(minutes=30), "reason": "x"},
    "correct": {"reason": "x", "title": "The fraud check is slow"},
    "unmark_security": {"reason": "x"},
    "report_impact": {"customers": 40},
    "approve_mail": {"subject": "x", "body": "x"},
    "approve_update": {"status": "identified", "body": "We found it."},
    "complete_postmortem": {"cause": "capacity"},
    "record_notification": {"late_reason": "x"},
    "approve_public_postmortem": {"body": "It failed."},
    "add_to_room": {"to": "sam"},
    "unacknowledge": {"reason": "x"},
    "offer_role": {"role": "commander", "to": "sam"},
    "take_role": {"role": "commander"},
    "change_item": {"item": "item-1", "owner": "dana", "reason": "x"},
    "close_item": {"item": "item-1", "state": "done"},
    "reopen_item": {"item": "item-2", "reason": "x"},
    "answer_breach": {"breach": False, "reason": "x"},
}
"""How the forms are filled in whose acts need more, or others, than the table of rights."""
PEOPLE = ("dana", "jonas", "ines", "mira", "sam", "priya")


def _fought() -> SimulatedIncident:
    play = opened("fought", NOW - minutes(31))
    after(play, minutes(2), "acknowledge", "dana")
    after(play, minutes(4), "declare", "jonas", severity="P1")
    after(play, minutes(5), "take_role", "ines", role="comms")
    after(play, minutes(7), "assign_task", "jonas", title="call the bank", to="sam")
    after(play, minutes(9), "post_finding", "dana", conditions="the pool is full")
    after(play, minutes(11), "record_change", "jonas", change="hotfix", description="by hand", bypass=True)
    return play


def _secret() -> SimulatedIncident:
    play = opened("secret", NOW - minutes(21), title="Unauthorised access to the customer export bucket")
    after(play, minutes(2), "acknowledge", "dana")
    after(play, minutes(4), "declare", "jonas", severity="P1")
    after(play, minutes(6), "answer_breach", "jonas", breach=True, **BREACH)
    return play


def _over(name: str) -> SimulatedIncident:
    play = opened(name, NOW - timedelta(hours=5))
    after(play, minutes(2), "acknowledge", "dana")
    after(play, minutes(4), "declare", "jonas", severity="P1")
    after(play, minutes(20), "resolve", "jonas", summary="Mended.")
    for number in (1, 2):
        after(play, minutes(30), "add_item", "dana", title=f"Lesson {number}", owner="sam")
    after(play, minutes(31), "close_item", "sam", item="item-2")
    return play


def _learned() -> SimulatedIncident:
    play = _over("learned")
    after(play, minutes(40), "answer_breach", "mira", breach=False, reason="nothing was read")
    after(play, minutes(41), "complete_postmortem", "mira", cause="capacity")
    return play


@again
def stages() -> dict[str, SimulatedIncident]:
    """An incident at each time at which something else can be done."""
    plays = {
        "alerting": opened("alerting", NOW - minutes(3)),
        "fought": _fought(),
        "secret": _secret(),
        "over": _over("over"),
    }
    plays["learned"] = _learned()
    for play in plays.values():
        play.pass_until(NOW)  # as the board finds them: once, and not for every act
    return plays


@pytest.mark.parametrize("kind", people_do())
async def test_every_act_of_people_is_done_on_the_board(kind: str, tmp_path: Path) -> None:
    """Where the board first offers it; what the rules make of it stands in the incident, by whom and by which proof."""
    async with visiting(tmp_path, **PROXY) as (night, http):
        offers = [*_offers(night.has(stages()).values(), kind)]
        assert offers, f"the board offers {kind} to nobody, at no time"
        play, person = offers[0]
        status, said = await _sent(http, play, kind, person)
    acts = [one for one in play.incident.events if one.via == "board"]
    assert acts, said
    assert (acts[0].by, acts[0].proof.partition(",")[0]) == (person, "trusted proxy")
    assert status == 303 or getattr(acts[0].what, "act", "") == kind, said


def _offers(plays: Iterable[SimulatedIncident], kind: str) -> Iterator[tuple[SimulatedIncident, str]]:
    """Where and to whom the board offers it."""
    for play in plays:
        seen = view(play.incident, ())
        for person in PEOPLE:
            if people_do()[kind] in offered(seen, person, COMPANY.policy, COMPANY.catalog, every=True):
                yield play, person


async def _sent(http: httpx.AsyncClient, play: SimulatedIncident, kind: str, person: str) -> tuple[int, str]:
    """Open its form, fill it in and send it; what customers read is sent once more after a look at it."""
    path, who = f"/incidents/{play.incident.id}/acts/{kind}", {"x-user": person}
    page = await http.get(path, headers=who)
    if page.status_code != 200:
        return page.status_code, words(page.text)
    for _ in range(2):
        sent = await http.post(path, data={**fields(page.text), **_filled(kind)}, headers=who)
        if sent.status_code != 200:
            break
        page = sent
    return sent.status_code, "".join(re.findall(r'role="alert">([^<]*)', sent.text))


def _filled(kind: str) -> dict[str, str]:
    """The values as a browser sends them."""
    return {name: _said(value) for name, value in ALSO.get(kind, FIELDS.get(kind, {})).items()}


def _said(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M}"
    return str(value).lower() if isinstance(value, bool) else str(value)
