"""WAR-3, WAR-5, ACK-2: the people of a role are woken like the on-call, and followed up like them."""

from datetime import timedelta

import pytest

from domain.company.policy import Policy
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note
from domain.procedure.page_by_hand import PagePerson
from domain.procedure.relief import DeclineRole, GiveUpRole
from domain.procedure.resolution import Resolve
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from domain.procedure.waking import Join
from domain.run import progress as step
from tests.again import again
from tests.domain.story import START, Story, catalog, changed, policy


def woken(story: Story) -> list[tuple[int, str]]:
    """Who was woken beside the on-call engineer, and in which minute."""
    return [
        (minute, who) for minute, people in story.paged() if (minute, people) not in story.ladder() for who in people
    ]


@again
def taken(rules: Policy | None = None) -> Story:
    """An incident that dana has acknowledged."""
    return Story(rules).passes(minutes=1).acts(Acknowledge(by="dana")).passes(minutes=1)


@pytest.mark.sop("WAR-3", "WAR-5")
def test_the_roles_of_a_p1_are_woken_in_the_order_of_the_policy_but_not_who_acts_already() -> None:
    assert woken(taken().acts(Declare(by="jonas", severity="P1"))) == [(2, "ines"), (2, "mira")]
    assert woken(taken().acts(Declare(by="dana", severity="P1"))) == [(2, "jonas"), (2, "ines"), (2, "mira")]
    assert woken(taken().acts(Note(by="mira", text="hm"), Declare(by="jonas", severity="P1"))) == [(2, "ines")]
    assert woken(taken().acts(Declare(by="jonas", severity="P3"), Declare(by="sam", severity="P3"))) == []


@pytest.mark.sop("WAR-3", "ACK-2")
@pytest.mark.parametrize(
    "act", [TakeRole(by="ines", role="comms"), Join(by="ines"), Acknowledge(by="ines", via="pagerduty")]
)
def test_a_role_is_called_up_its_ladder_until_somebody_is_heard_from(act: Join) -> None:
    silent = taken().acts(Declare(by="jonas", severity="P1"), Note(by="mira", text="here")).passes(minutes=13)
    assert woken(silent) == [(2, "ines"), (2, "mira"), (7, "mira"), (12, "priya")]
    heard = taken().acts(Declare(by="jonas", severity="P1"), Note(by="mira", text="here")).passes(minutes=3).acts(act)
    assert heard.refused == ""
    assert woken(heard.passes(minutes=10)) == [(2, "ines"), (2, "mira")]


@pytest.mark.sop("WAR-3")
def test_a_role_is_woken_by_its_own_rota_where_the_team_has_one() -> None:
    rota = {"comms": ({"schedule": "PCOMMS"}, {"people": ("sam",)})}
    story = Story(company=changed(catalog(), teams__payments__rota=rota)).acts(Acknowledge(by="dana"))
    story.acts(Declare(by="jonas", severity="P1")).passes(minutes=6)
    pages = [duty.model_dump() for duty in story.done("page") if duty.key.startswith("page/wake-comms")]
    assert [(page["schedule"], [one["id"] for one in page["people"]]) for page in pages] == [
        ("PCOMMS", []),
        ("", ["sam"]),
    ]


@pytest.mark.sop("WAR-3", "RES-3")
def test_a_resolution_ends_every_call_and_what_was_sent_is_taken_back() -> None:
    story = taken().acts(Declare(by="jonas", severity="P1"), Resolve(by="jonas", summary="ok")).passes(hours=1)
    assert woken(story) == [(2, "ines"), (2, "mira")]
    assert len(story.done("resolve_pages")[-1].model_dump()["refs"]) == 3


@pytest.mark.sop("WAR-3")
def test_whoever_is_needed_for_two_roles_is_woken_once() -> None:
    story = Story(company=changed(catalog(), teams__payments__comms=("mira",))).acts(Acknowledge(by="dana"))
    story.acts(Declare(by="jonas", severity="P1")).passes(minutes=4)
    assert woken(story) == [(0, "mira")]
    assert "ACK-2/page-wake-manager-0" not in story.passes(minutes=5).keys("missed")


