"""The other open incidents, where a form asks which one is meant (DET-7)."""

from client.port import OPEN, IncidentReader, IncidentSummary, beside
from domain.port.conversation import Options
from domain.rule.act import people_do
from domain.value.private import VEIL

CHOICE = "incident"
OFFERED = 100
"""As many as one menu holds."""


async def others(engine: IncidentReader, kind: str, incident: str) -> dict[str, Options]:
    """By name, the newest first; nothing where the act is about no other. A secret one keeps its subject (SCP-3).

    Drills are left out: no incident has to do with one.
    """
    act = people_do().get(kind)
    if act is None or not any(one.ask.choose == CHOICE for one in act.questions()):
        return {}
    listed = await engine.list_incidents(OPEN, OFFERED + 1)
    return {CHOICE: tuple((one.id, _named(one)) for one in beside(incident, listed))[:OFFERED]}


def _named(one: IncidentSummary) -> str:
    """As people know it, and last its id."""
    return f"{one.severity or '?'} {VEIL if one.kind == 'security' else one.title} ({one.id})"
