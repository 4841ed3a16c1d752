"""What a proved sender says is heard whatever it is packed into, and what nobody can open rings (DET-1)."""

import gzip
import json
import zlib
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.vendors.delivery import delivery, unread
from vendors import wrapping
from vendors.alertmanager.webhook import read
from vendors.door import Request
from vendors.generic.webhook import read as read_generic

LABELS = {"alertname": "Zahlung gestört", "service": "checkout", "severity": "critical"}
TOLD = {"groupLabels": {}, "alerts": [{"status": "firing", "labels": LABELS, "startsAt": "2026-11-23T03:59:00Z"}]}
TEXT = json.dumps(TOLD, ensure_ascii=False)
PACKED = gzip.compress(TEXT.encode(), mtime=0)
RAW, FORM = zlib.compressobj(wbits=-15), "application/x-www-form-urlencoded"
OURS = [{"kind": "alert", "key": key, "title": "Down", "service": "checkout"} for key in ("a", "b")]


def parts(**fields: str) -> str:
    """A form in parts."""
    told = (
        f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    )
    return "".join(told) + "--XX--\r\n"


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    "request_",
    [
        delivery(PACKED, content_encoding="gzip"),
        delivery(PACKED),
        delivery(gzip.compress(TEXT.encode()[:90]) + gzip.compress(TEXT.encode()[90:])),
        delivery(gzip.compress(PACKED), content_encoding="gzip"),
        delivery(zlib.compress(PACKED), content_encoding="gzip, deflate"),
        delivery(TEXT, content_encoding="identity"),
        delivery(zlib.compress(TEXT.encode()), content_encoding="deflate"),
        delivery(RAW.compress(TEXT.encode()) + RAW.flush(), content_encoding="deflate"),
        delivery(TEXT.encode("utf-16")),
        delivery(TEXT.encode("utf-8-sig")),
        delivery(TEXT.encode("latin-1"), content_type="application/json; charset=iso-8859-1"),
        delivery(TEXT.encode("cp1252")),
        delivery(urlencode({"payload": TEXT}), content_type=FORM),
        delivery(TEXT, content_type=FORM),
        delivery(parts(payload=TEXT), content_type="multipart/form-data; boundary=XX"),
        delivery(TEXT, content_type="multipart/form-data; boundary=XX"),
        delivery(TEXT, content_type="text/xml"),
        delivery(json.dumps(TEXT)),
        delivery(TEXT.replace("}]", "},]")),
    ],
)
def test_an_alert_is_heard_with_its_words_whatever_it_is_packed_into(request_: Request) -> None:
    (alert,) = read(request_).alerts
    assert (alert.title, alert.service, alert.severity) == ("Zahlung gestört", "checkout", "critical")


@pytest.mark.sop("DET-1")
def test_one_wrong_byte_leaves_the_other_letters_of_utf_8_as_they_are() -> None:
    (alert,) = read(delivery(TEXT.encode().replace(b"Zahlung", b"Zahlung\xff"))).alerts
    assert alert.title == "Zahlung\N{REPLACEMENT CHARACTER} gestört"


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("\n".join(map(json.dumps, OURS)), {"content_type": "application/x-ndjson"}),
        (json.dumps(OURS), {}),
    ],
)
def test_several_alerts_one_to_a_line_are_each_heard(body: str, headers: Any) -> None:
    assert [one.key for one in read_generic(delivery(body, **headers)).alerts] == ["alert:a", "alert:b"]


@pytest.mark.sop("DET-1")
def test_the_fields_of_a_form_are_those_of_the_body() -> None:
    (alert,) = read_generic(delivery(urlencode(OURS[0]), content_type=FORM)).alerts
    assert (alert.key, alert.title, alert.service) == ("alert:a", "Down", "checkout")


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (PACKED[:60], {"content_encoding": "gzip"}, "the whole of it"),
        (b"no gzip", {"content_encoding": "gzip"}, "JSON in UTF-8"),
        (b"no form", {"content_type": FORM}, "a form, as its content type says"),
        ('{"kind": "alert"} and more', {}, "JSON in UTF-8"),
    ],
)
def test_what_nobody_can_open_rings_and_says_why(body: Any, headers: Any, expected: str) -> None:
    assert unread(read(delivery(body, **headers))).expected == expected


