"""The reference of policy and catalog is that of the models."""

from domain.company.policy import Policy
from tests.house.reference import documented, made


def test_the_reference_is_that_of_the_models() -> None:
    assert documented() == made(), "docs/reference.md: write it anew with `make reference`"


def test_every_field_of_the_policy_stands_in_it() -> None:
    said = made()
    assert all(f"| `{name}` |" in said for name in Policy.model_fields)
    assert "Whether silence after the acknowledgement is chased (ACK-5)." in said
