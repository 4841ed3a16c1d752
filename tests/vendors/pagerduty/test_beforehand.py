"""Before the first page PagerDuty says which ids of the catalog it does not know."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.company.catalog import Catalog
from tests.vendors.pagerduty.company import client, standin


def company(service: str = "PCHECKOUT", person: str = "PDANA", schedule: str = "PSCHEDULE") -> Catalog:
    level = {"schedule": schedule}
    said = {
        "vendors": {"pager": "pagerduty"},
        "people": {"dana": {"name": "Dana", "pagerduty": person}},
        "teams": {"payments": {"name": "Payments", "manager": "dana", "levels": {"primary": level}}},
        "services": {"checkout": {"title": "Checkout", "team": "payments", "pagerduty": service}},
    }
    return Catalog.model_validate(said)


@pytest.mark.sop("ACK-2")
async def test_what_pagerduty_does_not_know_is_found_without_paging_anybody() -> None:
    vendor = standin()
    assert await client(vendor).lacks(company()) == ()
    gone = company(service="PGONE", person="PGONE", schedule="PGONE")
    found = await client(vendor, pagerduty_from="nobody@acme.example").lacks(gone)
    assert [lack.fails for lack in found] == [True, True, True, False]
    assert "nobody@acme.example is no user" in found[-1].said
    assert (await client(vendor, pagerduty_api_token="").lacks(gone), vendor.pages) == ((), [])


@pytest.mark.sop("ACK-2")
async def test_the_hours_in_which_a_schedule_has_nobody_are_found_before_they_come() -> None:
    vendor = standin()
    begins = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    vendor.account.holes["PSCHEDULE"] = begins, begins + timedelta(hours=1)
    [lack] = await client(vendor).lacks(company())
    span = f"between {begins:%a %d %b %H:%M} and {begins + timedelta(hours=1):%a %d %b %H:%M} UTC"
    assert lack.said.startswith(f"nobody is on call in PSCHEDULE {span}")
    assert (lack.fails, vendor.pages) == (False, [])
    vendor.account.holes.clear()
    vendor.account.schedules = {"PSCHEDULE": ()}
    assert "nobody is on call in PSCHEDULE" in (await client(vendor).lacks(company()))[0].said
