"""What an ended incident did not take stands on its page: what people did while the engine was away, vendors' words."""

import re
from functools import partial
from pathlib import Path

import pytest

from domain.incident.incident import Incident
from domain.procedure.findings import Note
from domain.procedure.retraction import CloseAs
from ingress.board.page import iso
from ingress.webhook.inbox import Inbox, InboxUnavailable
from ingress.webhook.late import LateWord, late_words
from tests.console.kept import kept_and_refused, unheard
from tests.ingress.board.guest import looking_at
from tests.ingress.board.night import Night, act, minutes, night_at

AWAY, ENDED = "Done while the engine was away", "Said after the end, and not taken"


def over(night: Night, by: str = "dana", **said: str) -> Incident:
    """What nobody had taken, and was none."""
    play = night.alert("outage", minutes(20), **said)
    play.act(act("answer_breach", "mira", breach=False, reason="no personal data was touched"))
    assert play.act(CloseAs(by=by, how="false_alarm", reason="a test of ours")).accepted
    play.pass_until(night.clock())
    assert play.incident.phase == "closed"
    return play.incident


async def page_of(night: Night, incident: str, query: str = "") -> str:
    async with looking_at(night.board) as http:
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", (await http.get(f"/incidents/{incident}{query}")).text))


@pytest.mark.sop("WAR-6", "ACK-1")
async def test_who_what_and_why_not_stand_under_the_timeline_of_that_incident_alone(tmp_path: Path) -> None:
    inbox = Inbox(where := str(tmp_path / "inbox.db"))
    async with night_at(tmp_path, late=partial(late_words, inbox)) as night:
        ended, still_open = over(night).id, night.alert("other", minutes(5)).incident.id
        for one in (ended, still_open):
            await kept_and_refused(where, one, Note(by="jonas", text="the bank <b>called"))
            await unheard(where, one, Note(by="PDANA01", text="it was the cache"))
        page, then = await page_of(night, ended), await page_of(night, ended, f"?at={iso(night.clock())}")
        other = await page_of(night, still_open)
    assert f"Jonas in {ended}: &#34;Add a note&#34; (the bank &lt;b&gt;called) was not taken: {ended} has ended" in page
    assert f"Dana in pagerduty, for {ended}: &#34;Add a note&#34; (it was the cache): {ended} has ended" in page
    assert (AWAY in page, ENDED in page, still_open in page) == (True, True, False)
    for silent in (then, other):
        assert (AWAY in silent, ENDED in silent) == (False, False)
    await inbox.close()


async def test_an_inbox_that_does_not_answer_is_said_and_the_page_stands(tmp_path: Path) -> None:
    async def away(incident: str) -> dict[str, list[LateWord]]:
        raise InboxUnavailable(incident)

    async with night_at(tmp_path, late=away) as night:
        page = await page_of(night, over(night).id)
    assert "The inbox does not answer" in page
    assert "What happened, the newest first" in page


async def test_of_a_private_incident_only_who_may_read_it_sees_them(tmp_path: Path) -> None:
    inbox = Inbox(where := str(tmp_path / "inbox.db"))
    async with night_at(tmp_path, late=partial(late_words, inbox)) as night:
        ended = over(night, "sam", service="platform", title="Unauthorised access to the customer export bucket").id
        await unheard(where, ended, Note(by="PDANA01", text="it was the cache"))
        page = await page_of(night, ended)
    assert ("security incident" in page, "it was the cache" in page) == (True, False)
    await inbox.close()
