"""Slack plays the room. How each effect happens once, for Slack has no idempotency key:

* a room: its name comes from the incident and names are unique; `name_taken` finds it again, its creator and the mark
  in its purpose prove it ours, and a name that is somebody else's gets a number behind it;
* invitations, topic, archive, pin: "already so" is success, and a topic that stands there is not said again;
* card and headline: one message, edited in place; the first post carries the slot it fills in its metadata;
* what is said: the post carries the duty's mark in its metadata, and a further attempt reads the last `LOOK_BACK`
  messages and posts only when the mark is not among them;
* bookmarks: listed first, and not again while this client knows them; whispers and forms: `conversation`.
"""

from contextlib import AbstractAsyncContextManager
from typing import Any, Literal

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.company.catalog import Catalog, Link
from domain.port.chat import ArchiveRoom, InvitePeople, OpenRoom, Say, SetTopic, ShowCard, ShowHeadline, VeilCard
from domain.port.duty import NotDone, Outcome, VendorError
from vendors.lack import Lack
from vendors.slack import foresight
from vendors.slack.api import Api
from vendors.slack.conversation import Conversation
from vendors.slack.message import fallback, render
from vendors.slack.post import EVENT, Place, Posts
from vendors.slack.refusal import Refused
from vendors.slack.room import Rooms

PER_SECOND = 2.0
"""chat.postMessage takes one a second per channel, several hundred a minute per workspace, and asks for patience by
Retry-After beyond (docs.slack.dev/apis/web-api/rate-limits); in a storm each activity may be up to four duties."""


class Settings(BaseSettings):
    """Where Slack is, and the app's own secrets."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    slack_api_url: str = "https://slack.com/api/"
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_incidents_channel: str = "#incidents"
    slack_command: str = "/incident"
    """The command as the app's configuration names it."""
    slack_team_ids: str = ""
    """The workspaces whose people are heard, by comma; the bot token's own where nothing is said."""


