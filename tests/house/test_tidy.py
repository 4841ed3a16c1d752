"""What the house's style asks of every file, where a machine can see it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import PRODUCT, PYTHON, ROOT, files, module, nodes, place, tree

FILE_LINES, FUNCTION_LINES = 300, 40
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "service", "misc"}
SPECS = "shared" + "/specs"
MACHINE = re.compile(r"(?<![\w.])/(work|root|opt/wheels|opt/pypi)\b")
INDEX = re.compile(r"\b(pypi[.]org|python[h]osted|npm[j]s[.]|deb[.]debian|proxy[.]golang)")


def texts() -> Iterator[tuple[str, str]]:
    """Every file of the project that is text, by its place."""
    for path in files():
        try:
            yield place(path), path.read_text()
        except UnicodeDecodeError:
            continue


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def undocumented(path: Path) -> Iterator[str]:
    """Name the module and the classes of a file that do not say what they are for."""
    classes = [node for node in nodes(path) if isinstance(node, ast.ClassDef)]
    yield from (place(path) for whole in [tree(path)] if not ast.get_docstring(whole))
    yield from (f"{place(path)}:{node.lineno} {node.name}" for node in classes if not ast.get_docstring(node))


def test_files_end_before_they_tire() -> None:
    assert [place(path) for path in PYTHON if len(path.read_text().splitlines()) > FILE_LINES] == []


def test_functions_fit_in_the_eye() -> None:
    assert [
        f"{place(path)} {one.name}" for path in PYTHON for one in functions(path) if lines(one) > FUNCTION_LINES
    ] == []


def test_every_module_and_class_of_the_product_says_what_it_is_for() -> None:
    assert [name for path in PRODUCT for name in undocumented(path)] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [place(path) for path in PYTHON if VAGUE & set(module(path).split("."))] == []


def test_no_file_names_a_package_index_or_a_machine() -> None:
    found = [(name, match[0]) for name, text in texts() for rule in (MACHINE, INDEX) for match in rule.finditer(text)]
    assert found == []


def test_only_one_place_knows_where_the_vendors_descriptions_lie() -> None:
    assert [name for name, text in texts() if SPECS in text] == ["tests/specs.py"]


@pytest.mark.parametrize("folder", ["work", "root", "opt/wheels"])
def test_a_machines_folder_is_seen(folder: str) -> None:
    assert MACHINE.search(f"built in /{folder}/x")
    assert not MACHINE.search(f"https://example.com/{folder}")


@pytest.mark.parametrize("parts", [("pypi", "org"), ("registry.npm" + "js", "org"), ("deb", "debian.org")])
def test_a_package_index_is_seen(parts: tuple[str, str]) -> None:
    assert INDEX.search(f"https://{'.'.join(parts)}/simple")


def test_the_rules_read_the_whole_project() -> None:
    assert {ROOT / "domain/value/act.py", ROOT / "tests/specs.py"} <= set(PYTHON)