@pytest.mark.sop("DET-1")
def test_a_small_body_that_becomes_a_huge_one_is_a_storm_that_could_not_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wrapping, "LARGEST", 1000)
    huge, small = gzip.compress(b" " * 2000 + TEXT.encode()), gzip.compress(b" ")
    for bomb in (huge, gzip.compress(huge), gzip.compress(b" " * 600) * 2, small * 100):
        assert unread(read(delivery(bomb, content_encoding="gzip"))).expected == "a message that can be read whole"


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    "body",
    [
        "<alert><key>k</key><title>Down &amp; out</title><service>checkout</service></alert>",
        "<alert key='k' title='Down &amp; out' service='checkout'/>",
        "<a:alert xmlns:a='urn:a'><a:key>k</a:key><title>Down &amp; out</title><service> checkout </service></a:alert>",
    ],
)
def test_an_alert_in_xml_is_heard(body: str) -> None:
    (alert,) = read_generic(delivery(body, content_type="application/xml")).alerts
    assert (alert.key, alert.title, alert.service) == ("alert:k", "Down & out", "checkout")


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    ("body", "headers", "found"),
    [
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><alert><title>&a;</title></alert>", {"content_type": "text/xml"}, "a document"),
        ("<a>" * 40 + "</a>" * 40, {"content_type": "text/xml"}, "more than 30"),
        (f"<a>{'x' * 1024 * 1024}</a>", {"content_type": "text/xml"}, "1048583 bytes"),
        ("--XX\r\n", {"content_type": "multipart/form-data; boundary=YY"}, "b'--XX"),
        ("\x8b", {"content_encoding": "br"}, "br"),
    ],
)
def test_what_could_cost_too_much_or_cannot_be_opened_rings_and_says_why(
    body: str, headers: dict[str, Any], found: str
) -> None:
    assert unread(read_generic(delivery(body, **headers))).found.startswith(found)


TWICE = [
    '{"kind":"alert","state":"firing","title":"x","state":"resolved","key":"k"}',
    '{"kind":"alert","title":"x","state":"resolved","state":"firing","key":"k"}',
    '{"kind":"alert","title":"a "b","state":"resolved","x":"","state":"firing","key":"k"}',
    '{"message":"{\\"title\\":\\"x\\",\\"state\\":\\"resolved\\",\\"state\\":\\"firing\\"}"}',
    '{"title":"x","status":["resolved","firing"]}',
]


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    "request_",
    [
        *map(delivery, TWICE),
        delivery("<a><title>x</title><status>ok</status><status>down</status></a>", content_type="text/xml"),
        delivery("title=x&state=resolved&state=firing", content_type=FORM),
        delivery(TEXT.replace('"status": "firing"', '"status": "firing", "status": "resolved"')),
    ],
)
def test_a_message_that_says_two_things_of_one_name_is_no_recovery_and_rings(request_: Request) -> None:
    reader = read if b"groupLabels" in request_.body else read_generic
    wrong = unread(reader(request_))
    assert (wrong.path, wrong.expected) in (("state", "one of them"), ("status", "one of them"))


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    "request_",
    [
        delivery('{"kind":"alert","title":"Down","state":"firing","key":"k","state":"firing"}'),
        delivery("title=Down&tags[]=env:prod&tags[]=team:pay&key=k&kind=alert", content_type=FORM),
    ],
)
def test_what_is_told_twice_alike_or_in_a_list_is_heard(request_: Request) -> None:
    (alert,) = read_generic(request_).alerts
    assert (alert.title, alert.state) == ("Down", "firing")
