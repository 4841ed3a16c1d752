"""The company as its files say: policy and catalog, read and checked."""

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings

from config.place import SHIPPED as SHIPPED
from config.place import InvalidFile as InvalidFile
from domain.company.catalog import Catalog
from domain.company.policy import Policy

log = logging.getLogger("standfast.company")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C reads the same, ten times as fast."""
Model = TypeVar("Model", bound=BaseModel)


class Settings(BaseSettings):
    """Where the files are; the shipped ones unless told otherwise."""

    standfast_policy: Path = SHIPPED / "policy.yaml"
    standfast_catalog: Path = SHIPPED / "catalog.yaml"
    standfast_board_url: str = Field(default="", pattern=r"^(https?://[^\s?#]+)?$")
    """Where people find the board, where the policy does not say it."""


class Company:
    """Policy and catalog as they are in the files now; a changed file counts from the next incident on.

    One that cannot be read any more, or that `standfast policy check` finds something new in, never takes the place of
    one that was good.
    """

    def __init__(self, settings: Settings) -> None:
        self._files: dict[type[BaseModel], Path] = {
            Policy: settings.standfast_policy,
            Catalog: settings.standfast_catalog,
        }
        self._seen: dict[type[BaseModel], int] = {}
        """When each file was changed, as it was looked at last."""
        self._good: dict[type[BaseModel], Any] = {}
        self._board = settings.standfast_board_url.rstrip("/")
        self._unfit: dict[Path, InvalidFile] = {}
        self.read_at: dict[Path, datetime] = {}
        """When what is in force was read from each file."""

    @property
    def policy(self) -> Policy:
        """The policy for incidents that open now."""
        policy: Policy = self._fresh(Policy)
        return policy

    @property
    def catalog(self) -> Catalog:
        """The company as it is now."""
        catalog: Catalog = self._fresh(Catalog)
        return catalog

    @property
    def unfit(self) -> Mapping[Path, InvalidFile]:
        """The files that are changed into what cannot be used, looked at now: what they said before goes on."""
        if self._changed():
            self._read_again()
        return self._unfit

    def refuse_grave(self) -> None:
        """Raise `InvalidFile` where alerts would be lost or people never woken: nobody starts with that."""
        from config.fit import examine  # costs what a command line need not pay

        found = [str(one) for one in examine(self.policy, self.catalog) if one.grave]
        if found:
            raise InvalidFile(self._files[Catalog], found)

    def _fresh(self, model: type[BaseModel]) -> Any:
        """What is in force of a file; one that was never read is read alone, for not everybody needs both."""
        if model not in self._good:
            self._seen[model] = changed_at(self._files[model])
            self._take({model: self._load(model)})
        elif self._changed():
            self._read_again()
        return self._good[model]

    def _load(self, model: type[BaseModel]) -> BaseModel:
        """What a file says; the board is where the environment has it, where the policy says nothing of it."""
        said = load(self._files[model], model)
        unsaid = isinstance(said, Policy) and not said.board and self._board
        return said.model_copy(update={"board": self._board}) if unsaid else said

    def _changed(self) -> bool:
        return any(changed_at(self._files[model]) != at for model, at in self._seen.items())

    def _read_again(self) -> None:
        """Take what can be read; of what can, whatever brings nothing new that `policy check` would say."""
        read = dict[type[BaseModel], Any]()
        for model in self._good:
            self._seen[model] = changed_at(self._files[model])
            try:
                read[model] = self._load(model)
                self._unfit.pop(self._files[model], None)
            except InvalidFile as unfit:
                self._refuse(unfit)
        changed = {model: now for model, now in read.items() if now != self._good[model]}
        new = self._news(changed)
        for model in [] if not new or len(changed) < 2 else [*changed]:  # one of the two may be well by itself
            if not self._news({model: changed[model]}):
                self._take({model: changed.pop(model)})
        if new:
            for model in changed:
                self._refuse(InvalidFile(self._files[model], new))
        else:
            self._take(changed)

    def _news(self, changed: dict[type[BaseModel], Any]) -> list[str]:
        """What is found in the files with these, and was not in what is in force."""
        both = {**self._good, **changed}
        if not changed or len(both) < 2:
            return []
        from config.fit import examine

        known = set(examine(self._good[Policy], self._good[Catalog]))
        return [str(one) for one in examine(both[Policy], both[Catalog]) if one not in known]

    def _take(self, read: dict[type[BaseModel], Any]) -> None:
        self._good |= read
        self.read_at |= {self._files[model]: datetime.now(UTC) for model in read}

    def _refuse(self, unfit: InvalidFile) -> None:
        self._unfit[unfit.file] = unfit
        log.error("what was read before goes on: %s", unfit)


def changed_at(file: Path) -> int:
    """When a file was changed last; that it is not there is a change too."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return -1


def load(file: Path, model: type[Model]) -> Model:
    """Read one file; raises `InvalidFile` with path, found and expected of everything that does not fit."""
    try:
        data = read_yaml(file)
        if unread := [*_truths(data, "")]:
            raise InvalidFile(file, unread)
        return model.model_validate(data)
    except OSError as error:
        raise InvalidFile(file, [f"could not be read: {error.strerror}"]) from None
    except yaml.YAMLError as error:
        said = " ".join(str(error).split()).replace(' in "<unicode string>",', " at")
        raise InvalidFile(file, [f"not YAML: {said}"]) from None
    except ValidationError as error:
        raise InvalidFile(file, _findings(error)) from None


def read_yaml(file: Path) -> Any:
    """A YAML file; `extends: other.yaml` starts from another file, whose mappings are overlaid key by key."""
    data = yaml.load(file.read_text(), LOADER)  # noqa: S506 a safe one
    if isinstance(data, dict) and "extends" in data:
        base = read_yaml(file.parent / data.pop("extends"))
        return _overlaid(base, data)
    return data


def _truths(data: Any, path: str) -> Iterator[str]:
    """Keys that YAML 1.1 reads as a truth, where somebody wrote a word: `on`, `off`, `yes`, `no`."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        if isinstance(key, bool):
            found = f"the key {'on, yes or true' if key else 'off, no or false'} without quotes"
            yield f"{path or 'file'}: found {found}, which YAML takes for a truth; write it in quotes"
        yield from _truths(value, f"{path}.{key}".lstrip("."))


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