@pytest.mark.sop("ACK-2")
def test_who_is_paged_by_hand_and_does_not_answer_is_paged_again_and_the_asker_is_told() -> None:
    story = taken().acts(PagePerson(by="dana", to="priya", reason="you wrote it")).passes(minutes=6)
    assert woken(story) == [(2, "priya"), (7, "priya")]
    assert story.told("nobody has answered") == {"dana"}
    story.acts(Note(by="priya", text="on it")).passes(minutes=2)
    assert woken(story) == [(2, "priya"), (7, "priya")]


@pytest.mark.sop("ACK-2")
@pytest.mark.parametrize("name", ["platform", "Platform"])
def test_the_on_call_of_another_team_is_paged_by_its_name_and_its_ladder_is_climbed(name: str) -> None:
    story = taken().acts(PagePerson(by="dana", to=name)).passes(minutes=6)
    assert woken(story) == [(2, "sam"), (7, "dana")] or woken(story) == [(2, "sam")]


@pytest.mark.sop("ACK-2")
def test_who_answers_in_the_pager_is_here_and_has_not_taken_the_incident() -> None:
    story = Story().acts(PagePerson(by="jonas", to="priya")).passes(minutes=1)
    story.acts(Acknowledge(by="PPRIYA6", via="pagerduty", page="hand-1")).passes(minutes=3)
    assert story.phase() == "alerting"
    assert woken(story) == [(0, "priya")]
    assert story.events("page_answered")[0].by == "priya"


@pytest.mark.sop("ACK-1", "ACK-2")
def test_a_page_that_the_pager_refuses_goes_to_the_next_level_at_once_and_is_told() -> None:
    story = Story().fails("pager", "page", retryable=False)
    refused = Story(outages=story.play.world.outages)
    failed = [getattr(event.what, "key", "") for event in refused.events("failed")]
    assert failed[:4] == [
        "page/0",
        "page/1",
        "page/2",
        "page/3",
    ]
    refused.play.world.outages.clear()
    refused.passes(minutes=1)
    assert refused.told("could not page primary") == {"mira"}


@pytest.mark.sop("ACK-1")
@pytest.mark.parametrize(("waking", "awake"), [(timedelta(minutes=1), True), (None, False)])
def test_a_pager_that_takes_pages_again_wakes_within_a_minute_or_two(waking: timedelta | None, awake: bool) -> None:
    rules = changed(policy(), retry__waking=waking)
    outages = Story().fails("pager", "page", retryable=False).play.world.outages
    refused = Story(rules, outages=outages).passes(minutes=4)
    refused.play.world.outages.clear()
    assert "page/0" not in refused.incident.done
    assert ("page/0" in refused.passes(minutes=2).incident.done) == awake


def test_lateness_of_one_level_does_not_add_up() -> None:
    story = Story()
    for minute in (5.5, 10.6, 15.7):
        story.play.now += timedelta(minutes=minute) - story.now
        step.pass_time(story.incident, story.play.now)
        story.play.settle()
    planned = [(event.what.due_at - START).total_seconds() / 60 for event in story.events("rang")]  # type: ignore[attr-defined]
    assert planned == [10, 15]


@pytest.mark.sop("WAR-3")
def test_a_role_that_changes_hands_is_answered_by_whoever_takes_it() -> None:
    story = taken().acts(Declare(by="dana", severity="P1")).passes(minutes=2)
    story.acts(OfferRole(by="dana", role="commander", to="jonas"), TakeRole(by="jonas", role="commander"))
    assert story.passes(minutes=4).incident.commander == "jonas"
    assert [who for _, who in woken(story)].count("jonas") == 1


@pytest.mark.sop("WAR-1")
def test_who_is_called_by_name_in_the_room_is_invited_before_it_is_said() -> None:
    story = taken().acts(Declare(by="jonas", severity="P1")).acts(OfferRole(by="mira", role="manager", to="priya"))
    kinds = [str(effect.duty.key) for effect in story.play.world.effects]
    offer = next(e.duty.key for e in story.effects("say") if "offers you" in e.duty.message.text)  # type: ignore[union-attr]
    assert kinds.index("invite/priya") < kinds.index(offer)


