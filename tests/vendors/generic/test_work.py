"""Of what runs, a failure rings and the next success ends it; what else is told of it rings nobody."""

import json
from typing import Any

import pytest

from domain.alerting.alert import WebhookContent
from domain.alerting.grouping import group_of
from tests.domain.story import catalog
from tests.vendors.generic.test_senders import Body
from tests.vendors.generic.test_translation import ISO, NOW
from vendors.door import Request
from vendors.generic.webhook import read

GITLAB = {"project": {"id": 1, "name": "checkout", "path_with_namespace": "acme/checkout", "default_branch": "trunk"}}
GITHUB = {"repository": {"id": 1, "name": "checkout", "full_name": "acme/checkout"}, "sender": {"login": "ada"}}
ADA = {"user": {"id": 1, "name": "Ada"}}


def heard(body: Body) -> WebhookContent:
    return read(Request(headers={}, body=json.dumps(body).encode(), received_at=NOW))


def pipeline(status: str, number: int, ref: str = "trunk", stage: str = "deploy") -> Body:
    about = {"id": number, "ref": ref, "status": status, "created_at": "2026-03-02 02:50:00 UTC"}
    builds = [{"stage": stage, "name": stage, "status": status}, {"stage": "lint", "name": "lint", "status": "success"}]
    return {"object_kind": "pipeline", "object_attributes": about, **ADA, **GITLAB, "builds": builds}


def deployment(status: str, number: int) -> Body:
    told = {"status": status, "deployment_id": number, "environment": "production", "commit_title": "Faster"}
    return {"object_kind": "deployment", **told, **ADA, **GITLAB}


def workflow(conclusion: str, number: int, branch: str = "main") -> Body:
    told = {"id": number, "name": "Deploy", "head_branch": branch, "status": "completed", "conclusion": conclusion}
    return {"action": "completed", "workflow_run": told, "workflow": {"id": 7, "name": "Deploy"}, **GITHUB}


def jenkins(status: str, number: int) -> Body:
    build = {"number": number, "phase": "COMPLETED", "status": status, "full_url": "https://ci.example/1", "scm": {}}
    return {"name": "nightly", "url": "job/nightly/", "build": build}


def circle(status: str, number: int) -> Body:
    told = {"workflow": {"id": f"w{number}", "name": "ship", "status": status}, "pipeline": {"number": number}}
    hook = {"webhook": {"id": "h", "name": "Ours"}, "organization": {"name": "acme"}}
    return {"type": "workflow-completed", "id": str(number), **told, **hook, "project": {"name": "checkout"}}


def vercel(what: str, target: Any = "production") -> Body:
    about = {"deployment": {"id": "d1", "name": "checkout"}, "target": target, "project": {"id": "p"}}
    return {"id": f"e-{what}", "type": f"deployment.{what}", "createdAt": 1772420280000, "payload": about}


def dbt(what: str, status: str) -> Body:
    data = {"jobId": "1", "jobName": "Daily", "runId": what, "projectName": "checkout", "runStatus": status}
    return {"eventId": what, "eventType": f"job.run.{what}", "webhookName": "n", "data": data, "timestamp": ISO}


def fivetran(event: str, **data: str) -> Body:
    return {"event": event, "connector_name": "checkout_db", "sync_id": str(data), "created": ISO, "data": data}


def databricks(what: str) -> Body:
    return {"event_type": f"jobs.on_{what}", "run": {"run_id": what}, "job": {"job_id": "7", "name": "billing"}}


def snowflake(what: str) -> Body:
    return {"messageId": what, "messageType": f"USER_TASK_{what}", "taskName": "DB.T", "timestamp": ISO}


def azure(status: str) -> Body:
    told = {"environment": {"id": 8, "name": "Production", "status": status}, "deployment": {"id": 13}}
    about = {**told, "project": {"name": "checkout"}}
    return {"id": status, "eventType": "ms.release.deployment-completed-event", "resource": about, "createdDate": ISO}


def terraform(status: str) -> Body:
    told = {"message": f"Run {status}", "trigger": f"run:{status}", "run_status": status}
    return {"run_id": f"run-{status}", "workspace_name": "checkout-prod", "notifications": [told]}


RUNS: dict[str, tuple[Body, Body]] = {
    "veeam": ({"jobName": "Nightly", "result": "Failed"}, {"jobName": "Nightly", "result": "Success"}),
    "azure devops": (azure("failed"), azure("succeeded")),
    "terraform": (terraform("errored"), terraform("applied")),
    "gitlab's pipeline": (pipeline("failed", 1), pipeline("success", 2)),
    "gitlab's deployment": (deployment("failed", 1), deployment("success", 2)),
    "github's workflow": (workflow("failure", 1), workflow("success", 2)),
    "jenkins": (jenkins("FAILURE", 1), jenkins("SUCCESS", 2)),
    "circleci": (circle("failed", 1), circle("success", 2)),
    "vercel": (vercel("error"), vercel("succeeded")),
    "dbt": (dbt("errored", "Errored"), dbt("completed", "Success")),
    "fivetran": (fivetran("sync_end", status="FAILURE"), fivetran("sync_end", status="SUCCESSFUL")),
    "databricks": (databricks("failure"), databricks("success")),
    "snowflake": (snowflake("FAILED"), snowflake("SUCCEEDED")),
}


