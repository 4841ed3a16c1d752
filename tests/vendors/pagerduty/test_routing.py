"""A service with an integration key of its own is paged, acknowledged and resolved by that key."""

from typing import Any

import pytest
from pydantic import ValidationError

from standins.pagerduty.account import Service
from standins.pagerduty.standin import Standin
from tests.vendors.pagerduty import company
from tests.vendors.pagerduty.company import acknowledging, page, resolving, settings, standin
from vendors.pagerduty.client import Client

BILLING = "fedcba9876543210fedcba9876543210"
EVENTS_ONLY = {"pagerduty_api_token": "", "pagerduty_from": ""}


def two_services() -> Standin:
    vendor = standin()
    billing = Service("PBILLING", "Billing", ("PSAM",), BILLING)
    vendor.account.services = {**vendor.account.services, "PBILLING": billing}
    return vendor


def client(vendor: Standin, **changed: str) -> Client:
    return company.client(vendor, **EVENTS_ONLY, pagerduty_routing_keys=f"PBILLING={BILLING}", **changed)


async def test_each_service_is_paged_by_its_own_key_and_the_others_by_the_companys() -> None:
    vendor = two_services()
    for number, service in enumerate(("PBILLING", "PCHECKOUT", "PELSE")):
        for again in (False, True):
            await client(vendor).page(page(0, service=service, incident=f"INC-0000{number}"), again=again)
    assert [one.service for one in vendor.pages] == ["PBILLING", "PCHECKOUT", "PCHECKOUT"]


async def test_a_page_is_acknowledged_and_resolved_by_the_key_it_was_sent_with() -> None:
    vendor = two_services()
    refs = [(await client(vendor).page(page(0, service=one), again=False)).ref for one in ("PBILLING", "PCHECKOUT")]
    assert refs == ["event:PBILLING:INC-7K3QF/page/0", "event:INC-7K3QF/page/0"]
    for again in (False, True):
        await client(vendor).acknowledge_pages(acknowledging(*refs), again=again)
    assert [one.status for one in vendor.pages] == ["acknowledged", "acknowledged"]
    for again in (False, True):
        await client(vendor).resolve_pages(resolving(*refs), again=again)
    assert [one.status for one in vendor.pages] == ["resolved", "resolved"]


async def test_a_service_without_a_key_of_its_own_goes_by_rest_where_there_is_no_other() -> None:
    vendor = two_services()
    changed = {"pagerduty_routing_key": "", "pagerduty_routing_keys": f"PBILLING={BILLING}"}
    ways = [
        await company.client(vendor, **changed).page(page(0, service=one), again=False)
        for one in ("PBILLING", "PCHECKOUT")
    ]
    assert [one.ref.startswith("event:") for one in ways] == [True, False]


@pytest.mark.parametrize("written", ["PBILLING", "=key", "PBILLING=", f"PBILLING={BILLING},{BILLING}"])
def test_keys_written_wrong_are_refused_without_being_repeated(written: str) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(pagerduty_routing_keys=written)
    assert "its integration key" in str(refused.value)
    assert BILLING not in str(refused.value)


@pytest.mark.parametrize(("written", "found"), [("", {}), (f" PBILLING = {BILLING} , ", {"PBILLING": BILLING})])
def test_keys_are_read_from_one_setting(written: str, found: dict[str, Any]) -> None:
    keys = settings(pagerduty_routing_keys=written).pagerduty_routing_keys
    assert {service: key.get_secret_value() for service, key in keys.items()} == found
