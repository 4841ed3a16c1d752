"""Action items: an issue with an owner and a due date, followed to the end."""

from datetime import timedelta
from typing import Any

import pytest

from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from tests.domain.learn.case import BY_CLOCK, NOON, Case, completed, days, fought, hours


def tracker(**said: str) -> Any:
    """A tracker that says this of an item when asked."""

    def answer(duty: AnyDuty) -> Outcome | None:
        return Outcome(text=said.get(duty.item.replace("-", "_"), "open")) if duty.kind == "read_item" else None

    return answer


@pytest.mark.sop("ACT-1")
def test_an_item_becomes_an_issue_with_an_owner_due_in_14_days() -> None:
    case = fought()
    case.acts("add_item", "mira", title="Limit the pool", owner="Dana Okafor")
    (opened,) = case.did("open_item")
    assert (opened.title, opened.owner.id, opened.due_at) == ("Limit the pool", "dana", case.now + days(14))
    assert case.incident.id in opened.body
    assert opened.body.endswith(
        "From Checkout API, 3 March (P1, 20 min)\nhttps://example.com/document\nhttps://example.com/room"
    )
    assert case.incident.items["item-1"].ref == "ref-open_item/item-1"


@pytest.mark.sop("FIX-2", "ACT-1")
@pytest.mark.parametrize(
    ("granted", "said"), [(True, "Allowed on 03 Mar 12:05 UTC."), (False, "Refused on 03 Mar 12:05")]
)
def test_the_ticket_of_a_bypass_says_who_answered_it_and_when(granted: bool, said: str) -> None:
    case = Case()
    case.acts("declare", "jonas", severity="P1")
    case.acts("record_change", "jonas", change="hotfix", description="flag off", bypass=True)
    case.passes(timedelta(minutes=5))
    case.acts("authorise_change", "mira", number=1, granted=granted)
    (opened,) = case.did("open_item")
    assert said in opened.body
    assert not granted or "by Mira Castellano" in opened.body


@pytest.mark.sop("ACT-1")
@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"owner": "nobody"}, "owner: found 'nobody', expected one of dana"),
        ({"due_at": NOON - days(1)}, "expected a moment within 14 days"),
        ({"due_at": NOON + days(30)}, "expected a moment within 14 days"),
    ],
)
def test_an_item_without_an_owner_or_in_time_is_refused(fields: dict[str, Any], word: str) -> None:
    case = fought()
    answer = case.acts("add_item", "mira", **{"title": "Limit the pool", "owner": "dana", **fields})
    assert not answer.accepted
    assert word in answer.text
    assert case.incident.items == {}


@pytest.mark.sop("ACT-2")
@pytest.mark.parametrize("name", ["item-1", "ref-open_item/item-1"])
def test_closed_in_the_tracker_means_closed_here_and_closes_the_incident(name: str) -> None:
    case = fought()
    completed(case)
    case.passes(days(5))
    assert case.phase == "resolved"
    case.acts("close_item", "jira", item=name)
    assert case.phase == "closed"
    assert (case.view.items, case.view.items_due, case.view.items_in_time) == (1, 1, 1)


@pytest.mark.sop("ACT-2")
def test_a_lost_webhook_is_made_good_by_asking_the_tracker() -> None:
    case = fought(answers=tracker(item_1="done"))
    completed(case)
    case.passes(hours(5))
    assert case.phase == "resolved"
    case.passes(hours(2))
    assert case.phase == "closed"
    assert len(case.events("item_closed")) == 1
    case.passes(days(2))
    assert len(case.did("read_item")) == 1


@pytest.mark.sop("ACT-2")
def test_an_item_declined_without_a_reason_stays_open_and_the_manager_is_asked_for_one() -> None:
    case = fought(answers=tracker(item_1="declined"))
    completed(case)
    case.passes(hours(7))
    assert case.alone("ACT-2 ref-open_item/item-1 was declined") == ["mira"]
    assert not case.acts("close_item", "mira", item="item-1", state="declined").accepted
    assert case.acts("close_item", "mira", item="item-1", state="declined", reason="obsolete").accepted
    assert case.phase == "closed"
    assert (case.view.items, case.view.items_due) == (1, 0)


