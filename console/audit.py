"""The evidence: handed out for a period, checked without us, signed, and the key that signs it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from cryptography.x509 import Certificate
from rich.text import Text

from console import period
from console.code import CHECK_FAILED, UNPROVED
from console.database import opened
from console.ending import CommandRefused
from console.erase import erase
from console.inbox import received
from console.key import show_key, signing_key
from console.leavers import leavers
from console.sample import Keys, sample
from console.screen import show, show_json
from console.session import AsJson, finish
from domain.value.model import said_count
from records.anchor import remembered
from records.bundle import Asked, Verification, verify_bundle
from records.checkpoint import Signed
from records.delivery import Deliveries
from records.erasure import Erasure
from records.export import Exported, export
from records.key import public
from records.refusal import SettingRefused, Unremembered
from records.setting import Settings
from records.stamp import roots

TsaRoot = Annotated[
    Path | None,
    typer.Option("--tsa-root", metavar="FILE", help="The certificates of the time-stamp authority, as PEM."),
]
app = typer.Typer(name="audit", no_args_is_help=True, help="Hand out the evidence of a period, check it, sign it.")


@app.command("export")
def export_period(
    from_: period.From,
    to: period.To,
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the bundle is put.")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Write the signed bundle of a period: events, policies, scorecard, key figures, checkpoints; then check it."""
    finish(_export(from_, to, folder, as_json))


async def _export(from_: str, to: str, folder: Path, as_json: bool) -> int:
    since, until = period.since(from_), period.until(to)
    period.ordered(since, until)
    if since is None or until is None:
        raise CommandRefused("--from and --to: found nothing, expected the period to export")
    key, path = signing_key(), _place(folder, since, until)
    now, heard = datetime.now(UTC), await received(since, until)
    try:
        async with opened() as records, records.evidence(since, until) as evidence:
            made = await export(evidence, path, key, now, deliveries=heard)
        found = verify_bundle(path, [public(key)]).findings
    except OSError as error:
        raise CommandRefused(f"{path} cannot be written: {error.strerror}") from None
    show_json(_told(path, made, found)) if as_json else _say_exported(path, made, found, heard)
    return CHECK_FAILED if found else 0


def _place(folder: Path, since: datetime, until: datetime) -> Path:
    """Where the bundle is to be; one that is there stays."""
    path = folder / f"standfast-audit-{_day(since)}-until-{_day(until)}.zip"
    if path.exists():
        raise CommandRefused(f"{path} is there already; move it away, or name another folder with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandRefused(f"{folder} cannot be made: {error.strerror}") from None
    return path


def _day(at: datetime) -> str:
    """A moment as a file name says it: the day, and the time where it is not midnight."""
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%d}" if at.time() == datetime.min.time() else f"{at:%Y-%m-%dT%H%M%S}"


def _told(path: Path, made: Exported, found: list[str]) -> dict[str, object]:
    counts = {name: value for name, value in made._asdict().items() if name != "manifest"}
    return {"bundle": str(path), "key": made.manifest.key, **counts, "findings": found}


def _say_exported(path: Path, made: Exported, found: list[str], heard: Deliveries) -> None:
    counts = (
        f"{said_count(made.incidents, 'incident')}, {said_count(made.events, 'event')}, "
        f"{said_count(made.checkpoints, 'checkpoint')}, "
        f"{said_count(made.policies, 'version')} of the policy, {said_count(made.suppressed, 'suppressed alert')}"
    )
    manifest = made.manifest.manifest
    show(Text(f"{path} ({path.stat().st_size:,} bytes)", "bold"))
    show(Text(f"{period.said(manifest.since, manifest.until)}: {counts}"))
    show(Text(str(heard), "yellow" if heard.away else ""))
    show(Text(f"signed by {made.manifest.key}"))
    if found:
        _say_findings(found, "The records themselves are not as they were recorded, and the bundle shows it:")
        return
    show(Text("Checked: every chain is whole. Give the key to the auditor by another way than the bundle:"))
    show(Text(f"  standfast audit verify {path.name} --key {made.manifest.key}"))


@app.command()
def verify(
    bundle: Annotated[
        Path | None, typer.Argument(metavar="[BUNDLE]", help="A bundle; without it, the records.")
    ] = None,
    keys: Keys = None,
    anchors: Annotated[
        Path | None,
        typer.Option(
            "--anchors", metavar="FILE", help="Checkpoints kept outside the database: a file, or a folder of mails."
        ),
    ] = None,
    tsa_root: TsaRoot = None,
    from_: period.From = "",
    to: period.To = "",
    as_json: AsJson = False,
) -> None:
    """Check that nothing in a bundle was changed, removed, inserted or reordered; needs the file and nothing else.

    With --from and --to it must be of that very period.
    """
    asked = period.since(from_), period.until(to)
    if any(asked) and not bundle:
        raise CommandRefused("--from and --to: they are of a bundle; the records are checked as a whole")
    given = Given(keys or [], _memory(anchors), _trusted(tsa_root), asked)
    finish(_verify_bundle(bundle, given, as_json=as_json) if bundle else _verify_records(given, as_json=as_json))


