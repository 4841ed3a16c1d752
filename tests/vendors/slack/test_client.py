"""The client does each effect once, says what Slack refused, and sends what Slack takes."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.catalog import Link, Person
from domain.duty import ArchiveRoom, InvitePeople, OpenRoom, Outcome, Say, SetTopic, ShowCard, ShowHeadline
from domain.message import Button, Message
from domain.role import Room, VendorError
from tests.vendors.slack.contract import call_faults
from vendors.serve import serve
from vendors.slack.client import Client, Settings
from vendors.slack.form import form
from vendors.slack.standin import Standin
from vendors.slack.webhook import Pressed, read
from vendors.standin import Fault

ADA = Person(id="ada", name="Ada Lovelace", slack="UADA")
BOB = Person(id="bob", name="Bob", slack="UBOB")
EVE = Person(id="eve", name="Eve")
GONE = Person(id="gone", name="Gone", slack="UGONE")
ABOUT: dict[str, Any] = {"incident": "INC-7K3QF", "clause": "WAR-1", "summary": "the war room"}
HELLO = Message(
    title="Checkout is down", text="Errors at 40 %", buttons=(Button(act="acknowledge", label="Acknowledge"),)
)
OPEN = OpenRoom(key="open_room", name="incident-7k3qf", topic="P1 · triage", **ABOUT)
HEADLINE = ShowHeadline(key="headline/1", message=HELLO, **ABOUT)


def say(**where: Any) -> Say:
    return Say(key="say/ack", message=HELLO, **where, **ABOUT)


def card(room: str, **more: Any) -> ShowCard:
    links = (Link(label="Dashboard", url="https://grafana.example.com/d/1"),)
    return ShowCard(key="card/1", room=room, message=HELLO, links=links, **more, **ABOUT)


@pytest.fixture
async def room(client: Client) -> str:
    return (await client.open_room(OPEN, again=False)).ref


@pytest.fixture(autouse=True)
def takes_what_we_send(slack: Standin) -> Any:
    """Every request of every test here is one that Slack's published types allow."""
    yield
    assert [fault for call in slack.calls for fault in call_faults(call)] == []


def calls(slack: Standin, method: str) -> int:
    return sum(call.path.endswith(f"/{method}") for call in slack.calls)


async def refusal(doing: Any) -> VendorError:
    with pytest.raises(VendorError) as caught:
        await doing
    return caught.value


def test_slack_plays_the_room(settings: Settings) -> None:
    assert isinstance(Client(settings), Room)
    assert "xoxb-test" not in repr(settings)


async def test_a_room_is_opened_marked_and_described(client: Client, slack: Standin) -> None:
    opened = await client.open_room(OPEN, again=False)
    made = slack.rooms["incident-7k3qf"]
    url = f"https://standfast.slack.com/archives/{made.id}"
    assert opened == Outcome(ref=made.id, text="incident-7k3qf", url=url)
    assert (made.topic, made.purpose) == ("P1 · triage", "War room of INC-7K3QF [INC-7K3QF/open_room]")


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


async def test_when_every_name_is_taken_a_person_is_told(client: Client, slack: Standin) -> None:
    for number in ("", "-2", "-3", "-4", "-5"):
        slack.workspace.add_room(f"incident-7k3qf{number}", creator="UBOB")
    error = await refusal(client.open_room(OPEN, again=False))
    assert not error.retryable
    assert "rename one of them" in str(error)


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


async def test_the_card_is_posted_pinned_and_bookmarked_then_edited_in_place(
    client: Client, slack: Standin, room: str
) -> None:
    first = await client.show_card(card(room), again=False)
    later = card(room, ref=first.ref).model_copy(update={"key": "card/2", "message": Message(text="Mitigated")})
    assert (await client.show_card(later, again=False)).ref == first.ref
    (message,) = slack.messages(room)
    made = slack.rooms["incident-7k3qf"]
    assert (message["text"], made.pins) == ("Mitigated", [message["ts"]])
    assert first.ref == f"{room}:{message['ts']}"
    assert first.url == f"https://standfast.slack.com/archives/{room}/p{message['ts'].replace('.', '')}"
    assert [bookmark["link"] for bookmark in made.bookmarks] == ["https://grafana.example.com/d/1"]


@pytest.mark.parametrize("lost", ["chat.postMessage", "pins.add", "bookmarks.add"])
async def test_a_lost_answer_shows_no_second_card(client: Client, slack: Standin, room: str, lost: str) -> None:
    slack.fail(Fault("lose", path=lost))
    assert (await refusal(client.show_card(card(room), again=False))).retryable
    shown = await client.show_card(card(room), again=True)
    (message,) = slack.messages(room)
    made = slack.rooms["incident-7k3qf"]
    assert (shown.ref, made.pins, len(made.bookmarks)) == (f"{room}:{message['ts']}", [message["ts"]], 1)


