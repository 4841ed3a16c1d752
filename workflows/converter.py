"""What turns our models into payloads and back: what another release wrote is read without what this one does not know.

Files keep forbidding what nobody knows, for there it is a slip of the pen (docs/adr/0041-what-cannot-be-read.md).
"""

import dataclasses
import functools
from typing import Any

from pydantic import TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)

from domain.exchange import TroublesSaid
from domain.value.kind import OF_ANOTHER_RELEASE
from workflows.codec import CLEAR, Settings, codec


@functools.lru_cache(1024)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


class TolerantJSON(PydanticJSONPlainPayloadConverter):
    """Reads models and passes over the fields they do not have."""

    def to_payload(self, value: Any) -> Payload | None:
        """The payload of a value; what the watchman has said is ids and services, which are never encrypted."""
        made = super().to_payload(value)
        if made is not None and isinstance(value, TroublesSaid):
            made.metadata[CLEAR] = b""
        return made

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """The value of a payload; raises `ValidationError` for what does not fit."""
        adapter = _adapter(Any if type_hint is None else type_hint)
        return adapter.validate_json(payload.data, extra="ignore", context=OF_ANOTHER_RELEASE)


class TolerantConverter(CompositePayloadConverter):
    """Temporal's own converters, with ours for JSON."""

    def __init__(self) -> None:
        usual = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(TolerantJSON() if isinstance(one, JSONPlainPayloadConverter) else one for one in usual))


def converter() -> DataConverter:
    """What everybody who talks to a workflow needs.

    With keys in STANDFAST_CODEC_KEYS failures are encrypted too, for their messages can quote what a vendor was sent.
    """
    plain = DataConverter(payload_converter_class=TolerantConverter)
    ring = codec(Settings())
    if ring is None:
        return plain
    failures = DefaultFailureConverterWithEncodedAttributes
    return dataclasses.replace(plain, payload_codec=ring, failure_converter_class=failures)
