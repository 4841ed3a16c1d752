"""Rooms are opened once, described once, and people are brought into them."""

from typing import Any

import pytest

from domain.port.chat import ArchiveRoom, InvitePeople, SetTopic
from domain.port.duty import NotDone, Outcome
from standins.slack.standin import Standin
from standins.standin import Fault
from tests.vendors.slack.duty import ABOUT, ADA, BOB, EVE, GONE, OPEN, calls, refusal
from vendors.slack.client import Client, Settings


def test_its_token_stays_out_of_what_is_logged(settings: Settings) -> None:
    assert "xoxb-test" not in repr(settings)


@pytest.mark.sop("WAR-1")
async def test_a_room_is_opened_marked_and_described(client: Client, slack: Standin) -> None:
    opened = await client.open_room(OPEN, again=False)
    made = slack.rooms["incident-7k3qf"]
    url = f"https://standfast.slack.com/archives/{made.id}"
    assert opened == Outcome(ref=made.id, text="incident-7k3qf", url=url)
    assert (made.topic, made.purpose) == ("P1 · triage", "War room of INC-7K3QF [INC-7K3QF/open_room]")


@pytest.mark.sop("SCP-3")
async def test_a_security_room_is_private(client: Client, slack: Standin) -> None:
    await client.open_room(OPEN.model_copy(update={"private": True}), again=False)
    assert slack.rooms["incident-7k3qf"].private


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("lost", ["conversations.create", "conversations.setPurpose", "conversations.setTopic"])
async def test_a_lost_answer_opens_no_second_room(client: Client, slack: Standin, lost: str, private: bool) -> None:
    duty = OPEN.model_copy(update={"private": private})
    slack.fail(Fault("lose", path=lost))
    assert (await refusal(client.open_room(duty, again=False))).retryable
    opened = await client.open_room(duty, again=True)
    assert set(slack.rooms) == {"incidents", "incident-7k3qf"}
    assert opened.ref == slack.rooms["incident-7k3qf"].id
    assert slack.rooms["incident-7k3qf"].topic == "P1 · triage"


async def test_opening_twice_opens_one_room(client: Client, slack: Standin) -> None:
    slack.state.page_size = 1  # the room is found on a later page
    first = await client.open_room(OPEN, again=False)
    calls_before = calls(slack, "conversations.setTopic")
    assert await client.open_room(OPEN, again=True) == first
    assert calls(slack, "conversations.setTopic") == calls_before


@pytest.fixture
def crowded(slack: Standin) -> Standin:
    """A workspace of many rooms, of which each page of the list shows one; the war room stands on the last."""
    for number in range(8):
        slack.workspace.add_room(f"team-{number}", creator="UBOB")
    slack.state.page_size = 1
    return slack


@pytest.mark.sop("WAR-1")
async def test_the_search_for_a_room_goes_on_where_the_last_attempt_ended(client: Client, crowded: Standin) -> None:
    crowded.fail(Fault("lose", path="conversations.setPurpose"))
    await refusal(client.open_room(OPEN, again=False))
    crowded.fail(Fault(status=503, path="conversations.list", says="cursor=6"))
    assert (await refusal(client.open_room(OPEN, again=True))).retryable
    before = calls(crowded, "conversations.list")
    assert (await client.open_room(OPEN, again=True)).ref == crowded.rooms["incident-7k3qf"].id
    assert calls(crowded, "conversations.list") - before == 4


async def test_a_place_in_the_list_that_slack_has_forgotten_is_none(client: Client, crowded: Standin) -> None:
    crowded.fail(Fault("lose", path="conversations.setPurpose"))
    await refusal(client.open_room(OPEN, again=False))
    crowded.fail(Fault(status=503, path="conversations.list", says="cursor=6"))
    await refusal(client.open_room(OPEN, again=True))
    crowded.workspace.rooms[:] = [room for room in crowded.workspace.rooms if not room.name.startswith("team-")]
    assert (await client.open_room(OPEN, again=True)).ref == crowded.rooms["incident-7k3qf"].id
    assert set(crowded.rooms) == {"incidents", "incident-7k3qf"}


@pytest.mark.parametrize(
    "taken", [{"creator": "UBOB"}, {"creator": "UBOB", "private": True, "bot": False}], ids=["public", "hidden"]
)
async def test_a_name_that_is_somebody_elses_gets_a_number(client: Client, slack: Standin, taken: Any) -> None:
    slack.workspace.add_room("incident-7k3qf", **taken)
    assert (await client.open_room(OPEN, again=False)).text == "incident-7k3qf-2"
    assert (await client.open_room(OPEN, again=True)).text == "incident-7k3qf-2"


async def test_a_room_of_ours_for_another_incident_or_archived_is_not_taken(client: Client, slack: Standin) -> None:
    slack.workspace.add_room("incident-7k3qf").purpose = "War room of INC-AAAAA [INC-AAAAA/open_room]"
    slack.workspace.add_room("incident-7k3qf-2").archived = True
    assert (await client.open_room(OPEN, again=False)).text == "incident-7k3qf-3"


