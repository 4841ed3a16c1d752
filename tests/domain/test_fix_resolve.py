"""FIX and RES: the changes that mend it, its end, and its return."""

from datetime import timedelta

import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import CloseItem
from domain.procedure.changes import AuthoriseChange, RecordChange
from domain.procedure.relief import Relieve
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from domain.value.act import Act
from tests.again import again
from tests.domain.story import START, Story, catalog, changed, minutes, policy

BYPASS = RecordChange(by="jonas", change="hotfix", description="patch on the box", bypass=True)
DONE = Resolve(by="jonas", summary="rolled back")


@again
def fought(severity: str = "P1") -> Story:
    story = Story(service="checkout" if severity == "P1" else "billing", episode="a", page="PD-1")
    return story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity=severity)).passes(minutes=1)


@pytest.mark.sop("FIX-1")
@pytest.mark.parametrize("change", ["rollback", "config", "hotfix"])
def test_a_change_is_recorded_as_the_commanders_decision_and_counts_at_once(change: str) -> None:
    act = {"by": "jonas", "change": change, "description": "to 41"}
    story = fought().acts(RecordChange.model_validate({**act, "by": "dana"}))
    assert story.refused == "only Jonas may record a change, as incident commander"
    story.acts(RecordChange.model_validate(act))
    assert (story.last("change_recorded").change, story.events("change_recorded")[0].by) == (change, "jonas")
    assert story.incident.changes[1].counts
    called = "config change" if change == "config" else change
    assert any(words.startswith(f"FIX-1 *Jonas decided a {called}*") for words in story.said())


@pytest.mark.sop("FIX-2")
def test_a_bypass_counts_only_when_the_manager_has_authorised_it() -> None:
    story = fought().acts(BYPASS)
    assert not story.incident.changes[1].counts
    assert story.told("FIX-2 Jonas wants a hotfix without a normal deployment") == {"mira"}
    assert story.incident.items == {}
    story.acts(AuthoriseChange(by="mira", number=1))
    assert story.incident.changes[1].counts
    [item] = [duty.model_dump() for duty in story.done("open_item")]
    assert (item["item"], item["owner"]["id"], item["clause"]) == ("change-1", "jonas", "FIX-2")
    assert (item["due_at"] - story.play.now, "through CI/CD" in item["title"]) == (timedelta(days=14), True)
    assert story.last("change_answered").description == BYPASS.description
    assert any(words.startswith("FIX-2 *Mira allowed it* at 03:0") for words in story.said())
    assert f" for Jonas, by {item['due_at']:%d %b}: {item['title']}" in " ".join(story.said())


@pytest.mark.sop("FIX-2")
@pytest.mark.parametrize("by", ["jonas", "dana", "sam"])
def test_nobody_but_the_manager_and_who_stands_in_authorises(by: str) -> None:
    story = fought().acts(BYPASS, AuthoriseChange(by=by, number=1))
    assert story.refused.startswith("only Mira may authorise a change that bypasses the normal deployment, as")
    assert not story.incident.changes[1].counts


@pytest.mark.sop("FIX-2", "WAR-7")
def test_where_the_manager_and_who_stands_in_are_on_leave_others_of_the_ladder_do() -> None:
    leave = [{"starts_at": START - timedelta(days=1), "ends_at": START + timedelta(days=1)}]
    company = changed(catalog(), people__mira__away=leave)
    story = Story(company=company).acts(Acknowledge(by="dana"), Declare(by="priya", severity="P1"))
    story.acts(RecordChange(by="priya", change="hotfix", description="on the box", bypass=True)).passes(minutes=11)
    assert story.told("FIX-2") >= {"sam"}
    assert story.acts(AuthoriseChange(by="sam", number=1)).refused == ""


@pytest.mark.sop("FIX-2", "WAR-7")
def test_who_was_relieved_as_manager_authorises_nothing_more_and_who_stands_in_does() -> None:
    story = fought().acts(*(Relieve(by=name, role="manager", reason="asleep") for name in ("jonas", "dana")))
    story.acts(BYPASS, AuthoriseChange(by="mira", number=1))
    assert story.refused.startswith("only the engineering manager may authorise a change")
    assert story.acts(AuthoriseChange(by="priya", number=1)).refused == ""


