"""A thousand incidents under one policy hold it once, and what merely means the same stays apart."""

import pytest

from domain.company.policy import Policy
from domain.incident.opening import Opened
from domain.incident.record import PolicyAdopted
from tests.domain.story import Story


def read_again(opened: Opened) -> Opened:
    """As another incident, or another run of this one, reads it."""
    return Opened.model_validate_json(opened.model_dump_json())


@pytest.mark.sop("SOC-1")
def test_incidents_under_one_policy_hold_it_once_and_their_company_too() -> None:
    opened = Story().incident.opened
    first, second = read_again(opened), read_again(opened)
    assert first.policy is second.policy
    assert first.catalog is second.catalog
    assert first.model_dump_json() == opened.model_dump_json()


@pytest.mark.sop("SOC-1")
def test_another_order_is_another_policy_though_both_are_equal() -> None:
    said = Story().incident.opened.policy.model_dump(mode="json")
    turned = said | {"roles": dict(reversed(said["roles"].items()))}
    one, other = (PolicyAdopted.model_validate({"policy": each}).policy for each in (said, turned))
    assert one == other
    assert list(one.roles) == list(reversed(other.roles))
    assert PolicyAdopted.model_validate({"policy": Policy.model_validate(turned)}).policy is other
