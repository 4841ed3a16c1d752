"""DET-7: incidents that have to do with each other show each other, until somebody takes that back."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator

from domain.incident.incident import Incident
from domain.incident.relation import LinkAsked, Linked, UnlinkAsked, Unlinked
from domain.rule.act import Ask, Decision, IncidentAct
from domain.rule.refusal import Refusal
from domain.value.model import IncidentId, OtherIncident

ID = re.compile(r"INC-[0-9A-HJKMNP-TV-Z]{5}")
Other = Annotated[str, BeforeValidator(lambda word: str(word).strip().upper()), OtherIncident()]
"""Another incident, by its id."""
Why = Annotated[str, Ask("Why?", "line")]


class LinkIncidents(IncidentAct):
    """Another incident has to do with this one; each shows the other (DET-7)."""

    makes = (LinkAsked,)
    label, verb = "Link to another", "link"
    submit = "Link them"
    kind: Literal["link"] = "link"
    to: Annotated[Other, Ask("To which incident?", choose="incident", example="INC-00000")]
    reason: Why = ""

    def decide(self, incident: Incident) -> Decision:
        """DET-7: both of them say so from now on."""
        why = unfit(incident, self.to)
        if why:
            return Refusal(why)
        if self.to in incident.relations.unlinking:
            return Refusal(
                f"{self.to} is just being told that it has nothing to do with this; link it again after that"
            )
        known = {*incident.relations.links, *incident.relations.linking}
        return () if self.to in known else (LinkAsked(to=self.to, reason=self.reason),)


class UnlinkIncidents(IncidentAct):
    """The other incident has nothing to do with this one after all: neither shows the other any more (DET-7)."""

    makes = (UnlinkAsked,)
    label, verb = "Take a link back", "unlink"
    kind: Literal["unlink"] = "unlink"
    to: Annotated[Other, Ask("Which incident has nothing to do with it?", choose="linked", example="INC-00000")]
    reason: Why = ""

    def decide(self, incident: Incident) -> Decision:
        """DET-7: whoever linked by mistake has a way back; what was linked stands in the record."""
        known = incident.relations
        why = unfit(incident, self.to)
        if not why and self.to not in {*known.links, *known.linking}:
            why = f"{incident.id} is not linked to {self.to}"
        if why:
            return Refusal(why)
        return () if self.to in known.unlinking else (UnlinkAsked(to=self.to, reason=self.reason),)


class TakeLink(IncidentAct):
    """Another incident has to do with this one: told by that incident (DET-7)."""

    makes = (Linked,)
    object = "incident"
    incident: IncidentId
    title: str = ""
    room: str = ""
    reason: str = ""

    def decide(self, incident: Incident) -> Decision:
        """DET-7: shown here too."""
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed")
        if self.incident in incident.relations.links:
            return ()
        return (Linked(incident=self.incident, title=self.title, room=self.room, reason=self.reason),)


class TakeUnlink(IncidentAct):
    """Another incident has nothing to do with this one after all: told by that incident (DET-7)."""

    makes = (Unlinked,)
    object = "incident"
    incident: IncidentId
    reason: str = ""

    def decide(self, incident: Incident) -> Decision:
        """DET-7: not shown here either."""
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed")
        if self.incident not in {*incident.relations.links, *incident.relations.linking}:
            return ()
        return (Unlinked(incident=self.incident, reason=self.reason),)


def unfit(incident: Incident, other: str) -> str:
    """Why the other incident cannot be meant, as far as this one knows; empty when it can."""
    if incident.closed_at:
        return f"{incident.id} is closed already"
    if not ID.fullmatch(other):
        return f"found {other!r}, expected the id of an incident, such as {incident.id}"
    if other == incident.id:
        return f"{other} is this incident itself"
    if incident.opened.drill:
        return "a drill has nothing to do with other incidents"
    return ""


def told_of_links(incident: Incident) -> Iterator[tuple[str, str, TakeLink | TakeUnlink]]:
    """What the others are to be told, each after the other: the name of the duty, whom, and the act."""
    known = incident.relations
    if incident.closed_at:
        return
    for other, number in known.linking.items():
        yield f"link-{number}", other, _take_link(incident, number)
    for other, number in known.unlinking.items():
        if other not in known.linking:
            yield f"unlink-{number}", other, _take_unlink(incident, number)


def _take_link(incident: Incident, number: int) -> TakeLink:
    asked = incident.events[number - 1]
    room = "" if incident.secret else incident.room_name
    reason = getattr(asked.what, "reason", "")
    return TakeLink(by=asked.by, incident=incident.id, title=str(incident.title), room=room, reason=reason)


def _take_unlink(incident: Incident, number: int) -> TakeUnlink:
    asked = incident.events[number - 1]
    return TakeUnlink(by=asked.by, incident=incident.id, reason=getattr(asked.what, "reason", ""))
