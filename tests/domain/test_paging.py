"""A page names the service as the pager that sends it knows it, and whom the pager woke by itself reads it too."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.watch import fallback
from config.company import load
from domain.alerting.alert import Alert
from domain.company.catalog import Catalog, VendorRole
from domain.company.policy import Policy
from domain.port.chat import Say
from domain.port.pager import Page
from domain.procedure import acknowledgement as ack
from domain.procedure import detection as det
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.paging import PageEscalated
from domain.procedure.passing_on import DeclinePage
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.run.progress import open_incident
from tests.domain.story import Story, catalog, changed, policy

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
POLICY = load(Path(__file__).parents[2] / "policy.yaml", Policy)


def first_page(company: dict[VendorRole, str], own: dict[VendorRole, str]) -> Page:
    """The page of an incident that has just opened, in a company with these vendors."""
    service = {
        "title": "Checkout",
        "team": "payments",
        "pagerduty": "PCHECKOUT",
        "opsgenie": "payments",
        "vendors": own,
    }
    levels = {level: {"people": ["ada"]} for level in POLICY.ladder}
    team = {"name": "Payments", "manager": "ada", "levels": levels}
    catalog = Catalog.model_validate(
        {"vendors": company, "people": {"ada": {"name": "Ada"}}, "teams": {"payments": team}}
        | {"services": {"checkout": service}}
    )
    alert = Alert(source="test", key="k", title="t", fired_at=NOW, at=NOW)
    incident = open_incident(det.opened("INC-7K3QF", (alert,), "checkout", catalog, POLICY), "test", NOW)
    return next(duty for duty in ack.duties(incident) if isinstance(duty, Page))


@pytest.mark.sop("TRI-2", "ACK-1")
def test_a_page_has_the_runbook_and_the_dashboards_of_the_service() -> None:
    page = Story().done("page")[0]
    assert isinstance(page, Page)
    assert [link.label for link in page.links][:2] == ["Runbook: Error rate after a deployment", "Checkout dashboard"]


@pytest.mark.sop("ACK-1", "ACK-2")
def test_a_page_says_how_to_answer_it_and_who_did_not_answer_before() -> None:
    here = 'Acknowledge this page, or press "I\'m on it" in #incidents.'
    story = Story().passes(minutes=9).acts(DeclinePage(by="sam")).passes(minutes=1)
    assert [page.text.splitlines()[1:] for page in pages(story)] == [
        [here],
        ["Dana did not answer in 5 min.", here],
        ["Dana did not answer in 9 min. Sam passed it on.", here],
    ]
    quiet = changed(catalog(), vendors={**catalog().vendors, "room": "none"})
    assert pages(Story(company=quiet))[0].text.endswith("\nAcknowledge this page.")


@pytest.mark.sop("ACK-1", "DET-4")
def test_a_page_says_how_many_alerts_there_are_by_then() -> None:
    story = Story().at(minutes=3).hears(key="alert-2", title="the pool is exhausted").passes(minutes=3)
    assert [page.text.splitlines()[0].partition(". ")[2] for page in pages(story)] == [
        f"1 alert. {story.incident.id}",
        f"2 alerts. {story.incident.id}",
    ]


@pytest.mark.sop("ACK-1", "DET-2")
def test_the_page_of_a_persons_report_counts_no_alert() -> None:
    story = Story(labels={"kind": "escalation"})
    assert pages(story)[0].text.startswith(f"Since 03:00 UTC. {story.incident.id}\n")


@pytest.mark.sop("WAR-3")
def test_a_call_for_a_role_says_who_of_that_call_did_not_answer() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="dana", severity="P1")).passes(minutes=6)
    told = [page.text.splitlines()[1:] for page in pages(story) if "incident commander" in page.title]
    come = "Acknowledge this page, or answer the message to you in the chat."
    assert told == [[come], ["Jonas did not answer in 5 min.", come]]


def pages(story: Story) -> list[Page]:
    """Every page, in order."""
    return [page for page in story.done("page") if isinstance(page, Page)]


@pytest.mark.parametrize(
    ("company", "own", "known_as"),
    [
        ({"pager": "pagerduty"}, {}, "PCHECKOUT"),
        ({"pager": "opsgenie"}, {}, "payments"),
        ({"pager": "pagerduty"}, {"pager": "opsgenie"}, "payments"),
        ({}, {}, ""),
    ],
)
def test_the_service_is_named_as_its_pager_knows_it(
    company: dict[VendorRole, str], own: dict[VendorRole, str], known_as: str
) -> None:
    assert first_page(company, own).service == known_as


@pytest.mark.sop("ACK-2")
@pytest.mark.parametrize("missing", [("secondary",), tuple(POLICY.ladder)])
def test_a_ladder_that_names_a_level_that_the_team_lacks_pages_the_others(missing: tuple[str, ...]) -> None:
    every = catalog().teams["payments"].model_dump()["levels"]
    others = {name: level for name, level in every.items() if name not in missing} or {"night": {"people": ["sam"]}}
    story = Story(company=changed(catalog(), teams__payments__levels=others)).passes(minutes=30)
    assert not story.incident.faults.failing
    assert {page.level for page in story.done("page") if isinstance(page, Page)} == set(others)


@pytest.mark.sop("SOC-1")
def test_what_belongs_to_no_service_pages_for_one_that_there_is() -> None:
    assert fallback(catalog(), policy()).name == "platform"
    assert fallback(catalog(), changed(policy(), alerts__default_service="gone")).name == "checkout"


@pytest.mark.sop("ACK-1", "ACK-3")
@pytest.mark.parametrize("too", [True, False])
def test_whom_the_pager_woke_by_itself_is_told_alone_too_once_each_ringing(too: bool) -> None:
    rules = changed(policy(), paging__told_too=too)
    story = Story(rules, source="pagerduty", episode="a", paged=("PDANA01",)).passes(minutes=1)
    story.acts(PageEscalated(by="pagerduty", via="pagerduty", people=("PSAM002", "PDANA01"))).passes(minutes=1)
    assert _told_of_a_page(story) == (["dana", "sam"] if too else [])
    story.acts(Acknowledge(by="sam"), Declare(by="jonas", severity="P1"), Resolve(by="jonas", summary="done"))
    story.hears(state="resolved", episode="a").passes(minutes=5).hears(episode="b", paged=("PDANA01",)).passes(
        minutes=1
    )
    assert _told_of_a_page(story) == (["dana", "sam", "dana"] if too else [])


def _told_of_a_page(story: Story) -> list[str]:
    says = (effect.duty for effect in story.effects("say") if isinstance(effect.duty, Say))
    return [say.person.id for say in says if say.person and say.message.text.startswith("You are paged")]