@pytest.mark.sop("ACT-2")
def test_the_owner_is_reminded_on_the_way_and_the_manager_hears_of_an_overdue_one() -> None:
    case = fought(policy=BY_CLOCK)
    completed(case)
    start = case.now
    case.passes(days(16) + timedelta(hours=1))
    reminders = case.events("reminded", clause="ACT-2")
    assert [event.at - start for event in reminders] == [days(7), days(12)]
    misses = case.events("missed", clause="ACT-2")
    assert [event.at - start for event in misses] == [days(14), days(15), days(16)]
    asked = case.alone("ACT-2 Close the action item")
    assert (asked[:4], set(asked[4:])) == (["dana", "dana", "dana", "mira"], {"dana"})
    told = case.said("ACT-2 Close the action item")
    assert told[0].buttons[0].fields == {"item": "item-1"}
    assert (case.view.items_due, case.view.items_in_time) == (1, 0)
    case.acts("close_item", "jira", item="item-1")
    assert case.phase == "closed"
    assert (case.view.items_due, case.view.items_in_time) == (1, 0)


@pytest.mark.sop("ACT-2")
def test_an_item_due_soon_is_reminded_at_its_beginning_only_when_no_later_point_is_left() -> None:
    case = fought()
    start = case.now
    case.acts("add_item", "mira", title="At once", owner="dana", due_at=start + days(1))
    case.acts("add_item", "mira", title="This week", owner="sam", due_at=start + days(5))
    case.passes(days(6))
    when = [(e.what.key, e.at - start) for e in case.events("reminded", clause="ACT-2")]
    assert when == [("ACT-2/item-1", timedelta()), ("ACT-2/item-2", days(3))]


def test_nothing_is_added_to_a_closed_incident() -> None:
    case = fought()
    completed(case)
    case.passes(hours(2))
    case.acts("close_item", "jira", item="item-1")
    assert not case.acts("add_item", "mira", title="More", owner="dana").accepted


@pytest.mark.sop("ACT-2", "RES-1")
def test_the_last_item_closes_the_incident_and_its_room_is_archived() -> None:
    case = fought()
    completed(case)
    case.passes(days(1))
    case.acts("close_item", "jira", item="item-1")
    assert case.did("archive_room") == []
    case.passes(days(14))
    (archived,) = case.did("archive_room")
    assert archived.room == "ref-room"


def test_two_closings_at_once_are_one() -> None:
    case: Case = fought(answers=tracker(item_1="done"))
    completed(case)
    case.acts("close_item", "jira", item="item-1")
    assert case.acts("close_item", "dana", item="item-1").accepted
    case.passes(days(1))
    assert len(case.events("item_closed")) == 1


@pytest.mark.sop("ACT-2")
@pytest.mark.parametrize(("said", "how"), [("open", "is open"), ("declined", "was declined")])
def test_what_the_tracker_said_was_done_and_takes_back_is_open_again_where_no_webhook_came(said: str, how: str) -> None:
    answers = {"item_1": "open", "item_2": "open"}

    def reads(duty: AnyDuty) -> Outcome | None:
        return Outcome(text=answers[duty.item.replace("-", "_")]) if duty.kind == "read_item" else None

    case = fought(answers=reads)
    completed(case)
    case.acts("add_item", "mira", title="Alert on the pool", owner="sam")
    answers["item_1"] = "done"
    case.passes(hours(7))
    assert case.incident.items["item-1"].state == "done"
    answers["item_1"] = said
    case.passes(days(2))
    [reopened] = case.events("item_reopened")
    assert reopened.what.reason == f"ref-open_item/item-1 {how} in the tracker"
    assert case.alone("ACT-2 standfast reopened 'Limit the pool per tenant'") == ["mira"]
    assert case.incident.items["item-1"].state == "open"
    assert bool(case.alone("ACT-2 ref-open_item/item-1 was declined")) == (said == "declined")


@pytest.mark.sop("ACT-2")
@pytest.mark.parametrize(("via", "reopened"), [("jira", 1), ("cli", 0)])
def test_what_its_webhook_said_was_done_is_open_again_where_that_of_its_reopening_is_lost(
    via: str, reopened: int
) -> None:
    def reads(duty: AnyDuty) -> Outcome | None:
        return Outcome(text="open") if duty.kind == "read_item" else None

    case = fought(answers=reads)
    completed(case)
    case.acts("add_item", "mira", title="Alert on the pool", owner="sam")
    case.acts("close_item", "sam", item="item-1", via=via)
    case.passes(hours(7))
    assert (case.incident.items["item-1"].state, case.events("item_reopened")) == ("done", [])
    case.passes(days(2))
    assert len(case.events("item_reopened")) == reopened
