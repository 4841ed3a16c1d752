"""TRI-1: which deployments an engineer is told about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.company.catalog import Service
from domain.company.deployment import Deployment, before

ALERT_AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
CHECKOUT = Service(name="checkout", title="Checkout", team="shop", aliases=("cart",), repository="acme/checkout")


def deployed(id: str, ago: int, **more: Any) -> Deployment:
    told = {"source": "github", "repository": "acme/checkout", "environment": "production", "state": "succeeded"}
    return Deployment.model_validate({**told, "id": id, "sha": f"sha-{id}", "at": _at(ago), **more})


def _at(ago: int) -> datetime:
    return ALERT_AT - timedelta(minutes=ago)


def told(*deployments: Deployment) -> list[str]:
    return [one.id for one in before(deployments, CHECKOUT, ALERT_AT)]


def test_the_last_three_before_the_alert_are_told_newest_first() -> None:
    assert told(*(deployed(str(ago), ago) for ago in (50, 10, -5, 30, 20, 0))) == ["0", "10", "20"]


def test_a_smaller_limit_is_kept() -> None:
    assert len(before([deployed("1", 1), deployed("2", 2)], CHECKOUT, ALERT_AT, limit=1)) == 1


def test_each_is_told_once_in_its_last_state_before_the_alert_in_whatever_order_it_was_heard() -> None:
    states = [
        deployed("1", 5, state="succeeded"),
        deployed("1", 9, state="started"),
        deployed("1", -1, state="failed"),
        deployed("1", 5, state="succeeded"),
    ]
    assert [one.state for one in before(states, CHECKOUT, ALERT_AT)] == ["succeeded"]


def test_one_that_failed_or_still_runs_counts_and_one_that_was_only_requested_does_not() -> None:
    states = {"a": "failed", "b": "started", "c": "requested"}
    assert told(*(deployed(id, 5, state=state) for id, state in states.items())) == ["b", "a"]


def test_one_release_that_shows_as_several_deployments_is_told_once() -> None:
    jobs = [deployed(str(job), job, sha="same") for job in (1, 2, 3)]
    assert told(*jobs, deployed("4", 4), deployed("5", 5, sha="same")) == ["1", "4", "5"]


def test_the_same_commit_in_another_environment_is_told_too() -> None:
    assert told(deployed("1", 1, sha="same", environment="prod-eu"), deployed("2", 2, sha="same")) == ["1", "2"]


@pytest.mark.parametrize(
    ("repository", "service", "is_it"),
    [
        ("acme/checkout", "", True),
        ("Acme/Checkout", "", True),
        ("acme/not-checkout", "", False),
        ("other/checkout", "", False),
        ("acme/mono", "checkout", True),
        ("acme/mono", "Cart", True),
        ("acme/checkout", "search", False),
        ("", "", False),
    ],
)
def test_a_deployment_is_of_the_service_it_names_or_else_of_its_repository(
    repository: str, service: str, is_it: bool
) -> None:
    assert deployed("1", 1, repository=repository, service=service).of(CHECKOUT) is is_it


@pytest.mark.parametrize(
    "written",
    ["https://github.com/acme/checkout", "https://github.com/acme/checkout.git", "git@github.com:acme/checkout"],
)
def test_the_catalog_may_write_the_repository_as_an_address(written: str) -> None:
    assert deployed("1", 1).of(CHECKOUT.model_copy(update={"repository": written}))


def test_a_service_without_a_repository_has_no_deployments() -> None:
    assert not deployed("1", 1).of(CHECKOUT.model_copy(update={"repository": ""}))
