"""What nothing took any more is evidence of its period, and somebody is taken out of it on request (SOC-1, WAR-6)."""

from datetime import timedelta

import pytest

from domain.procedure.findings import Note
from ingress.webhook.inbox import Inbox
from ingress.webhook.kept_act import DOOR, Kept
from ingress.webhook.late import left, take_out
from ingress.webhook.unheard import Unheard, mark_unheard
from records.redaction import Redaction
from tests.ingress.setting import START
from vendors.door import Request

ENDED, HELD = "INC-7K3QF", "INC-2M4XP"


async def said(inbox: Inbox) -> None:
    """Dana's note at the pager for two incidents, and what Dana did for one while the engine was away."""
    note = Note(by="dana", text="dana saw it first", at=START - timedelta(days=3))
    for receiver in (ENDED, HELD):
        row = await inbox.put("pagerduty", Request(headers={}, body=b'{"by": "dana"}', received_at=START))
        await inbox.do(mark_unheard, row, Unheard.of(receiver, note, f"{receiver} has ended"))
    kept = Kept(incident=ENDED, act=note).model_dump_json().encode()
    row = await inbox.put(DOOR, Request(headers={}, body=kept, received_at=START))
    await inbox.mark_unreadable(row, "engine", f"{ENDED} has ended", "that it takes it")


@pytest.mark.sop("SOC-1", "WAR-6")
async def test_it_is_of_the_period_in_which_it_arrived_whatever_it_claims(inbox: Inbox) -> None:
    await said(inbox)
    words = await inbox.look(left, START, START + timedelta(days=1))
    assert [(one.receiver, one.by, one.at) for one in words] == [
        (HELD, "dana", START),
        (ENDED, "dana", START),
        (ENDED, "dana", START),
    ]
    assert all("dana saw it first" in one.said for one in words)
    assert await inbox.look(left, START - timedelta(days=9), START) == ()


@pytest.mark.sop("SOC-1")
async def test_whoever_is_erased_is_taken_out_of_it_but_for_what_is_held(inbox: Inbox) -> None:
    await said(inbox)
    gone = Redaction({"dana"}, "erased-1")
    assert await inbox.do(take_out, gone, {HELD}) == 2
    words = await inbox.look(left, START, START + timedelta(days=1))
    assert [one.by for one in words] == ["dana", "erased-1", "erased-1"]
    assert all("dana" not in f"{one.by} {one.said}" for one in words if one.receiver == ENDED)
    assert await inbox.do(take_out, gone, {HELD}) == 0