async def test_a_card_that_somebody_deleted_is_posted_anew(client: Client, slack: Standin, room: str) -> None:
    first = await client.show_card(card(room), again=False)
    slack.rooms["incident-7k3qf"].messages.clear()
    second = await client.show_card(card(room, ref=first.ref), again=False)
    assert second.ref != first.ref
    assert len(slack.messages(room)) == 1
    assert (await client.show_card(card(room, ref=first.ref), again=True)).ref == second.ref


async def test_a_card_that_may_not_be_pinned_stands_and_says_so(client: Client, slack: Standin, room: str) -> None:
    slack.error = "missing_scope"
    slack.fail(Fault(path="pins.add", status=200), Fault(path="bookmarks.list", status=200))
    shown = await client.show_card(card(room), again=False)
    assert shown.ref
    assert "not pinned: pins.add: missing_scope" in shown.text
    assert "not bookmarked: bookmarks.list: missing_scope" in shown.text


async def test_the_headline_is_one_message_in_incidents(client: Client, slack: Standin) -> None:
    first = await client.show_headline(HEADLINE, again=False)
    again = HEADLINE.model_copy(update={"ref": first.ref, "key": "headline/2", "message": Message(text="Resolved")})
    assert (await client.show_headline(again, again=True)).ref == first.ref
    assert [message["text"] for message in slack.messages("incidents")] == ["Resolved"]
    assert slack.rooms["incidents"].pins == []


async def test_a_lost_answer_shows_no_second_headline(client: Client, slack: Standin) -> None:
    other = HEADLINE.model_copy(update={"incident": "INC-AAAAA"})
    await client.show_headline(other, again=False)
    slack.fail(Fault("lose", path="chat.postMessage"))
    await refusal(client.show_headline(HEADLINE, again=False))
    shown = await client.show_headline(HEADLINE, again=True)
    first, second = slack.messages("incidents")
    assert shown.ref.endswith(second["ts"])
    assert first["metadata"]["event_payload"]["key"] == "INC-AAAAA/headline/1"


async def test_a_headline_without_its_channel_says_what_to_do(slack: Standin, settings: Settings) -> None:
    async with serve(slack.app) as url:
        elsewhere = {"slack_api_url": f"{url}/api/", "slack_incidents_channel": "#fires"}
        client = Client(settings.model_copy(update=elsewhere))
        errors = [await refusal(client.show_headline(HEADLINE, again=again)) for again in (False, True)]
    assert [error.retryable for error in errors] == [False, False]
    assert "invite the app" in errors[0].said
    assert "create it and invite the app" in errors[1].said


async def test_what_is_said_in_a_room_calls_people_and_offers_buttons(
    client: Client, slack: Standin, room: str
) -> None:
    duty = say(room=room).model_copy(update={"message": HELLO.model_copy(update={"to": (ADA, EVE)})})
    said = await client.say(duty, again=False)
    (message,) = slack.messages(room)
    assert message["blocks"][1]["text"]["text"] == "<@UADA> Eve Errors at 40 %"
    assert (said.ref, said.people) == (f"{room}:{message['ts']}", ("ada", "eve"))


async def places(client: Client, room: str) -> AsyncIterator[dict[str, Any]]:
    yield {"room": room}
    yield {"person": ADA}
    yield {"thread": (await client.show_headline(HEADLINE, again=False)).ref}


async def test_said_twice_is_said_once_wherever_it_is_said(client: Client, slack: Standin, room: str) -> None:
    async for place in places(client, room):
        slack.fail(Fault("lose", path="chat.postMessage"))
        before = calls(slack, "chat.postMessage")
        assert (await refusal(client.say(say(**place), again=False))).retryable
        first = await client.say(say(**place), again=True)
        assert await client.say(say(**place), again=True) == first
        assert calls(slack, "chat.postMessage") == before + 1
    assert len(slack.messages(room)) == len(slack.direct_messages("UADA")) == 1
    headline, reply = slack.messages("incidents")
    assert reply["thread_ts"] == headline["ts"]


async def test_what_was_not_said_is_said_again(client: Client, slack: Standin, room: str) -> None:
    slack.fail(Fault(path="chat.postMessage", status=503))
    assert (await refusal(client.say(say(room=room), again=False))).retryable
    await client.say(say(room=room), again=True)
    assert len(slack.messages(room)) == 1


