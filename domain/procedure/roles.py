"""WAR-3: who holds which role, how one is handed over, and that a vacant one is chased."""

from typing import TYPE_CHECKING, Literal

from domain.incident.fact import Fact
from domain.rule.clause import WITH_ROOM, Clause, Promise
from domain.rule.ruleset import Ruleset
from domain.value.act import Act
from domain.value.model import ClauseId, Word

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class RoleOffered(Fact):
    """A role was offered and waits for acceptance (WAR-3)."""

    told = True
    kind: Literal["role_offered"] = "role_offered"
    clause: ClauseId = "WAR-3"
    role: Word
    to: Word

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It waits for acceptance."""
        incident.offers[self.role] = self.to


class TakeRole(Act):
    """A person takes a role that is vacant, or accepts one that was offered (WAR-3)."""

    kind: Literal["take_role"] = "take_role"
    role: Word


class OfferRole(Act):
    """The holder of a role offers it to somebody, who must accept (WAR-3)."""

    kind: Literal["offer_role"] = "offer_role"
    role: Word
    to: Word


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
