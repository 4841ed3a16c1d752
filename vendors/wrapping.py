"""Takes a message out of what it came in: compression, another encoding than UTF-8, the fields of a form, XML.

The proof of a request is over the bytes as they arrived; readers see what was meant.
"""

import codecs
import json
import zlib
from collections.abc import Mapping
from email import policy
from email.message import Message
from email.parser import BytesParser
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl

from vendors.door import READ_WHOLE, Request, Unreadable, told_once
from vendors.markup import of_markup
from vendors.said import HOLDERS, held

LARGEST: Final = 64 * 1024 * 1024
"""Bytes that a compressed body may become."""
LAYERS: Final = 3
"""How often a body may be packed."""
MEMBERS: Final = 64
"""Packed bodies that may stand one after another: looking for the next copies what is left."""
GZIP: Final = b"\x1f\x8b\x08"
WBITS: Final = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
"""What `Content-Encoding` names as zlib knows it; deflate is sent with and without a header of its own."""
UNKNOWN: Final = ("br", "zstd", "snappy", "compress")
FORM: Final = 4 * 1024 * 1024
"""Bytes of a form: taking its escapes out takes eighty times as much."""
MESSAGE: Final = ("payload", "body", "json", "data", "event")
"""The fields of a form that hold the message where others stand beside it, such as a token."""
PARTS: Final = 1024 * 1024
"""Bytes of a form in parts: reading it takes several times as much."""


def unwrapped(request: Request) -> Request:
    """The request with its message in UTF-8; `Unreadable` when it is packed so that nobody can open it."""
    body = _unpacked(request)
    kind, charset = _kind(request.headers.get("content-type", ""))
    body = _in_utf8(body, charset)
    match kind:
        case "application/x-www-form-urlencoded":
            body = _of_form(body)
        case "multipart/form-data":
            body = _of_parts(body, request.headers["content-type"])
        case "application/xml" | "text/xml":
            body = of_markup(body)
    return request if body == request.body else request.model_copy(update={"body": body})


@lru_cache(maxsize=100)
def _kind(told: str) -> tuple[str, str]:
    """The type that a header names, and its letters; senders say the same with everything they send."""
    header = Message()
    header["content-type"] = told
    return header.get_content_type(), str(header.get_param("charset") or "")


def _unpacked(request: Request) -> bytes:
    """The body as it was before it was packed, however often; relays pack once more what was packed already."""
    codings = request.headers.get("content-encoding", "").lower().split(",")
    body, named = request.body, [one for word in codings if (one := word.strip()) not in ("", "identity")]
    for _ in range(LAYERS):
        coding = named.pop() if named else "gzip" if body.startswith(GZIP) else ""
        if coding in UNKNOWN:
            raise Unreadable("content-encoding", coding, "gzip, deflate or none")
        body = next((told for wbits in WBITS.get(coding, ()) if (told := _inflated(body, wbits, coding))), body)
    return body


def _inflated(packed: bytes, wbits: int, coding: str) -> bytes:
    """What one layer holds, all its members; nothing when it is not packed so."""
    told, room, left = list[bytes](), LARGEST, packed
    while left and (not told or left.startswith(GZIP)):
        opener = zlib.decompressobj(wbits)
        try:
            told.append(opener.decompress(left, room + 1))
        except zlib.error:
            break
        room -= len(told[-1])
        if room < 0 or len(told) > MEMBERS:
            raise Unreadable("body", f"more than {LARGEST} bytes or {MEMBERS} parts", READ_WHOLE)
        if not opener.eof:
            raise Unreadable("body", f"the beginning of a body in {coding}", "the whole of it")
        left = opener.unused_data
    return b"".join(told)


def _in_utf8(body: bytes, charset: str) -> bytes:
    """The body in UTF-8; what is neither that nor said to be something else is what Windows and old devices write."""
    if body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in body[:4]:
        return body
    try:
        body.decode()
        return body
    except UnicodeDecodeError:
        pass
    try:
        return body.decode(charset or _guessed(body)).encode()
    except (LookupError, UnicodeError):
        return body


def _guessed(body: bytes) -> str:
    """UTF-8 with a slip where other letters of it are whole."""
    whole = any(not one.isascii() and one != "\N{REPLACEMENT CHARACTER}" for one in body.decode(errors="replace"))
    return "utf-8" if whole else "cp1252"


def _of_form(body: bytes) -> bytes:
    """What the form's one field holds, or its fields as an object; curl calls everything a form."""
    if body.lstrip().startswith((b"{", b"[")):
        return body
    if len(body) > FORM:
        raise Unreadable("body", f"a form of {len(body)} bytes", READ_WHOLE)
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise Unreadable("body", repr(body[:20]), "a form, as its content type says") from None
    return _of_fields(fields)


def _of_parts(body: bytes, kind: str) -> bytes:
    """The same of a form in parts, which may be files (RFC 7578)."""
    if len(body) > PARTS or body.lstrip().startswith((b"{", b"[")):
        return body
    told = BytesParser(policy=policy.HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    parts = told.iter_parts() if told.is_multipart() else ()
    fields = [
        (str(part.get_param("name", "", "content-disposition")), held.decode(errors="replace"))
        for part in parts
        if isinstance(held := part.get_payload(decode=True), bytes)
    ]
    if not fields:
        raise Unreadable("body", repr(body[:20]), "a form in parts, as its content type says")
    return _of_fields(fields)


def _of_fields(told: list[tuple[str, str]]) -> bytes:
    fields = dict(told) | told_once([one for one in told if not one[0].endswith("[]")])
    named = fields if len(fields) == 1 else {name: fields[name] for name in MESSAGE if name in fields}
    held = next((value for value in named.values() if value.lstrip().startswith(("{", "["))), "")
    return (held or json.dumps(fields)).encode()


def passed_on(content: Any) -> list[Mapping[str, Any]]:
    """The messages that a relay passes on, in a list or under a name of its own; none where it passes on none."""
    if isinstance(content, list):
        return [one for one in content if isinstance(one, dict)]
    if not isinstance(content, dict):
        return []
    under = (content.get(name) for name in HOLDERS)
    found = next((inner for value in under if (inner := value if isinstance(value, dict) else held(value))), None)
    return [] if found is None else passed_on(found) or [found]
