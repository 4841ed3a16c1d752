"""Open incidents as Prometheus is told of them: from the engine's list, seldom, and never for long."""

from datetime import UTC, datetime, timedelta

from client.port import OPEN, EngineUnavailable, IncidentFilter, IncidentSummary
from ingress.census import FRESH, Census
from ingress.webhook.metrics import Gauges

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Listed:
    """An engine that has a list, until it is away."""

    def __init__(self, *found: IncidentSummary) -> None:
        self.found, self.asked, self.away = found, 0, False

    async def list_incidents(
        self, wanted: IncidentFilter = OPEN, limit: int | None = None
    ) -> tuple[IncidentSummary, ...]:
        self.asked += 1
        if self.away:
            raise EngineUnavailable("nobody there")
        return self.found


def incident(name: str, severity: str = "P1", phase: str = "active", late: int = 0) -> IncidentSummary:
    due = NOON - timedelta(seconds=late)
    return IncidentSummary(id=name, severity=severity, phase=phase, next_due_at=due, opened_at=NOON)


async def test_open_incidents_are_counted_by_severity_and_phase_with_the_longest_overdue() -> None:
    engine, clock = Listed(incident("1", late=90), incident("2"), incident("3", "", "")), [NOON]
    census, gauges = Census(engine, lambda: clock[0]), Gauges()  # type: ignore[arg-type]
    gauges.count(await census.count())
    shown = gauges.show(None, NOON).decode().splitlines()
    assert 'standfast_incidents_open{phase="active",severity="P1"} 2.0' in shown
    assert 'standfast_incidents_open{phase="unseen",severity="none"} 1.0' in shown
    assert "standfast_deadline_overdue_seconds 90.0" in shown
    assert "standfast_engine_up 1.0" in shown


async def test_a_drill_is_no_open_incident_and_its_deadlines_are_looked_at_all_the_same() -> None:
    drill = incident("2", late=30).model_copy(update={"kind": "drill"})
    counted = await Census(Listed(incident("1"), drill), lambda: NOON).count()  # type: ignore[arg-type]
    assert counted.incidents == {("P1", "active"): 1}
    assert counted.overdue == 30


async def test_one_list_serves_every_scrape_of_a_few_seconds_and_an_engine_that_is_away_is_a_number() -> None:
    engine, clock = Listed(incident("1")), [NOON]
    census, gauges = Census(engine, lambda: clock[0]), Gauges()  # type: ignore[arg-type]
    await census.count()
    gauges.count(await census.count())
    assert engine.asked == 1
    clock[0], engine.away = NOON + FRESH, True
    gauges.count(await census.count())
    shown = gauges.show(None, NOON).decode().splitlines()
    assert "standfast_engine_up 0.0" in shown
    assert 'standfast_incidents_open{phase="active",severity="P1"} 1.0' in shown