@pytest.mark.sop("DET-1", "DET-5")
@pytest.mark.parametrize("what", RUNS)
def test_a_run_that_failed_fires_and_the_next_one_that_goes_well_is_its_end(what: str) -> None:
    (began,), (over,) = (heard(body).alerts for body in RUNS[what])
    assert (began.state, over.state, over.key) == ("firing", "resolved", began.key)
    assert began.title.endswith("failed")
    assert group_of(began, catalog()) == group_of(over, catalog())
    assert group_of(began, catalog()).service in ("checkout", "billing", "")
    assert not began.severity


PUSH = {"object_kind": "push", "event_name": "push", "ref": "refs/heads/trunk", "user_name": "Ada"}
MERGE = {"event_type": "merge_request", "object_attributes": {"id": 9, "title": "Faster", "action": "open"}}
STATUS = {"name": "Unit tests", "state": "FAILED", "key": "unit", "url": "https://ci.example/1"}
QUIET: dict[str, Body] = {
    "a push": {**PUSH, **GITLAB, "commits": [{"id": "b6", "title": "Update", "timestamp": ISO}]},
    "a tag": {**PUSH, "object_kind": "tag_push", **GITLAB, "commits": []},
    "a merge request": {"object_kind": "merge_request", **MERGE, **ADA, **GITLAB},
    "a comment": {"object_kind": "note", "object_attributes": {"id": 3, "note": "Nice"}, **ADA, **GITLAB},
    "a pull request": {"action": "opened", "number": 2, "pull_request": {"title": "Faster"}, **GITHUB},
    "a greeting": {"zen": "Design for failure.", "hook_id": 1, "hook": {"name": "web", "active": True}, **GITHUB},
    "a pipeline under way": pipeline("running", 1),
    "a pipeline of a branch": pipeline("failed", 1, ref="faster"),
    "a success of a branch": pipeline("success", 1, ref="faster"),
    "a pipeline whose tests failed": pipeline("failed", 1, stage="test"),
    "a workflow of a branch": workflow("failure", 1, branch="faster"),
    "a workflow that waits for somebody": workflow("action_required", 1),
    "a workflow that was called off": workflow("cancelled", 1),
    "a status of a commit": {"commit_status": STATUS, **GITHUB},
    "a job that begins": dbt("started", "Running"),
    "a sync that begins": fivetran("sync_start"),
    "a deployment to be looked at": vercel("error", target=None),
    "a deployment that begins": vercel("created"),
    "a plan": terraform("planning"),
}


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize("what", QUIET)
def test_what_people_do_there_and_what_is_no_failed_deployment_is_a_remark(what: str) -> None:
    told = heard(QUIET[what])
    assert told.alerts == ()
    assert "no firing and no recovery" in told.remark


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    ("body", "title"),
    [
        ({"object_kind": "issue", "object_attributes": {"title": "Down", "type": "Incident"}, **ADA, **GITLAB}, "Down"),
        ({"event": "incident.created", "deployment_id": "d1", "title": "Down", "severity": "critical"}, "Down"),
        ({"title": "Down", "severity": "critical", "build_id": "8", "phase": "started"}, "Down"),
        ({"incident": {"summary": "Down", "state": "open", "labels": {"build_id": "8", "status": "queued"}}}, "Down"),
        ({"title": "Down", "id": "i", "status": "Pending"}, "Down"),
        ({"title": "Backup failed", "stage": "deploy", "status": "down", "build_number": "4"}, "Backup failed"),
        ({"title": "Checkout is away", "stage": "test", "status": "down"}, "Checkout is away"),
    ],
)
def test_an_alert_that_names_a_run_or_a_stage_stays_an_alert(body: Body, title: str) -> None:
    (alert,) = heard(body).alerts
    assert (alert.state, alert.title) == ("firing", title)


@pytest.mark.sop("DET-1")
def test_a_run_that_is_over_and_does_not_say_how_so_that_it_can_be_read_rings() -> None:
    for body in (circle("odd", 1), {**workflow("odd", 1)}, jenkins("", 1)):
        assert [one.state for one in heard(body).alerts] == ["firing"]
    assert (
        heard({"type": "deploy_ended", "data": {"id": "1", "app_name": "a", "status": "completed"}}).alerts[0].state
        == "resolved"
    )


@pytest.mark.sop("SCP-1")
@pytest.mark.parametrize(("stage", "environment"), [("production", "production"), ("deploy", ""), ("dev", "dev")])
def test_a_stage_beside_a_status_is_an_environment_where_it_names_one(stage: str, environment: str) -> None:
    over = heard({"title": "Slow", "id": "s", "stage": stage, "status": "ok"}).alerts[0]
    assert (over.state, over.environment) == ("resolved", environment)


@pytest.mark.sop("DET-1", "DET-5")
def test_numbers_of_two_repositories_are_two_alerts() -> None:
    about = ({"html_url": f"https://github.com/acme/{name}/2", "number": 2, "state": "open"} for name in ("a", "b"))
    first, second = (heard({"action": "created", "alert": one, **GITHUB}).alerts[0] for one in about)
    assert first.key != second.key
