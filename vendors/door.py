"""What a webhook's door works on: the raw request, and the two ways to be turned away."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pydantic import BaseModel, Field, SecretStr, ValidationError

from domain.company.catalog import Link
from domain.value.model import Instant, Model, comma_list

WINDOW = timedelta(minutes=5)
"""A request signed longer ago, or further ahead, is somebody's recording or a wrong clock."""
SMALL = 16 * 1024
"""Bytes of a body of which it is kept how it was read."""

UNSTORABLE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)|\0")
"""What may become a text that nothing can store: a surrogate or a zero."""

WRITTEN = re.compile(r"\S")
TRAILING = re.compile(r",(?=\s*[}\]])")
"""The comma that a template leaves behind the last of several."""
NAMED = re.compile(r'[{,]\s*"(\w+)"\s*:\s*"')
"""The beginning of a field in a flat body of texts."""

_Model = TypeVar("_Model", bound=BaseModel)


class Request(Model):
    """A webhook as it arrived. Header names are lower-case; `body` is the raw bytes that were signed.

    `query` is for senders that can be given nothing but an address, so that the token stands in it.
    """

    headers: dict[str, str]
    body: bytes
    received_at: Instant
    query: dict[str, str] = Field(default_factory=dict, repr=False)


class Unverified(Exception):
    """The sender could not be proved; the reason names no secret."""


class DoorClosed(Unverified):
    """No secret is configured, so nobody can be proved here; the reason names the setting."""


class Undecided(Exception):
    """The sender can be neither proved nor refused now, because something needed for it is away: to be asked again."""


WHOLE = 50_000
"""Alerts of one message that are read; the largest body holds fewer of a usual size."""
READ_WHOLE = "a message that can be read whole"
"""What is expected of a message that is larger than it can be read."""


class Unreadable(Exception):
    """Authenticated but not understood: where in the body, what stood there, what was expected."""

    def __init__(self, path: str, found: str, expected: str) -> None:
        super().__init__(f"could not be read: {path}, found {found}, expected {expected}")
        self.path, self.found, self.expected = path, found, expected


def secrets_of(setting: SecretStr, name: str) -> list[str]:
    """The secrets of a comma-separated setting, or `DoorClosed` when there is none; `name` says which to set."""
    secrets = comma_list(setting.get_secret_value())
    if not secrets:
        raise DoorClosed(f"this door is closed: set {name}")
    return secrets