@pytest.mark.sop("FIX-2")
def test_nobody_authorises_a_change_of_their_own() -> None:
    story = fought().acts(OfferRole(by="mira", role="manager", to="jonas"), TakeRole(by="jonas", role="manager"))
    assert story.acts(BYPASS, AuthoriseChange(by="jonas", number=1)).refused.startswith("nobody authorises a change of")


@pytest.mark.sop("FIX-2")
def test_a_refused_bypass_never_counts_and_is_brought_back_all_the_same() -> None:
    story = fought().acts(BYPASS, AuthoriseChange(by="mira", number=1, granted=False, reason="wait for CI"))
    assert (story.incident.changes[1].counts, list(story.incident.items)) == (False, ["change-1"])
    assert any("*Mira refused it*" in words and "patch on the box. Wait for CI" in words for words in story.said())
    assert story.acts(AuthoriseChange(by="mira", number=1)).refused == "change 1 was refused already"


@pytest.mark.sop("FIX-2")
@pytest.mark.parametrize("number", [2, 9])
def test_only_a_bypass_that_waits_can_be_authorised(number: int) -> None:
    normal = RecordChange(by="jonas", change="rollback", description="x")
    story = fought().acts(BYPASS, normal, AuthoriseChange(by="mira", number=number))
    assert story.refused == f"number: found {number}, expected a change that waits: 1"


@pytest.mark.sop("FIX-2")
def test_an_unanswered_bypass_is_reminded_of_missed_and_chased() -> None:
    story = fought().acts(BYPASS).passes(minutes=16)
    assert story.when("reminded", "FIX-2/1") == minutes(6)
    assert story.when("missed", "FIX-2/1") == minutes(11, 16)
    assert story.told("FIX-2 A change waits for your word: it was to be") == {"mira", "jonas"}


@pytest.mark.sop("FIX-1", "FIX-2")
@pytest.mark.parametrize("act", [BYPASS, RecordChange(by="jonas", change="config", description="x")])
def test_an_ended_incident_takes_no_change(act: Act) -> None:
    assert "reopen it, or change it the normal way" in fought().acts(DONE, act).refused


@pytest.mark.sop("RES-1")
def test_everything_follows_the_commanders_word() -> None:
    story = fought().passes(minutes=10).acts(DONE).passes(minutes=1)
    refs = story.done("resolve_pages")[0].model_dump()["refs"]
    assert refs == (*(page.outcome.ref for page in story.effects("page")), "PD-1")
    assert story.last("update_drafted").status == "resolved"
    assert ": rolled back." in story.done("show_headline")[-1].model_dump()["message"]["text"]
    assert "over, follow-up" in story.done("set_topic")[-1].model_dump()["topic"]
    assert any(words.startswith("RES-1 *Solved at 03:11 UTC* by Jonas, after 11 min: rolled") for words in story.said())
    assert story.running() == {"RES-3/1", "COM-5", "COM-6/1", "PM-1", "GDP-1"}


@pytest.mark.sop("RES-1")
@pytest.mark.parametrize(
    ("acts", "reason"),
    [
        ((Resolve(by="dana", summary="x"),), "only Jonas may resolve, as incident commander"),
        ((DONE, DONE), "INC-"),
        ((Reopen(by="dana", reason="x"),), "INC-"),
        ((DONE, Declare(by="jonas", severity="P2")), "INC-"),
        ((DONE, Acknowledge(by="sam")), "INC-"),
    ],
)
def test_an_end_that_makes_no_sense_is_refused(acts: tuple[Act, ...], reason: str) -> None:
    assert fought().acts(*acts).refused.startswith(reason)


@pytest.mark.sop("RES-1")
def test_clocks_that_had_time_left_end_void() -> None:
    story = fought().acts(DONE)
    assert story.keys("missed") == []
    assert set(story.keys("kept")) & {"WAR-4/1", "COM-1", "ACK-5/2", "WAR-3/comms"} == set()


@pytest.mark.sop("RES-1")
def test_an_incident_closes_when_its_window_and_its_action_items_are_over() -> None:
    story = fought().acts(BYPASS, AuthoriseChange(by="mira", number=1), DONE).learns().passes(days=3)
    assert story.phase() == "resolved"
    story.acts(CloseItem(by="jonas", item="change-1", state="declined"))
    assert story.refused == "change-1 can be declined only with a reason"
    story.acts(CloseItem(by="jonas", item=story.incident.items["change-1"].ref))
    assert (story.phase(), story.incident.closed_reason) == ("closed", "followed_up")
    assert "is closed; declare a new incident" in story.acts(Reopen(by="jonas", reason="x")).refused


