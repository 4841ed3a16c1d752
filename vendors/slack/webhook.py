"""What Slack posts to us: presses, commands, filled forms and events, in models of our own.

Slack signs every request (docs.slack.dev/authentication/verifying-requests-from-slack). It repeats events only;
`id` is what tells a repeated delivery: the trigger of a press or command, a form's id and hash, an event's own id.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from pydantic import BaseModel, Field, ValidationError
from slack_sdk.signature import SignatureVerifier

from domain.port.conversation import (
    Challenge,
    Chosen,
    Commanded,
    DeclarationWanted,
    Heard,
    HomeOpened,
    Passed,
    Pointed,
    Pressed,
    Submitted,
    Written,
)
from vendors import door
from vendors.slack.client import Settings
from vendors.slack.form import remembered
from vendors.slack.message import ACTION, LINK
from vendors.slack.post import Place

HOME, REACTION, PIN = "app_home_opened", "reaction_added", "pin_added"
EVENTS = HOME, REACTION, PIN, "message.channels", "message.groups", "message.im"
"""The events that the app subscribes to (docs.slack.dev/reference/events)."""
MESSAGE, WRITTEN = "message", (None, "file_share", "me_message", "thread_broadcast")
"""What a message is called when it comes, and the subtypes of those that a person wrote."""
DECLARE, NOTE, FOUND = "declare", "note", "found"
"""The callback ids of the app's shortcuts: the global one, and the two of messages."""
PINS = frozenset({"pushpin", "round_pushpin"})
"""The reactions that put a message on the timeline."""
FINDINGS = frozenset({"mag", "mag_right"})
"""The reactions that make a message a finding."""
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
"""A person in a command's words: `<@U123|ada>` is `@U123`."""
_CHANNEL = re.compile(r"<#C[A-Z0-9]+\|([^>]+)>")
"""A channel there: `<#C123|checkout>` is `#checkout`."""
DIRECT = "im"
"""What kind of channel a direct message is (docs.slack.dev/reference/events/message.im)."""


class _Value(BaseModel):
    """What one of our buttons carries."""

    incident: str
    fields: dict[str, str] = Field(default_factory=dict)
    asks: bool = False


def verify(request: door.Request, settings: Settings) -> None:
    """Accept what Slack signed within the window with any of the secrets, or raise `door.Unverified`."""
    secrets = door.secrets_of(settings.slack_signing_secret, "SLACK_SIGNING_SECRET")
    stamp = request.headers.get("x-slack-request-timestamp", "")
    door.verify_recent(request, door.unix_time(stamp))
    try:
        signed = [SignatureVerifier(one).generate_signature(timestamp=stamp, body=request.body) for one in secrets]
    except UnicodeDecodeError:
        raise door.Unverified("the body is no UTF-8, and Slack signs text") from None
    door.verify_any([request.headers.get("x-slack-signature", "")], [one for one in signed if one])


def read(request: door.Request) -> Heard:
    """Read a verified request; `door.Unreadable` says what was not understood."""
    with _understood():
        if request.headers.get("content-type", "").startswith("application/json"):
            return _event(door.read_json(request.body), request.body, request.received_at)
        form = _form(request.body)
        if "payload" in form:
            return _interaction(door.read_json(form["payload"].encode()), request.received_at)
        return _command(form, request.received_at)


def read_envelope(kind: str, payload: dict[str, Any], at: datetime) -> Heard:
    """Read what Socket Mode hands over, the same words without a signature; the connection itself is the proof."""
    with _understood():
        if kind == "slash_commands":
            return _command(payload, at)
        if kind == "interactive":
            return _interaction(payload, at)
        return _event(payload, json.dumps(payload, sort_keys=True).encode(), at)


@contextmanager
def _understood() -> Iterator[None]:
    """What does not fit is `door.Unreadable`, with its place where there is one."""
    try:
        yield
    except ValidationError as error:
        raise door.unreadable(error) from None
    except (KeyError, IndexError) as error:
        raise door.Unreadable(str(error.args[0]), "nothing", "what Slack sends there") from None
    except (TypeError, AttributeError, ValueError, OverflowError) as error:
        raise door.Unreadable("body", str(error)[:80], "the shape Slack documents") from None