class Client:
    """The room, in Slack."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient | None = None) -> None:
        """`http` is not used: the SDK has sessions of its own."""
        self._api = Api(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
        self._rooms = Rooms(self._api)
        self._posts = Posts(self._api)
        self.conversation = Conversation(self._api)
        """What the ingress does for the person who pressed or typed."""
        self._bookmarked: dict[str, frozenset[str]] = {}
        self._incidents = settings.slack_incidents_channel

    def connected(self) -> AbstractAsyncContextManager[None]:
        """Until the block ends connections are used again."""
        return self._api.connected()

    async def probe(self) -> str:
        """Prove the token, changing nothing: who the app is, and where."""
        me = await self._api.me()
        return f"{me.get('user', 'the app')} in {me.get('team', 'the workspace')}"

    async def lacks(self, catalog: Catalog) -> tuple[Lack, ...]:
        """Scopes, the channel of all incidents and people's accounts, asked for before the first incident."""
        return tuple([one async for one in foresight.lacks(self._api, self._rooms, self._incidents, catalog)])

    async def open_room(self, duty: OpenRoom, *, again: bool) -> Outcome:
        """Create the room, or find the one an earlier attempt created; then mark it and set its topic."""
        room = await (self._rooms.find(duty) if duty.called_back else self._rooms.open(duty))
        if room is None:
            raise NotDone("slack")
        return Outcome(ref=room["id"], text=room["name"], url=await self._api.link(room["id"]))

    async def invite(self, duty: InvitePeople, *, again: bool) -> Outcome:
        """Invite those Slack knows; the outcome's people are those who are in the room now."""
        known = [person for person in duty.people if person.at("slack")]
        left_out = await self._rooms.invite(duty.room, [person.at("slack") for person in known]) if known else set()
        return Outcome(ref=duty.room, people=tuple(person.id for person in known if person.at("slack") not in left_out))

    async def set_topic(self, duty: SetTopic, *, again: bool) -> Outcome:
        """Say the topic, unless it stands there: each setting is a message in the room."""
        answer = await self._api.call("conversations.info", channel=duty.room)
        topic = await self._rooms.set_once("topic", answer["channel"], duty.topic)
        return Outcome(ref=duty.room, text=topic, url=await self._api.link(duty.room))

    async def show_card(self, duty: ShowCard, *, again: bool) -> Outcome:
        """Show the summary in the room, pinned the first time; its links become bookmarks as they come to be known.

        A pin or bookmark that is refused for good is said in the outcome; the card stands without it.
        """
        place = await self._show("card", duty, duty.room, again)
        pinned = await self._pin(place) if place.ref != duty.ref else []
        remarks = [*pinned, *await self._bookmark(duty.room, duty.links)]
        return Outcome(ref=place.ref, text="; ".join(remarks), url=await self._api.link(place.channel, place.ts))

    async def veil_card(self, duty: VeilCard, *, again: bool) -> Outcome:
        """Write over the summary in a room that the talk has left."""
        place = await self._show("card", duty, duty.room, again)
        return Outcome(ref=place.ref)

    async def show_headline(self, duty: ShowHeadline, *, again: bool) -> Outcome:
        """Show the incident's one message in #incidents."""
        place = await self._show("headline", duty, self._incidents, again)
        return Outcome(ref=place.ref, url=await self._api.link(place.channel, place.ts))

    async def say(self, duty: Say, *, again: bool) -> Outcome:
        """Post once: under the headline, to one person, or in a room; or put it in the place of what stands there."""
        body, place = self._body(duty), Place.read(duty.ref) if duty.ref else None
        said = place if place and await self._posts.edit(place, body) else None
        if not said:
            channel, thread = await self._where(duty)
            said = await self._said_before(duty, channel, thread) if again else None
            said = said or await self._posts.post(channel, thread, body, broadcast=duty.broadcast)
        called = (duty.person, *duty.message.to) if duty.person else duty.message.to
        people = tuple(dict.fromkeys(person.id for person in called))
        url = await self._api.link(said.channel, said.ts)
        return Outcome(ref=said.ref, people=people, text=fallback(duty.message), url=url)

    async def archive_room(self, duty: ArchiveRoom, *, again: bool) -> Outcome:
        """Archive the room; one that somebody archived by hand is archived."""
        self._bookmarked.pop(duty.room, None)
        await self._api.call("conversations.archive", channel=duty.room)
        return Outcome(ref=duty.room)

    def _body(self, duty: ShowCard | VeilCard | ShowHeadline | Say, **more: str) -> dict[str, Any]:
        mark = {"event_type": EVENT, "event_payload": {"key": duty.mark, **more}}
        return {**render(duty.message, duty.incident), "metadata": mark}

    async def _show(
        self, slot: Literal["card", "headline"], duty: ShowCard | VeilCard | ShowHeadline, channel: str, again: bool
    ) -> Place:
        """Edit the message that fills the slot; post it when there is none, or when somebody deleted it."""
        filled = f"{duty.incident}/{slot}"
        body = self._body(duty, slot=filled)
        if duty.ref:
            place = Place.read(duty.ref)
            if await self._posts.edit(place, body):
                return place
            channel = place.channel
        found = await self._posts.marked(await self._rooms.id_of(channel), "slot", filled) if again else None
        if found and await self._posts.edit(found, body):
            return found
        return await self._posts.post(channel, "", body)

    async def _said_before(self, duty: Say, channel: str, thread: str) -> Place | None:
        """Where an earlier try has put it; that may have been before there was a room."""
        places = [(channel, thread), *([Place.read(duty.before)] if duty.before else [])]
        for place in places:
            if found := await self._posts.marked(place[0], "key", duty.mark, place[1]):
                return found
        return None

    async def _where(self, duty: Say) -> tuple[str, str]:
        """The channel and the thread a duty speaks in."""
        if duty.thread:
            place = Place.read(duty.thread)
            return place.channel, place.ts
        if duty.room or not duty.person:
            return duty.room, ""
        if not duty.person.at("slack"):
            advice = f"Slack does not know {duty.person.id}: set people.{duty.person.id}.slack in the catalog"
            raise VendorError("slack", advice, retryable=False)
        answer = await self._api.call("conversations.open", users=duty.person.at("slack"))
        return str(answer["channel"]["id"]), ""

    async def _pin(self, place: Place) -> list[str]:
        try:
            await self._api.call("pins.add", channel=place.channel, timestamp=place.ts)
        except Refused as refused:
            return _tolerated("not pinned", refused)
        return []

    async def _bookmark(self, channel: str, links: tuple[Link, ...]) -> list[str]:
        wanted = frozenset(link.url for link in links)
        if wanted <= self._bookmarked.get(channel, frozenset()):
            return []
        try:
            answer = await self._api.call("bookmarks.list", channel_id=channel)
            there = {bookmark["link"] for bookmark in answer["bookmarks"]}
            for link in dict.fromkeys(link for link in links if link.url not in there):
                await self._api.call(
                    "bookmarks.add", channel_id=channel, title=link.label or link.url, type="link", link=link.url
                )
        except Refused as refused:
            return _tolerated("not bookmarked", refused)
        self._bookmarked[channel] = self._bookmarked.get(channel, frozenset()) | wanted
        return []


def _tolerated(what: str, refused: Refused) -> list[str]:
    """A refusal for good becomes a remark; one that may pass is raised, and the next attempt completes the card."""
    if refused.retryable:
        raise refused
    return [f"{what}: {refused.said}"]
