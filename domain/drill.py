"""A drill: an incident under the company's own rules that reaches nobody but those who take part.

What keeps it harmless is data, frozen into it when it opens: a catalog in which the practice vendor plays every part
that is not wanted for real, and only the people who take part can be reached.
"""

from datetime import timedelta
from typing import Any

from pydantic import Field

from domain.alerting.alert import Alert
from domain.company.catalog import Catalog, Level, Person, Team, VendorRole
from domain.company.policy import Policy
from domain.company.policy_paging import When
from domain.value.act import Act
from domain.value.model import Instant, Model, Slug

PRACTICE = "practice"
"""The vendor that plays every part of a drill that is not wanted for real."""
REAL: frozenset[VendorRole] = frozenset({"pager", "room"})
"""The only parts that real vendors may play in a drill: never the status page, the mail, the tracker, the notebook."""
MILLISECOND = timedelta(milliseconds=1)
SHORTEST = timedelta(milliseconds=100)
"""No clock of a drill is faster than this."""


class DrillOptions(Model):
    """What makes an incident a drill: who takes part, which vendors are asked for real, how fast its clocks run."""

    people: tuple[Slug, ...] = ()
    real: frozenset[VendorRole] = frozenset()
    speed: float = Field(default=1.0, ge=1.0, le=3600.0)

    def catalog(self, catalog: Catalog, service: str) -> Catalog:
        """The company as the drill knows it: nobody who does not take part can be reached by any vendor."""
        real = self.real & REAL
        if self.unpaged(catalog, service):
            real -= {"pager"}
        roles = catalog.vendors.keys() | catalog.services[service].vendors.keys()
        chosen = {role: catalog.vendor(role, service) for role in sorted(roles)}
        vendors = {role: name if name == "none" or role in real else PRACTICE for role, name in chosen.items()}
        part = catalog.slice(service)
        here = part.services[service].model_copy(update={"vendors": {}})
        return part.model_copy(
            update={
                "vendors": vendors,
                "services": {service: here},
                "teams": {name: self._team(team) for name, team in part.teams.items()},
                "people": {name: self._person(person) for name, person in part.people.items()},
            }
        )

    def policy(self, policy: Policy) -> Policy:
        """The company's policy with its clocks running faster; pauses that spare the vendors stay.

        Time that runs faster than the office's clock knows no office hours.
        """
        faster: Policy = _faster(policy, self.speed)
        clocks = {name: rule.model_copy(update={"hours": None}) for name, rule in faster.clocks.items()}
        kept = {"room": policy.room, "retry": policy.retry, "asks": policy.asks, "retention": policy.retention}
        severities = {
            name: rule.model_copy(update={"page": _by_appointment(rule.page)})
            for name, rule in faster.severities.items()
        }
        own = {**kept, "clocks": clocks if self.speed > 1 else policy.clocks, "severities": severities}
        return faster.model_copy(update=own)

    def unpaged(self, catalog: Catalog, service: str) -> tuple[str, ...]:
        """Who takes part and is unknown to the pager: a page to nobody it knows would go to whoever is on call."""
        pager = catalog.vendor("pager", service)
        return tuple(name for name in self.people if not catalog.people[name].knows(pager))

    def _person(self, person: Person) -> Person:
        return person if person.id in self.people else person.hidden()

    def _team(self, team: Team) -> Team:
        """A level that nobody of is there is everybody's who is, so that the ladder can be climbed all the same."""
        if not self.people:
            return team
        levels = {name: Level(people=self._present(level.everybody)) for name, level in team.levels.items()}
        manager = next((name for name in team.managers if name in self.people), self.people[0])
        comms, commanders = self._present(team.comms), self._present(team.commanders)
        return team.model_copy(update={"levels": levels, "manager": manager, "comms": comms, "commanders": commanders})

    def _present(self, people: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in people if name in self.people) or self.people


class DrillStep(Model):
    """What the drill itself does at a moment: an alert of the scenario, or the act of somebody who is not there."""

    at: Instant
    alerts: tuple[Alert, ...] = ()
    act: Act | None = None

    @property
    def says(self) -> str:
        """One line for the Temporal Web UI."""
        what = f"{self.act.by}: {self.act.kind}" if self.act else ", ".join(alert.title for alert in self.alerts)
        return f"DRILL {what}"[:200]


class DrillPlan(Model):
    """One drill: what opens its incident, what follows when, and when it is over at the latest."""

    name: str
    service: Slug
    group: str
    """The drill stands where a group of alerts stands: its incident reports to it."""
    opens: tuple[Alert, ...] = Field(min_length=1)
    cues: tuple[DrillStep, ...]
    rehearsal: DrillOptions
    ends_at: Instant


def _by_appointment(page: When) -> When:
    """Who takes part in a drill is there, whatever the hour (ACK-6)."""
    return "at_once" if page == "office_hours" else page


def _faster(value: Any, speed: float) -> Any:
    """The same value with every span in it shortened."""
    if isinstance(value, timedelta):
        return max(timedelta(milliseconds=round(value / speed / MILLISECOND)), SHORTEST) if value else value
    if isinstance(value, Model):
        return value.model_copy(update={name: _faster(one, speed) for name, one in value})
    if isinstance(value, dict):
        return {name: _faster(one, speed) for name, one in value.items()}
    return tuple(_faster(one, speed) for one in value) if isinstance(value, tuple) else value
