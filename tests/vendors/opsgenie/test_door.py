"""Opsgenie's webhooks: who is believed. They are not signed, so there is no vector and no time to check."""

import pytest

from tests.vendors.opsgenie.company import FIRED_AT, TOKEN, settings, standin
from vendors import door
from vendors.opsgenie.webhook import verify


def request(body: bytes, **headers: str) -> door.Request:
    return door.Request(headers=headers, body=body, received_at=FIRED_AT)


@pytest.mark.parametrize("token", ["door-old", "door-one"])
def test_while_tokens_change_either_opens_the_door(token: str) -> None:
    verify(request(b"", authorization=f"Bearer {token}"), settings(opsgenie_webhook_token=f"door-old, {TOKEN},"))


def test_one_flipped_bit_of_the_token_shuts_the_door() -> None:
    pressed = standin().press_create("Disk full")
    header = pressed.headers["authorization"]
    verify(pressed, settings())
    for place, letter in enumerate(header):
        flipped = header[:place] + chr(ord(letter) ^ 1) + header[place + 1 :]
        with pytest.raises(door.Unverified):
            verify(request(pressed.body, authorization=flipped), settings())


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "door-one", "Bearer door-old, door-one", "Bearer ключ"])
def test_another_token_or_none_does_not_open(header: str) -> None:
    with pytest.raises(door.Unverified):
        verify(request(b"{}", authorization=header), settings())
    with pytest.raises(door.Unverified):
        verify(request(b"{}"), settings())


@pytest.mark.parametrize("configured", ["", ",", " , "])
def test_without_a_configured_token_the_door_is_shut(configured: str) -> None:
    with pytest.raises(door.DoorClosed, match="set OPSGENIE_WEBHOOK_TOKEN"):
        verify(request(b"{}", authorization="Bearer "), settings(opsgenie_webhook_token=configured))


def test_secrets_are_not_shown() -> None:
    assert "door-one" not in repr(settings())
    assert "genie-key-one" not in repr(settings())
