"""Speaks SMTP as the mailer: one message for one account, one invitation for one person.

How each effect happens once, and where that ends. SMTP has no idempotency key, and a server can't be asked whether it
took a message: when the connection is lost after the last line was sent and before the answer came, nobody knows
(RFC 1047 describes that window). A refusal is certain, and nothing went out. In the window a duplicate is possible,
which we prefer to a loss. What we can do is give every attempt the same Message-ID, made of the duty's mark: mail
systems that drop repeated ids (Exchange and Cyrus do, others can be told to) deliver it once, a mail reader that shows
threads shows it as one, and a search in any mail log tells whether it went twice.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import aiosmtplib
import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.port.duty import Outcome, VendorError
from domain.port.mailer import MailNote, SendInvitation, SendMail
from vendors.attempt import before_sending
from vendors.smtp.invitation import calendar
from vendors.smtp.token import Tokens

PER_SECOND = 1.0
"""SMTP publishes no rate; one a second is what a new account at Amazon SES may send ("Request production access")."""

TRANSIENT = range(400, 500)
"""4yz is "try again later", 5yz is final (RFC 5321, 4.2.1)."""

TIMEOUT = 10.0


class Settings(BaseSettings):
    """The server and the sender.

    `smtp_url` is `smtps://user:password@host:465`, `smtp://user:password@host:587?starttls` or `smtp://host:25`. With a
    password the connection must be encrypted; `?plain` says otherwise, for a relay on this machine. With a
    token endpoint the URL has no password, and its user is signed in by XOAUTH2.
    """

    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    mail_reply_to: str = ""
    """Where what customers answer goes, where that is not the sender."""
    smtp_oauth_url: str = ""
    smtp_oauth_client_id: str = ""
    smtp_oauth_client_secret: SecretStr = SecretStr("")
    smtp_oauth_refresh_token: SecretStr = SecretStr("")
    smtp_oauth_scope: str = ""


class Client:
    """Plays the role Mailer. `http` is used for the token alone, where the server takes one."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient | None = None) -> None:
        self._settings = settings
        self._tokens = Tokens(http, settings.smtp_oauth_url, granting(settings)) if http else None

    async def probe(self) -> str:
        """Connect, log in, name the sender, and send nothing."""
        with refusals("no session"):
            sender = address_of(self._settings.mail_from)
            async with aiosmtplib.SMTP(timeout=TIMEOUT, **self._server()) as session:
                await session.mail(sender)
                await session.rset()
                return f"logged in, and may write as {sender}"

    async def send_mail(self, duty: SendMail, *, again: bool) -> Outcome:
        """Hand the message to the server; its Message-ID is the reference (COM-5)."""
        said, ref = await self._send(lambda: written(duty, self._settings.mail_from, self._settings.mail_reply_to))
        return Outcome(ref=ref, people=(duty.account.email,), text=said)

    async def send_invitation(self, duty: SendInvitation, *, again: bool) -> Outcome:
        """Hand the invitation to the server; its Message-ID is the reference (PM-1)."""
        said, ref = await self._send(lambda: invited(duty, self._settings.mail_from))
        return Outcome(ref=ref, people=(duty.person.email,), text=said)

    async def send_note(self, note: MailNote) -> None:
        """Hand a note with its file to the server (SOC-1)."""
        await self._send(lambda: noted(note, self._settings.mail_from))

    def _server(self) -> dict[str, Any]:
        """Where to connect and how to sign in."""
        found = server(self._settings)
        if self._tokens and self._settings.smtp_oauth_url:
            return {**found, "password": None, "oauth_token_generator": self._tokens.current}
        return found

    async def _send(self, write: Callable[[], EmailMessage]) -> tuple[str, str]:
        """Send what is written; answers what the server said, and the Message-ID."""
        with refusals("the message can't be sent"):
            message = write()
            before_sending("smtp")
            _, said = await aiosmtplib.send(message, timeout=TIMEOUT, **self._server())
        return said, message["Message-ID"]


