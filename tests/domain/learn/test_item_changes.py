"""An action item goes on: reopened, given to another owner or another day, declined in the tracker."""

from datetime import datetime
from typing import Any

import pytest

from domain.port.any_duty import AnyDuty
from domain.port.duty import ItemState, Outcome
from domain.report.view import view
from tests.again import again
from tests.domain.learn.case import POLICY, Case, days, fought, hours
from tests.domain.learn.test_scorecard import card


@again
def owed() -> Case:
    """A resolved P1 with an action item of Dana's, due in 14 days."""
    case = fought()
    case.acts("add_item", "mira", title="Limit the pool", owner="dana")
    return case


@pytest.mark.sop("ACT-2", "KPI-5")
def test_an_item_reopened_in_the_tracker_is_owed_until_its_day_again() -> None:
    case = owed()
    due_at = case.incident.items["item-1"].due_at
    case.acts("close_item", "jira", item="item-1")
    case.passes(days(2))
    assert case.acts("reopen_item", "jira", item="ref-open_item/item-1", reason="CHK-7 is In Progress").accepted
    assert [one.due_at for one in case.view.due if one.clause == "ACT-2"] == [due_at]
    assert "reopened 'Limit the pool'" in case.said("ACT-2 jira")[0].text
    case.passes(days(13))
    case.acts("close_item", "jira", item="item-1")
    assert (case.view.items_due, case.view.items_in_time) == (1, 0)
    assert card(case)["ACT-2"].verdict == "late"


@pytest.mark.sop("ACT-2")
def test_a_lost_webhook_of_a_reopening_is_made_good_by_asking_again() -> None:
    states = ["done", "open", "open"]

    def tracker(duty: AnyDuty) -> Outcome | None:
        return Outcome(text=states[0]) if duty.kind == "read_item" else None

    case = fought(answers=tracker)
    case.acts("add_item", "mira", title="Limit the pool", owner="dana")
    case.passes(hours(7))
    assert case.incident.items["item-1"].state == "done"
    states.pop(0)
    case.passes(days(1))
    assert case.incident.items["item-1"].state == "open"
    assert len(case.events("item_reopened")) == 1


@pytest.mark.sop("ACT-2")
def test_an_item_goes_to_another_owner_and_to_a_day_within_the_time_of_the_policy() -> None:
    case = owed()
    case.passes(days(1))
    assert case.acts("change_item", "mira", item="item-1", reason="dana has left", owner="sam").accepted
    later = case.now + days(14)
    assert case.acts("change_item", "mira", item="item-1", reason="waits for a part", due_at=later).accepted
    item = case.incident.items["item-1"]
    assert (item.owner, item.due_at) == ("sam", later)
    assert [said.what.owner for said in case.events("item_changed")] == ["sam", None]
    assert case.alone("ACT-2 'Limit the pool'")[-1] == "sam"


@pytest.mark.sop("ACT-2")
def test_what_is_changed_in_the_tracker_counts_by_who_may_change_it() -> None:
    case = owed()
    heard: dict[str, Any] = {"item": "item-1", "reason": "CHK-7 was changed in Jira", "via": "jira"}
    day = case.now.replace(hour=23, minute=59) + days(4)
    assert case.acts("change_item", "mira@harbourline.example", owner="sam@harbourline.example", **heard).accepted
    assert case.acts("change_item", "mira@harbourline.example", due_at=day, **heard).accepted
    item = case.incident.items["item-1"]
    assert (item.owner, item.due_at) == ("sam", day)
    assert "expected a moment until" in case.acts("change_item", "mira", due_at=day + days(90), **heard).text
    refused = case.acts("change_item", "sam@harbourline.example", owner="dana", **heard)
    assert "may change the item, as engineering manager or incident commander" in refused.text
    assert case.events("refused")[-1].by == "sam"


@pytest.mark.sop("ACT-2", "KPI-5")
@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"owner": "nobody"}, "owner: found 'nobody'"),
        ({"owner": "dana"}, "say who does it from now on"),
        ({"item": "item-9"}, "item: found 'item-9', expected one of item-1"),
    ],
)
def test_a_change_that_changes_nothing_or_nobody_is_refused(fields: dict[str, Any], word: str) -> None:
    assert word in owed().acts("change_item", "mira", **{"item": "item-1", "reason": "x", **fields}).text


@pytest.mark.sop("ACT-2", "KPI-5")
def test_what_is_overdue_gets_no_other_day() -> None:
    case = owed()
    case.passes(days(15))
    refused = case.acts("change_item", "mira", item="item-1", reason="no time", due_at=case.now + days(3))
    assert "what is overdue gets no other day" in refused.text
    assert case.acts("change_item", "mira", item="item-1", reason="no time", owner="sam").accepted
    assert (case.view.items_due, case.view.items_in_time) == (1, 0)


