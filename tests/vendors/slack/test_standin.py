"""The stand-in refuses what Slack refuses, answers as Slack answers, and keeps what it was told."""

import json
from typing import Any

import httpx
import pytest

from standins.slack.block import faults, view_faults
from standins.slack.standin import METHODS, Standin
from standins.standin import Fault
from tests.specs import spec
from tests.vendors.slack.contract import answer_faults, takes_json

TEXT = {"type": "plain_text", "text": "x"}
MODAL = {"type": "modal", "title": TEXT, "submit": TEXT, "blocks": []}


async def call(slack: Standin, method: str, token: str = "xoxb-test", form: bool = False, **given: Any) -> Any:  # noqa: S107
    """Ask the stand-in without a socket, as JSON where the method reads it."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    nested = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    body: dict[str, Any] = {"json": given} if METHODS[method].json and not form else {"data": nested}
    transport = httpx.ASGITransport(slack.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://slack.test") as http:
        response = await http.post(f"/api/{method}", headers=headers, **body)
    assert response.status_code == 200
    return response.json()


def incidents(slack: Standin) -> str:
    return slack.rooms["incidents"].id


async def every_answer(slack: Standin) -> dict[str, Any]:
    """One successful answer of each method."""
    answers: dict[str, Any] = {}

    async def note(method: str, **given: Any) -> Any:
        answers[method] = await call(slack, method, **given)
        return answers[method]

    room = (await note("conversations.create", name="room"))["channel"]["id"]
    ts = (await note("chat.postMessage", channel=room, text="hello"))["ts"]
    trigger = slack.command("", "UADA", room)
    await note("auth.test")
    await note("conversations.list")
    await note("conversations.info", channel=room)
    await note("conversations.invite", channel=room, users="UADA")
    await note("conversations.setTopic", channel=room, topic="t")
    await note("conversations.setPurpose", channel=room, purpose="p")
    await note("conversations.open", users="UADA")
    await note("conversations.history", channel=room)
    await note("conversations.replies", channel=room, ts=ts)
    await note("chat.update", channel=room, ts=ts, text="hi")
    await note("chat.postEphemeral", channel=room, user="UADA", text="psst")
    await note("pins.add", channel=room, timestamp=ts)
    await note("bookmarks.add", channel_id=room, title="t", type="link", link="https://example.com")
    await note("bookmarks.list", channel_id=room)
    await note("users.info", user="UADA")
    await note("users.lookupByEmail", email="ada@example.com")
    await note("views.open", trigger_id=trigger.body.decode().rpartition("trigger_id=")[2], view=MODAL)
    await note("views.update", view_id=answers["views.open"]["view"]["id"], view=MODAL)
    await note("views.publish", user_id="UADA", view={"type": "home", "blocks": []})
    slack.state.socket_url = "wss://slack.test/link"
    await note("apps.connections.open", token="xapp-test")  # noqa: S106
    await note("conversations.archive", channel=room)
    return answers


async def test_every_method_answers_as_slack_does(slack: Standin) -> None:
    answers = await every_answer(slack)
    assert answers.keys() == METHODS.keys()
    assert [answer["ok"] for answer in answers.values()] == [True] * len(METHODS)
    assert [fault for method, answer in answers.items() for fault in answer_faults(method, answer)] == []
    examples = json.loads(spec("slack/samples/web_api_responses.json").read_text())["body"]
    for method, answer in answers.items():
        expected = (examples.get(method) or {}).get("success", {}).keys() - {"pin_count", "response_metadata"}
        assert expected - answer.keys() == set(), method


def test_methods_read_json_where_slack_does() -> None:
    assert {name: method.json for name, method in METHODS.items()} == {name: takes_json(name) for name in METHODS}


@pytest.mark.parametrize(
    ("method", "given", "error"),
    [
        ("auth.test", {"token": "xoxb-wrong"}, "invalid_auth"),
        ("auth.test", {"token": ""}, "not_authed"),
        ("conversations.create", {"name": "incidents"}, "name_taken"),
        ("conversations.create", {"name": "Incident!"}, "invalid_name_specials"),
        ("conversations.create", {"name": "x" * 81}, "invalid_name_maxlength"),
        ("conversations.create", {}, "invalid_arguments"),
        ("conversations.create", {"name": "x", "colour": "red"}, "invalid_arg_name"),
        ("conversations.info", {"channel": "C404"}, "channel_not_found"),
        ("conversations.history", {"channel": "#incidents"}, "channel_not_found"),
        ("conversations.open", {"users": "U404"}, "user_not_found"),
        ("chat.postMessage", {"channel": "#incidents"}, "no_text"),
        ("chat.postMessage", {"channel": "#incidents", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "#incidents", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ("chat.postMessage", {"channel": "#incidents", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
        ("chat.update", {"channel": "#incidents", "ts": "1.2", "text": "x"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": "#incidents", "user": "U404", "text": "x"}, "user_not_in_channel"),
        ("users.lookupByEmail", {"email": "nobody@example.com"}, "users_not_found"),
        ("views.open", {"trigger_id": "1.2.3", "view": MODAL}, "invalid_arguments"),
        ("views.publish", {"user_id": "UADA", "view": MODAL}, "invalid_arguments"),
    ],
)
async def test_it_refuses_as_slack_does(slack: Standin, method: str, given: dict[str, Any], error: str) -> None:
    assert (await call(slack, method, **given))["error"] == error
    assert slack.messages("incidents") == []


async def test_a_form_is_read_as_json_is(slack: Standin) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*hello*"}}]
    for form in (False, True):
        assert (await call(slack, "chat.postMessage", form=form, channel="#incidents", text="x", blocks=blocks))["ok"]
    first, second = slack.messages("incidents")
    assert first["blocks"] == second["blocks"] == blocks


async def test_a_room_the_app_left_or_that_is_archived_takes_no_message(slack: Standin) -> None:
    slack.workspace.add_room("elsewhere", creator="UADA", bot=False)
    slack.workspace.add_room("over").archived = True
    slack.workspace.add_room("secret", creator="UADA", private=True, bot=False)
    answers = [
        await call(slack, "chat.postMessage", channel=f"#{name}", text="x") for name in ("elsewhere", "over", "secret")
    ]
    assert [answer["error"] for answer in answers] == ["not_in_channel", "is_archived", "channel_not_found"]


async def test_without_force_one_bad_id_fails_the_invitation(slack: Standin) -> None:
    room = slack.workspace.add_room("room")
    assert (await call(slack, "conversations.invite", channel=room.id, users="UADA,U404"))["error"] == "user_not_found"
    assert "UADA" not in room.members
    forced = await call(slack, "conversations.invite", channel=room.id, users="UADA,U404", force=True)
    assert (forced["ok"], [error["user"] for error in forced["errors"]]) == (True, ["U404"])
    assert "UADA" in room.members


async def test_a_trigger_works_once(slack: Standin) -> None:
    trigger = slack.command("", "UADA", incidents(slack)).body.decode().rpartition("trigger_id=")[2]
    answers = [await call(slack, "views.open", trigger_id=trigger, view=MODAL) for _ in range(2)]
    assert [answer.get("error") for answer in answers] == [None, "exchanged_trigger_id"]


async def test_a_message_of_a_person_is_not_the_apps_to_change(slack: Standin) -> None:
    slack.write(incidents(slack), "hello", "UADA")
    ts = slack.messages("incidents")[0]["ts"]
    assert (await call(slack, "chat.update", channel="#incidents", ts=ts, text="x"))["error"] == "cant_update_message"


async def test_the_metadata_is_told_to_those_who_ask(slack: Standin) -> None:
    metadata = {"event_type": "e", "event_payload": {"key": "k"}}
    await call(slack, "chat.postMessage", channel="#incidents", text="x", metadata=metadata)
    plain = await call(slack, "conversations.history", channel=incidents(slack))
    asked = await call(slack, "conversations.history", channel=incidents(slack), include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert asked["messages"][0]["metadata"] == metadata


async def test_a_thread_is_read_apart_from_the_channel(slack: Standin) -> None:
    parent = (await call(slack, "chat.postMessage", channel="#incidents", text="parent"))["ts"]
    await call(slack, "chat.postMessage", channel="#incidents", text="reply", thread_ts=parent)
    history = await call(slack, "conversations.history", channel=incidents(slack))
    replies = await call(slack, "conversations.replies", channel=incidents(slack), ts=parent)
    assert [message["text"] for message in history["messages"]] == ["parent"]
    assert [message["text"] for message in replies["messages"]] == ["parent", "reply"]


async def test_a_fault_speaks_as_slack_does(slack: Standin) -> None:
    slack.error = "fatal_error"
    slack.fail(Fault(status=200))
    assert await call(slack, "auth.test") == {"ok": False, "error": "fatal_error"}
    assert [slack.refused_body(status)["error"] for status in (429, 503, 504, 500)] == [
        "ratelimited",
        "service_unavailable",
        "request_timeout",
        "internal_error",
    ]


def test_a_button_that_is_not_there_cannot_be_pressed(slack: Standin) -> None:
    slack.write(incidents(slack), "hello", "UADA")
    with pytest.raises(LookupError, match="no button 'Resolve' there"):
        slack.press(incidents(slack), slack.messages("incidents")[0]["ts"], "Resolve", "UADA")


def button(**more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": "button", "text": TEXT, "action_id": "a", **more}]}


@pytest.mark.parametrize(
    "block",
    [
        {"type": "nonsense"},
        {"type": "header", "text": {**TEXT, "text": "x" * 151}},
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}},
        {"type": "section", "text": {"type": "mrkdwn", "text": " "}},
        {"type": "section", "fields": [TEXT] * 11},
        {"type": "section", "fields": [{**TEXT, "text": "x" * 2001}]},
        {"type": "actions", "elements": []},
        {"type": "actions", "elements": [*button()["elements"], *button()["elements"]]},
        button(text={**TEXT, "text": "x" * 76}),
        button(value="x" * 2001),
        button(action_id="x" * 256),
        button(style="plain"),
        button(type="slider"),
    ],
)
def test_a_block_beyond_slacks_limits_is_noticed(block: dict[str, Any]) -> None:
    assert faults([block]) != []
    assert faults([button()]) == []


def test_too_many_blocks_and_a_modal_beyond_the_limits_are_noticed() -> None:
    entry = {"type": "input", "block_id": "a", "label": TEXT, "element": {"type": "plain_text_input"}}
    select = {**entry, "element": {"type": "static_select", "options": []}}
    options = [{"text": TEXT, "value": str(number)} for number in range(11)]
    radio = {**entry, "element": {"type": "radio_buttons", "options": options}}
    assert faults([button()] * 51) != []
    assert view_faults({**MODAL, "blocks": [entry]}) == []
    for wrong in (
        {**MODAL, "title": {**TEXT, "text": "x" * 25}},
        {**MODAL, "private_metadata": "x" * 3001},
        {**MODAL, "blocks": [select]},
        {**MODAL, "blocks": [radio]},
        {**MODAL, "blocks": [entry, entry]},
        {"type": "modal", "title": TEXT, "blocks": [entry]},
        {"type": "home", "blocks": []},
    ):
        assert view_faults(wrong) != []
