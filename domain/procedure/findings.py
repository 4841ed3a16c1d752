"""WAR-4, WAR-6: what the engineers find, every fifteen minutes, and what anybody writes into the timeline."""

from typing import TYPE_CHECKING, Literal

from domain.incident.entry import mark
from domain.incident.fact import Fact
from domain.rule.clause import WITH_ROOM, Clause, Promise
from domain.rule.ruleset import Ruleset
from domain.value.act import Act
from domain.value.model import ClauseId, Text

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class FindingPosted(Fact):
    """Findings of the investigation (WAR-4)."""

    sign_of_life, long = True, True
    kind: Literal["finding_posted"] = "finding_posted"
    clause: ClauseId = "WAR-4"
    conditions: str
    actions: str = ""
    needs: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """Findings are counted by their moments."""
        mark(incident.findings, event.at)


class Noted(Fact):
    """Something for the timeline (WAR-6)."""

    sign_of_life, long = True, True
    kind: Literal["noted"] = "noted"
    clause: ClauseId = "WAR-6"
    text: str
    url: str = ""


class PostFinding(Act):
    """Findings from the investigation: conditions seen, actions under way, needs (WAR-4)."""

    kind: Literal["post_finding"] = "post_finding"
    conditions: Text
    actions: str = ""
    needs: str = ""


class Note(Act):
    """Something for the timeline: a decision, a pinned message (WAR-6)."""

    kind: Literal["note"] = "note"
    text: Text
    url: str = ""


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
