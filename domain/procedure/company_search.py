"""DET-7: what the company's catalog says of the service and the team that an incident turned out to be of."""

from domain.alerting.alert import Alert
from domain.alerting.grouping import group_of
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.incident.correction import placed
from domain.port.duty import Outcome
from domain.port.internal import FindCompany


def found(duty: FindCompany, catalog: Catalog, policy: Policy) -> Outcome:
    """What the company's catalog says of a service and a team: its part for the incident and the group, or why not."""
    service = catalog.service_called(duty.service)
    if service is None:
        return Outcome(text=f"service: found {duty.service!r}, expected one of {', '.join(catalog.services)}")
    team = duty.team or service.team
    if team not in catalog.teams:
        return Outcome(text=f"team: found {team!r}, expected one of {', '.join(catalog.teams)}")
    lacking = [level for level in duty.ladder if level not in catalog.teams[team].levels]
    if lacking:
        return Outcome(text=f"team {team} has nobody at the level {lacking[0]}, so that it could not be paged")
    group = group_of(_sample(service.name, duty.environment), catalog, policy.alerts.grouping)
    return Outcome(ref=group.key if duty.moves else "", catalog=placed(catalog, service.name, duty.team))


def _sample(service: str, environment: str) -> Alert:
    """An alert of a service, to be sorted as its own are."""
    at = "2000-01-01T00:00:00Z"
    said = {"source": "standfast", "key": service, "title": service, "service": service, "fired_at": at, "at": at}
    return Alert.model_validate(said | {"environment": environment})
