"""Every message that may be large is sent at its largest through the real converter and codec, and is small enough."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.alerting.alert import Alert
from domain.alerting.alert_group import AlertGroup
from domain.alerting.digest import AlertDigest
from domain.alerting.scope import Suppression
from domain.alerting.sifting import HeldAlert
from domain.exchange import AlertsForwarded, EventBatch, OpenIncidentRequest
from domain.incident.event import Event
from domain.procedure.findings import Noted
from domain.report.view import timeline, view
from domain.run import read as fold
from domain.value.portion import ROOM, portion, portions
from tests.domain.story import Story
from workflows.codec import Codec
from workflows.converter import converter
from workflows.recording import BATCH

PAYLOAD = 2 * 1024 * 1024
"""Temporal's limit for one payload."""
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def _alert(number: int) -> Alert:
    """As large as the ingress lets one be, in letters that take four bytes each."""
    said = {"source": "prometheus", "key": f"k{number}", "title": "😀" * 250, "description": "😀" * 10_000}
    return Alert.model_validate({**said, "labels": {"more": "x" * 16_000}, "fired_at": NOW, "at": NOW})


async def _size(value: object) -> int:
    """Bytes of a value as it crosses processes, encrypted."""
    (sealed,) = await Codec([bytes(32)]).encode(await converter().encode([value]))
    return len(sealed.SerializeToString())


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """An incident that was written to the length."""
    opened = Story().incident.events
    text = "😀" * 3000
    first = len(opened) + 1
    more = [
        Event(number=first + one, at=opened[-1].at + timedelta(seconds=one), by="dana", what=Noted(text=text))
        for one in range(400)
    ]
    return [*opened, *more]


@pytest.mark.sop("SOC-1")
async def test_what_goes_to_the_records_fits(events: list[Event]) -> None:
    left, sizes = events, list[int]()
    shown = view(fold.read(events), ())
    while left:
        some = tuple(portion(left[:BATCH]))
        sizes.append(await _size(EventBatch(incident="INC-00001", events=some, view=shown)))
        left = left[len(some) :]
    assert max(sizes) < PAYLOAD
    assert len(sizes) > 400 / BATCH


@pytest.mark.sop("DET-4")
async def test_what_a_group_passes_on_fits_and_nothing_of_it_is_lost() -> None:
    told = AlertsForwarded(alerts=tuple(map(_alert, range(200))), count=1000)
    messages = told.messages()
    assert max([await _size(one) for one in messages]) < PAYLOAD
    assert tuple(alert for one in messages for alert in one.alerts) == told.alerts
    assert sum(one.count for one in messages) == 1000
    assert AlertsForwarded(alerts=(), count=3).messages() == (AlertsForwarded(alerts=(), count=3),)


@pytest.mark.sop("WAR-6")
async def test_a_page_of_the_timeline_fits_and_every_event_is_on_one(events: list[Event]) -> None:
    incident, found = fold.read(events), list[Event]()
    while page := timeline(incident, found[-1].number if found else 0):
        assert await _size(page) < PAYLOAD
        found += page
    assert found == events


@pytest.mark.sop("SCP-2")
async def test_what_a_group_holds_back_in_a_window_fits_and_is_counted_beyond_it() -> None:
    window = Suppression(reason="planned maintenance", until=NOW + timedelta(hours=1))
    watch = AlertGroup(group="checkout/production")
    for row in range(1, 31):
        alerts = tuple(_alert(100 * row + one) for one in range(100))
        said = {"group": watch.group, "service": "checkout", "environment": "production", "suppressed": window}
        digest = AlertDigest(first_row=row, last_row=row, alerts=alerts, count=100, heard_at=NOW, **said)
        watch, _ = watch.read(digest, NOW)
        watch, _ = watch.pass_time(NOW)
    assert await _size(watch) < PAYLOAD / 2
    assert len(watch.waiting) > 100
    assert len(watch.waiting) + watch.unseen_count == 3000
    watch, steps = watch.pass_time(NOW + timedelta(hours=1))
    (opening,) = [step for step in steps if step.opens]
    order = OpenIncidentRequest(group=watch.group, service="checkout", alerts=tuple(portion(opening.alerts)), seed="s")
    assert await _size(order) < PAYLOAD
    assert [step.unseen for step in steps if step.unseen] == [watch.unseen_count]


@pytest.mark.sop("DET-5")
def test_recoveries_that_there_is_no_room_to_hold_back_are_told_at_once() -> None:
    held = {f"k{one}": HeldAlert(alert=_alert(one), until=NOW + timedelta(hours=1)) for one in range(1000)}
    watch = AlertGroup(group="checkout/production", recoveries=held).opened("INC-00001")
    watch, steps = watch.pass_time(NOW)
    assert 0 < len(watch.recoveries) < 1000
    assert sum(len(step.alerts) for step in steps) + len(watch.recoveries) == 1000
    assert watch.pass_time(NOW)[1] == ()


def test_one_thing_always_goes_however_large_it_is() -> None:
    assert len(portion([_alert(1), _alert(2)], 10)) == 1
    assert [len(some) for some in portions([_alert(one) for one in range(3)], 10)] == [1, 1, 1]
    assert list(portions([], ROOM)) == []