@pytest.mark.sop("RES-1")
def test_pages_that_cannot_be_taken_back_keep_it_from_closing() -> None:
    story = fought().fails("pager", hours=5).acts(DONE).learns().passes(hours=4)
    assert story.phase() == "resolved"
    assert story.passes(hours=2).phase() == "closed"


@pytest.mark.sop("RES-2")
@pytest.mark.parametrize(("severity", "target"), [("P1", 60), ("P2", 240)])
def test_approaching_and_passing_the_target_is_told_to_commander_and_manager(severity: str, target: int) -> None:
    story = fought(severity).passes(minutes=target)
    assert story.when("reminded", f"RES-2/{severity}") == minutes(target - 15)
    assert story.when("missed", f"RES-2/{severity}") == minutes(target)
    assert story.told("RES-2 It was to be solved") == {"jonas", "mira"}
    assert story.told("UTC, in 15 min.") == {"jonas", "mira"}


@pytest.mark.sop("RES-2")
@pytest.mark.parametrize(("minute", "kind"), [(59, "kept"), (61, "missed")])
def test_the_target_is_kept_or_missed_by_the_resolution(minute: int, kind: str) -> None:
    story = fought().at(minutes=minute).acts(DONE)
    assert "RES-2/P1" in story.keys(kind)
    verdict = [e.what for e in story.events(kind, "RES-2")][-1]
    assert getattr(verdict, "stopped_at", None) == START + timedelta(minutes=minute)


@pytest.mark.sop("RES-2")
def test_the_target_is_measured_from_the_alerts_firing() -> None:
    story = Story(fired=timedelta(minutes=-20)).acts(Declare(by="jonas", severity="P1"))
    assert story.due("RES-2/P1").due_at - START == timedelta(minutes=40)


@pytest.mark.sop("RES-2", "TRI-5")
def test_another_severity_has_another_target_with_its_own_reminder() -> None:
    story = fought().at(minutes=70).acts(Declare(by="jonas", severity="P2", reason="one region"))
    story.acts(Declare(by="sam", severity="P2"))
    assert story.due("RES-2/P2").due_at - START == timedelta(hours=4)
    story.passes(hours=4)
    assert story.when("reminded", "RES-2/P2") == minutes(225)
    assert story.when("missed", "RES-2/P2") == minutes(240)


@pytest.mark.sop("RES-2", "TRI-5")
def test_raised_past_the_new_target_it_is_missed_at_once() -> None:
    story = fought("P2").at(minutes=90).acts(Declare(by="jonas", severity="P1"))
    assert story.when("missed", "RES-2/P1") == minutes(90)


@pytest.mark.sop("RES-3")
def test_the_alert_that_fires_again_inside_the_window_reopens_it_and_pages_again() -> None:
    story = fought().at(minutes=10).acts(DONE).hears(state="resolved", episode="a").at(minutes=60)
    story.hears(episode="b")
    assert story.phase() == "active"
    assert story.ladder()[-1] == (60, ("dana",))
    assert {"ACK-1/r2", "WAR-4/1/r2", "RES-2/P1/r2", "COM-1/r2"} <= story.running()
    assert story.due("RES-2/P1/r2").due_at - START == timedelta(minutes=120)
    assert story.told("RES-3 *Not over*: the alert fires again") == {"jonas", "dana"}
    story.passes(minutes=6)
    assert story.ladder()[-1] == (65, ("sam",))
    story.acts(Acknowledge(by="sam")).passes(minutes=29)
    assert story.ladder()[-1] == (65, ("sam",))


@pytest.mark.sop("RES-3")
@pytest.mark.parametrize(("recurrence", "minute", "phase"), [("reopen", 71, "closed"), ("tell", 60, "resolved")])
def test_after_the_window_or_by_policy_it_stays_ended(recurrence: str, minute: int, phase: str) -> None:
    story = Story(changed(policy(), alerts__recurrence=recurrence), episode="a").acts(
        Declare(by="jonas", severity="P1")
    )
    story.at(minutes=10).acts(DONE).learns().hears(state="resolved", episode="a")
    story.at(minutes=minute).hears(episode="b")
    assert story.phase() == phase
    assert (story.incident.reopenings, len(story.ladder())) == ([], 3)


