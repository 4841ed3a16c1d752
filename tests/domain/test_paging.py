"""A page names the service as the pager that sends it knows it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.watch import fallback
from config.company import load
from domain.alerting.alert import Alert
from domain.company.catalog import Catalog, VendorRole
from domain.company.policy import Policy
from domain.port.pager import Page
from domain.procedure import acknowledgement as ack
from domain.procedure import detection as det
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
