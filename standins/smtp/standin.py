"""Plays a mail server on a loopback port: it takes mail for the domains it relays to, and can be told to refuse."""

import asyncio
import logging
import ssl
import warnings
from base64 import b64decode
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import MappingProxyType, TracebackType
from typing import Any, Self
from urllib.parse import quote

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from standins.standin import Failing

SIZE_LIMIT = 1_000_000
logging.getLogger("mail.log").setLevel(logging.ERROR)  # it warns of what a loopback stand-in is for, at every mail


class Standin(Failing):
    """One mail server. `messages` is everything it took, in order.

    A fault's `path` is the command it hits, `RCPT` or `DATA`: `refuse` answers `status`, `lose` takes the message and
    drops the connection without a word.
    """

    name = "smtp"
    lasting = MappingProxyType({"letters": list[bytes]})

    def __init__(
        self,
        user: str = "standfast",
        password: str = "smtp-password",  # noqa: S107 -- a stand-in's password opens nothing
        unknown: tuple[str, ...] = (),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__()
        self.user, self.password, self.unknown, self.tls = user, password, unknown, tls
        self.messages: list[EmailMessage] = []
        self.url = ""
        self.senders: tuple[str, ...] = ()
        """As whom its user may write; as anybody where nothing is said."""
        self.token = ""
        """The access token that signs its user in."""

    @property
    def letters(self) -> list[bytes]:
        """Everything it took, as it came."""
        return [message.as_bytes() for message in self.messages]

    @letters.setter
    def letters(self, letters: list[bytes]) -> None:
        self.messages = [message_from_bytes(letter, policy=default) for letter in letters]

    def delivered(self) -> list[EmailMessage]:
        """What a mailbox that drops repeated Message-IDs holds."""
        return list({str(message["Message-ID"]): message for message in self.messages}.values())

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connected, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = (
            f"smtp://{self.user}:{quote(self.password, safe='')}@127.0.0.1:{port}?{'starttls' if self.tls else 'plain'}"
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    def _connected(self) -> SMTP:
        with warnings.catch_warnings():
            # Unencrypted passwords are what the loopback stand-in is for.
            warnings.filterwarnings("ignore", message="Requiring AUTH while not requiring TLS")
            return SMTP(
                self,
                hostname="smtp.example",
                data_size_limit=SIZE_LIMIT,
                tls_context=self.tls,
                require_starttls=self.tls is not None,
                auth_required=True,
                auth_require_tls=self.tls is not None,
                authenticator=self._authenticate,
                loop=asyncio.get_running_loop(),
            )

    def _authenticate(self, server: Any, session: Session, envelope: Envelope, way: str, given: Any) -> AuthResult:
        wanted = LoginPassword(self.user.encode(), self.password.encode())
        return AuthResult(success=given == wanted, handled=False)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """A token instead of a password."""
        wanted = f"user={self.user}\x01auth=Bearer {self.token}\x01\x01"
        return AuthResult(success=bool(self.token) and b64decode(args[1]).decode() == wanted)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.senders and address not in self.senders:
            return f"550 5.7.60 <{address}>: the client may not send as this sender"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self.next_fault(lambda one: one.path in ("", "RCPT"))
        if fault:
            return f"{fault.status} told to fail"
        if "@" not in address or address in self.unknown:
            return f"550 5.1.1 <{address}>: no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self.next_fault(lambda one: one.path in ("", "DATA"))
        if fault and fault.kind == "refuse":
            return f"{fault.status} told to fail"
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        self.messages.append(message_from_bytes(content, policy=default))
        self.keep()
        if fault and server.transport is not None:
            server.transport.close()
        return "250 2.0.0 queued"
