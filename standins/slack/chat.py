"""The stand-in's messages, pins, bookmarks, people and views: kept as Slack keeps them, or refused."""

from typing import Any

from standins.slack.block import faults, view_faults
from standins.slack.method import Answer, Arguments, Method, State
from standins.slack.workspace import BOT, TEAM, Refusal

MESSAGE = ("text", "blocks", "metadata", "unfurl_links", "unfurl_media")


def _auth_test(state: State, given: Arguments) -> Answer:
    return {
        "url": state.site,
        "team": "Standfast",
        "team_id": TEAM,
        "user": "standfast",
        "user_id": BOT,
    }


def _post_message(state: State, given: Arguments) -> Answer:
    room = state.workspace.open_room(given["channel"])
    message = _message(given)
    if thread := given.get("thread_ts"):
        message["thread_ts"] = thread
        message |= {"subtype": "thread_broadcast"} if given.get("reply_broadcast") else {}
    written = state.workspace.post(room, message)
    return {"channel": room.id, "ts": written["ts"], "message": written}


def _update(state: State, given: Arguments) -> Answer:
    room = state.workspace.open_room(given["channel"])
    message = room.message(given["ts"])
    if message["user"] != BOT:
        raise Refusal("cant_update_message")
    message.update(_message(given), edited={"user": BOT, "ts": given["ts"]})
    return {"channel": room.id, "ts": given["ts"], "text": message["text"], "message": message}


def _post_ephemeral(state: State, given: Arguments) -> Answer:
    room = state.workspace.open_room(given["channel"])
    if given["user"] not in room.members:
        raise Refusal("user_not_in_channel")
    state.whisper(room, given["user"], _message(given))
    return {"message_ts": "1700000000.000001"}


def _message(given: Arguments) -> dict[str, Any]:
    """The words of a message, or Slack's refusal of them."""
    if not given.get("text") and not given.get("blocks"):
        raise Refusal("no_text")
    if len(given.get("text", "")) > 40_000:
        raise Refusal("msg_too_long")
    if found := faults(given.get("blocks") or []):
        raise Refusal("invalid_blocks", response_metadata={"messages": found})
    metadata = given.get("metadata")
    if metadata and not {"event_type", "event_payload"} <= set(metadata):
        raise Refusal("invalid_metadata_format")
    return {name: given[name] for name in ("text", "blocks", "metadata") if name in given}


def _pin(state: State, given: Arguments) -> Answer:
    room = state.workspace.open_room(given["channel"])
    ts = room.message(given["timestamp"])["ts"]
    if ts in room.pins:
        raise Refusal("already_pinned")
    room.pins.append(ts)
    return {}


def _bookmark(state: State, given: Arguments) -> Answer:
    room = state.workspace.open_room(given["channel_id"])
    bookmark = {"id": state.workspace.number("Bk"), **given}
    room.bookmarks.append(bookmark)
    return {"bookmark": bookmark}


def _bookmarks(state: State, given: Arguments) -> Answer:
    return {"bookmarks": state.workspace.open_room(given["channel_id"]).bookmarks}


def _user(state: State, given: Arguments) -> Answer:
    return {"user": state.workspace.user(given["user"]).shown()}


def _lookup(state: State, given: Arguments) -> Answer:
    for user in state.workspace.users.values():
        if user.email and user.email == given["email"]:
            return {"user": user.shown()}
    raise Refusal("users_not_found")


def _open_view(state: State, given: Arguments) -> Answer:
    trigger = given["trigger_id"]
    if trigger not in state.triggers:
        raise Refusal("invalid_arguments", response_metadata={"messages": ["invalid `trigger_id`"]})
    if state.triggers[trigger]:
        raise Refusal("exchanged_trigger_id")
    if found := view_faults(given["view"]):
        raise Refusal("invalid_arguments", response_metadata={"messages": found})
    state.triggers[trigger] = True
    id = state.opened[trigger] = state.workspace.number("V")
    state.views[id] = {**given["view"], "id": id, "hash": f"1700000000.{id}"}
    return {"view": state.views[id]}


def _update_view(state: State, given: Arguments) -> Answer:
    opened = state.views.get(given["view_id"])
    if opened is None:
        raise Refusal("not_found")
    if found := view_faults(given["view"]):
        raise Refusal("invalid_arguments", response_metadata={"messages": found})
    if given.get("hash", opened["hash"]) != opened["hash"]:
        raise Refusal("hash_conflict")
    number = state.workspace.number("H")
    state.views[opened["id"]] = {**given["view"], "id": opened["id"], "hash": f"1700000000.{number}"}
    return {"view": state.views[opened["id"]]}


def _publish(state: State, given: Arguments) -> Answer:
    state.workspace.user(given["user_id"])
    if given["view"].get("type") != "home" or faults(given["view"].get("blocks"), 100):
        raise Refusal("invalid_arguments")
    state.homes[given["user_id"]] = given["view"]
    return {"view": given["view"]}


def _connect(state: State, given: Arguments) -> Answer:
    if not state.socket_url:
        raise Refusal("internal_error")
    return {"url": state.socket_url}


METHODS: dict[str, Method] = {
    "auth.test": Method(_auth_test),
    "apps.connections.open": Method(_connect, app=True),
    "chat.postMessage": Method(_post_message, ("channel",), (*MESSAGE, "thread_ts", "reply_broadcast")),
    "chat.update": Method(_update, ("channel", "ts"), MESSAGE),
    "chat.postEphemeral": Method(_post_ephemeral, ("channel", "user"), MESSAGE),
    "pins.add": Method(_pin, ("channel", "timestamp")),
    "bookmarks.add": Method(_bookmark, ("channel_id", "title", "type"), ("link", "emoji")),
    "bookmarks.list": Method(_bookmarks, ("channel_id",), json=False),
    "users.info": Method(_user, ("user",), json=False),
    "users.lookupByEmail": Method(_lookup, ("email",), json=False),
    "views.open": Method(_open_view, ("trigger_id", "view")),
    "views.update": Method(_update_view, ("view_id", "view"), ("hash",)),
    "views.publish": Method(_publish, ("user_id", "view"), ("hash",)),
}
