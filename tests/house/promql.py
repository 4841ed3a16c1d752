"""What the alert rules and the dashboard ask of Prometheus: metrics and labels, by the grammar of PromQL."""

import json
from typing import Any

import promql_parser as grammar

from tests import yaml
from tests.house.source import ROOT


def rules() -> list[dict[str, Any]]:
    """The alerts about Standfast itself."""
    groups = yaml.safe_load((ROOT / "deploy/prometheus/rules.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> list[str]:
    """What the panels ask."""
    board = json.loads((ROOT / "deploy/grafana/standfast.json").read_text())
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def labelled(expression: str) -> set[tuple[str, str]]:
    """Every metric, with each label that is asked of it by a selector or by what sums over it; raises `ValueError`."""
    found: set[tuple[str, str]] = set()

    def visit(one: Any) -> bool:
        modifier = getattr(one, "modifier", None) if isinstance(one, grammar.AggregateExpr) else None
        if modifier and modifier.type == grammar.AggModifierType.By:
            below = {metric for metric, _ in labelled(one.expr.prettify())}
            found.update((metric, label) for metric in below for label in modifier.labels)
        selector = getattr(one, "vector_selector", one)
        if isinstance(selector, grammar.VectorSelector) and selector.name:
            found.update((selector.name, label.name) for label in selector.matchers.matchers)
            found.add((selector.name, ""))
        return True

    grammar.walk(grammar.parse(expression), visit)
    return found
