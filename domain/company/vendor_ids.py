"""What a person or a service is called at the vendors: an id for each that has one of its own."""

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import (
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from domain.value.model import Model, Slug


class AtVendors(Model):
    """Something that vendors know by ids of their own."""

    written_flat: ClassVar[tuple[str, ...]] = ()
    """The vendors whose id may also be written as a key of its own, and is stored so."""
    if TYPE_CHECKING:  # each has the field at a place of its own: the order of what is stored stays
        ids: dict[Slug, str] = Field(default_factory=dict)

    def at(self, vendor: str) -> str:
        """What a vendor knows it as; empty where that has no id for it."""
        return self.ids.get(vendor, "")

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.keys().isdisjoint(cls.written_flat):
            return data
        flat = {vendor: data[vendor] for vendor in cls.written_flat if data.get(vendor)}
        rest = {key: value for key, value in data.items() if key not in cls.written_flat}
        return rest | {"ids": {**(rest.get("ids") or {}), **flat}}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema of what is written: the flat keys beside the ids."""
        made = handler(core["schema"] if core["type"] == "function-wrap" else core)
        shape = handler.resolve_ref_schema(made)
        shape["properties"] |= {vendor: {"type": "string"} for vendor in cls.written_flat}
        return made

    @model_serializer(mode="wrap")
    def _spread(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """In the place of the ids: those that are written flat, whoever has them or not, then the others."""
        written: dict[str, Any] = {}
        for key, value in write(self).items():
            if key != "ids":
                written[key] = value
                continue
            written |= {vendor: self.at(vendor) for vendor in self.written_flat}
            others = {vendor: one for vendor, one in self.ids.items() if vendor not in self.written_flat}
            written |= {"ids": others} if others else {}
        return written