def _memory(anchors: Path | None) -> list[Signed]:
    """What is remembered outside; a file that is named must be there."""
    if anchors and not anchors.exists():
        raise CommandRefused(f"--anchors: {anchors} is not there")
    try:
        return remembered(anchors) if anchors else []
    except Unremembered as error:
        raise CommandRefused(f"--anchors: {error}") from None


class Given(NamedTuple):
    """What whoever checks knows by another way than the evidence."""

    keys: list[str]
    memory: list[Signed]
    trusted: Sequence[Certificate]
    asked: Asked


def _trusted(file: Path | None) -> Sequence[Certificate]:
    """The certificates of time-stamp authorities that whoever checks trusts."""
    try:
        return roots(file) if file else ()
    except SettingRefused as error:
        raise CommandRefused(str(error)) from None


async def _verify_bundle(bundle: Path, given: Given, *, as_json: bool) -> int:
    found = verify_bundle(bundle, given.keys, given.memory, trusted=given.trusted, asked=given.asked)
    if as_json:
        key = found.manifest.key if found.manifest else None
        erased = [one.asked.model_dump(mode="json") for one in found.erased]
        said = {"whole": found.whole, "findings": found.findings, "unproved": found.unproved, "erased": erased}
        said["stamped"] = list(found.stamped)
        show_json({"bundle": str(bundle), "ok": not found.findings, "key": key, **said})
    else:
        _say_verified(bundle, found)
    return CHECK_FAILED if found.findings else UNPROVED if found.unproved else 0


def _say_verified(bundle: Path, found: Verification) -> None:
    if found.findings or not found.manifest:
        _say_findings(found.findings, f"{bundle.name} is not whole as it was signed:")
        return
    manifest = found.manifest.manifest
    events = sum(head.number for head in manifest.heads)
    if found.whole:
        show(Text(f"{bundle.name} is whole: nothing was changed, removed, inserted or reordered.", "green"))
        show(Text("Its scorecard, its policies and its key figures follow from its events."))
    else:
        show(Text(f"{bundle.name} is as somebody signed it. It does not prove", "yellow"))
        show(*(Text(f"  {one}", "yellow") for one in found.unproved))
    show(
        Text(
            f"{period.said(manifest.since, manifest.until)}: {said_count(len(manifest.heads), 'incident')}, "
            f"{said_count(events, 'event')}"
        )
    )
    _say_erased(found.erased)
    show(*map(Text, found.stamped))
    show(Text(f"written {manifest.written_at:%Y-%m-%d %H:%M:%S} UTC, signed by {found.manifest.key}"))


def _say_erased(erased: Iterable[Erasure]) -> None:
    """What is whole without the words that were taken out of it."""
    for one in erased:
        show(
            Text(
                f"erased on request from {said_count(len(one.events), 'event')} "
                f"of {said_count(len(one.incidents), 'incident')}: {one.asked}"
            )
        )


def _say_findings(found: list[str], words: str) -> None:
    show(Text(words, "bold red"))
    show(*(Text(f"  {one}") for one in found))


async def _verify_records(given: Given, *, as_json: bool) -> int:
    async with opened() as records:
        seen = await records.stamped(given.trusted, now := datetime.now(UTC))
        found = [*await records.verify_all(given.keys, given.memory), *seen.findings]
        unproved = [*await records.unproved(given.keys, now), *seen.unproved]
        erased = await records.erasures() if not found else ()
    if as_json:
        show_json({"ok": not found, "whole": not found and not unproved, "findings": found, "unproved": unproved})
    elif found:
        _say_findings(found, "The records are not as they were recorded:")
    elif unproved:
        show(Text("Nothing is wrong with any chain or checkpoint. The records do not prove", "yellow"))
        show(*(Text(f"  {one}", "yellow") for one in unproved))
    else:
        show(Text("The records are whole: every chain and every checkpoint.", "green"))
    if not as_json:
        _say_erased(erased)
        show(*map(Text, seen.said))
    return CHECK_FAILED if found else UNPROVED if unproved else 0


app.command()(sample)
app.command()(erase)
app.command()(leavers)
app.command("key")(show_key)


@app.command()
def checkpoint() -> None:
    """Sign now how far each incident's record has come; the worker does it by itself on its schedule."""
    finish(_checkpoint())


async def _checkpoint() -> int:
    key = signing_key()
    try:
        async with opened() as records:
            made = await records.checkpoint(key, datetime.now(UTC), Settings().standfast_anchor_file)
    except Unremembered as error:
        raise CommandRefused(f"nothing was signed: {error}") from None
    moved = (
        f"checkpoint {made.checkpoint.number}: {said_count(len(made.checkpoint.heads), 'incident')} moved"
        if made
        else ""
    )
    show(Text(moved or "Nothing has moved since the last checkpoint."))
    return 0


@app.command()
def grant(role: Annotated[str, typer.Argument(metavar="ROLE", help="The role the worker connects as.")]) -> None:
    """On PostgreSQL, as the tables' owner: let ROLE add to the evidence without altering it. Again after an upgrade."""
    finish(_grant(role))


async def _grant(role: str) -> int:
    async with opened() as records:
        await records.grant(role)
    show(Text(f"{role} may add to the evidence and not update, delete or truncate it; the tables are up to date."))
    return 0
