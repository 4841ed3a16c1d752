"""The certificates SNS signs with: fetched only from SNS itself, kept by address, and used inside their dates only.

The address stands in a message nobody has proved yet, so it is held to one exact form before anything is fetched: a
looser rule has been tricked with a bucket that somebody named `sns`.
"""

import asyncio
import re
from datetime import datetime

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from vendors.cloudwatch.envelope import Arn
from vendors.door import Undecided, Unverified

LARGEST = 32 * 1024
"""Bytes of a certificate; SNS's have about two thousand."""
TIMEOUT = httpx.Timeout(5.0)
"""SNS waits 15 seconds for our answer."""
KEPT = 100
"""Certificates kept at most; SNS changes its own a few times a year."""


def is_of_sns(url: str, topic: Arn) -> bool:
    """Whether this is the address of a certificate of SNS in the topic's own region, with nothing added to it."""
    name = r"/SimpleNotificationService-[0-9a-f]{32}\.pem"
    return bool(re.fullmatch(re.escape(f"https://{topic.sns}") + name, url))


class Certificates:
    """The certificates that were asked for so far; one is fetched once, however many messages wait for it."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._known: dict[str, x509.Certificate] = {}
        self._fetching = asyncio.Lock()

    async def key(self, url: str, at: datetime) -> RSAPublicKey:
        """The public key of the certificate at this address, if the certificate is valid at this time."""
        certificate = self._known.get(url) or await self._first(url)
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise Unverified("the certificate that signed is out of date")
        key = certificate.public_key()
        if not isinstance(key, RSAPublicKey):
            raise Unverified("the certificate that signed has no RSA key")
        return key

    async def _first(self, url: str) -> x509.Certificate:
        """Fetch it, one at a time; those who waited find it fetched."""
        async with self._fetching:
            if url not in self._known:
                if len(self._known) >= KEPT:
                    self._known.pop(next(iter(self._known)))
                self._known[url] = _read(await self._fetch(url))
            return self._known[url]

    async def _fetch(self, url: str) -> bytes:
        """Fetch it. When SNS cannot be asked, the message is neither proved nor refused, so that SNS sends it again."""
        try:
            async with self._http.stream("GET", url, follow_redirects=False, timeout=TIMEOUT) as response:
                if response.status_code == 429 or response.is_server_error:
                    raise Undecided(f"the certificate could not be fetched: {response.status_code}")
                if response.status_code != 200:
                    raise Unverified(f"there is no certificate where the message says: {response.status_code}")
                return await _bounded(response)
        except httpx.TransportError as error:
            raise Undecided(f"the certificate could not be fetched: {type(error).__name__}") from None


async def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST:
            raise Unverified("the certificate is too large to be one")
    return bytes(body)


def _read(pem: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise Unverified("there is no certificate where the message says") from None
