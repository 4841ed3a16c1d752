"""A message that somebody points at, with a pin, a reaction or a shortcut, is a note (WAR-6), or a finding (WAR-4)."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from domain.port.conversation import PinnedMessage, Pointed, Written
from domain.procedure.findings import Note, PostFinding
from ingress.act_sender import Said, Tell
from ingress.chat.conversation import Conversation, Who, reply
from ingress.chat.lately import Lately

log = logging.getLogger("standfast.ingress.chat")

LONGEST = 2800
REPEATED = timedelta(minutes=10)
"""How long the same mark may come again: Slack sends an event up to three times, the last 5 minutes after the second
(docs.slack.dev/apis/events-api, Retries)."""


class Pins:
    """Makes notes and findings of what is pointed at in a war room; the same event again comes to the same."""

    def __init__(self, conversation: Conversation, now: Callable[[], datetime]) -> None:
        self._conversation = conversation
        self._told = Lately[str, bool](REPEATED, now)

    async def pinned(self, pointed: Pointed) -> None:
        """A message that somebody pointed at becomes a note; our own pins of our own card do not.

        Of a finding whoever made it reads, alone, that it counts and by when the room hears next.
        """
        channel, front = pointed.channel, self._conversation.front
        if pointed.user == await front.me():
            return
        incident = await self._conversation.rooms.incident_in(channel)
        message = await front.message(channel, pointed.message) if incident else None
        if message is None:
            return
        act, who = self._act(pointed, message), Who(pointed.user, channel, pointed.id, pointed.at)
        tell = self._conversation.tell(who, incident) if pointed.finding else self._logged(incident)
        said = await self._conversation.asking.ask(incident, act, tell)
        if pointed.finding and pointed.id not in self._told:
            self._told[pointed.id] = True
            self._conversation.asking.begin(self._conversation.whisper(who, reply(said, incident)))
        elif not said.accepted:
            log.warning("%s: a mark is not on the timeline: %s", incident, said.text)

    def _act(self, pointed: Pointed, message: PinnedMessage) -> Note | PostFinding:
        """What the mark comes to, by who made it; the words say whose they are where they are another's."""
        by, via = self._conversation.names.person(pointed.user), self._conversation.front.vendor
        if pointed.finding:
            own = message.author == pointed.user
            return found(message.text if own else self._signed(message), pointed, by=by, via=via)
        place = _place(pointed)
        text, id = self._signed(message), f"pin/{place}"
        return Note(text=text, url=message.url, written=place, by=by, via=via, id=id, at=pointed.at)

    def _signed(self, message: PinnedMessage) -> str:
        author = self._conversation.names.person(message.author) if message.author else ""
        named, words = self._conversation.names.people().get(author, ""), _words(message.text)
        return f"{named}: {words}" if named else words

    def _logged(self, incident: str) -> Tell:
        async def tell(said: Said) -> None:
            log.info("%s: a mark that waited: %s", incident, said.text)

        return tell


def found(text: str, where: Pointed | Written, *, by: str, via: str) -> PostFinding:
    """A message as a finding (WAR-4): the same message is one, whether it answers an ask, is marked, or both."""
    place = _place(where)
    return PostFinding(conditions=_words(text), written=place, by=by, via=via, id=f"found/{place}", at=where.at)


def _place(where: Pointed | Written) -> str:
    """A message, as the chat calls it."""
    return f"{where.channel}/{where.message}"


def _words(text: str) -> str:
    return text[:LONGEST] or "(a message without words)"
