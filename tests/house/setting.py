"""The environment names that the project has: as .env.example lists them, and as the settings classes read them."""

import re
from importlib import import_module

from pydantic import AliasChoices
from pydantic_settings import BaseSettings

from tests.house.source import PRODUCT, ROOT, imports, module

NAME = re.compile(r"^#?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
EXAMPLE = (ROOT / ".env.example").read_text()


def listed() -> list[str]:
    return NAME.findall(EXAMPLE)


def read_by(settings: type[BaseSettings]) -> set[str]:
    """Name what a settings class reads from the environment."""
    names = set()
    for field, info in settings.model_fields.items():
        alias = info.validation_alias
        choices = (
            alias.choices if isinstance(alias, AliasChoices) else [alias or settings.model_config["env_prefix"] + field]
        )
        names |= {str(choice).upper() for choice in choices}
    return names


def classes() -> list[type[BaseSettings]]:
    """Find the product's settings classes."""
    modules = [import_module(module(path)) for path in PRODUCT if "pydantic_settings" in imports(path)]
    found = (value for one in modules for value in vars(one).values() if isinstance(value, type))
    return [value for value in found if issubclass(value, BaseSettings) and value is not BaseSettings]