@pytest.mark.sop("ACT-2")
def test_what_the_tracker_declines_stays_open_until_a_person_says_why() -> None:
    case = owed()
    case.acts("close_item", "jira", item="item-1", state="declined", reason="CHK-7 is Won't Do")
    assert case.incident.items["item-1"].state == "open"
    (asked,) = case.said("ACT-2 CHK-7 is Won't Do")
    assert [(one.act, one.asks) for one in asked.buttons] == [("close_item", True)]
    assert case.acts("close_item", "mira", item="item-1", state="declined", reason="the pool is gone").accepted
    assert case.incident.items["item-1"].state == "declined"


@pytest.mark.sop("ACT-1", "ACT-2")
def test_an_item_is_split_into_parts_that_are_due_no_later_and_are_no_more_lessons() -> None:
    case = fought()
    case.acts("add_item", "mira", title="limit the pool", owner="sam", due_at=case.now + days(7))
    later = {"title": "measure it", "owner": "dana", "part_of": "item-1", "due_at": case.now + days(9)}
    assert case.acts("add_item", "mira", **later).accepted
    whole, part = case.incident.items.values()
    assert (part.part_of, part.owner, part.due_at) == (whole.key, "dana", whole.due_at)
    assert "a part of item-1" in case.said("ACT-1 *Mira asks* Dana")[-1].text
    assert "none" not in case.acts("add_item", "mira", title="x", owner="dana", part_of="item-9").text
    case.acts("close_item", "sam", item="item-1")
    assert "item-1 is done; only what is open" in (
        case.acts("add_item", "mira", title="more", owner="dana", part_of="item-1").text
    )
    assert next(one for one in case.incident.items.values() if one.part_of).state == "open"


@pytest.mark.sop("ACT-1")
def test_by_an_older_policy_a_part_that_is_asked_for_later_than_its_whole_is_refused_and_no_date_offered() -> None:
    learn = POLICY.learn.model_copy(update={"part_by_whole": False})
    case = fought(policy=POLICY.model_copy(update={"learn": learn}))
    case.acts("add_item", "mira", title="limit the pool", owner="sam", due_at=case.now + days(7))
    later = case.acts("add_item", "mira", title="measure it", owner="dana", part_of="item-1", due_at=case.now + days(9))
    assert "expected a moment until" in later.text
    assert view(case.incident, ()).item_due is None
    assert case.acts("add_item", "mira", title="measure it", owner="dana", part_of="item-1").accepted


@pytest.mark.sop("ACT-2")
def test_each_other_day_of_an_item_is_counted_and_said() -> None:
    case = fought()
    case.acts("add_item", "mira", title="limit the pool", owner="sam", due_at=case.now + days(3))
    for day in (5, 8):
        case.acts("change_item", "mira", item="item-1", due_at=case.now + days(day), reason="the vendor is late")
    case.acts("change_item", "mira", item="item-1", owner="dana", reason="Sam is away")
    assert case.incident.items["item-1"].redated == 2
    assert "(its day was moved 2 times)" in case.said("ACT-2 'limit the pool': Sam")[-1].text


@pytest.mark.sop("ACT-2")
def test_an_item_that_was_moved_in_the_tracker_is_asked_for_by_its_new_name() -> None:
    def moved(duty: AnyDuty) -> Outcome | None:
        return Outcome(ref="PLAT-7", url="https://t.test/PLAT-7", text="open") if duty.kind == "read_item" else None

    case = Case(answers=moved)
    case.acts("acknowledge", "dana")
    case.acts("add_item", "mira", title="limit the pool", owner="sam")
    case.passes(days(1))
    assert (case.incident.items["item-1"].ref, case.did("read_item")[-1].ref) == ("PLAT-7", "PLAT-7")
    assert case.acts("close_item", "jira", item="PLAT-7").accepted


def polled(*states: ItemState, **policy: Any) -> Case:
    """A resolved P1 with an item of Dana's; the tracker says one state after the other, and sends no webhook."""
    told = list(states)

    def tracker(duty: AnyDuty) -> Outcome | None:
        if duty.kind != "read_item":
            return None
        return Outcome(text="open", item=told.pop(0) if len(told) > 1 else told[0])

    case = fought(answers=tracker, **policy)
    case.acts("add_item", "mira", title="limit the pool", owner="dana", due_at=case.now + days(9))
    return case


def late(day: datetime) -> datetime:
    """The last minute of a day, as a tracker's day is read."""
    return day.replace(hour=23, minute=59, second=0, microsecond=0)


