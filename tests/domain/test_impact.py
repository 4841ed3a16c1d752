"""TRI-6: a reported impact above the severity in force challenges it."""

from datetime import timedelta
from typing import Any

import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.headline import card
from domain.procedure.impact import ReportImpact, cost_at
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from tests.again import again
from tests.domain.story import START, Story, catalog, changed, policy


@again
def declared(**more: Any) -> Story:
    """A P3 of the second tier."""
    story = Story(service="billing", severity="warning", **more).acts(Acknowledge(by="dana"))
    return story.passes(minutes=4).acts(Declare(by="jonas", severity="P3"))


@pytest.mark.sop("TRI-6")
@pytest.mark.parametrize(
    ("impact", "severity"),
    [
        ({"customers": 4000}, "P1"),
        ({"customers": 150, "blocks": "payment"}, "P1"),
        ({"customers": 150}, "P2"),
        ({"regions": ("eu", "us"), "blocks": "search"}, "P2"),
    ],
)
def test_facts_above_the_severity_are_asked_about_and_rise_unanswered(impact: dict[str, Any], severity: str) -> None:
    story = declared().passes(minutes=10).acts(ReportImpact(by="ines", **impact))
    assert [one.severity for one in story.incident.challenges] == [severity]
    assert story.passes(minutes=11).severity() == severity


@pytest.mark.sop("TRI-6")
def test_facts_below_it_are_kept_and_ask_nobody() -> None:
    story = declared().acts(ReportImpact(by="ines", customers=3, blocks="one export"))
    assert (story.incident.challenges, story.incident.work.impact is not None) == ([], True)


@pytest.mark.sop("TRI-6")
def test_what_is_said_later_is_added_and_the_same_again_is_refused() -> None:
    story = declared().acts(ReportImpact(by="ines", customers=3), ReportImpact(by="ines", blocks="exports"))
    assert story.last("impact_reported").customers == 3
    assert story.acts(ReportImpact(by="ines", customers=3)).refused.startswith("say how many")


@pytest.mark.sop("RES-2", "KPI-2")
@pytest.mark.parametrize("ends", [False, True])
def test_the_clock_and_the_figure_of_the_resolution_run_from_the_firing_whatever_moment_is_named(ends: bool) -> None:
    hit = ReportImpact(by="ines", customers=4000, since=START - timedelta(minutes=90))
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=40)
    if ends:
        story.acts(Resolve(by="jonas", summary="rolled back"), hit).passes(minutes=1)
    else:
        story.acts(hit)
        assert story.due("RES-2/P1").due_at == START + timedelta(hours=1)
        story.acts(Resolve(by="jonas", summary="rolled back"))
    assert (story.verdict("RES-2"), story.verdict("KPI-2")) == ("met", "met")


@pytest.mark.sop("TRI-6")
def test_a_moment_that_was_named_by_mistake_is_corrected_by_the_next_report() -> None:
    wrong, right = START - timedelta(hours=5), START - timedelta(minutes=5)
    story = costly().acts(ReportImpact(by="ines", since=wrong), ReportImpact(by="ines", since=right))
    assert cost_at(story.incident, START + timedelta(minutes=25)) == 300
    late = ReportImpact(by="ines", since=START + timedelta(days=1))
    assert story.acts(late).refused.startswith("since: found")


@pytest.mark.sop("TRI-6")
def test_it_is_read_as_people_write_it() -> None:
    act = ReportImpact.model_validate({"by": "ines", "customers": "4,000", "regions": "eu, us"})
    assert (act.customers, act.regions) == (4000, ("eu", "us"))


@again
def costly() -> Story:
    """An outage of a service whose hour costs 600 EUR, and 2 EUR for each customer that is hit."""
    company = changed(
        catalog(), services__billing__cost_per_hour=600, services__billing__cost_per_customer_hour=2, currency="EUR"
    )
    rules = changed(policy(), room__checklist=0)  # what is overdue is shown when it is, as an edit
    return Story(rules, company, service="billing").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2"))


@pytest.mark.sop("TRI-6", "WAR-1")
def test_its_cost_is_by_the_catalogs_figures_and_the_card_is_not_edited_for_the_passing_of_time() -> None:
    story = costly().acts(ReportImpact(by="ines", customers=50)).passes(minutes=2)
    assert dict(card(story.incident).facts)["Impact"] == "50 customers · about 700 EUR an hour"
    shown = len(story.done("show_card"))
    assert len(story.passes(minutes=9).done("show_card")) == shown
    story.at(minutes=30).acts(Resolve(by="jonas", summary="rolled back"))
    assert dict(card(story.incident).facts)["Impact"] == "50 customers · about 350 EUR"


@pytest.mark.sop("TRI-6")
@pytest.mark.parametrize(
    ("by", "rule", "customers", "severity"),
    [("ines", True, 40, "P3"), ("ines", True, 150, "P2"), ("dana", True, 40, "P1"), ("ines", False, 40, "P1")],
)
@pytest.mark.parametrize("before", [False, True])
def test_a_mistyped_impact_is_corrected_by_whoever_reported_it_and_by_nobody_else(
    by: str, rule: bool, customers: int, severity: str, before: bool
) -> None:
    """Before a severity is declared the proposal falls back, and after it nobody has to answer any more."""
    story = declared(rules=changed(policy(), absence__own_slip=rule)) if not before else None
    story = story or Story(changed(policy(), absence__own_slip=rule), service="billing", severity="warning")
    story.acts(ReportImpact(by="ines", customers=4000)).passes(minutes=1)
    story.acts(ReportImpact(by=by, customers=customers))
    assert (story.incident.likely if before else story.passes(minutes=11).severity()) == severity
    assert ("corrected the impact" in str(story.said())) is (rule and by == "ines")


@pytest.mark.sop("TRI-4", "TRI-6")
def test_what_has_risen_by_a_mistyped_impact_is_lowered_by_two_like_any_other() -> None:
    story = declared().acts(ReportImpact(by="ines", customers=4000)).passes(minutes=11)
    assert story.acts(ReportImpact(by="ines", customers=40)).passes(minutes=1).severity() == "P1"
