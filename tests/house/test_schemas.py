"""What is deployed holds what its own tools ask of it: hadolint, the schemas of Kubernetes, the grammar of PromQL."""

import subprocess

import kubernetes_validate  # type: ignore[import-untyped]
import promql_parser
import pytest

from tests.house.promql import dashboard, labelled, rules
from tests.house.source import ROOT
from tests.house.test_kubernetes import OVERLAYS, built
from tests.stories.engine import binary

RELEASE = "1.37"
"""The Kubernetes that the files are held against."""
FOREIGN = {"ServiceMonitor", "PodMonitor"}
"""Of the Prometheus operator, whose schemas are not Kubernetes' own."""


def test_the_image_is_built_as_hadolint_has_it() -> None:
    lint = [binary("hadolint"), "--no-color", str(ROOT / "deploy/Containerfile")]
    told = subprocess.run(lint, capture_output=True, text=True, check=False)  # noqa: S603
    assert (told.stdout, told.returncode) == ("", 0)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_would_be_applied_fits_the_schemas_of_kubernetes(overlay: str) -> None:
    held = [one for one in built(overlay) if one["kind"] not in FOREIGN]
    for one in held:
        kubernetes_validate.validate(one, RELEASE, strict=True)
    assert len(held) >= 9


def test_a_field_that_kubernetes_does_not_know_is_found() -> None:
    wrong = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "daat": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, RELEASE, strict=True)


def test_every_rule_and_panel_is_promql_over_metrics() -> None:
    asked = [rule["expr"] for rule in rules()] + dashboard()
    assert len(asked) > 20
    assert [one for one in asked if not labelled(one)] == []


def test_every_rule_says_how_bad_it_is_what_it_means_and_what_to_do() -> None:
    for rule in rules():
        assert rule["labels"]["severity"] in ("critical", "warning", "info"), rule["alert"]
        assert {"summary", "do"} <= rule["annotations"].keys(), rule["alert"]
        assert "for" not in rule or promql_parser.parse_duration(rule["for"])
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names))


def test_labels_are_found_in_what_selects_and_in_what_sums() -> None:
    asked = labelled('sum by (clause) (rate(a_total{result="missed"}[5m])) > on (queue) b or absent(c)')
    assert asked == {("a_total", "result"), ("a_total", "clause"), ("a_total", ""), ("b", ""), ("c", "")}


def test_what_is_no_promql_is_refused() -> None:
    with pytest.raises(ValueError, match=r".+"):
        labelled("sum by clause (a_total")