async def test_the_mark_is_found_behind_what_people_wrote_since(client: Client, slack: Standin, room: str) -> None:
    await client.say(say(room=room), again=False)
    slack.state.page_size = 7
    for number in range(30):
        slack.write(room, f"message {number}", "UADA")
    await client.say(say(room=room), again=True)
    assert calls(slack, "chat.postMessage") == 1


async def test_the_search_for_a_mark_has_an_end(client: Client, slack: Standin, room: str) -> None:
    for number in range(1200):
        slack.write(room, f"message {number}", "UADA")
    await client.say(say(room=room), again=True)
    assert calls(slack, "conversations.history") == 5


async def test_a_person_slack_does_not_know_cannot_be_written_to(client: Client) -> None:
    error = await refusal(client.say(say(person=EVE), again=False))
    assert not error.retryable
    assert "set people.eve.slack in the catalog" in error.said


async def test_an_archived_room_says_what_to_do(client: Client, slack: Standin, room: str) -> None:
    duty = ArchiveRoom(key="archive", room=room, **ABOUT)
    assert [(await client.archive_room(duty, again=again)).ref for again in (False, True)] == [room, room]
    assert slack.rooms["incident-7k3qf"].archived
    error = await refusal(client.say(say(room=room), again=False))
    assert (error.retryable, error.said) == (
        False,
        "chat.postMessage: is_archived, the room is archived: unarchive it in Slack, or carry on in #incidents",
    )


async def test_archiving_a_room_that_is_not_there_is_final(client: Client) -> None:
    error = await refusal(client.archive_room(ArchiveRoom(key="archive", room="C404", **ABOUT), again=False))
    assert not error.retryable


async def test_a_rate_limit_carries_slacks_own_wish(client: Client, slack: Standin, room: str) -> None:
    slack.fail(Fault(path="chat.postMessage", status=429, retry_after=30))
    error = await refusal(client.say(say(room=room), again=False))
    assert (error.retryable, error.retry_after) == (True, timedelta(seconds=30))
    assert calls(slack, "chat.postMessage") == 1


@pytest.mark.parametrize(
    ("code", "retryable"),
    [
        ("internal_error", True),
        ("fatal_error", True),
        ("request_timeout", True),
        ("service_unavailable", True),
        ("ratelimited", True),
        ("token_revoked", False),
        ("restricted_action", False),
        ("a_code_nobody_has_seen", False),
    ],
)
async def test_whether_to_try_again_is_slacks_to_say(
    client: Client, slack: Standin, room: str, code: str, retryable: bool
) -> None:
    slack.error = code
    slack.fail(Fault(path="chat.postMessage", status=200))
    error = await refusal(client.say(say(room=room), again=False))
    assert (error.retryable, code in error.said) == (retryable, True)


async def test_a_wrong_token_is_final_and_stays_secret(slack: Standin, settings: Settings) -> None:
    async with serve(slack.app) as url:
        wrong = Settings.model_validate({"slack_bot_token": "xoxb-wrong", "slack_api_url": f"{url}/api/"})
        error = await refusal(Client(wrong).open_room(OPEN, again=False))
    assert (error.retryable, "check SLACK_BOT_TOKEN" in error.said, "xoxb" in error.said) == (False, True, False)


async def test_slack_being_away_is_worth_another_try(settings: Settings) -> None:
    async with serve(Standin("", "").app) as url:
        pass
    error = await refusal(Client(settings.model_copy(update={"slack_api_url": url})).open_room(OPEN, again=False))
    assert error.retryable


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/json"])
@pytest.mark.parametrize("status", [200, 503])
async def test_an_answer_that_is_none_may_have_been_one(settings: Settings, kind: str, status: int) -> None:
    async def proxy(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind.encode())]})
        await send({"type": "http.response.body", "body": b"<b>gateway</b>"})

    async with serve(proxy) as url:
        error = await refusal(Client(settings.model_copy(update={"slack_api_url": url})).open_room(OPEN, again=False))
    assert error.retryable


async def test_a_pressed_button_opens_its_form_once(client: Client, slack: Standin, room: str) -> None:
    said = await client.say(say(room=room), again=False)
    pressed = read(slack.press(room, said.ref.partition(":")[2], "Acknowledge", "UADA"))
    assert isinstance(pressed, Pressed)
    view = form("post_finding", pressed.incident, {})
    assert await client.open_form(pressed.trigger_id, view) in slack.views
    error = await refusal(client.open_form(pressed.trigger_id, view))
    assert (error.retryable, "press again" in error.said) == (False, True)


async def test_one_person_is_told_in_a_channel(client: Client, slack: Standin) -> None:
    await client.whisper(slack.rooms["incidents"].id, "UADA", "Only the commander may resolve.")
    assert [(told["user"], told["text"]) for told in slack.ephemerals] == [("UADA", "Only the commander may resolve.")]