@pytest.mark.parametrize(
    ("name", "had"),
    [
        ("Production incident, be kind: 7k3qf", "production-incident-be-kind-7k3qf"),
        ("störung_7k3qf", "st-rung_7k3qf"),
        (f"incident-{'x' * 80}-7k3qf-now", f"incident-{'x' * 61}-7k3qf-now"),
        (f"7k3qf-{'x' * 80}", f"7k3qf-{'x' * 74}"),
    ],
)
async def test_a_name_that_slack_cannot_have_is_made_to_fit_with_the_id_whole(
    client: Client, slack: Standin, name: str, had: str
) -> None:
    opened = await client.open_room(OPEN.model_copy(update={"name": name}), again=False)
    assert (opened.text, len(had) <= 80) == (had, True)
    slack.workspace.rooms[-1].creator = "UBOB"
    again = await client.open_room(OPEN.model_copy(update={"name": name}), again=False)
    assert ("7k3qf" in again.text, again.text.endswith("-2"), len(again.text) <= 80) == (True, True, True)


async def test_when_every_name_is_taken_a_person_is_told(client: Client, slack: Standin) -> None:
    for number in ("", "-2", "-3", "-4", "-5"):
        slack.workspace.add_room(f"incident-7k3qf{number}", creator="UBOB")
    error = await refusal(client.open_room(OPEN, again=False))
    assert not error.retryable
    assert "rename one of them" in str(error)


@pytest.mark.sop("WAR-1")
async def test_people_are_invited_and_those_slack_does_not_know_are_left_out(
    client: Client, slack: Standin, room: str
) -> None:
    duty = InvitePeople(key="invite", room=room, people=(ADA, EVE, GONE, BOB), **ABOUT)
    assert (await client.invite(duty, again=False)).people == ("ada", "bob")
    assert (await client.invite(duty, again=True)).people == ("ada", "bob")
    assert slack.rooms["incident-7k3qf"].members >= {"UADA", "UBOB"}


async def test_inviting_those_who_are_there_is_success(client: Client, room: str) -> None:
    duty = InvitePeople(key="invite", room=room, people=(ADA,), **ABOUT)
    assert [(await client.invite(duty, again=again)).people for again in (False, True)] == [("ada",), ("ada",)]


async def test_inviting_nobody_slack_knows_asks_slack_nothing(client: Client, slack: Standin, room: str) -> None:
    duty = InvitePeople(key="invite", room=room, people=(EVE,), **ABOUT)
    assert (await client.invite(duty, again=False)).people == ()
    assert calls(slack, "conversations.invite") == 0


async def test_when_nobody_can_be_invited_it_says_what_to_correct(client: Client, room: str) -> None:
    duty = InvitePeople(key="invite", room=room, people=(GONE,), **ABOUT)
    error = await refusal(client.invite(duty, again=False))
    assert not error.retryable
    assert "user_not_found, correct the person's `slack` id" in error.said


async def test_a_topic_that_stands_is_not_said_again(client: Client, slack: Standin, room: str) -> None:
    duty = SetTopic(key="topic/2", room=room, topic="P1 · <fix> & watch", **ABOUT)
    before = calls(slack, "conversations.setTopic")
    for again in (False, True):
        assert (await client.set_topic(duty, again=again)).text == "P1 · <fix> & watch"
    assert calls(slack, "conversations.setTopic") == before + 1


async def test_a_long_topic_is_cut(client: Client, slack: Standin, room: str) -> None:
    await client.set_topic(SetTopic(key="topic/3", room=room, topic="x" * 300, **ABOUT), again=False)
    assert slack.rooms["incident-7k3qf"].topic == "x" * 249 + "…"


async def test_archiving_a_room_that_is_not_there_is_final(client: Client) -> None:
    error = await refusal(client.archive_room(ArchiveRoom(key="archive", room="C404", **ABOUT), again=False))
    assert not error.retryable


@pytest.mark.parametrize("lost", ["create", "setPurpose", "setTopic"])
async def test_a_room_that_was_called_back_is_looked_for_and_never_opened(
    client: Client, slack: Standin, lost: str
) -> None:
    with pytest.raises(NotDone):
        await client.open_room(OPEN.looked_for(), again=True)
    slack.workspace.add_room("incident-7k3qf", creator="UBOB")
    with pytest.raises(NotDone):
        await client.open_room(OPEN.looked_for(), again=True)
    assert list(slack.rooms) == ["incidents", "incident-7k3qf"]
    slack.fail(Fault("lose", path=f"conversations.{lost}", says="7k3qf-2" if lost == "create" else ""))
    await refusal(client.open_room(OPEN, again=False))
    opened = await client.open_room(OPEN.looked_for(), again=True)
    assert opened.ref == slack.rooms["incident-7k3qf-2"].id
    assert slack.rooms["incident-7k3qf-2"].topic == ("P1 · triage" if lost == "setTopic" else "")
