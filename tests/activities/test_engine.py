"""The engine's errands between incidents, with an engine that answers as it is told."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from activities.attribute import COMMANDER, KIND, SERVICE, SEVERITY
from activities.engine import IncidentActivities
from config.company import Company, Settings
from domain.port.internal import FindOpen

DUTY = FindOpen(key="find_open/1", incident="INC-00001", clause="DET-7", summary="x")


class Listing:
    """A client that knows some running incidents."""

    def __init__(self, *known: dict[str, str]) -> None:
        self.known = known

    async def list_workflows(self, query: str, *, limit: int) -> AsyncIterator[Any]:
        assert "Running" in query
        for one in self.known[:limit]:
            named = (SERVICE, one["service"]), (SEVERITY, "P1?"), (COMMANDER, "jonas"), (KIND, one.get("kind", ""))
            pairs = [SearchAttributePair(key, value) for key, value in named]

            async def memo_value(name: str, default: str, title: str = one["title"]) -> str:
                return {"title": title, "opened_at": "2026-03-03T09:00:00+00:00"}.get(name, default)

            typed = TypedSearchAttributes(pairs)
            yield SimpleNamespace(id=one["id"], typed_search_attributes=typed, memo_value=memo_value)


@pytest.mark.sop("DET-7")
async def test_what_else_is_fought_is_read_from_visibility_without_itself_and_without_drills() -> None:
    client: Any = Listing(
        {"id": "INC-00001", "service": "billing", "title": "itself"},
        {"id": "INC-00002", "service": "checkout", "title": "cards are declined"},
        {"id": "INC-00003", "service": "checkout", "title": "practice", "kind": "drill"},
    )
    [found] = (await IncidentActivities(client, Company(Settings()), "q").find_open(DUTY)).open
    assert found.opened_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert (found.incident, found.title, found.service, found.severity, found.commander) == (
        "INC-00002",
        "cards are declined",
        "checkout",
        "P1?",
        "jonas",
    )
