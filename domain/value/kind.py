"""Models that travel as JSON, told apart by their `kind`. A subclass is known by being defined: nothing lists it."""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import ConfigDict, GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from domain.value.model import Model

OF_ANOTHER_RELEASE: Mapping[str, str] = {"extra": "ignore"}
"""The context in which is read what another release may have written: what this one does not know is passed over."""


WORD = re.compile(r"(?<!^)(?=[A-Z])")


class Kinded(Model):
    """One of several models under a common root. A field of the root's type takes, and writes, any of them whole.

    Its kind is its name in words, `item_added` of ItemAdded, where the class does not say another; an `abstract` one,
    under which several stand, has none.
    """

    model_config = ConfigDict(polymorphic_serialization=True)

    kind: str = ""
    kinds: ClassVar[Mapping[str, type[Self]]] = {}
    """Every model under this root by its kind, in the order of definition."""

    def __init_subclass__(cls, *, abstract: bool = False, **arguments: Any) -> None:
        """The kind is a type of its own, as if the class had written it down."""
        super().__init_subclass__(**arguments)
        if not abstract and "kind" not in cls.__annotations__:
            kind = WORD.sub("_", cls.__name__).lower()
            cls.__annotations__ = {**cls.__annotations__, "kind": Literal[kind]}
            cls.kind = kind

    @classmethod
    def __pydantic_init_subclass__(cls, **arguments: Any) -> None:
        """A root begins its own table; a model with a kind enters its root's, and takes nobody's place."""
        kind = cls.model_fields["kind"].default
        if Kinded in cls.__bases__:
            cls.kinds = {}
        elif not kind:
            return
        elif cls.kinds.get(kind, cls).__qualname__ != cls.__qualname__:
            raise TypeError(f"{cls.__qualname__}: {cls.kinds[kind].__qualname__} is the {kind!r} already")
        else:
            cls.kinds[kind] = cls  # type: ignore[index]  # a Mapping to everybody else

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The root chooses by the kind; a model of one kind is what it is."""
        schema = handler(source)
        if cls.model_fields["kind"].default:
            return schema
        return core_schema.with_info_wrap_validator_function(cls._of_its_kind, schema)

    @classmethod
    def _of_its_kind(cls, data: Any, handler: Callable[[Any], Any], info: ValidationInfo) -> Any:
        if isinstance(data, cls):
            return data
        kind = str(data.get("kind", "")) if isinstance(data, dict) else ""
        if kind not in cls.kinds:
            known = {"discriminator": "'kind'", "tag": kind, "expected_tags": ", ".join(map(repr, sorted(cls.kinds)))}
            raise PydanticKnownError("union_tag_invalid", known)
        if info.context is OF_ANOTHER_RELEASE:
            return cls.kinds[kind].model_validate(data, extra="ignore", context=OF_ANOTHER_RELEASE)
        return cls.kinds[kind].model_validate(data)


def kind_of(model: type[Model]) -> str:
    """The word that tells a model from the others of its root."""
    kind: str = model.model_fields["kind"].default
    return kind
