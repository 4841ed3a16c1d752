"""WAR-1, SCP-3: somebody is let into the war room; into a private one by who is there."""

from typing import Annotated

from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.procedure.war_room import invited
from domain.rule.act import Ask, Decision, IncidentAct
from domain.rule.refusal import Refusal, final, settled
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Slug


class AddedToRoom(Fact):
    """Somebody belongs in the war room from now on (WAR-1)."""

    minor = True
    clause: ClauseId = "WAR-1"
    to: Slug

    def apply(self, incident: Incident, event: Event) -> None:
        incident.reach.let_in.append(self.to)

    def line(self, names: Names) -> Line:
        return Line(f"let {names.person(self.to)} into the room")


class AddToRoom(IncidentAct):
    """Somebody is let into the war room; into a private one only by who is in it (WAR-1, SCP-3)."""

    makes = (AddedToRoom,)
    label, form_title, verb = "Let in", "Let somebody in", "invite"
    in_menu = False
    there = "room"
    to: Annotated[Slug, Ask("Whom?", "person")]

    def decide(self, incident: Incident) -> Decision:
        """SCP-3: nobody lets themselves in."""
        to, there = incident.catalog.person_called(self.to), invited(incident)
        if incident.closed_at:
            return final(incident)
        if to is None:
            return Refusal(f"to: found {self.to!r}, expected {incident.catalog.nearest(self.to)}")
        if incident.secret and self.by not in there:
            return Refusal("the room is private: only who is in it lets somebody in")
        return settled(f"{to.name} is in the room already") if to.id in there else (AddedToRoom(to=to.id),)


RULES = Ruleset()
