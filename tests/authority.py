"""A time-stamp authority: what is sent to it comes back with the time and its signature, as RFC 3161 writes it."""

import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SHA256, ECDSA_SHA256 = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"
SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE = (
    *("1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"),
    "1.2.840.113549.1.9.16.2.47",
)
POLICY = "1.3.6.1.4.1.13762.3"
INTEGER, BITS, OCTETS, OID, TIME, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x06, 0x18, 0x30, 0x31
FIRST = 0xA0
"""The tag of a first constructed field that is told apart by its context."""


class Authority:
    """Has a root of its own and a key that the root vouches for; `now` is what its clock says."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now
        self.refuses = False
        root, self._key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.root = _certified("root of time", root, root.public_key(), "root of time", authority=True)
        self._own = _certified("authority of time", root, self._key.public_key(), "root of time")

    @property
    def pem(self) -> bytes:
        """The root as whoever checks is given it."""
        return self.root.public_bytes(Encoding.PEM)

    @property
    def own_pem(self) -> bytes:
        """Its own certificate, which is no root."""
        return self._own.public_bytes(Encoding.PEM)

    def answer(self, query: bytes) -> bytes:
        """A response to a request, or a refusal."""
        if self.refuses:
            return _der(SEQUENCE, _der(SEQUENCE, _integer(2)))
        imprint, nonce = _asked(query)
        content = self._said(imprint, nonce)
        return _der(SEQUENCE, _der(SEQUENCE, _integer(0)), self._signed(content))

    def _said(self, imprint: bytes, nonce: bytes) -> bytes:
        at = (self.now or datetime.now(UTC)).astimezone(UTC)
        moment = _der(TIME, f"{at:%Y%m%d%H%M%SZ}".encode())
        return _der(SEQUENCE, _integer(1), _oid(POLICY), imprint, _integer(secrets.randbits(60)), moment, nonce)

    def _signed(self, content: bytes) -> bytes:
        own = self._own.public_bytes(Encoding.DER)
        vouched = _der(SEQUENCE, _der(SEQUENCE, _der(SEQUENCE, _der(OCTETS, hashlib.sha256(own).digest()))))
        attributes = (
            _attribute(CONTENT_TYPE, _oid(TST_INFO)),
            _attribute(MESSAGE_DIGEST, _der(OCTETS, hashlib.sha256(content).digest())),
            _attribute(SIGNING_CERTIFICATE, vouched),
        )
        told = b"".join(sorted(attributes))
        signature = self._key.sign(_der(SET, told), ec.ECDSA(hashes.SHA256()))
        signer = _der(
            SEQUENCE,
            _integer(1),
            _der(SEQUENCE, self._own.issuer.public_bytes(), _integer(self._own.serial_number)),
            _der(SEQUENCE, _oid(SHA256)),
            _der(FIRST, told),
            _der(SEQUENCE, _oid(ECDSA_SHA256)),
            _der(OCTETS, signature),
        )
        held = _der(SEQUENCE, _oid(TST_INFO), _der(FIRST, _der(OCTETS, content)))
        algorithms = _der(SET, _der(SEQUENCE, _oid(SHA256)))
        signed = _der(SEQUENCE, _integer(3), algorithms, held, _der(FIRST, own), _der(SET, signer))
        return _der(SEQUENCE, _oid(SIGNED_DATA), _der(FIRST, signed))


@contextmanager
def listening() -> Iterator[tuple[str, Authority]]:
    """An authority on the loopback address: where it listens, at `/tsr`."""
    authority = Authority()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            fits = self.headers["Content-Type"] == "application/timestamp-query" and self.path == "/tsr"
            self.send_response(200 if fits else 404)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", authority
    finally:
        server.shutdown()
        server.server_close()


def _certified(
    name: str, key: ec.EllipticCurvePrivateKey, public: ec.EllipticCurvePublicKey, issuer: str, authority: bool = False
) -> x509.Certificate:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * 80))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **usage), True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    if not authority:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return made.sign(key, hashes.SHA256())


def _attribute(kind: str, value: bytes) -> bytes:
    return _der(SEQUENCE, _oid(kind), _der(SET, value))


def _asked(query: bytes) -> tuple[bytes, bytes]:
    """The imprint and the nonce of a request, as they stand."""
    fields = list(_fields(next(_fields(query))[1]))
    integers = [whole for tag, _, whole in fields if tag == INTEGER]
    return next(whole for tag, _, whole in fields if tag == SEQUENCE), b"".join(integers[1:2])


def _fields(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Tag, content and the whole of each field."""
    at = 0
    while at < len(content):
        start, tag, length = at, content[at], content[at + 1]
        at += 2
        if length & 0x80:
            many = length & 0x7F
            length, at = int.from_bytes(content[at : at + many], "big"), at + many
        yield tag, content[at : at + length], content[start : at + length]
        at += length


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _integer(value: int) -> bytes:
    return _der(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    content = bytearray()
    for number in (first * 40 + second, *rest):
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(number & 0x7F | 0x80)
        content += bytes(reversed(groups))
    return _der(OID, bytes(content))
