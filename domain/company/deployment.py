"""What was deployed when, and which deployments an engineer is told about at triage (TRI-1)."""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Literal

from domain.company.catalog import Service
from domain.value.model import Instant, Model

DeploymentState = Literal["requested", "started", "succeeded", "failed"]


class Deployment(Model):
    """One deployment in one state, as its source said it; `id` says whether this is the same deployment."""

    source: str
    id: str
    repository: str
    """As the forge writes it: `owner/name`."""
    service: str = ""
    """The source's word for the service, where several live in one repository."""
    environment: str
    sha: str
    ref: str = ""
    description: str = ""
    url: str = ""
    """Where people see it: the run's log, or the commit."""
    state: DeploymentState
    at: Instant
    """The source's own time of this state."""
    by: str = ""
    """Who deployed, in the source's names."""

    @property
    def what(self) -> str:
        """What was deployed where."""
        return (
            f"{' '.join(part for part in (self.repository, self.service, self.sha[:7]) if part)} to {self.environment}"
        )

    @property
    def told(self) -> str:
        """What was deployed where, how it stands and since when, by whom."""
        by = f", by {self.by}" if self.by else ""
        return f"{self.what}, {self.state} {self.at:%d %b %H:%M} UTC{by}"

    def of(self, service: Service) -> bool:
        """Whether this deployed the service: it says so itself, or it came out of the service's repository."""
        if self.service:
            return self.service.lower() in names(service)
        return bool(self.repository) and self.repository.lower() == repository(service)


def names(service: Service) -> frozenset[str]:
    """How a source may call the service, in lower case."""
    return frozenset(word.lower() for word in (service.name, service.title, *service.aliases))


def repository(service: Service) -> str:
    """The service's repository as `owner/name` in lower case, however the catalog writes its address."""
    written = service.repository.lower().rstrip("/").removesuffix(".git")
    return "/".join(re.split("[/:]", written)[-2:])


def before(deployments: Iterable[Deployment], service: Service, at: datetime, limit: int = 3) -> tuple[Deployment, ...]:
    """TRI-1: the service's last deployments before the alert, the newest first, each in its last state by then.

    One that failed or is still running counts, because it may have changed something; one that was only requested does
    not. One release that shows as several deployments, one per job, is told once.
    """
    last: dict[tuple[str, str], Deployment] = {}
    for one in sorted(deployments, key=lambda one: one.at):
        if one.at <= at and one.of(service) and one.state != "requested":
            last[one.source, one.id] = one
    newest = sorted(last.values(), key=lambda one: (one.at, one.id), reverse=True)
    releases = groupby(newest, key=lambda one: (one.repository, one.environment, one.sha))
    return tuple(next(jobs) for _, jobs in releases)[:limit]
