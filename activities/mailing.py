"""Sends each checkpoint by mail to somebody outside, who holds the records against it whenever they like (SOC-1)."""

import httpx

from config.trust import authorities
from domain.port.duty import VendorError
from domain.port.mailer import MailNote, NotePort
from records.checkpoint import Signed
from vendors.directory import DIRECTORY

BODY = """\
Standfast has signed checkpoint {number} of its records, {at:%Y-%m-%d %H:%M:%S} UTC.

Keep this mail with its file: nobody who writes the records anew can write it anew. A folder of such mails or files
is what `standfast audit verify --anchors FOLDER` holds records or a bundle against.

checkpoint {number}
sha256 {digest}
key {key}
"""


async def mailed(vendor: str, to: str, one: Signed) -> None:
    """Send a checkpoint through the vendor that plays the mailer, or raise `VendorError`."""
    if vendor not in DIRECTORY:
        raise VendorError("mailer", f"found {vendor!r}, expected a vendor that sends mail", retryable=False)
    async with httpx.AsyncClient(verify=authorities()) as http:
        client = DIRECTORY[vendor].client(http)
        if not isinstance(client, NotePort):
            raise VendorError(vendor, "it sends no notes", retryable=False)
        await client.send_note(note(to, one))


def note(to: str, one: Signed) -> MailNote:
    """What is written: the digest for people, and the whole as the file that keeps checkpoints has it."""
    number = one.checkpoint.number
    body = BODY.format(number=number, at=one.checkpoint.at, digest=one.checkpoint.digest(), key=one.key)
    subject, file = f"Standfast checkpoint {number}", f"checkpoint-{number}.jsonl"
    mark = f"checkpoint-{number}-{one.checkpoint.digest()[:16]}"
    return MailNote(mark=mark, to=to, subject=subject, body=body, file=file, content=f"{one.text()}\n")
