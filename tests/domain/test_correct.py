"""DET-7: what an incident is about is corrected, and everything that hangs on it follows."""

from typing import Any

import pytest

from domain.incident.correction import placed
from domain.port.duty import Outcome, PageState
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.adoption import AdoptCatalog
from domain.procedure.correction import Correct
from domain.procedure.paging import PageEscalated
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate, DraftUpdate
from domain.report.view import view
from domain.run.agenda import owed
from domain.run.progress import done
from tests.again import again
from tests.domain.story import Story, catalog, changed, policy
from tests.domain.test_joining import incidents, told

pytestmark = pytest.mark.sop("DET-7")
WRONG: dict[str, Any] = {"service": "billing", "title": "the exports are empty", "severity": "critical"}
MIRA_ALONE = changed(catalog(), teams__platform__manager="priya", teams__platform__comms=("sam",))


def to_platform(by: str = "dana", **more: str) -> Correct:
    return Correct(by=by, reason="it runs on their cluster", service="platform", **more)


@again
def taken(**more: Any) -> Story:
    """Dana took for payments what is the platform's, and says so."""
    story = Story(**WRONG, **more).passes(minutes=2).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2"))
    return story.passes(minutes=4).acts(to_platform())


def test_the_right_team_is_paged_from_its_first_level_up_and_the_wrong_one_is_let_go() -> None:
    story = taken()
    first = story.ladder()
    assert first == [(0, ("dana",)), (6, ("sam",))]
    assert "on_call" not in story.incident.holders
    assert story.incident.commander == "jonas"
    assert "dana" in story.told("it is about Platform, with Platform, from now on")
    assert [duty.key for duty in story.done("resolve_pages")] == ["release_pages/1"]
    story.passes(minutes=6)
    assert story.ladder()[2:] == [(11, ("dana",))]
    story.acts(Acknowledge(by="sam")).passes(minutes=10)
    assert story.incident.holder("on_call") == "sam"
    assert len(story.ladder()) == 3


def test_the_page_of_the_wrong_team_acknowledges_nothing_any_more() -> None:
    story = Story(**WRONG).passes(minutes=2).acts(to_platform("jonas")).passes(minutes=1)
    assert story.ladder() == [(0, ("dana",)), (2, ("sam",))]
    story.acts(Acknowledge(by="dana", page="0", via="pagerduty"))
    assert story.incident.acknowledged_at is None
    story.acts(Acknowledge(by="sam", page="r2-0", via="pagerduty"))
    assert story.incident.acknowledged_by == "sam"


@pytest.mark.sop("ACK-3")
def test_whom_the_pager_wakes_with_the_page_of_the_wrong_team_is_not_woken_for_the_right_one() -> None:
    story = Story(**WRONG).passes(minutes=2).acts(to_platform("jonas")).passes(minutes=1)
    story.acts(PageEscalated(by="pagerduty", via="pagerduty", people=("sam",), page="0"))
    assert not story.events("paged_by_vendor")
    story.acts(PageEscalated(by="pagerduty", via="pagerduty", people=("dana",), page="r2-0"))
    assert story.last("paged_by_vendor").people == ("dana",)


def test_a_page_that_was_under_way_is_taken_back_once_it_is_there_and_acknowledges_nothing() -> None:
    story = Story(**WRONG).fails("pager").passes(minutes=6)
    under_way = next(duty for duty in owed(story.incident) if duty.key == "page/1")
    story.mends().acts(to_platform("jonas"))
    done(story.incident, under_way, Outcome(ref="late", people=("dana",)), story.play.now)
    story.acts(Acknowledge(by="dana", page="1", via="pagerduty")).passes(minutes=1)
    assert story.incident.acknowledged_at is None
    released = {str(duty.key): duty.refs for duty in story.done("resolve_pages")}  # type: ignore[union-attr]
    assert released["release_pages/late-1"] == ("late",)
    assert "late" not in {ref for duty in story.done("read_pages") for ref in duty.refs}  # type: ignore[union-attr]


def test_pages_are_taken_back_at_the_pager_that_has_them() -> None:
    two = changed(catalog(), services__platform__vendors={"pager": "opsgenie"})
    story = Story(company=two, **WRONG).passes(minutes=2).acts(to_platform("jonas"), Acknowledge(by="sam"))
    story.passes(minutes=4).acts(Declare(by="sam", severity="P3"), Resolve(by="sam", summary="x")).passes(minutes=1)
    assert [duty.vendor for duty in story.done("page")] == ["pagerduty", "opsgenie"]
    assert [(duty.key, duty.vendor) for duty in story.done("resolve_pages")] == [
        ("release_pages/1", "pagerduty"),
        ("resolve_pages/1-1", "opsgenie"),
    ]
    assert {duty.vendor for duty in story.done("acknowledge_pages")} == {"opsgenie"}


