"""Reads a message in XML as the JSON that it stands for: an element is an object of its attributes and elements.

An element that holds only words is their text; of several with one name there is a list. A document type is refused,
and with it every entity that could grow or be fetched; size and depth are bounded.
"""

import json
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from vendors.door import Unreadable

LARGEST: Final = 1024 * 1024
"""Bytes of a document; what it is read into takes several times as much."""
DEPTH: Final = 30
"""How deep elements may stand in each other."""


def of_markup(body: bytes) -> bytes:
    """The document as JSON, without its outermost name; what is no XML as it came."""
    if len(body) > LARGEST:
        raise Unreadable("body", f"{len(body)} bytes of XML", f"at most {LARGEST}")
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable("body", "a document type", "XML without one") from None
    except (ParseError, ValueError, LookupError):
        return body
    told = _told(root, DEPTH)
    return json.dumps(told if isinstance(told, dict) else {_name(root.tag): told}).encode()


def _told(element: Element, deep: int) -> str | dict[str, Any]:
    if not deep:
        raise Unreadable("body", f"more than {DEPTH} elements in each other", "a message that is not so deep")
    words = (element.text or "").strip()
    told: dict[str, Any] = {_name(name): value for name, value in element.attrib.items()}
    if not len(element):
        return words if not told else told | ({"value": words} if words else {})
    for one in element:
        name, value = _name(one.tag), _told(one, deep - 1)
        before = told.get(name)
        told[name] = value if before is None else [*before, value] if isinstance(before, list) else [before, value]
    return told


def _name(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]
