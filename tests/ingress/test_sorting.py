"""A composite alarm joins its child's group, wherever the child's own words have led."""

import json

import pytest

from config.company import SHIPPED, Company, Settings
from domain.alerting.alert import Alert, State
from domain.alerting.grouping import Group
from ingress.webhook.sorting import Sorter
from standins.cloudwatch.standin import Standin
from tests.ingress.setting import START
from vendors.cloudwatch.webhook import read
from vendors.door import Request

ARN = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:"


def composite(name: str, *children: str) -> Request:
    body = {
        "AlarmName": name,
        "AWSAccountId": "123456789012",
        "AlarmArn": ARN + name,
        "NewStateValue": "ALARM",
        "StateChangeTime": START.isoformat(),
        "TriggeringChildren": [{"Arn": ARN + child, "State": {"Value": "ALARM"}} for child in children],
    }
    return Request(headers={}, body=json.dumps(body).encode(), received_at=START)


@pytest.fixture
def sort() -> Sorter:
    return Sorter(
        Company(Settings(standfast_policy=SHIPPED / "policy.yaml", standfast_catalog=SHIPPED / "catalog.yaml"))
    )


def test_a_composite_goes_where_its_child_went_and_so_does_one_made_of_composites(sort: Sorter) -> None:
    [child] = read(Standin().press_alarm(START, "alb-17-5xx", description="service=billing env=prod")).alerts
    [parent], [whole] = read(composite("edge", "cpu", "alb-17-5xx")).alerts, read(composite("all", "edge")).alerts
    assert [keys(sort(one)) for one in (child, parent, whole)] == [["billing/production"]] * 3


def test_a_composite_whose_child_nobody_has_heard_goes_by_its_childs_name(sort: Sorter) -> None:
    [known], [unknown] = read(composite("edge", "checkout-5xx")).alerts, read(composite("edge", "x1-5xx")).alerts
    assert sort(known)[0].service == "checkout"
    assert sort(unknown)[0].service == ""


def test_a_service_in_a_composites_own_words_counts(sort: Sorter) -> None:
    request = composite("edge", "checkout-5xx")
    body = {**json.loads(request.body), "AlarmDescription": "service=billing"}
    [alert] = read(request.model_copy(update={"body": json.dumps(body).encode()})).alerts
    assert sort(alert)[0].service == "billing"


@pytest.mark.sop("DET-5")
def test_an_end_is_where_its_alert_was_whatever_service_it_names(sort: Sorter) -> None:
    assert keys(sort(fired("billing"))) == keys(sort(over())) == ["billing/eu"]
    assert sort(over(key="alert:other"))[0].service == ""
    assert keys(sort(over("checkout"))) == ["billing/eu"]
    assert sort(over(key="alert:disk", state="firing"))[0].service == ""


@pytest.mark.sop("DET-5")
def test_an_end_that_names_none_of_those_who_share_its_alert_is_the_end_in_each(sort: Sorter) -> None:
    for service in ("billing", "checkout"):
        sort(fired(service))
    assert keys(sort(over("billing"))) == ["billing/eu"]
    assert keys(sort(over())) == keys(sort(over("search"))) == ["billing/eu", "checkout/eu"]


@pytest.mark.sop("DET-5")
def test_the_end_of_a_monitor_as_a_whole_is_where_any_of_its_parts_has_fired(sort: Sorter) -> None:
    for service, key in (("billing", "1:7:host:a"), ("billing", "1:7:host:b"), ("checkout", "1:7:host:c")):
        sort(fired(service, key=key))
    sort(fired("search", key="1:77:host:a"))
    assert keys(sort(over(key="1:7:"))) == ["billing/eu", "checkout/eu"]
    assert sort(over(key="1:8:"))[0].service == ""


def fired(service: str, key: str = "alert:disk") -> Alert:
    return Alert(
        source="generic", key=key, title="Disk full", service=service, environment="eu", fired_at=START, at=START
    )


def over(service: str = "", key: str = "alert:disk", state: State = "resolved") -> Alert:
    environment = "eu" if service else ""
    return fired(service, key).model_copy(update={"state": state, "environment": environment})


def keys(groups: tuple[Group, ...]) -> list[str]:
    return [group.key for group in groups]