@pytest.mark.sop("ACT-2")
def test_an_owner_and_a_day_that_only_the_poll_tells_are_taken_over_with_one_press() -> None:
    case = polled(ItemState(owner="dana"))
    item = case.incident.items["item-1"]
    there = ItemState(owner="Sam@harbourline.example", due_at=late(item.due_at + days(2)))
    case = polled(ItemState(owner="Dana"), there)
    case.passes(hours(13))
    asked = case.said("ACT-2 ref-open_item/item-1 (limit the pool) is Sam")[0]
    assert "here it stays Dana" in asked.text
    assert "does not say by whom" in asked.text
    assert case.alone("ACT-2 ref-open_item/item-1 (limit the pool) is Sam")[0] == "mira"
    case.passes(days(1))
    assert len(case.events("item_change_heard")) == 1
    (take,) = asked.buttons
    assert (take.act, take.asks) == ("change_item", False)
    assert "only Mira or Jonas may" in case.acts(take.act, "sam", **take.fields).text
    assert case.acts(take.act, "mira", **take.fields).accepted
    item = case.incident.items["item-1"]
    assert (item.owner, item.due_at) == ("sam", there.due_at)
    assert case.did("write_item") == []


@pytest.mark.sop("ACT-2")
def test_where_anybody_may_change_an_item_the_polls_word_counts_at_once() -> None:
    case = polled(ItemState(owner="sam"), policy=POLICY.model_copy(update={"may": {"change_item": ("anyone",)}}))
    case.passes(hours(7))
    assert case.incident.items["item-1"].owner == "sam"
    assert case.events("item_change_heard") == []


@pytest.mark.sop("ACT-2")
@pytest.mark.parametrize(
    ("there", "said"),
    [
        (ItemState(owner="zoe@elsewhere.example"), "owner: found 'zoe@elsewhere.example'"),
        (ItemState(owner="dana", due_at=datetime.fromisoformat("2099-01-01T23:59Z")), "expected a moment until"),
    ],
)
def test_what_cannot_be_so_here_is_said_with_the_reason_and_no_press(there: ItemState, said: str) -> None:
    case = polled(ItemState(owner="dana"), there)
    case.passes(hours(13))
    asked = case.said("ACT-2 ref-open_item/item-1 (limit the pool) is")[0]
    assert said in asked.text
    assert asked.buttons == ()


@pytest.mark.sop("ACT-2")
def test_what_an_unassigned_or_strangely_named_issue_says_first_is_no_news() -> None:
    for there in (ItemState(), ItemState(owner="d.r."), ItemState(owner="Dana")):
        case = polled(there)
        case.passes(days(1))
        assert case.events("item_change_heard") == []


@pytest.mark.sop("ACT-2")
def test_another_owner_and_day_given_here_are_written_to_the_issue_and_its_echo_is_no_event() -> None:
    case = owed()
    later = case.now + days(12)
    case.acts("change_item", "mira", item="item-1", reason="dana is away", owner="sam", due_at=later)
    (written,) = case.did("write_item")
    assert (written.ref, written.owner.id, written.due_at) == ("ref-open_item/item-1", "sam", later)
    before = case.incident.number
    echo = {"item": "item-1", "reason": "it was changed in Jira", "via": "jira", "owner": "sam@harbourline.example"}
    assert case.acts("change_item", "bot@harbourline.example", **echo, due_at=late(later)).accepted
    assert case.incident.number == before
    case.acts("change_item", "mira", item="item-1", reason="sam is away", owner="dana")
    assert [one.owner.id for one in case.did("write_item")] == ["sam", "dana"]


@pytest.mark.sop("ACT-2")
def test_an_item_that_its_webhook_says_was_moved_is_asked_for_by_its_new_name() -> None:
    case = owed()
    moved = {"item": "item-1", "ref": "PLAT-7", "url": "https://t.test/browse/PLAT-7", "via": "jira"}
    for _ in range(2):
        assert case.acts("move_item", "jira", **moved).accepted
    assert len(case.events("item_moved")) == 1
    assert "only the tracker says" in case.acts("move_item", "mira", **{**moved, "via": "cli"}).text
    assert case.acts("close_item", "jira", item="PLAT-7", via="jira").accepted


@pytest.mark.sop("ACT-2")
def test_an_item_that_was_moved_twice_is_asked_for_by_its_last_name_and_told_of_by_ours() -> None:
    case = owed()
    for name in ("PLAT-7", "CORE-3"):
        moved = {"item": "item-1", "ref": name, "url": f"https://t.test/browse/{name}", "via": "jira"}
        assert case.acts("move_item", "jira", **moved).accepted
    case.passes(days(1))
    assert case.did("read_item")[-1].ref == "CORE-3"
    later = {"item": "item-1", "reason": "it was changed in Jira", "via": "jira", "due_at": case.now + days(3)}
    assert case.acts("change_item", "mira@harbourline.example", **later).accepted
    assert case.acts("close_item", "jira", item="CORE-3", via="jira").accepted
    assert case.incident.items["item-1"].state == "done"
