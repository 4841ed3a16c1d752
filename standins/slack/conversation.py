"""The stand-in's conversations.*: rooms made, found, joined, described, read and archived, or refused."""

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

from standins.slack.method import Answer, Arguments, Method, State
from standins.slack.workspace import BOT, Refusal, Room


def _create(state: State, given: Arguments) -> Answer:
    name = given["name"]
    if len(name) > 80:
        raise Refusal("invalid_name_maxlength")
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        raise Refusal("invalid_name_specials")
    if any(room.name == name for room in state.workspace.rooms):
        raise Refusal("name_taken")
    return {"channel": state.workspace.add_room(name, private=bool(given.get("is_private"))).shown()}


def _list(state: State, given: Arguments) -> Answer:
    kinds = str(given.get("types", "public_channel")).split(",")
    rooms = [
        room.shown()
        for room in state.workspace.visible()
        if not room.direct
        and ("private_channel" if room.private else "public_channel") in kinds
        and not (given.get("exclude_archived") and room.archived)
    ]
    return _page(state, given, "channels", rooms)


def _info(state: State, given: Arguments) -> Answer:
    room = state.workspace.room(given["channel"])
    if room.direct:
        raise Refusal("missing_scope", needed="im:read", provided="channels:read,groups:read")
    return {"channel": room.shown()}


def _invite(state: State, given: Arguments) -> Answer:
    room = state.workspace.open_room(given["channel"])
    errors: list[dict[str, Any]] = []
    users = str(given["users"]).split(",")
    for user in users:
        code = _not_invitable(state, room, user)
        errors += [{"user": user, "ok": False, "error": code}] if code else []
    refused = {error["user"] for error in errors}
    if errors and (not given.get("force") or len(errors) == len(users)):
        raise Refusal(errors[0]["error"], errors=errors)
    room.members |= set(users) - refused
    return {"channel": room.shown()} | ({"errors": errors} if errors else {})


def _not_invitable(state: State, room: Room, user: str) -> str:
    if user == BOT:
        return "cant_invite_self"
    if user not in state.workspace.users:
        return "user_not_found"
    return "already_in_channel" if user in room.members else ""


def _set(what: str) -> Callable[[State, Arguments], Answer]:
    def run(state: State, given: Arguments) -> Answer:
        room = state.workspace.open_room(given["channel"])
        if len(given[what]) > 250:
            raise Refusal("too_long")
        setattr(room, what, html.escape(given[what], quote=False))
        state.workspace.post(room, {"subtype": f"channel_{what}", "text": f"set the channel {what}: {given[what]}"})
        return {"channel": room.shown()}

    return run


def _archive(state: State, given: Arguments) -> Answer:
    room = state.workspace.room(given["channel"])
    if room.archived:
        raise Refusal("already_archived")
    if BOT not in room.members:
        raise Refusal("not_in_channel")
    room.archived = True
    return {}


def _open(state: State, given: Arguments) -> Answer:
    return {"channel": {"id": state.workspace.direct(given["users"]).id}}


def _history(state: State, given: Arguments) -> Answer:
    room = _readable(state, given)
    top = [message for message in room.messages if message.get("thread_ts", message["ts"]) == message["ts"]]
    top = [message for message in top if _within(message["ts"], given)]
    return _page(state, given, "messages", [_told(message, given) for message in reversed(top)])


def _replies(state: State, given: Arguments) -> Answer:
    room, thread = _readable(state, given), given["ts"]
    found = [message for message in room.messages if thread in (message["ts"], message.get("thread_ts"))]
    if not found:
        raise Refusal("thread_not_found")
    found = [message for message in found if _within(message["ts"], given)]
    return _page(state, given, "messages", [_told(message, given) for message in found])


def _within(ts: str, given: Arguments) -> bool:
    """Whether a message is between `oldest` and `latest`, the ends only when `inclusive`."""
    after, before = given.get("oldest"), given.get("latest")
    if given.get("inclusive") and ts in (after, before):
        return True
    return (not after or float(ts) > float(after)) and (not before or float(ts) < float(before))


def _readable(state: State, given: Arguments) -> Room:
    if str(given["channel"]).startswith("#"):
        raise Refusal("channel_not_found")  # a name will do for posting, reading takes the id
    room = state.workspace.room(given["channel"])
    if BOT not in room.members:
        raise Refusal("not_in_channel")
    return room


def _told(message: dict[str, Any], given: Arguments) -> dict[str, Any]:
    """A message as history tells it: the metadata only for those who ask."""
    return message if given.get("include_all_metadata") else {k: v for k, v in message.items() if k != "metadata"}


def _page(state: State, given: Arguments, what: str, items: Sequence[Any]) -> Answer:
    start, size = int(given.get("cursor") or 0), min(int(given.get("limit", 100)), state.page_size)
    if start > len(items):
        raise Refusal("invalid_cursor")
    more = start + size < len(items)
    cursor = str(start + size) if more else ""
    return {what: list(items[start : start + size]), "has_more": more, "response_metadata": {"next_cursor": cursor}}


_PAGED = ("cursor", "limit")
_READ = ("include_all_metadata", "latest", "oldest", "inclusive", *_PAGED)

METHODS: dict[str, Method] = {
    "conversations.create": Method(_create, ("name",), ("is_private",)),
    "conversations.list": Method(_list, (), ("types", "exclude_archived", *_PAGED), json=False),
    "conversations.info": Method(_info, ("channel",), json=False),
    "conversations.invite": Method(_invite, ("channel", "users"), ("force",)),
    "conversations.setTopic": Method(_set("topic"), ("channel", "topic")),
    "conversations.setPurpose": Method(_set("purpose"), ("channel", "purpose")),
    "conversations.archive": Method(_archive, ("channel",)),
    "conversations.open": Method(_open, ("users",)),
    "conversations.history": Method(_history, ("channel",), _READ, json=False),
    "conversations.replies": Method(_replies, ("channel", "ts"), _READ, json=False),
}