def test_a_page_that_the_new_pager_is_not_asked_about_is_answered_for_by_the_old_one() -> None:
    two = changed(catalog(), services__checkout__vendors={"pager": "opsgenie"})
    story = Story(company=two, **WRONG).passes(minutes=1).acts(Correct(by="dana", reason="its api", service="checkout"))
    [(page, sent)] = story.incident.pages.items()
    assert (page, sent.pager, story.incident.catalog.vendor("pager", "checkout")) == ("0", "pagerduty", "opsgenie")
    [asked] = [duty for duty in owed(story.incident) if duty.kind == "read_pages"]
    assert asked.vendor == "pagerduty"
    done(story.incident, asked, Outcome(pages=(taken_by_dana(sent.ref),)), story.play.now)
    assert story.incident.acknowledged_by == "dana"
    assert story.events("acknowledged")[0].via == "pagerduty"


def taken_by_dana(ref: str) -> PageState:
    return PageState(ref=ref, state="acknowledged", by="dana", people=("dana",))


def test_room_figures_and_lists_go_by_the_right_service() -> None:
    story = taken(company=MIRA_ALONE).passes(minutes=1)
    seen = view(story.incident, ())
    assert (seen.service, seen.team, seen.group) == ("platform", "platform", "platform/production")
    assert story.incident.holder("manager") == "priya"
    assert "invite/sam" in story.incident.done
    assert [duty.service.name for duty in story.done("find_deployments")] == ["billing", "platform"]  # type: ignore[union-attr]


def test_who_is_on_call_for_the_right_team_as_well_keeps_it() -> None:
    story = Story(**WRONG).acts(Acknowledge(by="sam"), to_platform("sam"))
    assert (story.incident.acknowledged_by, story.incident.holder("on_call")) == ("sam", "sam")
    assert story.incident.service.name == "platform"
    assert len(story.ladder()) == 1


def test_another_service_of_the_same_team_rings_nobody() -> None:
    story = Story(**WRONG).acts(Acknowledge(by="dana"), Correct(by="dana", reason="its api", service="Checkout API"))
    assert story.incident.service.name == "checkout"
    assert story.incident.acknowledged_by == "dana"
    assert len(story.ladder()) == 1


def test_the_matrix_is_asked_again_for_the_right_service() -> None:
    story = Story(**WRONG).acts(Acknowledge(by="dana"))
    assert story.incident.likely == "P2"
    story.acts(Correct(by="dana", reason="its api", service="checkout"))
    assert story.incident.likely == "P1"
    assert "now that it is Checkout API's" in story.last("severity_challenged").because


def test_a_team_alone_can_be_corrected_and_stays_through_an_adopted_catalog() -> None:
    story = Story(**WRONG).acts(Acknowledge(by="dana"), Correct(by="dana", reason="they own it", team="Platform"))
    assert (story.incident.service.name, story.incident.service.team) == ("billing", "platform")
    assert story.ladder()[-1][1] == ("sam",)
    story.acts(AdoptCatalog(by="mira", reason="new people", catalog=catalog()))
    assert story.incident.service.team == "platform"
    assert placed(catalog(), "billing", "").services["billing"].team == "payments"


def test_a_title_is_corrected_at_once_and_rings_nobody() -> None:
    story = Story(**WRONG).acts(
        Acknowledge(by="dana"), Correct(by="dana", reason="all of them", title="No export runs")
    )
    assert story.incident.title.inside == "No export runs"
    assert "No export runs" in story.passes(minutes=1).done("show_headline")[-1].message.title  # type: ignore[union-attr]
    assert len(story.ladder()) == 1


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (Correct(by="dana", reason="x"), "found nothing to correct"),
        (Correct(by="dana", reason="x", team="kings"), "expected one of payments, platform"),
    ],
)
def test_what_corrects_nothing_is_refused(act: Correct, why: str) -> None:
    assert why in Story(**WRONG).acts(act).refused


def test_a_service_that_nobody_knows_changes_nothing_and_is_said_to_who_named_it() -> None:
    story = Story(**WRONG).acts(Acknowledge(by="dana"), Correct(by="dana", reason="x", service="nowhere"))
    story.passes(minutes=1)
    assert story.incident.service.name == "billing"
    assert story.told("it goes on as it was") == {"dana"}
    assert story.acts(to_platform()).incident.service.name == "platform"