def signed_hex(secret: str, message: bytes) -> str:
    """HMAC-SHA256 in lower-case hex, as nearly every sender writes it."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def verify_any(found: Iterable[str], expected: Iterable[str]) -> None:
    """Accept when any found proof equals any expected one (rotation), in constant time per pair; else `Unverified`."""
    wanted = [proof.encode() for proof in expected]
    matches = [hmac.compare_digest(proof.encode(), one) for proof in found for one in wanted]
    if not any(matches):
        raise Unverified("the signature or token matches none of the configured secrets")


def verify_bearer(request: Request, tokens: Iterable[str]) -> None:
    """Accept `Authorization: Bearer <token>` with any of the tokens."""
    verify_any([request.headers.get("authorization", "")], [f"Bearer {token}" for token in tokens])


def credentials(request: Request) -> str:
    """What `Authorization` carries: a bearer's token, or the password of Basic, beside which any name may stand."""
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return sent
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(sent, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def unix_time(stamp: str) -> datetime:
    """The moment of a header that says it in Unix seconds."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11):
        raise Unverified("the timestamp is missing or not in Unix seconds")
    return datetime.fromtimestamp(int(stamp), UTC)


def verify_recent(request: Request, signed_at: datetime, window: timedelta = WINDOW) -> None:
    """Turn away what was signed too long ago, or too far ahead."""
    if abs(request.received_at - signed_at) > window:
        raise Unverified("the signed timestamp is too far away from this clock")


def read_json(body: bytes) -> Any:
    """Parse a JSON body, or say where it stops being one.

    Raw line breaks inside a text are taken as meant, and what no database and no other system could store (half an
    emoji, a zero, a byte of another encoding) is replaced by the sign for it. Of several texts one after another there
    is a list; a comma too many is passed over; JSON that was written into a text once more is taken out of it.
    """
    try:
        told = body.decode(json.detect_encoding(body), errors="replace").removeprefix("\ufeff")
        content = _parsed(told)
        return _storable(content) if UNSTORABLE.search(told) else content
    except (ValueError, RecursionError) as error:
        start = getattr(error, "pos", getattr(error, "start", 0))
        raise Unreadable(f"byte {start}", repr(body[start : start + 20]), "JSON in UTF-8") from None


def _parsed(told: str) -> Any:
    try:
        content = READER.decode(told)
    except json.JSONDecodeError:
        content = _several(told) or READER.decode(TRAILING.sub("", told))
    held = content.lstrip() if isinstance(content, str) else ""
    return READER.decode(held) if held.startswith(("{", "[")) else content


def _several(told: str) -> list[Any]:
    """The texts that stand there one after another; none where something else does."""
    found: list[Any] = []
    place = _after_space(told, 0)
    while place < len(told) and len(found) <= WHOLE:
        try:
            one, place = READER.raw_decode(told, place)
        except json.JSONDecodeError:
            return []
        found.append(one)
        place = _after_space(told, place)
    return found


def _after_space(told: str, place: int) -> int:
    found = WRITTEN.search(told, place)
    return found.start() if found else len(told)


def read_lax(body: bytes) -> Any:
    """Parse JSON that a sender has filled into a template of ours without minding the quotes in its words.

    What is no JSON is read as names with the text between each and the next, each told once.
    """
    try:
        return read_json(body)
    except Unreadable:
        told = body.decode(errors="replace")
        names = list(NAMED.finditer(told)) if told.lstrip().startswith("{") else []
        if not names:
            raise
        ends = [*(found.start() for found in names[1:]), len(told)]
        texts = [re.sub(r'"[\s,}]*\Z', "", told[found.end() : end]) for found, end in zip(names, ends, strict=True)]
        return told_once([(found[1], _storable(one)) for found, one in zip(names, texts, strict=True)])


def told_once(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields by name; `Unreadable` where one says two things: either may be somebody's words, such as a title's."""
    found = dict(fields)
    if len(found) < len(fields):
        for name, value in fields:
            if found[name] != value:
                raise Unreadable(name, f"{value!r:.40} and {found[name]!r:.40}", "one of them")
    return found


def _number(digits: str) -> int | float:
    """A number of more digits than any means is an approximate one."""
    return int(digits) if len(digits) < 40 else float(digits)


READER = json.JSONDecoder(strict=False, parse_int=_number, object_pairs_hook=told_once)


def _storable(content: Any) -> Any:
    if isinstance(content, str):
        return content.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
    if isinstance(content, dict):
        return {_storable(name): _storable(value) for name, value in content.items()}
    return [_storable(one) for one in content] if isinstance(content, list) else content


def unreadable(error: ValidationError) -> Unreadable:
    """Say the first thing pydantic found wrong, as path, found and expected."""
    first = error.errors(include_url=False)[0]
    path = ".".join(str(part) for part in first["loc"]) or "body"
    return Unreadable(path, repr(first["input"])[:80], first["msg"])


def parse(model: type[_Model], content: Any, place: str = "") -> _Model:
    """The content as this model, or `Unreadable` with the path in the body; `place` is where the content stood."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        wrong = unreadable(error)
        raise Unreadable(f"{place}.{wrong.path}" if place else wrong.path, wrong.found, wrong.expected) from None


def links(*named: tuple[str, str]) -> tuple[Link, ...]:
    """The places that are web addresses: a sender's other words are no links, whatever they would do in a browser."""
    return tuple(Link(label=label, url=url) for label, url in named if url.startswith(("https://", "http://")))
