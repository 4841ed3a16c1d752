"""What the watchman asks: what stands still, and whom it wakes."""

from datetime import UTC, datetime

from temporalio import activity
from temporalio.client import Client

from activities.company import Company
from activities.trouble import Trouble, look_around
from domain.company.catalog import Catalog, Service
from domain.exchange import Alarm
from domain.port.pager import Page

NOBODY = "INC-00000"
"""The incident of a page that is about none."""


class Watch:
    """Looks around in the engine, with the company's people at hand."""

    def __init__(self, client: Client, company: Company, queue: str) -> None:
        self._client, self._company, self._queue = client, company, queue

    @activity.defn(name="look_around")
    async def look(self) -> tuple[Alarm, ...]:
        """Everything that stands still, each with the page of the last resort."""
        now = datetime.now(UTC)
        found = await look_around(self._client, self._queue, now)
        catalog, policy = self._company.catalog, self._company.policy
        default = catalog.services[policy.alerts.default_service or next(iter(catalog.services))]
        return tuple(
            _alarm(one, catalog, catalog.services.get(one.service, default), policy.ladder, now)
            for one in found
            if one.kind != "rules"  # its own incident pages
        )


def _alarm(trouble: Trouble, catalog: Catalog, service: Service, ladder: tuple[str, ...], now: datetime) -> Alarm:
    levels = catalog.teams[service.team].levels
    level = next((one for one in reversed(ladder) if one in levels), "")
    vendor = catalog.vendor("pager", service.name)
    people = levels[level].on_call(now) if level else ()
    page = Page(
        key=f"page/watchman/{trouble.key}",
        incident=trouble.workflow if trouble.workflow.startswith("INC-") else NOBODY,
        clause="SOC-1",
        summary=f"page the last resort: {trouble.workflow} stands still",
        level=level or "last resort",
        people=tuple(catalog.people[one] for one in people if one in catalog.people),
        schedule=levels[level].schedule if level else "",
        service=service.at(vendor),
        title=f"Standfast stands still: {trouble.workflow}: {trouble.said}"[:250],
        text=f"What to do: {trouble.do}. `standfast doctor` says what else is wrong.",
        fired_at=trouble.since or now,
    )
    return Alarm(key=trouble.key, page=page, vendor=vendor)
