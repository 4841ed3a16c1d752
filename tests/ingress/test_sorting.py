"""A composite alarm joins its child's group, wherever the child's own words have led."""

import json

import pytest

from config.company import SHIPPED, Company, Settings
from domain.alerting.alert import Alert
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
    assert [sort(one).key for one in (child, parent, whole)] == ["billing/production"] * 3


def test_a_composite_whose_child_nobody_has_heard_goes_by_its_childs_name(sort: Sorter) -> None:
    [known], [unknown] = read(composite("edge", "checkout-5xx")).alerts, read(composite("edge", "x1-5xx")).alerts
    assert sort(known).service == "checkout"
    assert sort(unknown).service == ""


def test_a_service_in_a_composites_own_words_counts(sort: Sorter) -> None:
    request = composite("edge", "checkout-5xx")
    body = {**json.loads(request.body), "AlarmDescription": "service=billing"}
    [alert] = read(request.model_copy(update={"body": json.dumps(body).encode()})).alerts
    assert sort(alert).service == "billing"


@pytest.mark.sop("DET-5")
def test_an_end_is_where_its_alert_was_whatever_service_it_names(sort: Sorter) -> None:
    told = {"source": "generic", "title": "Disk full", "fired_at": START, "at": START}
    fired = Alert.model_validate({**told, "key": "alert:disk", "service": "billing", "environment": "eu"})
    over = Alert.model_validate({**told, "key": "alert:disk", "state": "resolved"})
    assert sort(fired).key == sort(over).key == "billing/eu"
    assert sort(over.model_copy(update={"key": "alert:other"})).service == ""
    assert sort(over.model_copy(update={"service": "checkout"})).key == "billing/eu"
    sort(fired.model_copy(update={"service": "checkout"}))
    assert sort(over.model_copy(update={"service": "billing", "environment": "eu"})).key == "billing/eu"
    assert sort(over.model_copy(update={"state": "firing", "key": "alert:disk"})).service == ""
