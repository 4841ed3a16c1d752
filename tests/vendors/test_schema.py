"""The sooner reading of a schema finds what the plain one finds."""

import pytest
from jsonschema import Draft202012Validator

from tests.vendors.schema import reader

DOCUMENT = {
    "$defs": {
        "any": {"anyOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/row"}]},
        "row": {"properties": {"of": {"items": {"$ref": "#/$defs/any"}}}, "required": ["of"]},
        "text": {"properties": {"type": {"const": "text"}, "text": {"type": "string"}}, "required": ["type", "text"]},
    }
}
TEXT, ODD = {"type": "text", "text": "hello"}, {"type": "text", "text": 1}


@pytest.mark.parametrize(
    "value", [TEXT, ODD, {"of": [TEXT, TEXT, {"of": []}]}, {"of": [TEXT, ODD, {"of": [ODD]}, TEXT]}, {}]
)
def test_it_finds_the_same_faults_however_often_it_is_asked(value: object) -> None:
    plain = Draft202012Validator({"$ref": "#/$defs/any", **DOCUMENT})
    expected = [(one.json_path, one.message, len(one.context)) for one in plain.iter_errors(value)]
    quick = reader(DOCUMENT)("#/$defs/any")
    for _ in range(2):
        assert [(one.json_path, one.message, len(one.context)) for one in quick.iter_errors(value)] == expected
