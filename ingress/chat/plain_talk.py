"""What people write in a war room without a command: a sign of life (ACK-5), or a finding where they are asked (WAR-4).

A room may be busy, so that a message costs nothing where it changes nothing: what would count is read from the incident
once in a while for all that is written meanwhile, and only what counts is told to it. Words that are only heard go no
further than this.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from client.port import NotTaken, Unanswered
from domain.port.conversation import Written
from domain.port.duty import VendorError
from domain.procedure.findings import PostFinding
from domain.procedure.plain_talk import HearTalk
from domain.run.talk import TalkCounts
from ingress.act_sender import Said
from ingress.chat.conversation import Conversation, Who, reply
from ingress.chat.forms import soon
from ingress.chat.lately import Lately
from ingress.chat.pins import found

log = logging.getLogger("standfast.ingress.chat")

FRESH = timedelta(seconds=5)
"""How long what was read counts: nobody has read an ask, and answered it, sooner."""
UNANSWERED = timedelta(minutes=5)
"""While the incident cannot be asked what counts, one word of each person is kept for it in this time."""
NOBODYS = timedelta(minutes=10)
"""How long a channel that is no war room is taken for none."""


class PlainTalk:
    """Hears what is written in war rooms; the same message again comes to the same."""

    def __init__(self, conversation: Conversation, now: Callable[[], datetime]) -> None:
        self._conversation = conversation
        self._counts = Lately[str, TalkCounts | None](FRESH, now)
        self._nobodys = Lately[str, bool](NOBODYS, now)
        self._kept = Lately[tuple[str, str], bool](UNANSWERED, now)

    def written(self, written: Written) -> None:
        """Somebody of the catalog wrote in a room; what comes of it follows in the background."""
        person = self._conversation.names.person(written.user)
        if person in self._conversation.names.people() and written.channel not in self._nobodys:
            self._conversation.asking.begin(self._hear(written, person))

    async def _hear(self, written: Written, person: str) -> None:
        try:
            incident = await self._conversation.rooms.incident_in(written.channel)
        except VendorError as error:
            log.warning("what was written in %s is not heard, its room cannot be read: %s", written.channel, error)
            return
        if not incident:
            self._nobodys[written.channel] = True
            return
        act = await self._act(incident, written, person)
        if act is None:
            return
        self._counts.pop(incident)
        who = Who(written.user, written.channel, written.id, written.at)
        tell = self._conversation.tell(who, incident) if isinstance(act, PostFinding) else _logged
        said = await self._conversation.asking.ask(incident, act, tell)
        await self._answered(incident, act, said, who)

    async def _act(self, incident: str, written: Written, person: str) -> HearTalk | PostFinding | None:
        """What the words come to; a sign of life, seldom, while the incident cannot say what counts."""
        counts = await self._read(incident)
        comes_to = counts.comes_to(person, written.at, written.thread) if counts else self._seldom(incident, person)
        vendor = self._conversation.front.vendor
        if comes_to == "finding":
            return found(written.text, written, by=person, via=vendor)
        id = f"heard/{written.channel}/{written.message}"
        return HearTalk(by=person, via=vendor, id=id, at=written.at) if comes_to else None

    async def _read(self, incident: str) -> TalkCounts | None:
        """What counts there, read anew once in a while; None where nobody answers."""
        if incident not in self._counts:
            self._counts[incident] = await self._asked(incident)
        return self._counts[incident]

    async def _asked(self, incident: str) -> TalkCounts | None:
        try:
            view = self._conversation.engine.view(incident)
            return (await soon(view, self._conversation.asking.patience.reading)).talk
        except NotTaken:
            return TalkCounts()
        except (TimeoutError, Unanswered) as error:
            log.warning("%s does not say which words count: %r", incident, error)
            return None

    def _seldom(self, incident: str, person: str) -> str:
        """Whether a word of somebody is kept although nobody says that it counts: once in a while."""
        if (incident, person) in self._kept:
            return ""
        self._kept[incident, person] = True
        return "heard"

    async def _answered(self, incident: str, act: HearTalk | PostFinding, said: Said, who: Who) -> None:
        """Whoever answered an ask reads that it counts, alone; of what was only heard nobody is told."""
        if isinstance(act, PostFinding):
            await self._conversation.whisper(who, reply(said, incident))
        elif not said.accepted:
            log.warning("%s: a word in the room does not count: %s", incident, said.text)


async def _logged(said: Said) -> None:
    log.info("a word in a room that waited: %s", said.text)
