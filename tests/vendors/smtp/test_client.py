"""Each account is written to once, and what SMTP cannot promise is not claimed."""

import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from domain.company.catalog import Account
from domain.port.duty import VendorError
from domain.port.mailer import SendMail
from standins.smtp.standin import Standin
from standins.standin import Fault
from vendors.smtp.client import Client, Settings, message_id, server


def mail(**changes: Any) -> SendMail:
    """The mail for one account; the changes say what is special about it."""
    asked: dict[str, Any] = {
        "key": "mail.acme",
        "incident": "INC-7K3QF",
        "clause": "COM-5",
        "summary": "write to ACME",
        "account": Account(name="ACME, Inc.", email="ops@acme.example", services=("checkout",)),
        "subject": "Checkout is failing",
        "body": "We are looking into it.\n.\nThe über-long line: " + "x" * 2000,
    }
    return SendMail.model_validate({**asked, **changes})


def to(email: str, name: str = "Other") -> Account:
    return Account(name=name, email=email, services=())


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for the loopback address, and a server's context with it."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")]),
    )
    now, address = datetime.now(UTC), x509.IPAddress(ip_address("127.0.0.1"))
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
    signed = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False).sign(key, hashes.SHA256())
    trusted, secret = folder / "trusted.pem", folder / "key.pem"
    trusted.write_bytes(signed.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, secret)
    return trusted, context


@pytest.fixture
async def post() -> AsyncIterator[Standin]:
    async with Standin(unknown=("gone@acme.example",)) as standin:
        yield standin


@pytest.fixture
def client(post: Standin) -> Client:
    return Client(Settings(smtp_url=SecretStr(post.url), mail_from="ACME Status <status@standfast.example>"))


@pytest.mark.sop("COM-5")
async def test_an_account_gets_the_approved_words(client: Client, post: Standin) -> None:
    sent = await client.send_mail(mail(), again=False)
    (message,) = post.messages
    assert (message["To"], message["From"]) == (
        '"ACME, Inc." <ops@acme.example>',
        "ACME Status <status@standfast.example>",
    )
    assert message["Subject"] == "Checkout is failing"
    assert message.get_content().replace("\r\n", "\n").strip() == mail().body
    assert (sent.ref, sent.people) == ("<inc-7k3qf.mail.acme@standfast.example>", ("ops@acme.example",))
    assert (message["Message-ID"], message["Auto-Submitted"]) == (sent.ref, "auto-generated")


@pytest.mark.sop("COM-5")
@pytest.mark.parametrize("replies", ["", "Support <support@standfast.example>"])
async def test_an_answer_goes_where_the_settings_say(post: Standin, replies: str) -> None:
    settings = Settings(smtp_url=SecretStr(post.url), mail_from="status@standfast.example", mail_reply_to=replies)
    await Client(settings).send_mail(mail(), again=False)
    assert post.messages[0].get("Reply-To", "") == replies


@pytest.mark.sop("COM-5")
async def test_each_account_gets_a_message_of_its_own(client: Client, post: Standin) -> None:
    await client.send_mail(mail(), again=False)
    await client.send_mail(mail(key="mail.other", account=to("ops@other.example")), again=False)
    assert [message["To"] for message in post.messages] == [
        '"ACME, Inc." <ops@acme.example>',
        "Other <ops@other.example>",
    ]
    assert len(post.delivered()) == 2


async def test_a_lost_answer_repeats_the_message_under_the_same_id(client: Client, post: Standin) -> None:
    """SMTP can't be asked, so the message goes twice; a mailbox that drops repeated ids holds one."""
    post.fail(Fault("lose", path="DATA"))
    with pytest.raises(VendorError) as lost:
        await client.send_mail(mail(), again=False)
    await client.send_mail(mail(), again=True)
    assert lost.value.retryable
    assert len(post.messages) == 2
    assert len(post.delivered()) == 1


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("code", "retryable"),
    [(421, True), (450, True), (451, True), (452, True), (550, False), (552, False), (554, False)],
)
async def test_each_refusal_is_retried_or_given_up_and_nothing_went_out(
    client: Client, post: Standin, command: str, code: int, retryable: bool
) -> None:
    post.fail(Fault("refuse", path=command, status=code))
    with pytest.raises(VendorError, match=str(code)) as refused:
        await client.send_mail(mail(), again=False)
    assert refused.value.retryable is retryable
    assert post.messages == []


@pytest.mark.parametrize("email", ["gone@acme.example", "nobody"])
async def test_an_address_nobody_has_is_given_up(client: Client, post: Standin, email: str) -> None:
    with pytest.raises(VendorError, match="550") as refused:
        await client.send_mail(mail(account=to(email)), again=False)
    assert not refused.value.retryable