def test_an_old_policy_wakes_nobody_but_the_on_call() -> None:
    old = changed(policy(), severities__P1__wake=(), severities__P2__wake=())
    story = Story(old).acts(Acknowledge(by="dana"), Declare(by="dana", severity="P1")).passes(minutes=25)
    assert woken(story) == []


@pytest.mark.sop("ACK-2")
def test_who_asks_for_their_own_level_answers_for_nobody_else_there() -> None:
    two = changed(catalog(), teams__payments__levels__secondary={"people": ("sam", "jonas")})
    story = Story(company=two).acts(Acknowledge(by="dana")).passes(minutes=2)
    story.acts(PagePerson(by="sam", to="secondary", reason="I need jonas")).passes(minutes=1)
    assert woken(story) == [(2, "sam"), (2, "jonas")]
    story.acts(Note(by="sam", text="waiting")).passes(minutes=5)
    assert woken(story)[2:] == [(7, "mira")]
    assert woken(story.acts(Note(by="jonas", text="here")).passes(minutes=1))[3:] == []


@pytest.mark.sop("ACK-2")
def test_who_has_themselves_paged_is_paged_and_answers_by_their_next_word() -> None:
    story = taken().acts(PagePerson(by="sam", to="sam")).passes(minutes=1)
    assert woken(story) == [(2, "sam")]
    assert woken(story.acts(Note(by="sam", text="it works")).passes(minutes=6)) == [(2, "sam")]


@pytest.mark.sop("ACK-2")
def test_a_second_request_for_the_same_person_is_told_like_the_first() -> None:
    story = taken().acts(PagePerson(by="dana", to="sam", reason="the database"), Join(by="sam")).passes(minutes=3)
    story.acts(PagePerson(by="jonas", to="sam", reason="the network")).passes(minutes=1)
    assert len([text for text in story.said() if " paged Sam*: the " in text]) == 2


@again
def left_early(severity: str = "P3") -> Story:
    """An incident whose commander, Jonas, gave the role up."""
    company = changed(catalog(), teams__payments__commanders=("jonas", "sam"))
    story = Story(company=company, severity="p3" if severity == "P3" else "critical").acts(Acknowledge(by="dana"))
    story.acts(Note(by="ines", text="here"), Note(by="mira", text="here"), Declare(by="jonas", severity=severity))
    return story.passes(minutes=5).acts(GiveUpRole(by="jonas", role="commander", reason="I must go"))


@pytest.mark.sop("WAR-3", "WAR-7")
def test_who_gave_a_role_up_is_not_woken_for_it_nor_counts_as_at_work() -> None:
    story = left_early().hears(key="down", title="checkout is down").passes(minutes=1)
    story.acts(Acknowledge(by="dana"), Declare(by="dana", severity="P1")).passes(minutes=1)
    roles = [(duty.key, *(one["id"] for one in duty.model_dump()["people"])) for duty in story.done("page")]
    assert ("page/wake-commander-0", "sam") in roles
    assert "jonas" not in [who for _, who in woken(story)]


@pytest.mark.sop("WAR-3", "WAR-7")
def test_a_role_that_is_given_up_is_called_for_at_once() -> None:
    story = left_early("P1").passes(minutes=1)
    assert (story.refused, woken(story)) == ("", [(5, "sam")])
    assert woken(story.acts(TakeRole(by="sam", role="commander")).passes(minutes=6)) == [(5, "sam")]
    story.acts(GiveUpRole(by="sam", role="commander")).passes(minutes=1)
    assert woken(story) == [(5, "sam"), (12, "mira")], "nobody is left but the levels above"


@pytest.mark.sop("WAR-5", "WAR-7")
def test_who_is_manager_no_more_owes_nothing_and_the_vacant_role_is_filled() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.acts(GiveUpRole(by="mira", role="manager", reason="on a plane")).passes(minutes=20)
    missed = {key for key in story.keys("missed") if key.startswith("WAR-5")}
    assert missed == {"WAR-5/vacant"}


