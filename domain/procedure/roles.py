"""WAR-3: who holds which role, how one is handed over, and that a vacant one is chased."""

from domain.procedure.acts import TakeRole
from domain.rule.clause import WITH_ROOM, Clause, Promise
from domain.rule.ruleset import Ruleset

WAR_3 = Clause(
    "WAR-3",
    "Roles: incident commander, on-call engineer, communications lead, engineering manager. Exactly one "
    "commander at a time; a role can be handed over; an unfilled commander or comms role is chased.",
    promise=Promise(
        "fill the role",
        counted_from="the declaration of a severity with a war room",
        asked_by=WITH_ROOM,
        explained_as="fill each chased role",
        kept_by=TakeRole,
    ),
)
RULES = Ruleset(clauses=(WAR_3,))
