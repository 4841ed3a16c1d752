"""SCP: which environments are in scope; what nobody has named is, and says so."""

import pytest

from domain.alerting.grouping import group_of
from domain.alerting.scope import suppression
from domain.company.alert_rule import AlertRule
from domain.procedure.detection import opened
from domain.simulation.scenario import ScenarioAlert
from tests.domain.story import START, catalog, policy

RULE = policy().alerts


@pytest.mark.sop("SCP-1", "SCP-2")
@pytest.mark.parametrize("environment", ["production", "Production", "prod", "live"])
def test_production_is_in_scope(environment: str) -> None:
    assert suppression(environment, "checkout", catalog(), RULE, START) is None


@pytest.mark.sop("SCP-2")
@pytest.mark.parametrize(
    "environment",
    [
        "staging",
        "staging-eu",
        "STAGING",
        "dev",
        "development",
        "qa",
        "uat",
        "test-17",
        "pay-sandbox",
        "eu-preprod",
        *("nonprod", "non-prod", "NonProd-EU", "eu-nonprod", "pre_prod", "preproduction", "tst", "tst2", "eu-tst"),
        *(
            "int",
            "integration",
            "acc",
            "acceptance",
            "eu-acceptance",
            "performance",
            "loadtest",
            "preview",
            "review/42",
            *(
                "stage1",
                "stage_eu",
                "stg2",
                "eu-staging-2",
                "staging.eu",
                "eu_dev",
                "eu-test-1",
                "eu-qa-1",
                "eu.sandbox",
            ),
        ),
    ],
)
def test_what_is_not_production_is_suppressed_with_its_reason(environment: str) -> None:
    why = suppression(environment, "checkout", catalog(), RULE, START)
    assert why is not None
    assert repr(environment) in why.reason
    assert why.until is None


@pytest.mark.sop("SCP-4")
@pytest.mark.parametrize(
    "environment",
    [
        "",
        "prod-eu",
        "PRD",
        "eu-west-1",
        "production-us-east-1",
        "стенд",
        "本番",
        "canary",
        *("demo", "internal", "international", "access", "interactive", "eu-int"),
        "blue",
        "tenant-7",
        *("production-test-runner", "latest", "contest", "prod_eu", "prod-1", "acc-prod"),
        "live-2",
    ],
)
def test_an_environment_that_nobody_has_named_is_in_scope_and_said(environment: str) -> None:
    assert suppression(environment, "checkout", catalog(), RULE, START) is None
    alert = ScenarioAlert(environment=environment).alert(START)
    said = opened("INC-7K3QF", (alert,), "checkout", catalog(), policy()).description
    assert ("counts as production" in said) is (environment not in ("", "PRD"))


@pytest.mark.sop("SCP-2")
def test_a_policy_says_itself_what_is_kept_back() -> None:
    rule = AlertRule(environments=("dev-live",), not_production=("dev*", "lab-?"))
    kept = [word for word in ("dev-1", "lab-2", "lab-22", "staging", "dev-live") if rule.keeps_back(word)]
    assert kept == ["dev-1", "lab-2"]
    assert "not_production" not in AlertRule().model_dump()


@pytest.mark.sop("SCP-2")
def test_a_policy_that_is_silent_means_the_usual_names() -> None:
    assert RULE.not_production == AlertRule().not_production
    assert AlertRule().keeps_back("nonprod-eu")


@pytest.mark.sop("SCP-1", "DET-4")
@pytest.mark.parametrize(
    "name", ["deployment", "k8s.deployment.name", "kube_deployment", "container-name", "exported_service", "Namespace"]
)
def test_what_runs_there_says_the_service_where_no_word_does(name: str) -> None:
    unsaid = ScenarioAlert().alert(START).model_copy(update={"service": "", "labels": {name: "billing"}})
    assert group_of(unsaid, catalog()).service == "billing"
    assert group_of(unsaid.model_copy(update={"service": "checkout"}), catalog()).service == "checkout"
