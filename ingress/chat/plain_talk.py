"""What people write in a war room without a command: a sign of life (ACK-5), or a finding where they are asked (WAR-4).

A room may be busy, so that a message costs nothing where it changes nothing: what would count is read from the incident
once in a while for all that is written meanwhile, and only what counts is told to it. Words that are only heard go no
further than this.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from client.port import NotTaken, Unanswered
from domain.port.conversation import Reply, Written
from domain.port.duty import VendorError
from domain.procedure.findings import PostFinding
from domain.procedure.plain_talk import HearTalk
from domain.run.talk import TalkCounts
from ingress.act_sender import Said, Tell
from ingress.chat.conversation import Conversation
from ingress.chat.forms import soon
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
        self._conversation, self._now = conversation, now
        self._counts: dict[str, tuple[datetime, TalkCounts | None]] = {}
        self._nobodys: dict[str, datetime] = {}
        self._kept: dict[tuple[str, str], datetime] = {}

    def written(self, written: Written) -> None:
        """Somebody of the catalog wrote in a room; what comes of it follows in the background."""
        person, nobodys = self._conversation.names.person(written.user), self._nobodys.get(written.channel)
        known = person in self._conversation.names.people()
        if known and not (nobodys and self._now() - nobodys < NOBODYS):
            self._conversation.asking.begin(self._hear(written, person))

    async def _hear(self, written: Written, person: str) -> None:
        try:
            incident = await self._conversation.rooms.incident_in(written.channel)
        except VendorError as error:
            log.warning("what was written in %s is not heard, its room cannot be read: %s", written.channel, error)
            return
        if not incident:
            self._nobodys[written.channel] = self._now()
            return
        act = await self._act(incident, written, person)
        if act is None:
            return
        self._counts.pop(incident, None)
        tell = self._tell(written)
        said = await self._conversation.asking.ask(incident, act, tell if isinstance(act, PostFinding) else _logged)
        await self._answered(incident, act, said, tell)

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
        at, counts = self._counts.get(incident, (None, None))
        if at is None or self._now() - at >= FRESH:
            try:
                view = self._conversation.engine.view(incident)
                counts = (await soon(view, self._conversation.asking.patience.reading)).talk
            except NotTaken:
                counts = TalkCounts()
            except (TimeoutError, Unanswered) as error:
                log.warning("%s does not say which words count: %r", incident, error)
                counts = None
            self._counts[incident] = self._now(), counts
        return counts

    def _seldom(self, incident: str, person: str) -> str:
        """Whether a word of somebody is kept although nobody says that it counts: once in a while."""
        now = self._now()
        self._kept = {who: at for who, at in self._kept.items() if now - at < UNANSWERED}
        if (incident, person) in self._kept:
            return ""
        self._kept[incident, person] = now
        return "heard"

    async def _answered(self, incident: str, act: HearTalk | PostFinding, said: Said, tell: Tell) -> None:
        """Whoever answered an ask reads that it counts, alone; of what was only heard nobody is told."""
        if isinstance(act, PostFinding):
            await tell(said.text)
        elif not said.accepted:
            log.warning("%s: a word in the room does not count: %s", incident, said.text)

    def _tell(self, written: Written) -> Tell:
        async def tell(text: str) -> None:
            try:
                await self._conversation.front.whisper(written.channel, written.user, Reply(text))
            except VendorError as error:
                log.error("somebody could not be told in %s: %s", written.channel, error)

        return tell


async def _logged(text: str) -> None:
    log.info("a word in a room that waited: %s", text)
