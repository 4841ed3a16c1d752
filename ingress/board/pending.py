"""What was sent from the board and not decided at once, and what became of it: kept for whoever sent it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.value.act import Act
from ingress.act_sender import Said, Tell

LASTS = timedelta(hours=12)
"""How long it is shown."""
MOST = 200
"""Acts that are remembered, of everybody together."""


class LastWord(NamedTuple):
    """The last word about one act."""

    incident: str
    by: str
    at: datetime
    text: str


class Pending:
    """The last words about acts that were not decided at once, by the act's id."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._told: dict[str, LastWord] = {}

    def note(self, incident: str, act: Act, text: str) -> None:
        """What is known of it now, in the place of what was known before."""
        self._told.pop(act.id, None)
        self._told[act.id] = LastWord(incident, act.by, self._now(), text)
        while len(self._told) > MOST:
            del self._told[next(iter(self._told))]

    def telling(self, incident: str, act: Act) -> Tell:
        """Where it is said what became of it."""

        async def tell(said: Said) -> None:
            self.note(incident, act, said.text)

        return tell

    def of(self, incident: str, person: str) -> tuple[LastWord, ...]:
        """What this person is to read on the incident's page, the newest first."""
        since = self._now() - LASTS
        mine = [one for one in self._told.values() if (one.incident, one.by) == (incident, person) and one.at > since]
        return tuple(reversed(mine))
