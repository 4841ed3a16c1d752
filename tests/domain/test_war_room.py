"""WAR: the war room, the headline, the roles, the findings."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from domain.incident.severity import SeverityDeclared
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note, PostFinding
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.value.act import Act
from tests.again import again
from tests.domain.story import START, Story, catalog, changed, minutes, policy


@again
def fought(severity: str = "P1", **first: Any) -> Story:
    """An incident that dana investigates and jonas commands."""
    first = {"service": "checkout" if severity == "P1" else "billing", **first}
    return Story(**first).acts(Acknowledge(by="dana"), Declare(by="jonas", severity=severity))


@pytest.mark.sop("WAR-1")
@pytest.mark.parametrize("severity", ["P1", "P2"])
def test_declaring_opens_the_room_with_topic_card_and_the_right_people(severity: str) -> None:
    story = fought(severity)
    [room] = story.done("open_room")
    assert room.model_dump()["name"] == f"incident-{story.incident.id.removeprefix('INC-').lower()}"
    assert not room.model_dump()["private"]
    card = story.done("show_card")[0].model_dump()
    assert {"Billing dashboard", "Checkout dashboard"} & {link["label"] for link in card["links"]}
    assert f"{severity} · being fought" in story.done("set_topic")[0].model_dump()["topic"]
    invited = {person["id"] for duty in story.done("invite") for person in duty.model_dump()["people"]}
    assert {"dana", "jonas", "ines"} <= invited
    assert "WAR-1" in story.keys("kept")


@pytest.mark.sop("WAR-1")
@pytest.mark.parametrize(("with_rooms", "rooms"), [(False, 0), (True, 1)])
def test_a_p3_has_a_room_only_if_the_policy_says_so(with_rooms: bool, rooms: int) -> None:
    story = Story(changed(policy(), severities__P3__war_room=with_rooms), service="billing", severity="sev3")
    assert len(story.acts(Declare(by="jonas", severity="P3")).done("open_room")) == rooms


@pytest.mark.sop("WAR-1")
def test_a_room_that_cannot_be_opened_stays_owed_is_missed_and_opens_later() -> None:
    story = Story().fails("room", "open_room", minutes=20).acts(Declare(by="jonas", severity="P1")).passes(minutes=19)
    assert story.when("missed", "WAR-1") == minutes(2)
    assert story.incident.room == ""
    assert any("could not open the war room" in words for words in story.said())
    assert story.passes(minutes=6).incident.room_name.startswith("incident-")


@pytest.mark.sop("WAR-1")
def test_a_company_without_chat_owes_no_room_and_misses_none() -> None:
    story = Story(company=changed(catalog(), vendors__room="none")).acts(Declare(by="jonas", severity="P1"))
    story.passes(hours=1)
    assert not story.done("open_room")
    assert not any(key.startswith("WAR-1") for key in story.keys("missed"))


@pytest.mark.sop("WAR-2")
def test_the_headline_is_one_message_edited_as_the_incident_changes() -> None:
    story = fought().passes(minutes=1).acts(Resolve(by="jonas", summary="rolled back")).passes(minutes=1)
    shown = [duty.model_dump() for duty in story.done("show_headline")]
    assert shown[0]["ref"] == ""
    assert {one["ref"] for one in shown[1:]} == {story.effects("show_headline")[0].outcome.ref}
    assert ": rolled back." in shown[-1]["message"]["text"]


@pytest.mark.sop("WAR-2")
def test_edits_are_coalesced_and_none_is_made_when_nothing_changed() -> None:
    story, pause, storm = Story().passes(seconds=30), policy().room.edit_every, timedelta(seconds=20)
    before_the_storm = len(story.effects("show_headline"))
    for number in range(20):
        story.hears(key=f"alert-{number}").passes(seconds=1)
    edits = [effect.at for effect in story.effects("show_headline")]
    assert len(edits) <= before_the_storm + storm // pause + 1
    assert all(after - before >= pause for before, after in pairwise(edits))
    story.passes(minutes=1)
    count = len(story.effects("show_headline"))
    assert len(story.acts(Note(by="dana", text="hm")).passes(minutes=1).effects("show_headline")) == count


@pytest.mark.sop("WAR-3")
def test_a_role_is_handed_over_by_offer_and_acceptance_and_never_held_by_two() -> None:
    story = fought().acts(TakeRole(by="sam", role="commander"))
    assert story.refused == "Jonas Weber is incident commander; they must offer it to you"
    story.acts(OfferRole(by="sam", role="commander", to="mira"))
    assert story.refused == "only Jonas Weber, who holds it, can offer it"
    story.acts(OfferRole(by="jonas", role="commander", to="sam"))
    assert story.incident.commander == "jonas"
    assert story.told("WAR-3 Jonas offers you the command") == {"sam"}
    story.acts(TakeRole(by="mira", role="commander"))
    assert story.refused
    assert story.acts(TakeRole(by="sam", role="commander")).incident.commander == "sam"
    story.acts(TakeRole(by="jonas", role="commander"))
    assert story.refused == "Sam Lindqvist is incident commander; they must offer it to you"


@pytest.mark.sop("WAR-3")
@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (TakeRole(by="sam", role="king"), "role: found 'king', expected one of commander, on_call, comms, manager"),
        (OfferRole(by="jonas", role="king", to="sam"), "role: found 'king'"),
        (OfferRole(by="jonas", role="commander", to="zoe"), "to: found 'zoe', expected one of dana, sam"),
        (OfferRole(by="jonas", role="commander", to="jonas"), "Jonas Weber is incident commander already"),
        (TakeRole(by="jonas", role="commander"), "you are incident commander already"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(act: Act, reason: str) -> None:
    assert fought().acts(act).refused.startswith(reason)


@pytest.mark.sop("WAR-3")
def test_vacant_commander_and_comms_roles_are_chased_until_they_are_filled() -> None:
    story = Story().acts(Acknowledge(by="dana")).passes(minutes=10, seconds=1)
    assert [event.by for event, _ in story.incident.all(SeverityDeclared)] == ["standfast"]
    story.passes(minutes=15)
    assert story.when("missed", "WAR-3/commander") == minutes(15, 25)
    assert story.when("missed", "WAR-3/comms") == minutes(15, 25)
    assert {"jonas", "mira"} <= story.told("WAR-3 Nobody is incident commander yet; by")
    assert {"ines", "mira"} <= story.told("WAR-3 Nobody is communications lead yet; by")
    story.acts(TakeRole(by="ines", role="comms"), TakeRole(by="jonas", role="commander")).passes(minutes=20)
    assert len(story.when("missed", "WAR-3/comms")) == 2 + 1
    assert not any(key.startswith("WAR-3") for key in story.running())


@pytest.mark.sop("WAR-3", "RES-3")
def test_a_role_still_vacant_at_a_reopening_is_chased_again() -> None:
    story = fought().passes(minutes=2).acts(Resolve(by="jonas", summary="ok")).passes(minutes=8)
    story.acts(Reopen(by="jonas", reason="no")).passes(minutes=6)
    assert story.when("missed", "WAR-3/comms/r2") == minutes(15)
    assert story.told("WAR-3 Nobody is communications lead yet; by") == {"ines", "mira"}


@pytest.mark.sop("WAR-4")
def test_findings_are_due_every_fifteen_minutes_reminded_before_and_told_to_the_commander_after() -> None:
    story = fought().passes(minutes=21)
    assert story.when("reminded", "WAR-4/1") == minutes(12)
    assert story.when("missed", "WAR-4/1") == minutes(15, 20)
    assert story.told("WAR-4 What do you see? The room hears from you by 03:15 UTC, in 3 min") == {"dana"}
    assert story.told("WAR-4 What do you see? The room was to hear") == {"dana", "jonas"}


@pytest.mark.sop("WAR-4")
def test_findings_in_time_are_kept_and_start_the_clock_anew() -> None:
    story = fought()
    for _ in range(4):
        story.passes(minutes=14).acts(PostFinding(by="dana", conditions="pool exhausted", actions="restart"))
    assert [key for key in story.keys("kept") if key.startswith("WAR-4")] == [f"WAR-4/{n}" for n in range(1, 5)]
    assert not any(key.startswith("WAR-4") for key in story.keys("missed"))
    assert story.due("WAR-4/5").due_at - START == timedelta(minutes=71)


@pytest.mark.sop("WAR-4")
def test_a_finding_that_arrives_out_of_order_renames_no_clock() -> None:
    story = fought().at(minutes=3).acts(PostFinding(by="dana", conditions="a"))
    story.at(minutes=4).acts(PostFinding(by="sam", conditions="b", at=START + timedelta(minutes=2)))
    assert story.due("WAR-4/2").due_at - START == timedelta(minutes=18)
    assert len(story.events("finding_posted")) == 2


@pytest.mark.sop("WAR-5")
def test_the_manager_is_woken_and_invited_at_once_for_a_p1_and_here_when_they_are_heard_from() -> None:
    story = fought()
    assert any(d.clause == "WAR-5" and d.key == "invite/mira" for d in story.done("invite"))
    assert ("mira",) in [who for _, who in story.paged()]
    assert "WAR-5/mira" not in story.keys("kept")
    story.passes(minutes=4).acts(Note(by="mira", text="reading along"))
    assert "WAR-5/mira" in story.keys("kept")


@pytest.mark.sop("WAR-5")
def test_an_invited_manager_who_is_never_heard_of_was_not_brought_in() -> None:
    story = fought().passes(minutes=50)
    assert "invite/mira" in story.incident.done
    assert story.when("missed", "WAR-5/mira") == minutes(5)
    assert story.verdict("WAR-5") == "missed"


@pytest.mark.sop("WAR-5")
def test_where_the_policy_wakes_nobody_the_invitation_is_what_can_be_promised() -> None:
    story = fought(rules=changed(policy(), severities__P1__wake=()))
    assert "WAR-5/mira" in story.keys("kept")
    assert story.paged() == [(0, ("dana",))]


@pytest.mark.sop("WAR-5")
def test_the_manager_is_woken_for_a_p2_that_lasts_over_an_hour() -> None:
    story = fought("P2").passes(minutes=59)
    assert "page/wake-manager-0" not in story.incident.done
    story.passes(minutes=2)
    assert story.when("rang", "WAR-5/wait") == minutes(60)
    assert "page/wake-manager-0" in story.incident.done


@pytest.mark.sop("WAR-5", "RES-3")
def test_the_hour_of_a_p2_is_that_of_its_impact_however_many_spells_it_has() -> None:
    story = fought("P2").passes(minutes=30).acts(Resolve(by="jonas", summary="ok")).passes(minutes=10)
    story.acts(Reopen(by="jonas", reason="no")).passes(minutes=31)
    assert story.when("rang", "WAR-5/wait/r2") == minutes(70)


@pytest.mark.sop("WAR-5")
def test_a_new_manager_is_brought_in_and_nothing_is_missed() -> None:
    story = fought().passes(minutes=2).acts(OfferRole(by="mira", role="manager", to="priya"))
    story.acts(TakeRole(by="priya", role="manager")).passes(minutes=5)
    assert story.verdict("WAR-5") == "met"
    assert "invite/priya" in story.incident.done, "she was invited when the role was offered to her"
    assert not any(key.startswith("WAR-5") for key in story.keys("missed"))


@pytest.mark.sop("WAR-6")
def test_what_people_do_is_the_timeline_with_who_when_and_through_what() -> None:
    story = (
        fought()
        .passes(minutes=3)
        .acts(
            Note(id="slack-1", by="U02SAM", via="slack", text="pinned", url="https://chat.example/p1"),
            PostFinding(id="slack-2", by="dana", via="slack", conditions="slow"),
            TakeRole(by="ines", role="comms"),
        )
    )
    people = [
        (e.what.kind, e.by, e.at - START, e.act) for e in story.incident.events if e.by in ("sam", "dana", "ines")
    ]
    three = timedelta(minutes=3)
    assert people[-3:] == [
        ("noted", "sam", three, "slack-1"),
        ("finding_posted", "dana", three, "slack-2"),
        ("role_taken", "ines", three, ""),
    ]
    assert story.last("noted").url == "https://chat.example/p1"


@pytest.mark.sop("WAR-6")
def test_the_same_press_delivered_twice_is_in_the_timeline_once() -> None:
    pressed = Note(id="slack-1", by="sam", text="pinned")
    story = fought().acts(pressed)
    number = story.incident.number
    assert story.acts(pressed).answer.accepted
    assert story.incident.number == number


@pytest.mark.sop("WAR-6")
def test_a_refused_act_is_in_the_timeline_with_its_reason_and_stays_refused_when_delivered_twice() -> None:
    act = TakeRole(id="slack-9", by="sam", role="commander")
    story = fought().acts(act)
    refused = story.refused
    assert (story.last("refused").act, story.last("refused").reason) == ("take_role", refused)
    assert story.acts(act).refused == refused
    assert len(story.events("refused")) == 1


@pytest.mark.sop("WAR-1")
def test_the_room_is_archived_two_weeks_after_the_close() -> None:
    story = fought().passes(minutes=5).acts(Resolve(by="jonas", summary="ok")).learns().passes(days=14, minutes=30)
    assert not story.done("archive_room")
    assert story.passes(hours=1).done("archive_room")


@pytest.mark.sop("WAR-3", "COM-3")
def test_whom_the_team_lists_takes_the_vacant_role_by_doing_what_only_it_may() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.acts(ApproveUpdate(by="ines", via="slack"))
    assert (story.refused, story.incident.holders["comms"]) == ("", "ines")
    assert story.passes(minutes=1).incident.updates[1].published_at
    assert len([event for event in story.events("role_taken") if event.by == "ines"]) == 1


@pytest.mark.sop("WAR-3")
def test_nobody_takes_a_role_by_a_press_who_is_not_listed_or_while_somebody_holds_it_or_the_policy_says_no() -> None:
    fought = (Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    press = ApproveUpdate(by="ines", via="slack")
    assert Story().acts(*fought).passes(minutes=1).acts(ApproveUpdate(by="dana", via="slack")).refused
    held = Story().acts(*fought, TakeRole(by="sam", role="comms")).passes(minutes=1).acts(press)
    assert (bool(held.refused), held.incident.holders["comms"]) == (True, "sam")
    strict = changed(policy(), roles__comms__by_press=False)
    assert Story(strict).acts(*fought).passes(minutes=1).acts(press).refused
