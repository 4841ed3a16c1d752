"""The post-mortem's meeting: in office hours, of as many as can be, before the deadline, and said in words."""

from datetime import datetime, timedelta

import pytest

from domain.procedure.postmortem_duties import meeting_at
from tests.domain.learn.case import CATALOG, NOON, POLICY, fought, hours

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("resolved_at", "meeting"),
    [
        (datetime(2026, 3, 3, 12, 20), datetime(2026, 3, 4, 9, 0)),  # Tuesday noon: Wednesday morning
        (datetime(2026, 3, 3, 3, 7), datetime(2026, 3, 4, 9, 0)),  # 20 hours later it is night
        (datetime(2026, 3, 6, 18, 0), datetime(2026, 3, 7, 14, 0)),  # Friday evening: no working day is left
        (datetime(2026, 3, 6, 2, 0), datetime(2026, 3, 6, 22, 0)),  # Friday night, due on Sunday
        (datetime(2026, 3, 7, 12, 0), datetime(2026, 3, 9, 9, 0)),  # Saturday: Monday morning
    ],
)
def test_the_meeting_is_in_office_hours_where_that_is_before_the_deadline(
    resolved_at: datetime, meeting: datetime
) -> None:
    at = resolved_at.replace(tzinfo=NOON.tzinfo)
    assert meeting_at(at, at + hours(48), POLICY.learn) == meeting.replace(tzinfo=NOON.tzinfo)


def in_zones(**zones: str) -> datetime:
    """When the meeting begins of what was solved at noon, these people living elsewhere."""
    people = {id: one.model_copy(update={"zone": zones.get(id)}) for id, one in CATALOG.people.items()}
    learn = POLICY.learn.model_copy(update={"meets_in_zones": True})
    case = fought(
        policy=POLICY.model_copy(update={"learn": learn}), catalog=CATALOG.model_copy(update={"people": people})
    )
    starts_at: datetime
    (starts_at,) = {one.starts_at for one in case.did("send_invitation")}
    return starts_at


@pytest.mark.sop("PM-1")
@pytest.mark.parametrize(
    ("zones", "meeting"),
    [
        ({}, datetime(2026, 3, 4, 9, 0)),
        ({"dana": "America/New_York"}, datetime(2026, 3, 4, 14, 0)),  # nine in the morning there, before five here
        ({"dana": "America/New_York", "ines": "Europe/Berlin"}, datetime(2026, 3, 4, 14, 0)),
        ({"dana": "Asia/Tokyo"}, datetime(2026, 3, 4, 9, 0)),  # no hour is an office hour in both: of all but Dana
    ],
)
def test_the_meeting_is_in_the_office_hours_of_as_many_as_can_be(zones: dict[str, str], meeting: datetime) -> None:
    assert in_zones(**zones) == meeting.replace(tzinfo=NOON.tzinfo)


@pytest.mark.sop("PM-1")
def test_an_invitation_says_in_words_when_the_meeting_is_in_its_readers_time() -> None:
    people = {**CATALOG.people, "dana": CATALOG.people["dana"].model_copy(update={"zone": "Europe/Berlin"})}
    case = fought(catalog=CATALOG.model_copy(update={"people": people}))
    said = {one.person.id: one.text for one in case.did("send_invitation")}
    assert "We meet on 04 Mar 10:00 CET (09:00 UTC), for 1 h:" in said["dana"]
    assert "We meet on 04 Mar 09:00 UTC, for 1 h:" in said["ines"]


def test_a_deadline_too_near_for_any_meeting_still_gets_one() -> None:
    assert meeting_at(NOON, NOON + MINUTE, POLICY.learn) == NOON + hours(20)
