"""WAR-2: who reads #incidents is rung when an incident gets a war room, and when that fight is over.

The headline is edited, and nobody hears of an edit; so it is said under it, and shown in the channel.
"""

from collections.abc import Iterator
from datetime import timedelta

from domain.incident.incident import Incident
from domain.port.any_duty import Duty
from domain.port.chat import Say
from domain.port.message import Message
from domain.procedure import sitrep
from domain.rule.ruleset import Ruleset

LATELY = timedelta(minutes=15)
"""What is older rings nobody any more."""
KEY = "tell/everybody"


def duties(incident: Incident) -> Iterator[Duty]:
    """WAR-2: that it is so bad, once for each severity with a war room; that it is over, once for each end."""
    headline = incident.shown.get("headline")
    if incident.secret or not headline or not incident.severities:
        return
    declared_at, severity = incident.severities[-1]
    ended = len(incident.resolutions)
    if incident.phase == "active" and incident.policy.severities[severity].war_room:
        if incident.events[-1].at - declared_at < LATELY:
            yield _said(incident, headline.ref, severity, _bad(incident, severity))
    elif incident.phase == "resolved" and f"{KEY}/{severity}" in incident.done:
        yield _said(incident, headline.ref, f"over-{ended}", sitrep.state(incident))


def _bad(incident: Incident, severity: str) -> str:
    who = sitrep.people(incident) or "Nobody is on it"
    return f"*It is {severity}*: {incident.service.title}, {incident.title}. {who}."


def _said(incident: Incident, thread: str, about: str, text: str) -> Say:
    return Say(
        key=f"{KEY}/{about}",
        incident=incident.id,
        clause="WAR-2",
        summary=f"tell everybody in #incidents: {about}",
        thread=thread,
        broadcast=True,
        message=Message(
            text=f"{incident.mark}{text}", small=f"{incident.id} · WAR-2", moments=sitrep.named(incident, text)
        ),
    )


RULES = Ruleset(duties=duties)