def test_a_team_that_could_not_be_paged_is_not_given_it() -> None:
    levels = {"primary": {"people": ["sam"]}}
    story = Story(company=changed(catalog(), teams__platform__levels=levels), **WRONG).acts(to_platform())
    assert story.incident.service.name == "billing"
    assert "secondary" in story.last("correction_refused").reason


def test_a_drill_is_not_moved() -> None:
    assert "drill" in Story(kind="drill", **WRONG).acts(to_platform()).refused


def test_after_the_end_service_and_manager_follow_and_nothing_rings() -> None:
    story = Story(company=MIRA_ALONE, **WRONG).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2"))
    story.passes(minutes=9).acts(Resolve(by="jonas", summary="restarted"), to_platform())
    assert (story.incident.phase, story.incident.service.name) == ("resolved", "platform")
    assert story.incident.holder("manager") == "priya"
    assert len(story.ladder()) == 1


def test_customers_who_felt_it_are_told_on_and_what_the_page_showed_is_put_right() -> None:
    story = Story(service="billing", title="the exports are empty").acts(
        Acknowledge(by="dana"), Declare(by="jonas", severity="P1")
    )
    story.passes(minutes=3).acts(ApproveUpdate(by="jonas", body="Exports fail."), to_platform())
    assert story.told("The status page names what it was before") == {"dana"}
    story.passes(minutes=5).acts(ApproveUpdate(by="jonas", body="Exports fail still."))
    first, second = story.done("publish_update")
    assert first.components == {"cmpbilling1": "major_outage"}  # type: ignore[union-attr]
    assert second.components == {"cmpbilling1": "operational"}  # type: ignore[union-attr]


BY_NAME = DraftUpdate(by="jonas", status="identified", body="It is Billing: invoices may be late.")


@pytest.mark.sop("COM-6")
@pytest.mark.parametrize(
    ("to", "said", "end"),
    [
        ("platform", None, "The problem with Checkout is solved."),
        ("billing", None, "The problem with Checkout is solved."),
        ("billing", BY_NAME, "The problem with Billing is solved."),
    ],
)
def test_the_end_names_what_customers_have_read_of(to: str, said: DraftUpdate | None, end: str) -> None:
    public = {"services__checkout__public": "Checkout"}
    acts = (Declare(by="jonas", severity="P1"), ApproveUpdate(by="jonas"))
    moved = Correct(by="dana", reason="it is theirs", service=to)
    for kept in (True, False):
        story = Story(changed(policy(), updates__keeps_name=kept), company=changed(catalog(), **public))
        story.acts(Acknowledge(by="dana"), *acts).passes(minutes=3).acts(moved).passes(minutes=2)
        story.acts(*([said, ApproveUpdate(by="jonas")] if said else [])).passes(minutes=2)
        story.acts(Resolve(by="jonas", summary="restarted")).passes(minutes=20)
        bodies = [duty.model_dump()["body"] for duty in story.done("publish_update")]
        assert (bodies[-1] == end) is (kept or said is not None), bodies
        assert not kept or "Platform" not in "".join(bodies)


STORY = (
    {"at": "0m", "alert": "the exports are empty", "severity": "warning", "service": "billing"},
    {"at": "1m10s", "dana": "acknowledge"},
    {"at": "3m", "dana": {"correct": "it runs on their cluster", "service": "platform"}},
    {"at": "4m", "sam": "acknowledge"},
)


def test_alerts_of_the_right_service_join_and_new_ones_of_the_wrong_one_ring_there() -> None:
    ensemble = told(
        *STORY,
        {"at": "6m", "alert": "two nodes are gone", "service": "platform"},
        {"at": "9m", "alert": "invoices are wrong", "service": "billing", "severity": "warning"},
        {"at": "12m", "recovers": "the exports are empty"},
    )
    first, second = incidents(ensemble)
    assert {alert.title for alert in first.alerts.values()} == {"the exports are empty", "two nodes are gone"}
    assert first.alerts["the exports are empty"].state == "resolved"
    assert (second.service.name, second.title.inside) == ("billing", "invoices are wrong")


def test_both_groups_hear_of_its_end() -> None:
    ensemble = told(*STORY, {"at": "5m", "sam": "declare P3"}, {"at": "9m", "sam": "resolve it was the cluster"})
    [only] = incidents(ensemble)
    assert ensemble.watches["platform/production"].phase == "resolved"
    assert [one.phase for one in ensemble.watches["billing/production"].beside] == ["resolved"]
    assert only.service.name == "platform"
