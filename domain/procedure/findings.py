"""WAR-4, WAR-6: what the engineers find, every fifteen minutes, and what anybody writes into the timeline."""

from domain.procedure.acts import PostFinding
from domain.rule.clause import WITH_ROOM, Clause, Promise
from domain.rule.ruleset import Ruleset

WAR_4 = Clause(
    "WAR-4",
    "The on-call engineer posts findings every 15 minutes; a reminder goes out before, and a miss is "
    "recorded and told to the commander.",
    promise=Promise(
        "post findings",
        counted_from="the declaration of a severity with a war room, and again from each finding",
        asked_by=WITH_ROOM,
        kept_by=PostFinding,
        repeats=True,
        due_before=("ACK-5", "silence is chased"),
    ),
)
WAR_6 = Clause(
    "WAR-6",
    "What people do in the war room (commands, pins, decisions) becomes the incident's timeline, with who and when.",
)
RULES = Ruleset(
    clauses=(
        WAR_4,
        WAR_6,
    )
)