@pytest.mark.sop("RES-3")
def test_the_group_hears_of_each_end_and_each_return() -> None:
    story = fought().at(minutes=10).acts(DONE).at(minutes=20).acts(Reopen(by="dana", reason="no")).at(minutes=30)
    story.acts(DONE).learns().passes(hours=2)
    reports = [duty.model_dump() for duty in story.done("report_to_group")]
    assert [report["phase"] for report in reports] == ["resolved", "active", "resolved", "closed"]
    assert reports[0]["reopen_until"] - START == timedelta(minutes=70)


@pytest.mark.sop("RES-3")
def test_late_news_from_before_a_turn_cannot_undo_it() -> None:
    story = fought().at(minutes=10).acts(DONE).at(minutes=20).acts(Reopen(by="dana", reason="no"))
    story.at(minutes=30).acts(Resolve(by="jonas", summary="again", at=START + timedelta(minutes=15)))
    assert story.phase() == "resolved"
    story.at(minutes=35).acts(Reopen(by="dana", reason="no", at=START + timedelta(minutes=2)))
    assert story.phase() == "active"


@pytest.mark.sop("RES-1", "RES-3")
def test_resolving_while_an_alert_fires_says_which_and_its_repeat_reopens() -> None:
    story = Story(episode="a").acts(Declare(by="jonas", severity="P1")).at(minutes=10).acts(DONE)
    assert "these alerts fire still: 5xx error rate above 5%" in story.answer.text
    assert any("These alerts fire still: 5xx error rate above 5%" in words for words in story.said())
    assert story.at(minutes=20).hears(episode="a").phase() == "active"


@pytest.mark.sop("RES-3")
def test_a_repeat_changes_nothing_where_it_was_resolved_despite_it_and_a_new_firing_does() -> None:
    known = Resolve(by="jonas", summary="rolled back", despite="the exporter is wrong")
    story = Story(episode="a").acts(Declare(by="jonas", severity="P1")).at(minutes=10).acts(known)
    assert story.at(minutes=20).hears(episode="a").phase() == "resolved"
    assert story.done("report_to_group")[-1].model_dump()["despite"] is True
    assert story.at(minutes=30).hears(episode="b").phase() == "active"


@pytest.mark.sop("FIX-2", "WAR-7")
def test_who_alone_may_authorise_and_asks_for_it_is_answered_by_the_manager() -> None:
    """Whoever may authorise is the company's to say, and nobody authorises a change of their own."""
    commanders = Story(changed(policy(), may__authorise_change=["commander"])).acts(Declare(by="jonas", severity="P1"))
    commanders.acts(RecordChange(by="jonas", change="hotfix", description="by hand", bypass=True))
    assert commanders.acts(AuthoriseChange(by="jonas", number=1)).refused.startswith("nobody authorises a change")
    assert "commander" in commanders.acts(AuthoriseChange(by="ines", number=1)).refused
    assert commanders.acts(AuthoriseChange(by="mira", number=1)).refused == ""
    assert commanders.incident.changes[1].granted
    commanders.acts(RecordChange(by="dana", change="hotfix", description="another", bypass=True))
    assert "commander" in commanders.acts(AuthoriseChange(by="mira", number=2)).refused
    older = Story(changed(policy(), may__authorise_change=["commander"], absence__asker_alone=False))
    older.acts(Declare(by="jonas", severity="P1"), BYPASS)
    assert "commander" in older.acts(AuthoriseChange(by="mira", number=1)).refused


@pytest.mark.sop("FIX-2", "WAR-7")
def test_where_no_deputy_is_left_anybody_else_answers_what_the_manager_asks_for() -> None:
    alone = changed(
        catalog(), teams__payments={"name": "Payments", "manager": "mira", "levels": {"primary": {"people": ["mira"]}}}
    )
    story = Story(company=alone).acts(Declare(by="mira", severity="P1"))
    story.acts(RecordChange(by="mira", change="hotfix", description="by hand", bypass=True))
    assert story.acts(AuthoriseChange(by="mira", number=1)).refused == (
        "nobody authorises a change of their own; somebody else may (WAR-7)"
    )
    assert story.acts(AuthoriseChange(by="dana", number=1)).refused == ""
