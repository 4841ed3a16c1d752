"""Companies that differ in nothing but their two files: other severities, roles, clocks, hours, vendors."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.check import lint
from domain.run.agenda import deadlines
from domain.value.model import format_duration
from tests.domain.company import COMPANIES, Tale, catalog_of, policy_of
from tests.domain.wording import worded

MADRID, LISBON, SINGAPORE = ZoneInfo("Europe/Madrid"), ZoneInfo("Europe/Lisbon"), ZoneInfo("Asia/Singapore")


@pytest.mark.parametrize("company", COMPANIES)
def test_every_promise_of_the_example_companies_can_be_kept(company: str) -> None:
    assert [str(one) for one in lint(policy_of(company), catalog_of(company))] == []


def test_northgate_keeps_every_promise_of_a_p0_under_its_own_words() -> None:
    tale = Tale("northgate", datetime(2026, 3, 4, 3, 0, tzinfo=MADRID), "payments", title="all payments fail")
    assert tale.incident.opened.proposed == "P0"
    tale.after(minutes=1).act("acknowledge", "alba").act("declare", "carla", severity="P0")
    held = {"head_of_engineering": "dmitri", "duty_engineer": "alba", "incident_manager": "carla"}
    assert tale.incident.holders == held
    tale.act("take_role", "elena", role="comms").act("take_role", "farid", role="scribe").after(minutes=2)
    tale.act("approve_update", "elena").act("approve_mail", "elena")
    tale.act("post_finding", "alba", conditions="the ledger is stuck").after(minutes=4)
    tale.act("post_finding", "alba", conditions="a lock").act("resolve", "carla", summary="The lock is gone.")
    assert tale.effects("open_room")[0].duty.name.startswith("major-")
    tale.after(hours=5).act("take_role", "greta", role="data_protection")
    tale.act("answer_breach", "greta", breach=False, reason="no").after(hours=30)
    tale.act("add_item", "dmitri", title="test locks", owner="bruno")
    tale.act("complete_postmortem", "dmitri", cause="deployment").after(days=5)
    tale.act("close_item", "bruno", item="item-1")
    assert tale.incident.phase == "closed"
    assert {clause for clause, verdict in tale.verdicts().items() if verdict in ("late", "missed", "open")} == set()
    met = {clause for clause, verdict in tale.verdicts().items() if verdict == "met"}
    assert {"ACK-1", "TRI-4", "WAR-3", "WAR-4", "WAR-5", "COM-1", "COM-5", "RES-2", "PM-1", "ACT-2", "GDP-1"} <= met


def test_northgate_chases_a_scribe_as_it_chases_a_commander_and_asks_the_people_of_the_catalog() -> None:
    tale = Tale("northgate", datetime(2026, 3, 4, 10, 0, tzinfo=MADRID), "payments")
    tale.act("acknowledge", "alba").act("declare", "carla", severity="P1").after(minutes=6)
    assert tale.told("WAR-3 Nobody is scribe yet; by") == {"farid", "dmitri"}
    assert tale.told("WAR-3 Nobody is customer voice yet; by") == {"elena", "dmitri"}


def test_a_p5_of_northgate_on_a_friday_evening_waits_for_the_office() -> None:
    friday = datetime(2026, 3, 6, 17, 0, tzinfo=MADRID)
    tale = Tale("northgate", friday, "back-office", severity="info")
    assert tale.incident.opened.proposed == "P5"
    assert [one.due_at for one in deadlines(tale.incident)] == [datetime(2026, 3, 9, 17, 0, tzinfo=MADRID)]
    tale.at(datetime(2026, 3, 9, 8, 0, tzinfo=MADRID))
    assert tale.paged() == [("alba",)]
    tale.at(datetime(2026, 3, 9, 17, 1, tzinfo=MADRID))
    assert tale.paged() == [("alba",), ("bruno",)]
    tale.act("declare", "carla", severity="P1")
    assert [one.key for one in deadlines(tale.incident) if one.clause == "ACK-2"] == ["ACK-2/1"]
    tale.after(minutes=6)
    assert tale.paged()[2:] == [("dmitri",)]


def test_tidepool_without_a_status_page_or_a_room_has_no_clock_for_them() -> None:
    tale = Tale("tidepool", datetime(2026, 3, 6, 23, 0, tzinfo=LISBON), "app")
    tale.after(minutes=4).act("acknowledge", "ada").act("declare", "cleo", severity="P1").after(minutes=20)
    assert {one.clause for one in deadlines(tale.incident) if one.ring != "wait"} == {"ACK-5", "RES-2"}
    tale.act("note", "ada", text="restarting").after(minutes=20).act("resolve", "cleo", summary="Restarted.")
    due = {one.clause: one.due_at for one in deadlines(tale.incident)}
    assert due["PM-1"] == datetime(2026, 3, 11, 17, 0, tzinfo=LISBON)
    assert due["GDP-1"] == datetime(2026, 3, 10, 17, 0, tzinfo=LISBON)
    assert not tale.effects("open_room") + tale.effects("publish_update")
    tale.at(datetime(2026, 3, 9, 10, 0, tzinfo=LISBON)).act("answer_breach", "dora", breach=False, reason="no")
    tale.act("add_item", "dora", title="watch memory", owner="ben")
    tale.act("complete_postmortem", "cleo", cause="deployment")
    item = tale.incident.items["item-1"]
    assert item.due_at == datetime(2026, 3, 23, 10, 0, tzinfo=LISBON)
    tale.after(days=2).act("close_item", "ben", item="item-1")
    assert tale.incident.phase == "closed"
    verdicts = tale.verdicts()
    assert {verdicts[clause] for clause in ("ACK-1", "ACK-5", "TRI-4", "RES-2", "PM-1", "ACT-2", "GDP-1")} == {"met"}
    assert {verdicts[clause] for clause in ("WAR-1", "WAR-4", "COM-1", "COM-2", "COM-7")} == {"not_applicable"}


def test_tidepool_reminds_and_chases_in_office_hours_alone_and_counts_the_law_by_every_hour() -> None:
    tale = Tale("tidepool", datetime(2026, 3, 27, 12, 0, tzinfo=LISBON), "app")
    tale.act("acknowledge", "ada").act("declare", "cleo", severity="P1").act("resolve", "cleo", summary="Restarted.")
    tale.act("answer_breach", "dora", breach=True, reason="a dump was public", aware_at=tale.play.now)
    [law] = [one for one in deadlines(tale.incident) if one.clause == "GDP-2"]
    assert format_duration(law.due_at - tale.play.now) == "3d"
    tale.at(datetime(2026, 4, 6, 12, 0, tzinfo=LISBON))
    told = [e.at.astimezone(LISBON) for e in tale.effects("say") if worded(e.duty).startswith("PM-1 The post-mortem")]
    said = list(dict.fromkeys(told))
    assert [f"{at:%a %H:%M}" for at in said[:3]] == ["Tue 12:00", "Wed 10:00", "Wed 12:00"]
    assert all(at.weekday() < 5 and 9 <= at.hour <= 17 for at in said)
    assert [f"{at:%a %d %H:%M}" for at in said[3:]] == ["Thu 02 12:00", "Mon 06 12:00"]


def test_meridian_pages_whoever_is_awake_and_hands_the_ladder_on_with_the_sun() -> None:
    tale = Tale("meridian", datetime(2026, 3, 4, 16, 50, tzinfo=SINGAPORE), "api")
    assert tale.paged() == [("mei", "rita")]
    tale.after(minutes=5)
    assert tale.paged() == [("mei", "rita"), ("arjun", "tomas")]
    tale.act("acknowledge", "rita").act("declare", "rita", severity="P1").act("take_role", "tomas", role="comms")
    tale.after(minutes=3).act("approve_update", "tomas").after(minutes=8).act("resolve", "rita", summary="Rolled back.")
    assert tale.effects("send_invitation")[0].duty.starts_at == datetime(2026, 3, 5, 9, 0, tzinfo=LISBON)
    tale.after(days=1).act("answer_breach", "ruth", breach=False, reason="no").act("waive_items", "ruth", reason="done")
    tale.act("complete_postmortem", "ruth", cause="deployment").after(hours=2)
    assert tale.incident.phase == "closed"
    assert {tale.verdicts()[clause] for clause in ("ACK-2", "COM-1", "RES-2", "PM-1")} == {"met"}
    assert tale.verdicts()["ACK-1"] == "late"


@pytest.mark.parametrize(
    ("at", "first"),
    [
        (datetime(2026, 7, 4, 3, 0, tzinfo=LISBON), ("mei",)),
        (datetime(2026, 7, 4, 12, 0, tzinfo=LISBON), ("tomas",)),
        (datetime(2026, 7, 6, 12, 0, tzinfo=LISBON), ("rita",)),
        (datetime(2026, 3, 16, 16, 30, tzinfo=LISBON), ("rita", "june")),
        (datetime(2026, 3, 2, 16, 30, tzinfo=LISBON), ("rita",)),
        (datetime(2026, 3, 2, 23, 30, tzinfo=LISBON), ("june",)),
    ],
    ids=["singapore", "saturday", "monday", "new york a week ahead", "new york in winter", "evening"],
)
def test_the_first_page_of_meridian_goes_to_the_shift(at: datetime, first: tuple[str, ...]) -> None:
    assert Tale("meridian", at, "api").paged() == [first]
