"""The companies that ship as examples, and the words in which their incidents are told."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from config.company import SHIPPED, load
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.incident.incident import Incident
from domain.report.scorecard import scorecard
from domain.simulation.incident import SimulatedIncident
from domain.simulation.scenario import Scenario
from domain.value.act import Act
from tests.domain.simulated import begin
from tests.domain.wording import called, worded

COMPANIES = ("northgate", "tidepool", "meridian")
FOLDER = SHIPPED / "deploy" / "company"
ACT: TypeAdapter[Act] = TypeAdapter(Act)


@cache
def policy_of(company: str) -> Policy:
    """The policy of one company."""
    return load(FOLDER / company / "policy.yaml", Policy)


@cache
def catalog_of(company: str) -> Catalog:
    """The catalog of one company."""
    return load(FOLDER / company / "catalog.yaml", Catalog)


class Tale:
    """One incident of a company, told act by act; moments are the company's own."""

    def __init__(self, company: str, at: datetime, service: str, **alert: Any) -> None:
        words = {"title": "5xx error rate", "severity": "critical", "service": service, **alert}
        said = {"name": f"{company} {at}", "service": service, "starts_at": at.astimezone(UTC), "alerts": [words]}
        self.policy = policy_of(company)
        self.play: SimulatedIncident = begin(Scenario.model_validate(said), self.policy, catalog_of(company))

    @property
    def incident(self) -> Incident:
        """The incident as it stands."""
        return self.play.incident

    def at(self, moment: datetime) -> "Tale":
        """Time passes until then."""
        self.play.pass_until(moment.astimezone(UTC))
        return self

    def after(self, **span: float) -> "Tale":
        """Time passes."""
        return self.at(self.play.now + timedelta(**span))

    def act(self, kind: str, by: str, **fields: Any) -> "Tale":
        """Somebody does something that is accepted."""
        answer = self.play.act(ACT.validate_python({"kind": kind, "by": by, **fields}))
        assert answer.accepted, answer.text
        return self

    def paged(self) -> list[tuple[str, ...]]:
        """Who was paged, page by page."""
        return [tuple(one.id for one in getattr(e.duty, "people", ())) for e in self.effects("page")]

    def effects(self, kind: str) -> list[Any]:
        """What the world did of a kind."""
        return [effect for effect in self.play.world.effects if effect.duty.kind == kind]

    def told(self, words: str) -> set[str]:
        """Who was called by name in what was said with these words."""
        says = [effect.duty for effect in self.effects("say")]
        return {person for say in says if words in worded(say) for person in called(say)}

    def verdicts(self) -> dict[str, str]:
        """What the scorecard says of every clause."""
        return {one.clause: one.verdict for one in scorecard(self.incident, self.play.now)}
