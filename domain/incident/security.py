"""The security mark of an incident, and whether customers are to be told of it (SCP-3)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from domain.incident.entry import STANDFAST
from domain.incident.fact import Fact
from domain.incident.secrecy import CustomersAnswer, Left
from domain.value.line import Line, Names
from domain.value.model import ClauseId

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class SecurityMarked(Fact):
    """It is a security incident from now on (SCP-3)."""

    told, sign_of_life = True, True
    step = "marked it as a security incident"
    clause: ClauseId = "SCP-3"
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It keeps its subject to itself; a room that anybody can read is left."""
        marks = incident.secrecy
        marks.turns.append((event.at, True))
        marks.asked = marks.asked_by = ""
        if not incident.room or marks.private_room:
            return
        card = incident.shown.get("card")
        marks.left.append(Left(incident.room, card.ref if card else ""))
        incident.room = incident.room_name = incident.room_url = ""
        for place in ("card", "topic"):
            if place in incident.shown:
                incident.shown[place] = replace(incident.shown[place], digest="", ref="")

    def line(self, names: Names) -> Line:
        return Line("marked it as a security incident", self.reason, "bad")


class UnmarkAsked(Fact):
    """That the mark is taken back waits for a second person (SCP-3)."""

    told, sign_of_life = True, True
    minor = True
    clause: ClauseId = "SCP-3"
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.secrecy.asked, incident.secrecy.asked_by = self.reason, event.by

    def line(self, names: Names) -> Line:
        return Line("asked to take back the security mark; a second person must confirm", self.reason, "warn")


class SecurityUnmarked(Fact):
    """It is no security incident, by two people's word (SCP-3)."""

    told, sign_of_life = True, True
    clause: ClauseId = "SCP-3"
    reason: str
    asked_by: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It keeps nothing to itself any more; its room stays as it is. What a person's mark proposed is withdrawn."""
        marked = next(reversed([*incident.all(SecurityMarked)]), None)
        for one in incident.challenges if marked and marked[0].by != STANDFAST else ():
            if marked and one.at == marked[0].at:
                one.withdrawn_at = event.at
                one.answered_at = one.answered_at or event.at
        incident.secrecy.turns.append((event.at, False))
        incident.secrecy.asked = incident.secrecy.asked_by = ""

    def line(self, names: Names) -> Line:
        return Line(f"took back the security mark, asked by {names.person(self.asked_by)}", self.reason)


class CustomersAnswered(Fact):
    """Whether customers are told of a security incident now, with the reason (SCP-3, COM-1)."""

    told, sign_of_life = True, True
    step = "answered whether customers are told"
    clause: ClauseId = "COM-1"
    tell: bool
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.secrecy.answers.append(CustomersAnswer(event.at, self.tell, self.reason))

    def line(self, names: Names) -> Line:
        return Line(f"answered: customers are {'' if self.tell else 'not '}to be told now", self.reason)
