"""The floors that import-linter cannot see: the entry points above, and what the domain may know below."""

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from domain.incident.fact import Fact
from domain.value.act import Act
from tests.house.source import ENTRIES, FLOORS, PRODUCT, imports, module, nodes, place
from vendors.directory import DIRECTORY

KNOWN_TO_THE_DOMAIN = {*sys.stdlib_module_names, "domain", "pydantic", "pydantic_core", "typing_extensions"}
OUTER_WORLD = {"asyncio", "io", "os", "pathlib", "random", "secrets", "socket", "subprocess", "time", "urllib"}

OF_THE_MACHINE = {"now", "today", "utcnow", "uuid1", "uuid4", "open", "input", "id", "globals"}
"""What answers differently in a replay; a workflow has its own `workflow.now`."""

KNOWING_ROLES = {"domain", "records", "activities", "workflows", "client", "ingress", "console", "worker"}
OF_A_VENDOR = re.compile(rf"vendors\.({'|'.join(DIRECTORY)})\b")


def tops(names: frozenset[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def test_nobody_imports_an_entry_point() -> None:
    below = [path for path in PRODUCT if module(path).split(".")[0] in FLOORS]
    assert below
    assert {
        place(path): tops(imports(path)) & set(ENTRIES) for path in below if tops(imports(path)) & set(ENTRIES)
    } == {}


def test_the_domain_knows_only_pydantic_and_the_pure_part_of_the_standard_library() -> None:
    domain = [path for path in PRODUCT if module(path).split(".")[0] == "domain"]
    assert domain
    known = KNOWN_TO_THE_DOMAIN - OUTER_WORLD
    assert {place(path): tops(imports(path)) - known for path in domain if tops(imports(path)) - known} == {}


def deciding() -> list[Path]:
    """Every file that a workflow may decide by: its own, what that imports of its room, and the domain."""
    by_name = {module(path): path for path in PRODUCT}
    found = {"workflows.incident", "workflows.group", "workflows.drill", "workflows.checkpoint", "workflows.watchman"}
    while more := {one for name in found for one in imports(by_name[name]) if one.startswith("workflows.")} - found:
        found |= more
    return [path for name, path in by_name.items() if name in found or name.split(".")[0] == "domain"]


def asks_the_machine(path: Path) -> set[str]:
    """What a file asks of clock, chance and world, by the lines."""
    calls = [node for node in nodes(path) if isinstance(node, ast.Call)]
    asked = {f"{node.lineno} {ast.unparse(node.func)}" for node in calls if _last(node.func) in OF_THE_MACHINE}
    return {one for one in asked if not one.endswith("workflow.now")}


def _last(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_no_workflow_asks_clock_chance_or_world(tmp_path: Path) -> None:
    """What Temporal's sandbox would watch while an incident runs is held here (docs/adr/0101-no-sandbox.md)."""
    files = deciding()
    assert len(files) > 200
    assert {place(path): asks_the_machine(path) for path in files if asks_the_machine(path)} == {}
    worlds = {place(path): tops(imports(path)) & (OUTER_WORLD - {"asyncio"}) for path in files}
    assert {path: names for path, names in worlds.items() if names} == {}
    bad = tmp_path / "bad.py"
    bad.write_text("from datetime import datetime\n\nsoon = datetime.now()\nwhere = open('here')\n")
    assert asks_the_machine(bad) == {"3 datetime.now", "4 open"}


def test_the_house_knows_no_vendor_by_name() -> None:
    """Clients are made by the directory, and what a chat is told goes over its port: adding a vendor is one folder."""
    above = [path for path in PRODUCT if module(path).split(".")[0] in KNOWING_ROLES]
    named = {place(path): {name for name in imports(path) if OF_A_VENDOR.match(name)} for path in above}
    assert len(above) > 100
    assert {path: names for path, names in named.items() if names} == {}


def test_every_module_of_the_product_can_be_imported() -> None:
    names = [module(path) for path in PRODUCT if path.name != "env.py"]  # which alembic runs itself
    assert len({id(import_module(name)) for name in names}) == len(names)


def test_what_serves_needs_nothing_that_plays_and_loads_what_migrates_only_to_migrate() -> None:
    """The image has no mail server, no Temporal server and no stand-ins; a real incident is opened by no simulation."""
    left = ("aiosmtpd", "alembic", "standins", "domain.simulation", "domain.replay")
    plays = f"[name for name in sys.modules if name.startswith({left}) or 'standin' in name]"
    code = f"import sys; sys.modules['aiosmtpd'] = None; import starter, worker, ingress.serve; print({plays})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert told.stdout == "['aiosmtpd']\n"


def test_an_event_is_read_the_same_in_every_process() -> None:
    """Whatever of the domain a process imports, it knows the kinds that all of its files declare."""
    declared = set()
    for path in PRODUCT:
        if module(path).split(".")[0] == "domain":
            declared |= {one for one in vars(import_module(module(path))).values() if _is_kind(one)}
    names = sorted(f"{one.__module__}.{one.__name__}" for one in declared)
    told_of = "sorted(f'{one.__module__}.{one.__name__}' for one in [*Fact.kinds.values(), *Act.kinds.values()])"
    code = f"from domain.incident.fact import Fact; from domain.value.act import Act; print(*{told_of})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert len(names) > 40
    assert told.stdout.split() == names


def _is_kind(one: object) -> bool:
    return one in Fact.kinds.values() or one in Act.kinds.values()
