"""The floors that import-linter cannot see: the entry points above, and what the domain may know below."""

import re
import subprocess
import sys
from importlib import import_module

from domain.incident.fact import Fact
from domain.value.act import Act
from tests.house.source import ENTRIES, FLOORS, PRODUCT, imports, module, place
from vendors.directory import DIRECTORY

KNOWN_TO_THE_DOMAIN = {*sys.stdlib_module_names, "domain", "pydantic", "pydantic_core", "typing_extensions"}
OUTER_WORLD = {"asyncio", "io", "os", "pathlib", "random", "secrets", "socket", "subprocess", "time", "urllib"}

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


def test_the_house_knows_no_vendor_by_name() -> None:
    """Clients are made by the directory, and what a chat is told goes over its port: adding a vendor is one folder."""
    above = [path for path in PRODUCT if module(path).split(".")[0] in KNOWING_ROLES]
    named = {place(path): {name for name in imports(path) if OF_A_VENDOR.match(name)} for path in above}
    assert len(above) > 100
    assert {path: names for path, names in named.items() if names} == {}


def test_every_module_of_the_product_can_be_imported() -> None:
    names = [module(path) for path in PRODUCT if path.name != "env.py"]  # which alembic runs itself
    assert len({id(import_module(name)) for name in names}) == len(names)


def test_what_serves_needs_nothing_that_plays() -> None:
    """The image has no mail server, no Temporal server and no stand-ins."""
    plays = "[name for name in sys.modules if name.split('.')[0] in ('aiosmtpd', 'standins') or 'standin' in name]"
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
