"""Each checkpoint is mailed to somebody outside, and what they keep convicts a history that is written anew (SOC-1)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.checkpoint import CheckpointActivities
from activities.mailing import mailed
from records.anchor import remembered
from records.checkpoint import Signed
from records.refusal import Unremembered
from records.store import Records
from standins.smtp.standin import Standin
from tests.activities.test_stamping import KEY, MOVED, QUIET
from tests.records.case import INCIDENT, events
from tests.records.test_evidence import tamper

pytestmark = pytest.mark.sop("SOC-1")
AUDITOR = "evidence@auditor.example"


@pytest.fixture
async def mail(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Standin]:
    """A mail server that worker settings point at."""
    async with Standin() as server:
        monkeypatch.setenv("SMTP_URL", server.url)
        monkeypatch.setenv("MAIL_FROM", "Standfast <standfast@harbourline.example>")
        yield server


async def signed(records: Records, vendor: str = "smtp") -> str:
    """What the run says where a checkpoint is mailed through a vendor."""

    async def send(one: Signed) -> None:
        await mailed(vendor, AUDITOR, one)

    step = CheckpointActivities(records, KEY, mail=send)
    return str(await ActivityEnvironment().run(step.sign_checkpoint))


async def test_each_checkpoint_is_mailed_once_and_a_folder_of_the_mails_is_a_memory(
    records: Records,
    mail: Standin,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    assert await signed(records) == MOVED.format(1) + "checkpoint 1 is mailed"
    assert await signed(records) == QUIET
    await records.append(INCIDENT, events(2))
    assert await signed(records) == MOVED.format(2) + "checkpoint 2 is mailed"
    for number, message in enumerate(mail.messages):
        assert message["To"] == AUDITOR
        (folder / f"{2 - number}.eml").write_bytes(message.as_bytes())
    memory = remembered(folder)
    assert memory == list(await records.checkpoints())
    body = str(mail.messages[1].get_body().get_content())  # type: ignore[union-attr]
    assert f"sha256 {memory[1].checkpoint.digest()}" in body
    assert await records.verify_all([memory[0].key], memory) == []
    await tamper(records, "DELETE FROM checkpoint WHERE number = 2")
    assert "checkpoint 2: removed: it is anchored outside and not there" in await records.verify_all((), memory)


async def test_a_mail_that_cannot_be_sent_stops_no_signature_and_a_vendor_without_mail_is_said(
    records: Records,
    mail: Standin,
) -> None:
    mail.unknown = (AUDITOR,)
    assert "checkpoint 1 is not mailed: smtp: 550" in await signed(records)
    await records.append(INCIDENT, events(2))
    assert "checkpoint 2 is not mailed: mailer: found 'none'" in await signed(records, "none")


def test_a_mail_whose_file_is_no_checkpoint_is_said(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nwords\r\n'
        b"--b\r\nContent-Disposition: attachment\r\nContent-Type: text/plain\r\n\r\nnone\r\n--b--\r\n"
    )
    with pytest.raises(Unremembered, match="it cannot be read as a checkpoint"):
        remembered(tmp_path)
