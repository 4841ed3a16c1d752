"""What a key is made of is known in one place: everywhere else it is asked, not cut apart."""

import ast

from tests.house.source import PRODUCT, module, nodes, place

CUTS = {"split", "rsplit", "partition", "rpartition", "startswith", "endswith", "removeprefix", "removesuffix"}
VENDORS = {"vendors", "standins"}
"""What they call a key is their own."""
ELSEWHERE = {
    "domain.value.key",
    "domain.alerting.known",  # keys of alerts, which are their senders'
    "ingress.webhook.sorting",  # keys of alerts
}


def is_cut(node: ast.AST) -> bool:
    """Whether the node cuts a key: `key.split(…)`, `done.key.partition(…)`."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CUTS):
        return False
    cut = node.func.value
    return (isinstance(cut, ast.Name) and cut.id == "key") or (isinstance(cut, ast.Attribute) and cut.attr == "key")


def test_nobody_cuts_a_key_apart() -> None:
    asked = [path for path in PRODUCT if module(path).split(".")[0] not in VENDORS and module(path) not in ELSEWHERE]
    found = [f"{place(path)}:{node.lineno}" for path in asked for node in nodes(path) if is_cut(node)]  # type: ignore[attr-defined]
    assert found == []
    assert any(is_cut(node) for path in PRODUCT if module(path) == "domain.alerting.known" for node in nodes(path))
