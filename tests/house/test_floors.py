"""The floors that import-linter cannot see: the entry points above, and what the domain may know below."""

import sys
from importlib import import_module

from tests.house.source import ENTRIES, FLOORS, PRODUCT, imports, module, place

KNOWN_TO_THE_DOMAIN = {*sys.stdlib_module_names, "domain", "pydantic", "typing_extensions"}
OUTER_WORLD = {"asyncio", "io", "os", "pathlib", "random", "secrets", "socket", "subprocess", "time", "urllib"}


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


def test_every_module_of_the_product_can_be_imported() -> None:
    names = [module(path) for path in PRODUCT if path.name != "env.py"]  # which alembic runs itself
    assert len({id(import_module(name)) for name in names}) == len(names)