def granting(settings: Settings) -> dict[str, SecretStr]:
    """What the token endpoint is told (RFC 6749, 4.4 and 6)."""
    return {
        "client_id": SecretStr(settings.smtp_oauth_client_id),
        "client_secret": settings.smtp_oauth_client_secret,
        "refresh_token": settings.smtp_oauth_refresh_token,
        "scope": SecretStr(settings.smtp_oauth_scope),
    }


def server(settings: Settings) -> dict[str, Any]:
    """Where to connect and how, as the library wants it."""
    url = urlsplit(settings.smtp_url.get_secret_value())
    options = parse_qs(url.query, keep_blank_values=True)
    if url.scheme not in ("smtp", "smtps") or not url.hostname:
        raise ValueError("SMTP_URL is not set to smtp://host:port or smtps://host:port")
    encrypted = "starttls" in options or bool(url.password or settings.smtp_oauth_url)
    return {
        "hostname": url.hostname,
        "port": url.port,
        "username": unquote(url.username) if url.username else None,
        "password": unquote(url.password) if url.password else None,
        "use_tls": url.scheme == "smtps",
        # None encrypts where the server offers it.
        "start_tls": False if url.scheme == "smtps" or "plain" in options else encrypted or None,
    }


def written(duty: SendMail, sender: str, replies: str = "") -> EmailMessage:
    """The message to an account, which may be answered."""
    message = _headed(duty.mark, sender, (duty.account.name, duty.account.email), duty.subject)
    if replies:
        message["Reply-To"] = replies
    message.set_content(duty.body)
    return message


def invited(duty: SendInvitation, sender: str) -> EmailMessage:
    """The invitation: words for people, and the calendar part that mail programs act on (RFC 6047, 2.4)."""
    message = _headed(duty.mark, sender, (duty.person.name, duty.person.email), duty.title)
    message.set_content(f"{duty.text}\n{duty.url}".strip())
    part = calendar(duty, sender, datetime.now(UTC))
    message.add_alternative(part, subtype="calendar", params={"method": "REQUEST"})
    return message


def noted(note: MailNote, sender: str) -> EmailMessage:
    """The note; its file goes as it is, whatever relays do to lines."""
    message = _headed(note.mark, sender, ("", note.to), note.subject)
    message.set_content(note.body)
    message.add_attachment(note.content.encode(), maintype="application", subtype="jsonl", filename=note.file)
    return message


def _headed(mark: str, sender: str, to: tuple[str, str], subject: str) -> EmailMessage:
    """The headers; `Auto-Submitted` keeps absence notices from answering it (RFC 3834, 5)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = formataddr(to)
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = message_id(mark, sender)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Auto-Submitted"] = "auto-generated"
    return message


def message_id(mark: str, sender: str) -> str:
    """The same for every attempt: the mark as a dot-atom (RFC 5322, 3.6.4) at the sender's domain."""
    domain = address_of(sender).rpartition("@")[2]
    left = quote(mark.lower().replace("/", "."), safe="")
    return f"<{re.sub(r'[.]+', '.', left).strip('.')}@{domain}>"


def address_of(sender: str) -> str:
    """The sender's address without the name before it."""
    address = parseaddr(sender)[1]
    if "@" not in address.strip("@"):
        raise ValueError("MAIL_FROM is not set to an address")
    return address


@contextmanager
def refusals(what: str) -> Iterator[None]:
    """Whatever the server or the way to it says no with is our error; `what` came of what was no message."""
    try:
        yield
    except aiosmtplib.SMTPException as error:
        raise refusal(error) from None
    except OSError as error:
        raise VendorError("smtp", f"no answer: {type(error).__name__}", retryable=True) from None
    except ValueError as error:
        raise VendorError("smtp", f"{what}: {error}", retryable=False) from None


def refusal(error: aiosmtplib.SMTPException) -> VendorError:
    """Say what the server refused in its words, and whether it asks to be tried again."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return VendorError("smtp", f"{error.code} {error.message}"[:300], retryable=error.code in TRANSIENT)
    lost = isinstance(error, ConnectionError | TimeoutError)
    return VendorError("smtp", f"{type(error).__name__}: {error.message}"[:300], retryable=lost)
