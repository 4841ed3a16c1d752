"""What Slack posts is verified on its bytes and read into our words."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from domain.port.conversation import (
    Challenge,
    Commanded,
    HomeOpened,
    Opened,
    Passed,
    Pointed,
    Pressed,
    Submitted,
    Written,
)
from standins.slack.standin import Standin
from tests.specs import spec
from tests.vendors.slack.contract import inbound
from vendors import door
from vendors.slack.client import Settings
from vendors.slack.webhook import read, verify

NOW = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"


def sample(name: str) -> Any:
    return json.loads(spec(f"slack/samples/{name}.json").read_text())


def vectors() -> list[Any]:
    return list(sample("signature_vectors")["body"])


def posted(body: Any, content_type: str) -> door.Request:
    raw = json.dumps(body) if content_type != FORM else urlencode({"payload": json.dumps(body)})
    return door.Request(headers={"content-type": content_type}, body=raw.encode(), received_at=NOW)


def sent(name: str, **changes: Any) -> door.Request:
    """A sample as Slack would post it, with changes."""
    held = sample(name)
    if "raw_body" in held:
        return door.Request(headers={"content-type": FORM}, body=held["raw_body"].encode(), received_at=NOW)
    return posted({**held["body"], **changes}, held["headers"]["Content-Type"])


def signed(vector: Any, **changes: Any) -> tuple[door.Request, Settings]:
    headers = {"x-slack-request-timestamp": vector["timestamp"], "x-slack-signature": vector["expected"]}
    moment = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    request = door.Request(headers=headers, body=vector["raw_body"].encode(), received_at=moment)
    settings = Settings.model_validate({"slack_signing_secret": vector["signing_secret"]})
    return request.model_copy(update=changes), settings


@pytest.mark.parametrize("number", range(3))
def test_slacks_own_signature_vectors_hold(number: int) -> None:
    vector = vectors()[number]
    request, settings = signed(vector)
    if vector["must_verify"]:
        verify(request, settings)
        verify(request, settings)
    else:
        with pytest.raises(door.Unverified, match="none of the configured secrets"):
            verify(request, settings)


def test_one_flipped_bit_is_refused_and_so_is_what_is_no_text() -> None:
    request, settings = signed(vectors()[0])
    body = bytearray(request.body)
    body[10] ^= 1
    foreign = request.headers | {"x-slack-signature": "v0=ü"}
    for spoilt in ({"body": bytes(body)}, {"body": b"\xff\xfe"}, {"headers": foreign}):
        with pytest.raises(door.Unverified):
            verify(request.model_copy(update=spoilt), settings)
    for stamp in ("1531420619", "", "soon", "-1531420618", "٣", "9" * 40):
        changed = request.headers | {"x-slack-request-timestamp": stamp}
        with pytest.raises(door.Unverified):
            verify(request.model_copy(update={"headers": changed}), settings)


@pytest.mark.parametrize(("off", "accepted"), [(299, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_a_recording_is_refused_after_five_minutes(off: int, accepted: bool) -> None:
    request, settings = signed(vectors()[0])
    late = request.model_copy(update={"received_at": request.received_at + timedelta(seconds=off)})
    if accepted:
        verify(late, settings)
    else:
        with pytest.raises(door.Unverified, match="too far away"):
            verify(late, settings)


def test_without_a_secret_or_a_signature_the_door_is_closed() -> None:
    request, settings = signed(vectors()[0])
    with pytest.raises(door.DoorClosed, match="set SLACK_SIGNING_SECRET"):
        verify(request, Settings.model_validate({"slack_signing_secret": ""}))
    with pytest.raises(door.Unverified):
        verify(request.model_copy(update={"headers": {"x-slack-request-timestamp": "1531420618"}}), settings)


@pytest.mark.parametrize("name", ["button_ephemeral_message", "full_example", "java_request_test", "with_message"])
def test_a_press_is_read_from_every_sample(name: str) -> None:
    held = sample(f"block_actions.{name}")["body"]
    ours = {"action_id": "act:take_role:2", "value": json.dumps({"incident": "INC-7K3QF", "fields": {"role": "comms"}})}
    request = sent(f"block_actions.{name}", actions=[{**held["actions"][0], **ours}])
    pressed = read(request)
    assert isinstance(pressed, Pressed)
    assert (pressed.act, pressed.incident, pressed.fields) == ("take_role", "INC-7K3QF", {"role": "comms"})
    assert (pressed.user, pressed.id) == (held["user"]["id"], held["trigger_id"])
    assert pressed.at == datetime.fromtimestamp(float(held["actions"][0]["action_ts"]), UTC)
    assert pressed.channel == held["channel"]["id"]
    assert read(request) == pressed


def test_a_press_that_only_leads_somewhere_is_passed_by() -> None:
    held = sample("block_actions.full_example")["body"]
    led = {"action_id": "link:1", "url": "https://chat.example/archives/C1"}
    heard = read(sent("block_actions.full_example", actions=[{"type": "button", "block_id": "b", **led}]))
    assert isinstance(heard, Passed)
    assert (heard.id, heard.type) == (held["trigger_id"], "link")


def test_a_button_of_somebody_else_is_said_to_be_unreadable() -> None:
    with pytest.raises(door.Unreadable) as caught:
        read(sent("block_actions.full_example"))
    assert (caught.value.path, caught.value.found) == ("actions.0.action_id", "'a'")


@pytest.mark.parametrize("value", ["click_me", "[]", '{"fields": {}}', '{"incident": "INC-7K3QF", "fields": {"a": 1}}'])
def test_a_button_with_a_value_that_is_not_ours_is_unreadable(value: str) -> None:
    action = {"action_id": "act:note", "value": value}
    with pytest.raises(door.Unreadable):
        read(sent("block_actions.full_example", actions=[action]))


def test_the_documented_slash_command_is_read() -> None:
    commanded = read(sent("slash_command.documented"))
    assert isinstance(commanded, Commanded)
    assert (commanded.command, commanded.words, commanded.user) == ("/webhook-collect", "", "U2CERLKJA")
    assert (commanded.channel, commanded.at) == ("G8PSS9T3V", NOW)
    assert commanded.id == commanded.trigger == "398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"


@pytest.mark.parametrize(
    ("name", "values", "id"),
    [
        ("full_example", {"+5B": "test"}, "V111/111.xxx"),
        ("modal", {"hspI": "test"}, "V111/1596530361.3wRYuk3R"),
        (
            "many_inputs",
            {"date-of-visit": "2019-09-23", "rating": "3", "comment": "Just amazing!"},
            "V12345678/1569562184.10297bc3",
        ),
    ],
)
def test_a_filled_form_is_read_from_every_sample(name: str, values: dict[str, str], id: str) -> None:
    opened = Opened(incident="INC-7K3QF", act="note")
    view = {**sample(f"view_submission.{name}")["body"]["view"], "callback_id": "act:note"}
    submitted = read(sent(f"view_submission.{name}", view={**view, "private_metadata": opened.model_dump_json()}))
    assert isinstance(submitted, Submitted)
    assert (submitted.values, submitted.opened) == (values, opened)
    assert submitted.id.startswith(f"{id}/")
    assert isinstance(read(sent(f"view_submission.{name}")), Passed)


EVENTS = (
    "app_home_opened app_mention_shared_channel member_joined_channel_shared message_changed "
    "message_deleted message_metadata_posted reaction_added"
)


@pytest.mark.parametrize("name", EVENTS.split())
def test_an_event_is_read_from_every_sample(name: str) -> None:
    body = sample(f"events.{name}")["body"]
    happened = read(sent(f"events.{name}"))
    assert isinstance(happened, Passed)
    assert happened.id == body.get("event_id", happened.id) != ""
    assert happened == read(sent(f"events.{name}"))


@pytest.mark.sop("ACK-5")
@pytest.mark.parametrize("name", ["message", "message_blocks", "message_bot"])
def test_what_a_person_writes_is_read_from_the_samples(name: str) -> None:
    event = sample(f"events.{name}")["body"]["event"]
    written = read(sent(f"events.{name}", event={**event, "text": "5xx &lt; 6 %"}))
    assert isinstance(written, Written)
    assert (written.user, written.channel, written.message) == (event["user"], event["channel"], event["ts"])
    assert (written.text, written.thread) == ("5xx < 6 %", "")
    for thread, ref in (("1.5", f"{event['channel']}:1.5"), (event["ts"], "")):
        assert read(sent(f"events.{name}", event={**event, "thread_ts": thread})).model_dump()["thread"] == ref


@pytest.mark.parametrize("subtype", ["channel_join", "channel_topic", "message_changed", "bot_message"])
def test_what_slack_itself_or_a_bot_says_is_nobodys_word(subtype: str) -> None:
    event = sample("events.message")["body"]["event"]
    assert isinstance(read(sent("events.message", event={**event, "subtype": subtype})), Passed)
    assert isinstance(read(sent("events.message", event={**event, "bot_id": "B1"})), Passed)


def test_the_home_is_read_from_the_sample_of_its_opening() -> None:
    event = sample("events.app_home_opened")["body"]["event"]
    opened = read(sent("events.app_home_opened", event={**event, "tab": "home"}))
    assert isinstance(opened, HomeOpened)
    assert opened.user == event["user"]


def test_a_pin_is_read_from_the_sample_of_a_reaction() -> None:
    event = sample("events.reaction_added")["body"]["event"]
    pointed = read(sent("events.reaction_added", event={**event, "reaction": "pushpin"}))
    assert isinstance(pointed, Pointed)
    place = (event["user"], event["item"]["channel"], event["item"]["ts"])
    assert (pointed.user, pointed.channel, pointed.message) == place


def test_slack_is_answered_its_challenge() -> None:
    expected = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
    assert read(sent("events.url_verification")) == Challenge(challenge=expected)


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("shortcut.global", "shortcut/111.111.xxxxxx"),
        ("message_action", "message_action/111.222.xxx"),
        ("view_closed", "view_closed/1643113987.gRY6ROtt"),
    ],
)
def test_what_we_have_no_use_for_is_kept_and_refused_by_nobody(name: str, id: str) -> None:
    happened = read(sent(name))
    assert isinstance(happened, Passed)
    assert (happened.type, happened.id) == (id.partition("/")[0], id)


def test_an_event_without_an_id_is_told_by_its_bytes() -> None:
    limited = read(sent("events.app_rate_limited"))
    assert isinstance(limited, Passed)
    later = read(sent("events.app_rate_limited", minute_rate_limited=1518467880))
    assert isinstance(later, Passed)
    assert limited.type == "app_rate_limited"
    assert limited.id == read(sent("events.app_rate_limited")).id != later.id  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "content_type", "path"),
    [
        (b"{", "application/json", "byte 1"),
        (b"\xff", "application/json", "byte 0"),
        (b"[]", "application/json", "body"),
        (b"{}", "application/json", "type"),
        (b'{"type": "event_callback"}', "application/json", "event"),
        (
            b'{"type": "event_callback", "event_id": "E", "event": {"type": "x", "event_ts": "1e400"}}',
            "application/json",
            "body",
        ),
        (b"payload=%7B", FORM, "byte 1"),
        (b"payload=%7B%7D", FORM, "type"),
        (b"command=%2Fincident", FORM, "trigger_id"),
        (b"\xff=1", FORM, "body"),
        (b"", "", "trigger_id"),
    ],
)
def test_nonsense_says_where_it_stops_making_sense(body: bytes, content_type: str, path: str) -> None:
    with pytest.raises(door.Unreadable) as caught:
        read(door.Request(headers={"content-type": content_type}, body=body, received_at=NOW))
    assert caught.value.path == path


def test_what_the_standin_sends_is_what_slack_sends(slack: Standin, settings: Settings) -> None:
    room = slack.rooms["incidents"]
    value = json.dumps({"incident": "INC-7K3QF", "fields": {}, "asks": True})
    button = {"type": "button", "action_id": "act:note", "text": {"type": "plain_text", "text": "Note"}, "value": value}
    message = slack.workspace.post(room, {"text": "x", "blocks": [{"type": "actions", "elements": [button]}]})
    press = slack.press(room.id, message["ts"], "Note", "UADA")
    command = slack.command("ack now", "UADA", room.id)
    happening = [
        slack.react(room.id, message["ts"], "pushpin", "UADA"),
        slack.write(room.id, "hello", "UADA"),
        slack.go_home("UADA"),
    ]
    for request in (press, command, *happening):
        verify(request, settings)
    pressed, commanded = read(press), read(command)
    assert isinstance(pressed, Pressed)
    assert (pressed.asks, pressed.message, pressed.at) == (True, message["ts"], NOW)
    assert isinstance(commanded, Commanded)
    assert (commanded.command, commanded.words, commanded.channel) == ("/incident", "ack now", room.id)
    assert [one.kind for one in map(read, happening)] == ["pointed", "written", "home_opened"]
    assert [
        error.message
        for request in happening
        for error in inbound("In_event_callback").iter_errors(json.loads(request.body))
    ] == []