async def test_a_message_that_is_too_large_is_given_up(client: Client, post: Standin) -> None:
    with pytest.raises(VendorError) as refused:
        await client.send_mail(mail(body="long words\n" * 100_000), again=False)
    assert (refused.value.retryable, post.messages) == (False, [])


async def test_a_wrong_password_is_given_up_and_not_repeated_in_the_error(post: Standin) -> None:
    settings = Settings(smtp_url=SecretStr(post.url.replace("smtp-password", "very-secret")), mail_from="a@b.example")
    with pytest.raises(VendorError, match="535") as refused:
        await Client(settings).send_mail(mail(), again=False)
    assert not refused.value.retryable
    assert "very-secret" not in f"{refused.value!r}{settings!r}"


async def test_a_password_is_not_sent_to_a_server_that_cannot_encrypt(post: Standin) -> None:
    settings = Settings(smtp_url=SecretStr(post.url.removesuffix("?plain")), mail_from="a@b.example")
    with pytest.raises(VendorError, match="STARTTLS") as refused:
        await Client(settings).send_mail(mail(), again=False)
    assert not refused.value.retryable


async def test_an_encrypted_connection_is_used_when_the_certificate_is_trusted_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, context = certificate(tmp_path)
    async with Standin(tls=context) as post:
        client = Client(Settings(smtp_url=SecretStr(post.url), mail_from="a@b.example"))
        with pytest.raises(VendorError, match="SSLCertVerificationError"):
            await client.send_mail(mail(), again=False)
        assert post.messages == []
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        await client.send_mail(mail(), again=True)
        assert len(post.messages) == 1


async def test_a_server_that_is_away_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = Settings(smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"), mail_from="a@b.example")
    with pytest.raises(VendorError) as refused:
        await Client(settings).send_mail(mail(), again=False)
    assert refused.value.retryable


@pytest.mark.parametrize(
    ("url", "sender", "said"),
    [("", "a@b.example", "SMTP_URL"), ("http://x", "a@b.example", "SMTP_URL"), ("smtp://x", "", "MAIL_FROM")],
)
async def test_a_missing_setting_is_named(url: str, sender: str, said: str) -> None:
    with pytest.raises(VendorError, match=said) as refused:
        await Client(Settings(smtp_url=SecretStr(url), mail_from=sender)).send_mail(mail(), again=False)
    assert not refused.value.retryable


async def test_a_line_break_cannot_smuggle_in_a_header(client: Client, post: Standin) -> None:
    await client.send_mail(mail(subject="Hello\r\nBcc: all@acme.example"), again=False)
    assert (post.messages[0]["Subject"], post.messages[0]["Bcc"]) == ("Hello Bcc: all@acme.example", None)
    with pytest.raises(VendorError) as refused:
        await client.send_mail(mail(account=to("a@b.example\r\nBcc: all@acme.example")), again=False)
    assert not refused.value.retryable


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtps://u:p%40ss@h:465", {"port": 465, "use_tls": True, "start_tls": False, "password": "p@ss"}),
        ("smtp://u:p@h:587?starttls", {"port": 587, "use_tls": False, "start_tls": True, "username": "u"}),
        ("smtp://u:p@h:587", {"use_tls": False, "start_tls": True}),
        ("smtp://h", {"port": None, "use_tls": False, "start_tls": None, "password": None}),
        ("smtp://u:p@h?plain", {"use_tls": False, "start_tls": False}),
    ],
)
def test_the_address_says_how_to_connect(url: str, expected: dict[str, Any]) -> None:
    read = server(Settings(smtp_url=SecretStr(url)))
    assert {name: read[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("mark", "left"),
    [
        ("INC-7K3QF/mail.account", "inc-7k3qf.mail.account"),
        ("INC-7K3QF/mail/ü é@x.", "inc-7k3qf.mail.%c3%bc%20%c3%a9%40x"),
    ],
)
def test_a_message_id_is_the_mark_in_letters_mail_allows(mark: str, left: str) -> None:
    assert message_id(mark, "ACME <status@acme.example>").lower() == f"<{left}@acme.example>"


async def test_the_sender_is_proved_beforehand(client: Client, post: Standin) -> None:
    assert await client.probe() == "logged in, and may write as status@standfast.example"
    post.senders = ("other@standfast.example",)
    with pytest.raises(VendorError, match="may not send as this sender") as refused:
        await client.probe()
    assert (refused.value.retryable, post.messages) == (False, [])
