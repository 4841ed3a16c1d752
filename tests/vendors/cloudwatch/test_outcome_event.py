"""What a service of AWS says of its own work rings where it failed, and its next success ends it (DET-1, DET-5)."""

import json
from typing import Any

import pytest

from domain.alerting.alert import WebhookContent
from domain.alerting.grouping import group_of
from tests.domain.story import catalog
from tests.vendors.delivery import delivery
from vendors.cloudwatch.webhook import read

SERVICE = "arn:aws:ecs:eu-west-1:1:service/shop/checkout"
TASK = {"group": "service:checkout", "lastStatus": "STOPPED"}
PIPELINE, BUILD, JOB = {"pipeline": "checkout"}, {"project-name": "checkout"}, {"jobName": "checkout"}
MACHINE = {"stateMachineArn": "arn:aws:states:eu-west-1:1:stateMachine:checkout"}
GROUP = {"AutoScalingGroupName": "checkout"}


def heard(kind: str, detail: dict[str, Any]) -> WebhookContent:
    told = {"detail-type": kind, "source": "aws.x", "time": "2026-03-02T02:58:00Z", "resources": [SERVICE]}
    return read(delivery(json.dumps({**told, "detail": detail})))


def database(category: str) -> dict[str, Any]:
    return {"SourceIdentifier": "checkout", "EventCategories": [category], "Message": "The database tells"}


@pytest.mark.sop("DET-1", "DET-5")
@pytest.mark.parametrize(
    ("failed", "done", "fires", "ends"),
    [
        ("CodePipeline Pipeline Execution State Change", "", {**PIPELINE, "state": "FAILED"}, {"state": "SUCCEEDED"}),
        ("CodeBuild Build State Change", "", {**BUILD, "build-status": "FAILED"}, {"build-status": "SUCCEEDED"}),
        ("Glue Job State Change", "", {**JOB, "state": "TIMEOUT"}, {"state": "SUCCEEDED"}),
        ("Step Functions Execution Status Change", "", {**MACHINE, "status": "TIMED_OUT"}, {"status": "SUCCEEDED"}),
        ("ECS Deployment State Change", "", {"eventType": "ERROR"}, {"eventName": "SERVICE_DEPLOYMENT_COMPLETED"}),
        ("RDS DB Instance Event", "", database("low storage"), database("recovery")),
        ("EC2 Instance Launch Unsuccessful", "EC2 Instance Launch Successful", GROUP, GROUP),
    ],
)
def test_a_failure_rings_and_the_next_success_ends_it(failed: str, done: str, fires: Any, ends: Any) -> None:
    (began,), (over,) = heard(failed, fires).alerts, heard(done or failed, {**fires, **ends, "eventType": ""}).alerts
    assert (began.state, over.state, over.key) == ("firing", "resolved", began.key)
    assert group_of(began, catalog()).service == "checkout"


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("CodePipeline Pipeline Execution State Change", {**PIPELINE, "state": "STARTED"}),
        ("Step Functions Execution Status Change", {**MACHINE, "status": "ABORTED"}),
        ("RDS DB Instance Event", database("backup")),
        ("ECS Task State Change", {**TASK, "stopCode": "ServiceSchedulerInitiated"}),
        ("AWS API Call via CloudTrail", {"eventName": "PutFailedJob", "eventType": "AwsApiCall"}),
    ],
)
def test_what_goes_on_or_was_called_off_is_a_remark(kind: str, detail: Any) -> None:
    told = heard(kind, detail)
    assert (told.alerts, told.remark) == ((), f"EventBridge says {kind!r}, which is no alert")


@pytest.mark.sop("DET-1")
def test_a_task_that_cannot_start_is_about_its_service() -> None:
    (alert,) = heard(
        "ECS Task State Change", {**TASK, "stopCode": "TaskFailedToStart", "stoppedReason": "No image"}
    ).alerts
    assert (alert.title, alert.service) == ("checkout: No image", "checkout")


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize("kind", [None, [], ["a"], {}, 7])
def test_an_event_of_no_readable_kind_stops_nothing(kind: Any) -> None:
    told = heard(kind, {"state": "FAILED"})
    assert [alert.state for alert in told.alerts] == ["firing"]
