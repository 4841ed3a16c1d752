"""JSON Schema with the same verdicts sooner: what fits one of many is not held against the rest, nor read twice.

A vendor's types are unions of unions; read plainly, one message of a few blocks is read a thousand times.
"""

import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, validators

PLAIN: Any = Draft202012Validator
EXTEND: Any = validators.extend
ANY_OF, REF = (PLAIN.VALIDATORS[keyword] for keyword in ("anyOf", "$ref"))


def reader(document: dict[str, Any]) -> Any:
    """A maker of validators for parts of one document, which remember what fitted which of its types."""
    fitted = set[tuple[str, str]]()

    def any_of(validator: Any, some: list[Any], instance: Any, schema: Any) -> Iterator[Any]:
        if not any(validator.evolve(schema=one).is_valid(instance) for one in some):
            yield from ANY_OF(validator, some, instance, schema)

    def ref(validator: Any, name: str, instance: Any, schema: Any) -> Iterator[Any]:
        key = (name, json.dumps(instance, sort_keys=True))
        if key not in fitted:
            faults = list(REF(validator, name, instance, schema))
            if not faults:
                fitted.add(key)
            yield from faults

    made: Any = EXTEND(PLAIN, {"anyOf": any_of, "$ref": ref})
    return lambda name: made({"$ref": name, **document})
