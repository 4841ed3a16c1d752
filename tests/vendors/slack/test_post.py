"""The card, the headline and what is said: once each, edited in place, found again by their mark."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.port.conversation import Pressed, Reply
from domain.port.message import Message
from standins.serve import serve
from standins.slack.standin import Standin
from standins.standin import Fault
from tests.vendors.slack.duty import ADA, EVE, HEADLINE, HELLO, calls, card, refusal, say
from tests.vendors.slack.modal import form_of
from vendors.slack.client import Client, Settings
from vendors.slack.webhook import read


@pytest.mark.sop("WAR-1")
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


@pytest.mark.sop("WAR-2")
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


async def test_what_was_said_under_the_headline_is_not_said_again_in_a_room_that_opened_since(
    client: Client, slack: Standin, room: str
) -> None:
    headline = (await client.show_headline(HEADLINE, again=False)).ref
    slack.fail(Fault("lose", path="chat.postMessage"))
    assert (await refusal(client.say(say(thread=headline), again=False))).retryable
    said = await client.say(say(room=room, before=headline), again=True)
    _, reply = slack.messages("incidents")
    assert (slack.messages(room), said.ref) == ([], f"{headline.partition(':')[0]}:{reply['ts']}")


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


async def test_a_pressed_button_opens_its_form_once(client: Client, slack: Standin, room: str) -> None:
    said = await client.say(say(room=room), again=False)
    pressed = read(slack.press(room, said.ref.partition(":")[2], "Acknowledge", "UADA"))
    assert isinstance(pressed, Pressed)
    view = form_of("post_finding", pressed.incident, {})
    assert await client.conversation.open_form(pressed.trigger, view) in slack.views
    assert await client.conversation.open_form(pressed.trigger, view) == ""
    assert len(slack.views) == 1


async def test_one_person_is_told_in_a_channel(client: Client, slack: Standin) -> None:
    await client.conversation.whisper(slack.rooms["incidents"].id, "UADA", Reply("Only the commander may resolve."))
    assert [(told["user"], told["text"]) for told in slack.ephemerals] == [("UADA", "Only the commander may resolve.")]
