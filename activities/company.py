"""The company as its files say: policy and catalog, read and checked."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_settings import BaseSettings

from domain.company.catalog import Catalog
from domain.company.policy import Policy

log = logging.getLogger("standfast.company")
SHIPPED = Path(__file__).parents[1]
"""Where the files that ship with the program are."""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C reads the same, ten times as fast."""
Model = TypeVar("Model", bound=BaseModel)


class Settings(BaseSettings):
    """Where the files are; the shipped ones unless told otherwise."""

    standfast_policy: Path = SHIPPED / "policy.yaml"
    standfast_catalog: Path = SHIPPED / "catalog.yaml"


class Unfit(Exception):
    """A file that was refused: which, and each finding as path, found and expected."""

    def __init__(self, file: Path, findings: list[str]) -> None:
        super().__init__(f"{file}: " + "; ".join(findings))
        self.file, self.findings = file, findings


class Company:
    """Policy and catalog as they are in the files now; a changed file counts from the next incident on.

    One that cannot be read any more never takes the place of one that could.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._read: dict[Path, tuple[int, Any]] = {}
        self.unfit: dict[Path, Unfit] = {}
        """The files that were changed into what cannot be read: what they said before goes on."""
        self.read_at: dict[Path, datetime] = {}
        """When what is in force was read from each file."""

    @property
    def policy(self) -> Policy:
        """The policy for incidents that open now."""
        return self._fresh(self._settings.standfast_policy, Policy)

    @property
    def catalog(self) -> Catalog:
        """The company as it is now."""
        return self._fresh(self._settings.standfast_catalog, Catalog)

    def _fresh(self, file: Path, model: type[Model]) -> Model:
        last: tuple[int, Any] = self._read.get(file, (0, None))
        changed_at = _changed_at(file)
        if last[0] != changed_at:
            try:
                last = (changed_at, load(file, model))
                self.unfit.pop(file, None)
                self.read_at[file] = datetime.now(UTC)
            except Unfit as unfit:
                if last[1] is None:
                    raise
                last, self.unfit[file] = (changed_at, last[1]), unfit
                log.error("what was read before goes on: %s", unfit)
            self._read[file] = last
        found: Model = last[1]
        return found


def _changed_at(file: Path) -> int:
    """When a file was changed last; that it is not there is a change too."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return -1


def load(file: Path, model: type[Model]) -> Model:
    """Read one file; raises `Unfit` with path, found and expected of everything that does not fit."""
    try:
        return model.model_validate(read_yaml(file))
    except OSError as error:
        raise Unfit(file, [f"could not be read: {error.strerror}"]) from None
    except yaml.YAMLError as error:
        raise Unfit(file, [f"not YAML: {' '.join(str(error).split())}"]) from None
    except ValidationError as error:
        raise Unfit(file, _findings(error)) from None


def read_yaml(file: Path) -> Any:
    """A YAML file; `extends: other.yaml` starts from another file, whose mappings are overlaid key by key."""
    data = yaml.load(file.read_text(), LOADER)  # noqa: S506 a safe one
    if isinstance(data, dict) and "extends" in data:
        base = read_yaml(file.parent / data.pop("extends"))
        return _overlaid(base, data)
    return data


def _overlaid(base: Any, over: Any) -> Any:
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **{key: _overlaid(base.get(key), value) for key, value in over.items()}}
    return over


def _findings(error: ValidationError) -> list[str]:
    """Each place once: where several types were tried, the first is the one that people mean."""
    found: dict[str, str] = {}
    for one in error.errors(include_url=False):
        finding = _finding(one)
        found.setdefault(finding.partition(": ")[0] if one["loc"] else finding, finding)
    return list(found.values())


def _finding(error: Any) -> str:
    if error["type"] == "value_error" and not error["loc"]:  # a rule of the whole file, which names its own path
        return str(error["msg"]).removeprefix("Value error, ")
    path = ".".join(str(part) for part in error["loc"] if "[" not in str(part))  # not which of several types was tried
    found = "" if error["type"] == "missing" else f"found {str(error['input'])[:60]!r}, "
    return f"{path or 'file'}: {found}{str(error['msg']).removeprefix('Value error, ')}"
