"""What the first incident would miss in Slack: scopes of the token, the channel of all incidents, people's accounts."""

from collections.abc import AsyncIterator

from domain.company.catalog import Catalog
from domain.port.duty import VendorError
from vendors.lack import Lack, colleagues, listed
from vendors.slack.api import Api
from vendors.slack.refusal import Refused
from vendors.slack.room import Rooms

SCOPES = {
    "chat:write": "nothing could be said",
    "channels:manage": "no war room could be opened",
    "channels:read": "no channel could be found by its name",
    "channels:history": "what was said already could not be looked for",
    "groups:write": "no private room could be opened for a security incident",
    "groups:read": "no private room could be found again",
    "groups:history": "what was said in a private room could not be looked for",
    "im:write": "nobody could be told alone",
    "im:history": "what people write to the app would not be answered",
    "pins:write": "the card would not be pinned",
    "pins:read": "a pin would not become a line of the timeline",
    "bookmarks:write": "the room would have no bookmarks",
    "bookmarks:read": "the room would have no bookmarks",
    "commands": "nobody could type the command",
    "users:read": "nobody's account could be looked up",
    "reactions:read": "a reaction would not become a line of the timeline",
}
"""The scopes of the app's manifest, and what is missing without each."""
ESSENTIAL = frozenset({"chat:write", "channels:manage", "channels:read", "im:write", "commands"})
GONE = frozenset({"user_not_found", "user_not_visible", "users_not_found"})


async def lacks(api: Api, rooms: Rooms, channel: str, catalog: Catalog) -> AsyncIterator[Lack]:
    """Everything that the first incident will use, asked for without changing anything."""
    granted = await api.scopes()
    for scope, without in SCOPES.items():
        if granted and scope not in granted:
            do = f"add the scope {scope} to the app and install it again"
            yield Lack(said=f"{without}: the token lacks {scope}", do=do, fails=scope in ESSENTIAL)
    async for lack in _of_channel(api, rooms, channel):
        yield lack
    gone = [person.name for person in colleagues(catalog) if await _is_gone(api, person.at("slack"))]
    if gone:
        said = f"could be neither told nor invited, for Slack has no such account or it is deactivated: {listed(gone)}"
        yield Lack(said=said, do="correct `slack` of these people in the catalog, or say `left: true`")


async def _of_channel(api: Api, rooms: Rooms, channel: str) -> AsyncIterator[Lack]:
    """Whether the app can speak where all incidents are told."""
    without = "no incident would stand in"
    try:
        found = (await api.call("conversations.info", channel=await rooms.id_of(channel)))["channel"]
    except Refused as refused:
        if refused.retryable:
            raise
        yield Lack(said=f"{without} {channel}: {refused.code}", do="set SLACK_INCIDENTS_CHANNEL to one", fails=True)
        return
    except VendorError as absent:
        yield Lack(said=f"{without} {channel}: {absent.said}", do="set SLACK_INCIDENTS_CHANNEL to one", fails=True)
        return
    if found.get("is_archived"):
        yield Lack(said=f"{without} {channel}: it is archived", do="unarchive it in Slack", fails=True)
    elif not found.get("is_member"):
        yield Lack(said=f"{without} {channel}: the app is not in it", do="invite the app with /invite", fails=True)


async def _is_gone(api: Api, user: str) -> bool:
    """Whether an account is none, or not in use any more."""
    if not user:
        return False
    try:
        return bool((await api.call("users.info", user=user))["user"].get("deleted"))
    except Refused as refused:
        if refused.code not in GONE:
            raise
        return True
