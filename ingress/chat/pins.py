"""A message that somebody points at, with a pin, a reaction or a shortcut, stands on the timeline (WAR-6)."""

import logging

from domain.port.conversation import PinnedMessage, Pointed
from domain.procedure.findings import Note
from ingress.asking import Tell
from ingress.chat.conversation import Conversation

log = logging.getLogger("standfast.ingress.chat")

LONGEST = 2800


class Pins:
    """Makes notes of what is pointed at in a war room; the same event again comes to the same."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    async def pinned(self, pointed: Pointed) -> None:
        """A message that somebody pointed at becomes a note; our own pins of our own card do not."""
        channel, front = pointed.channel, self._conversation.front
        if pointed.user == await front.me():
            return
        incident = await self._conversation.rooms.incident_in(channel)
        message = await front.message(channel, pointed.message) if incident else None
        if message is None:
            return
        by, id = self._conversation.names.person(pointed.user), f"pin/{channel}/{pointed.message}"
        words = self._words(message)
        note = Note(text=words, url=message.url, by=by, via=front.vendor, id=id, at=pointed.at)
        said = await self._conversation.asking.ask(incident, note, self._logged(incident))
        if not said.accepted:
            log.warning("%s: a pin is not on the timeline: %s", incident, said.text)

    def _words(self, message: PinnedMessage) -> str:
        author = self._conversation.names.person(message.author) if message.author else ""
        named = self._conversation.names.people().get(author, "")
        text = message.text[:LONGEST] or "(a message without words)"
        return f"{named}: {text}" if named else text

    def _logged(self, incident: str) -> Tell:
        async def tell(text: str) -> None:
            log.info("%s: a pin that waited: %s", incident, text)

        return tell