@pytest.mark.sop("WAR-5", "WAR-7")
def test_of_two_managers_the_one_who_is_there_is_enough_woken_or_not() -> None:
    company = changed(catalog(), teams__payments__manager=("mira", "priya"))
    story = Story(company=company).passes(minutes=1).acts(Acknowledge(by="dana")).passes(minutes=1)
    story.acts(Declare(by="jonas", severity="P1")).passes(minutes=2).acts(Join(by="priya")).passes(minutes=30)
    assert "mira" in {who for _, who in woken(story)}
    assert "priya" not in {who for minute, who in woken(story) if minute < 10}
    assert "WAR-5/mira" not in story.keys("missed")


@pytest.mark.sop("WAR-3")
@pytest.mark.parametrize(("holds", "called"), [("", []), ("comms", [(7, "sam")])])
def test_who_could_command_ends_the_call_by_a_word_unless_they_hold_another_role(
    holds: str, called: list[tuple[int, str]]
) -> None:
    company = changed(catalog(), teams__payments__commanders=("jonas", "sam"))
    story = Story(company=company).passes(minutes=1).acts(Acknowledge(by="dana")).passes(minutes=1)
    story.acts(Declare(by="dana", severity="P1")).passes(minutes=1)
    story.acts(TakeRole(by="sam", role=holds) if holds else Note(by="sam", text="the pool is full")).passes(minutes=7)
    assert [one for one in woken(story) if one[1] in ("jonas", "sam")] == [(2, "jonas"), *called]


@pytest.mark.sop("WAR-3")
def test_who_was_at_work_and_did_not_take_the_role_is_woken_once_they_fell_silent() -> None:
    story = taken().acts(Note(by="ines", text="hm"), Note(by="mira", text="hm"), Declare(by="jonas", severity="P1"))
    assert woken(story.passes(minutes=20)) == []  # vacant since 2, said at 7 and 17: heard a quarter of an hour before
    assert woken(story.passes(minutes=6)) == [(27, "ines")]
    assert woken(story.acts(TakeRole(by="ines", role="comms")).passes(minutes=20)) == [(27, "ines")]


@pytest.mark.sop("WAR-7", "ACK-2", "WAR-5")
def test_who_is_on_leave_is_not_woken_while_somebody_else_is_there() -> None:
    leave = {"people__dana__away": [{"starts_at": START - timedelta(days=1), "ends_at": START + timedelta(days=1)}]}
    leave |= {"people__mira__away": leave["people__dana__away"]}
    story = Story(company=changed(catalog(), **leave)).passes(minutes=6)
    assert story.paged() == [(0, ("sam",)), (5, ("priya",))]
    story.acts(Acknowledge(by="sam"), Declare(by="jonas", severity="P1"), TakeRole(by="ines", role="comms"))
    assert story.passes(minutes=1).paged()[2:] == [(6, ("ines",)), (6, ("priya",))]
    everybody = {f"people__{name}__away": leave["people__dana__away"] for name in catalog().people}
    assert Story(company=changed(catalog(), **everybody)).paged() == [(0, ("dana",))]


@pytest.mark.sop("WAR-3")
def test_who_answers_a_call_without_taking_the_role_and_falls_silent_is_woken_again() -> None:
    company = changed(catalog(), teams__payments__comms=["ines", "sam"])

    def woken(**rules: bool) -> list[int]:
        story = Story(changed(policy(), **rules), company).acts(
            Acknowledge(by="dana"), Declare(by="jonas", severity="P1")
        )
        story.passes(minutes=2).acts(Join(by="ines")).passes(minutes=29)
        return [minute for minute, who in story.paged() if who == ("ines",)]

    assert woken() == [0, 25]
    assert woken(paging__called_again=False) == [0]


@pytest.mark.sop("WAR-3", "WAR-7")
@pytest.mark.parametrize("passed", [True, False])
def test_who_has_just_declined_a_role_is_not_called_for_it_while_there_is_somebody_else(passed: bool) -> None:
    story = taken(changed(policy(), paging__declined_passed=passed)).acts(Declare(by="jonas", severity="P1"))
    story.acts(Note(by="ines", text="here"), OfferRole(by="jonas", role="commander", to="mira")).passes(minutes=1)
    story.acts(DeclineRole(by="mira", role="commander")).passes(minutes=1).acts(
        GiveUpRole(by="jonas", role="commander")
    )
    assert woken(story.passes(minutes=1))[-1] == (4, "priya" if passed else "mira")
