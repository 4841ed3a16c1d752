"""Slack in this process: a workspace that refuses what Slack refuses, and people who press, type, fill in and react."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from standins.slack import chat, conversation
from standins.slack.hand import as_it_stands, button_of, chosen_in
from standins.slack.method import Arguments, State
from standins.slack.workspace import APP, TEAM, Refusal, Room, User
from standins.standin import Standin as Vendor
from vendors import door
from vendors.slack.foresight import SCOPES

METHODS = {**chat.METHODS, **conversation.METHODS}
NESTED = ("blocks", "metadata", "view", "force", "is_private", "exclude_archived", "include_all_metadata", "inclusive")
"""Arguments that are JSON inside a form."""


class Standin(Vendor):
    """A workspace with #incidents in it; the tokens and the secret are the app's, `clock` dates what people do."""

    name = "slack"
    lasting = MappingProxyType(
        {
            "workspace.rooms": list[Room],
            "workspace.written": dict[str, datetime],
            "workspace.used": int,
            "state.ephemerals": list[dict[str, Any]],
            "state.views": dict[str, dict[str, Any]],
            "state.homes": dict[str, dict[str, Any]],
            "uses": int,
        }
    )

    def __init__(
        self,
        token: str,
        secret: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        path: str = "/api",
        app_token: str = "",
    ) -> None:
        super().__init__([Route(path + "/{method}", self._answer, methods=["GET", "POST"])])
        self.state = State()
        self.workspace = self.state.workspace
        self.workspace.clock = clock
        self.scopes: tuple[str, ...] = tuple(SCOPES)
        """What the app was granted, as Slack says beside every answer."""
        self.error = "internal_error"
        """What a fault with status 200 says."""
        self._token, self._secret, self._clock, self._app_token = token, secret, clock, app_token
        self.uses = 0
        """How many triggers were given out."""

    # What is there

    @property
    def rooms(self) -> dict[str, Room]:
        """The rooms by name, archived ones too."""
        return {room.name: room for room in self.workspace.rooms if not room.direct}

    @property
    def ephemerals(self) -> list[dict[str, Any]]:
        """What single people were shown in a channel."""
        return self.state.ephemerals

    @property
    def views(self) -> dict[str, dict[str, Any]]:
        """The modals that are open, by id."""
        return self.state.views

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """What was written in a room, by id or name; not what Slack itself notes there."""
        room = next(room for room in self.workspace.rooms if channel in (room.id, room.name))
        return [message for message in room.messages if "subtype" not in message]

    def direct_messages(self, user: str) -> list[dict[str, Any]]:
        """What was written to one person."""
        return self.workspace.direct(user).messages

    def add_user(self, id: str, name: str, email: str = "") -> User:
        """Let somebody join the workspace."""
        return self.workspace.add_user(id, name, email)

    # What people do

    def press(self, channel: str, ts: str, button: str, user: str) -> door.Request:
        """Somebody presses the button with this action id or label, on a message."""
        message = self.workspace.room(channel).message(ts)
        return self._pressed(message, button, user, self._on(channel, ts), message=message)

    def press_whisper(self, number: int, button: str, user: str) -> door.Request:
        """Somebody presses a button of what they alone were shown, by its number; Slack sends no message then."""
        told = self.state.ephemerals[number]
        return self._pressed(told, button, user, self._on(told["channel"], told["after"], alone=True))

    def _on(self, channel: str, ts: str, *, alone: bool = False) -> dict[str, Any]:
        """Where a button is."""
        container = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": alone}
        return {"container": container, "channel": {"id": channel, "name": self.workspace.room(channel).name}}

    def _pressed(
        self, shown: dict[str, Any], button: str, user: str, place: dict[str, Any], **more: Any
    ) -> door.Request:
        trigger = self._trigger()
        actions = [{**button_of(shown, button), "action_ts": self._stamp()}]
        more |= {"actions": actions, "response_url": _url("actions", trigger)}
        return self._interaction("block_actions", user, trigger, **place, **more)

    def press_home(self, button: str, user: str) -> door.Request:
        """Somebody presses a button of the app's home."""
        home, trigger = self.state.homes[user], self._trigger()
        more = {"view": home, "container": {"type": "view", "view_id": f"V{user}"}}
        action = {**button_of(home, button), "action_ts": self._stamp()}
        return self._interaction("block_actions", user, trigger, actions=[action], **more)

    def submit(self, view: str, values: Mapping[str, str], user: str) -> door.Request:
        """Somebody fills in an open modal, by block, and sends it."""
        sent = as_it_stands(self.state.views[view], values)
        return self._interaction("view_submission", user, self._trigger(), view=sent, response_urls=[])

    def choose(self, view: str, field: str, values: Mapping[str, str], user: str) -> door.Request:
        """Somebody chooses an answer or presses a button in an open modal that listens; `values` is what they wrote."""
        sent = as_it_stands(self.state.views[view], values)
        action = {**chosen_in(sent, field), "action_ts": self._stamp()}
        container = {"type": "view", "view_id": view}
        trigger = self._trigger()
        return self._interaction("block_actions", user, trigger, container=container, view=sent, actions=[action])

    def command(self, text: str, user: str, channel: str) -> door.Request:
        """Somebody types a slash command."""
        trigger = self._trigger()
        fields = {
            "token": "verification-token",
            "team_id": TEAM,
            "team_domain": "standfast",
            "channel_id": channel,
            "channel_name": self.workspace.room(channel).called,
            "user_id": user,
            "user_name": self.workspace.user(user).name,
            "command": "/incident",
            "text": text,
            "api_app_id": APP,
            "response_url": _url("commands", trigger),
            "trigger_id": trigger,
        }
        return self.signed(urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def react(self, channel: str, ts: str, reaction: str, user: str) -> door.Request:
        """Somebody reacts to a message."""
        message = self.workspace.room(channel).message(ts)
        given = message.setdefault("reactions", [])
        if not any(one["name"] == reaction for one in given):
            given.append({"name": reaction, "users": [user], "count": 1})
        item = {"type": "message", "channel": channel, "ts": message["ts"]}
        return self._event({"type": "reaction_added", "user": user, "reaction": reaction, "item": item})

    def pin(self, channel: str, ts: str, user: str) -> door.Request:
        """Somebody pins a message."""
        room = self.workspace.room(channel)
        item = {"type": "message", "channel": channel, "message": room.message(ts), "created_by": user}
        return self._event({"type": "pin_added", "user": user, "channel_id": room.id, "item": item})

    def shortcut(self, callback: str, user: str) -> door.Request:
        """Somebody takes one of the app's shortcuts, from wherever they are."""
        return self._interaction("shortcut", user, self._trigger(), callback_id=callback, action_ts=self._stamp())

    def message_shortcut(self, callback: str, channel: str, ts: str, user: str) -> door.Request:
        """Somebody takes one of the app's shortcuts behind a message."""
        room, told = self.workspace.room(channel), {"callback_id": callback, "response_url": _url("app", "1")}
        place = {"channel": {"id": room.id, "name": room.name}, "message": room.message(ts), "message_ts": ts}
        return self._interaction("message_action", user, self._trigger(), action_ts=self._stamp(), **told, **place)

    def write(self, channel: str, text: str, user: str, *, thread: str = "") -> door.Request:
        """Somebody writes in a room, or in a thread of it."""
        room = self.workspace.room(channel)
        written = self.workspace.post(room, {"text": text, **({"thread_ts": thread} if thread else {})}, user)
        kind = "im" if room.direct else "group" if room.private else "channel"
        return self._event({**written, "channel": room.id, "channel_type": kind})

    def go_home(self, user: str) -> door.Request:
        """Somebody opens the app's home."""
        channel = self.workspace.direct(user).id
        return self._event({"type": "app_home_opened", "user": user, "channel": channel, "tab": "home"})

    # How Slack speaks

    def refused_body(self, status: int, message: str = "") -> dict[str, Any]:
        """Slack's body for a refusal; nearly all of them come with status 200."""
        codes = {429: "ratelimited", 503: "service_unavailable", 504: "request_timeout"}
        return {"ok": False, "error": self.error if status == 200 else codes.get(status, "internal_error")}

    async def _answer(self, request: Request) -> Response:
        try:
            told = {"x-oauth-scopes": ",".join(self.scopes)}
            return JSONResponse({"ok": True, **await self._run(request)}, headers=told)
        except Refusal as refusal:
            return JSONResponse({"ok": False, "error": refusal.code, **refusal.more})

    async def _run(self, request: Request) -> dict[str, Any]:
        proof = request.headers.get("authorization", "")
        method = METHODS.get(request.path_params["method"])
        wanted = self._app_token if method and method.app else self._token
        if proof != f"Bearer {wanted}" or not wanted:
            raise Refusal("invalid_auth" if proof else "not_authed")
        if not method:
            raise Refusal("unknown_method", req_method=request.path_params["method"])
        return method.run(self.state, method.checked(await _arguments(request, method.json)))

    def _trigger(self) -> str:
        self.uses += 1
        trigger = f"{self.uses}.{self.uses}.{TEAM.lower()}"
        self.state.triggers[trigger] = False
        return trigger

    def _stamp(self) -> str:
        return f"{self._clock().timestamp():.6f}"

    def _interaction(self, kind: str, user: str, trigger: str, **more: Any) -> door.Request:
        known = self.workspace.user(user)
        payload = {
            "type": kind,
            "user": {"id": user, "username": known.name, "name": known.name, "team_id": TEAM},
            "api_app_id": APP,
            "token": "verification-token",
            "trigger_id": trigger,
            "team": {"id": TEAM, "domain": "standfast"},
            "enterprise": None,
            "is_enterprise_install": False,
            **more,
        }
        return self.signed(urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded")

    def _event(self, event: dict[str, Any]) -> door.Request:
        body = {
            "type": "event_callback",
            "token": "verification-token",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": {**event, "event_ts": self._stamp()},
            "event_id": self.workspace.number("Ev"),
            "event_time": int(self._clock().timestamp()),
            "authorizations": [],
            "is_ext_shared_channel": False,
        }
        return self.signed(json.dumps(body).encode(), "application/json")

    def signed(self, body: bytes, content_type: str) -> door.Request:
        """Sign a request as Slack does."""
        at = self._clock()
        stamp = str(int(at.timestamp()))
        proof = "v0=" + door.signed_hex(self._secret, f"v0:{stamp}:".encode() + body)
        headers = {"content-type": content_type, "x-slack-request-timestamp": stamp, "x-slack-signature": proof}
        return door.Request(headers=headers, body=body, received_at=at)


async def _arguments(request: Request, reads_json: bool) -> Arguments:
    """The arguments of a call: a form, or JSON where the method reads it; elsewhere a JSON body goes unread."""
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(json.loads(body)) if reads_json and body else {}
    form = parse_qs(body.decode() or request.url.query, keep_blank_values=True)
    return {name: json.loads(value[0]) if name in NESTED else value[0] for name, value in form.items()}


def _url(what: str, trigger: str) -> str:
    return f"https://hooks.slack.com/{what}/{TEAM}/{trigger}"
