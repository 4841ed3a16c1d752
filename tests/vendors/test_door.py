"""Every sender is proved alike: by any of its secrets, on the raw bytes, in time, and never without a secret."""

from datetime import timedelta
from typing import Any

import pytest

from tests.vendors.sender import BY_CERTIFICATE, PROVED_BY, SENDERS, TIMED, UNSIGNED, secret
from vendors import door
from vendors.directory import DIRECTORY
from vendors.vendor import Vendor


def verified(name: str, request: door.Request, value: str) -> None:
    """Raise what the sender's door raises under this value of its setting."""
    webhook = DIRECTORY.get(name, Vendor(name)).part("webhook")
    settings: Any = webhook.Settings.model_validate({PROVED_BY[name].lower(): value})
    webhook.verify(request, settings)


def test_every_sender_is_held() -> None:
    heard = {name for name, vendor in DIRECTORY.items() if vendor.hears}
    assert SENDERS.keys() == PROVED_BY.keys() == heard - BY_CERTIFICATE | {"slack"}


@pytest.mark.parametrize("name", SENDERS)
def test_each_of_two_secrets_proves_it_while_one_is_changed(name: str) -> None:
    for value in (secret(name), f"older, {secret(name)}", f"{secret(name)},newer"):
        verified(name, SENDERS[name](), value)


@pytest.mark.parametrize("name", SENDERS)
@pytest.mark.parametrize("value", ["", " , "])
def test_without_a_secret_the_door_is_closed_and_says_what_to_set(name: str, value: str) -> None:
    with pytest.raises(door.DoorClosed, match=f"set {PROVED_BY[name]}"):
        verified(name, SENDERS[name](), value)


@pytest.mark.parametrize("name", SENDERS)
def test_another_secret_and_no_proof_at_all_are_turned_away(name: str) -> None:
    request = SENDERS[name]()
    bare = request.model_copy(
        update={"headers": {"content-type": request.headers.get("content-type", "")}, "query": {}}
    )
    for sent, value in ((request, "another"), (bare, secret(name))):
        with pytest.raises(door.Unverified) as refused:
            verified(name, sent, value)
        assert secret(name) not in str(refused.value)


@pytest.mark.parametrize("name", [name for name in SENDERS if name not in UNSIGNED])
def test_one_flipped_bit_of_the_body_is_turned_away(name: str) -> None:
    request = SENDERS[name]()
    for place in (0, len(request.body) // 2, -1):
        body = bytearray(request.body)
        body[place] ^= 1
        with pytest.raises(door.Unverified):
            verified(name, request.model_copy(update={"body": bytes(body)}), secret(name))


@pytest.mark.parametrize("name", TIMED)
@pytest.mark.parametrize("sign", [1, -1])
def test_what_was_signed_too_long_ago_or_ahead_is_turned_away(name: str, sign: int) -> None:
    request = SENDERS[name]()
    for seconds, right in ((TIMED[name] - 1, True), (TIMED[name] + 1, False)):
        at = request.received_at + sign * timedelta(seconds=seconds)
        if right:
            verified(name, request.model_copy(update={"received_at": at}), secret(name))
            continue
        with pytest.raises(door.Unverified):
            verified(name, request.model_copy(update={"received_at": at}), secret(name))
