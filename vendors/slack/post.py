"""Messages in Slack: posted with a mark, found again by it, edited in place."""

from typing import Any, NamedTuple

from vendors.slack.api import Api
from vendors.slack.refusal import Refused

EVENT = "standfast_duty"
"""The `event_type` of the metadata that every post of ours carries."""
PAGE = 200
LOOK_BACK = 1000
"""Messages read in search of a mark; the attempt before this one was minutes ago, not days."""


class Place(NamedTuple):
    """Where one message is; its reference is "channel:ts"."""

    channel: str
    ts: str

    @property
    def ref(self) -> str:
        return f"{self.channel}:{self.ts}"

    @classmethod
    def read(cls, ref: str) -> "Place":
        channel, _, ts = ref.partition(":")
        return cls(channel, ts)


class Posts:
    """What the app has posted."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def post(self, channel: str, thread: str, body: dict[str, Any], *, broadcast: bool = False) -> Place:
        """Post in a channel, or under a message of it; `broadcast` shows what is said there in the channel too.

        Links are not unfolded: an incident is read on one screen.
        """
        under: dict[str, Any] = {"thread_ts": thread} if thread else {}
        under |= {"reply_broadcast": True} if thread and broadcast else {}
        answer = await self._api.call(
            "chat.postMessage", channel=channel, unfurl_links=False, unfurl_media=False, **under, **body
        )
        return Place(str(answer["channel"]), str(answer["ts"]))

    async def edit(self, place: Place, body: dict[str, Any]) -> bool:
        """Edit in place; false when the message is gone."""
        try:
            await self._api.call("chat.update", channel=place.channel, ts=place.ts, **body)
        except Refused as refused:
            if refused.code != "message_not_found":
                raise
            return False
        return True

    async def marked(self, channel: str, field: str, mark: str, thread: str = "") -> Place | None:
        """Find the message whose mark says this, among the last in a channel or thread."""
        cursor, read = "", 0
        while read < LOOK_BACK:
            answer = await self._page(channel, thread, cursor)
            for message in answer["messages"]:
                if _mark(message).get(field) == mark:
                    return Place(channel, str(message["ts"]))
            read += max(len(answer["messages"]), 1)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return None

    async def _page(self, channel: str, thread: str, cursor: str) -> dict[str, Any]:
        method = "conversations.replies" if thread else "conversations.history"
        more = {"cursor": cursor} if cursor else {}
        more |= {"ts": thread} if thread else {}
        return await self._api.call(method, channel=channel, include_all_metadata=True, limit=PAGE, **more)


def _mark(message: dict[str, Any]) -> dict[str, Any]:
    """What our metadata says of a message; nothing when it is somebody else's."""
    metadata = message.get("metadata") or {}
    return dict(metadata.get("event_payload") or {}) if metadata.get("event_type") == EVENT else {}