def _form(body: bytes) -> dict[str, str]:
    fields = parse_qs(body.decode(), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def _command(form: dict[str, str], at: datetime) -> Commanded:
    return Commanded(
        teams=_teams(form.get("team_id")),
        id=form["trigger_id"],
        command=form["command"],
        words=html.unescape(_named(form.get("text") or "")),
        user=form["user_id"],
        channel=form["channel_id"],
        channel_name=form.get("channel_name", ""),
        trigger=form["trigger_id"],
        at=at,
    )


def _named(text: str) -> str:
    """Typed words, with people and channels as a command names them."""
    return _CHANNEL.sub(r"#\1", _MENTION.sub(r"@\1", text.strip()))


def _interaction(payload: dict[str, Any], at: datetime) -> Heard:
    if payload["type"] == "block_actions":
        modal = (payload.get("view") or {}).get("type") == "modal"
        return _choice(payload, at) if modal else _press(payload, at)
    told = payload.get("trigger_id") or payload.get("view", {}).get("hash", "")
    id = f"{payload['type']}/{told}"
    callback = payload.get("callback_id") or (payload.get("view") or {}).get("callback_id") or ""
    by = {"teams": _done_in(payload), "id": id, "user": payload["user"]["id"], "at": at}
    match payload["type"], callback:
        case "view_submission", ours if ours.startswith(ACTION):
            return _submission(payload, at)
        case "shortcut", ours if ours == DECLARE:
            return DeclarationWanted.model_validate({**by, "trigger": payload["trigger_id"]})
        case "message_action", ours if ours in (NOTE, FOUND):
            where = {"channel": payload["channel"]["id"], "message": payload["message_ts"]}
            return Pointed.model_validate({**by, **where, "finding": ours == FOUND})
    return Passed(teams=_done_in(payload), id=id, type=payload["type"])


def _press(payload: dict[str, Any], at: datetime) -> Pressed | Passed:
    action = payload["actions"][0]
    if action["action_id"].partition(":")[0] == LINK:
        return Passed(teams=_done_in(payload), id=payload["trigger_id"], type="link")
    if not action["action_id"].startswith(ACTION):
        raise door.Unreadable("actions.0.action_id", repr(action["action_id"]), f"{ACTION}<kind>, as our buttons have")
    carried = _Value.model_validate(_inner("actions.0.value", action["value"]))
    return Pressed(
        teams=_done_in(payload),
        id=payload["trigger_id"],
        act=action["action_id"].removeprefix(ACTION).partition(":")[0],
        **carried.model_dump(),
        user=payload["user"]["id"],
        channel=(payload.get("channel") or {}).get("id", ""),
        message=(payload.get("container") or {}).get("message_ts", ""),
        trigger=payload["trigger_id"],
        at=_moment(action.get("action_ts"), at),
    )


def _choice(payload: dict[str, Any], at: datetime) -> Chosen:
    view, action = payload["view"], payload["actions"][0]
    return Chosen(
        teams=_done_in(payload),
        id=payload["trigger_id"],
        view=view["id"],
        field=_field(action["block_id"]),
        opened=remembered(view.get("private_metadata") or ""),
        values=_answers(view),
        user=payload["user"]["id"],
        at=_moment(action.get("action_ts"), at),
    )


def _inner(path: str, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise door.Unreadable(path, repr(text)[:80], "JSON with an incident, as our buttons carry") from None


def _submission(payload: dict[str, Any], at: datetime) -> Submitted:
    view = payload["view"]
    return Submitted(
        teams=_done_in(payload),
        # The trigger tells a second try in the form that stayed open from a repeated delivery of the first.
        id=f"{view['id']}/{view['hash']}/{payload.get('trigger_id', '')}",
        opened=remembered(view.get("private_metadata") or ""),
        values=_answers(view),
        user=payload["user"]["id"],
        at=at,
    )


def _answers(view: dict[str, Any]) -> dict[str, str]:
    """What stands in a form, by the question."""
    return {
        _field(block): text
        for block, elements in view["state"]["values"].items()
        for element in elements.values()
        if (text := _answer(element)) is not None
    }


def _field(block: str) -> str:
    """The question a block is for; what a choice rewrote has a number behind it."""
    return block.partition("/")[0]


def _answer(element: dict[str, Any]) -> str | None:
    """What a person entered in one element of a form, whatever its kind; None when it was left empty."""
    if chosen := element.get("selected_option"):
        return str(chosen["value"])
    for key in ("value", "selected_user", "selected_date", "selected_time", "selected_date_time"):
        if element.get(key) not in (None, ""):
            return str(element[key])
    return None


def _event(body: dict[str, Any], raw: bytes, at: datetime) -> Heard:
    if body["type"] == "url_verification":
        return Challenge(challenge=body["challenge"])
    # Some events come without an id; a repetition has the same bytes.
    told = body.get("event_id") or hashlib.sha256(raw).hexdigest()
    event = body["event"] if body["type"] == "event_callback" else body
    done = {"teams": _teams(body.get("team_id")), "id": told}
    by = {**done, "user": event.get("user"), "at": _moment(event.get("event_ts"), at)}
    item = event.get("item") or {}
    about = event["type"]
    if about == HOME and event.get("tab", "home") == "home":
        return HomeOpened.model_validate(by)
    if about == REACTION and (mark := event.get("reaction")) in PINS | FINDINGS and item.get("type") == "message":
        there = {"channel": item.get("channel"), "message": item.get("ts")}
        return Pointed.model_validate({**by, **there, "finding": mark in FINDINGS})
    if about == PIN and (message := (item.get("message") or {}).get("ts")):
        return Pointed.model_validate({**by, "channel": event.get("channel_id"), "message": message})
    if about == MESSAGE and event.get("subtype") in WRITTEN and not event.get("bot_id"):
        return Written.model_validate({**by, **_words(event)})
    return Passed.model_validate({**done, "type": about})


def _words(event: dict[str, Any]) -> dict[str, Any]:
    """What somebody wrote, where, under which message, and whether to the app alone."""
    channel, ts, under = event["channel"], event["ts"], event.get("thread_ts")
    thread = Place(channel, under).ref if under and under != ts else ""
    text, to_us = event.get("text") or "", event.get("channel_type") == DIRECT
    said = html.unescape(_named(text) if to_us else text)
    return {"channel": channel, "message": ts, "text": said, "thread": thread, "to_us": to_us}


def _done_in(payload: dict[str, Any]) -> tuple[str, ...]:
    """The workspace that an interaction was done in, and that of the person: a shared channel has people of others."""
    return _teams((payload.get("team") or {}).get("id"), (payload.get("user") or {}).get("team_id"))


def _teams(*ids: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(one) for one in ids if one))


def _moment(stamp: Any, otherwise: datetime) -> datetime:
    """A Slack time stamp as a moment; the moment of arrival when there is none."""
    return datetime.fromtimestamp(float(stamp), UTC) if stamp else otherwise
