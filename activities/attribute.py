"""The search attributes of an incident: what every namespace that runs Standfast must know."""

from temporalio.common import SearchAttributeKey

SEVERITY = SearchAttributeKey.for_keyword("IncidentSeverity")
PHASE = SearchAttributeKey.for_keyword("IncidentPhase")
SERVICE = SearchAttributeKey.for_keyword("IncidentService")
COMMANDER = SearchAttributeKey.for_keyword("IncidentCommander")
KIND = SearchAttributeKey.for_keyword("IncidentKind")
NEXT_DUE = SearchAttributeKey.for_datetime("IncidentNextDue")
TROUBLE = SearchAttributeKey.for_keyword("IncidentTrouble")
"""Which rules of ours failed in it; unset where none has."""
ATTRIBUTES = (SEVERITY, PHASE, SERVICE, COMMANDER, KIND, NEXT_DUE, TROUBLE)
