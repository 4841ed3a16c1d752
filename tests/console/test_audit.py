"""Evidence on the command line: a key is made, a period is exported, an auditor checks the file."""

import asyncio
import json
import stat
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import text

from config.company import SHIPPED
from ingress.webhook.inbox import Inbox
from records.overview import overview
from records.record import Stored
from records.store import Records
from tests import yaml
from tests.console.conftest import Standfast
from tests.domain.learn.case import NOON, completed, days, fought
from vendors.door import Request

pytestmark = pytest.mark.sop("SOC-1")

MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")


async def _told(url: str, *statements: str, over: bool = False) -> None:
    case = fought(seed="over" if over else "first")
    if over:
        completed(case)
        case.acts("close_item", "jira", item="item-1")
        case.passes(days(30))
    async with await Records.open(url) as records:
        await records.migrate()
        stored = [Stored.of(event) for event in case.incident.events]
        await records.append(case.incident.id, stored, overview(case.view))
        async with records.engine.begin() as connection:
            for statement in statements:
                await connection.execute(text(statement))


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Records with an incident of March, and no key."""
    monkeypatch.setenv("STANDFAST_DATABASE_URL", f"sqlite:///{tmp_path}/records.db")
    monkeypatch.delenv("STANDFAST_SIGNING_KEY", raising=False)
    asyncio.run(_told(f"sqlite:///{tmp_path}/records.db"))
    return f"sqlite:///{tmp_path}/records.db"


@pytest.fixture
def key(standfast: Standfast, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The public half of a new key that is set."""
    made = standfast("audit", "key", "--new", f"{tmp_path}/key.pem")
    monkeypatch.setenv("STANDFAST_SIGNING_KEY", f"{tmp_path}/key.pem")
    return made.stdout.strip()


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An inbox that has the alert's delivery."""

    async def put() -> None:
        inbox = Inbox(f"{tmp_path}/inbox.db")
        await inbox.mark_relayed([await inbox.put("alertmanager", Request(headers={}, body=b"{}", received_at=NOON))])
        await inbox.close()

    asyncio.run(put())
    monkeypatch.setenv("STANDFAST_INBOX", f"{tmp_path}/inbox.db")


def altered(bundle: Path, old: bytes, new: bytes) -> Path:
    """A copy in which somebody changed a few bytes."""
    copy = bundle.with_name("altered.zip")
    content = bundle.read_bytes()
    assert old in content
    copy.write_bytes(content.replace(old, new, 1))
    return copy


def bundles(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("standfast-audit-*.zip"))


def test_a_period_is_exported_and_an_auditor_checks_it_with_the_file_and_the_key(
    standfast: Standfast, key: str, heard: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert standfast("audit", "checkpoint").stdout == "checkpoint 1: 1 incident moved\n"
    told = standfast("audit", "export", *MARCH, "--out", f"{tmp_path}/out")
    assert told.exit_code == 0
    [bundle] = bundles(tmp_path / "out")
    assert bundle.name == "standfast-audit-2026-03-01-until-2026-04-01.zip"
    assert f"standfast audit verify {bundle.name} --key {key}" in told.stdout
    assert "1 delivery: 1 handed on, 0 with nothing in them, 0 unreadable, 0 waiting; 0 repeated" in told.stdout
    for name in ("STANDFAST_DATABASE_URL", "STANDFAST_SIGNING_KEY", "STANDFAST_INBOX"):
        monkeypatch.setenv(name, "nowhere")
    checked = standfast("audit", "verify", str(bundle), "--key", key)
    assert checked.exit_code == 0
    assert "is whole: nothing was changed, removed, inserted or reordered" in checked.stdout
    assert "1 incident" in checked.stdout
    unknown = standfast("audit", "verify", str(bundle))
    assert "It does not prove\n  whose it is: no key was given" in unknown.stdout
    assert ("is whole" in unknown.stdout, unknown.exit_code) == (False, 6)


def test_an_inbox_that_is_away_is_said_in_the_bundle(
    standfast: Standfast, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFAST_INBOX", f"{tmp_path}/none.db")
    standfast("audit", "checkpoint")
    told = standfast("audit", "export", *MARCH, "--out", str(tmp_path))
    assert (told.exit_code, "deliveries are not counted: there is no inbox at" in told.stdout) == (0, True)
    [bundle] = bundles(tmp_path)
    checked = standfast("audit", "verify", str(bundle), "--key", key)
    assert (checked.exit_code, "how much arrived, and that all of it is here: there is no" in checked.stdout) == (
        6,
        True,
    )
    assert not (tmp_path / "none.db").exists()


def test_a_changed_byte_is_named_and_ends_with_1(standfast: Standfast, key: str, tmp_path: Path) -> None:
    standfast("audit", "export", *MARCH, "--out", str(tmp_path))
    [bundle] = bundles(tmp_path)
    told = standfast("audit", "verify", str(altered(bundle, b'"by":"jonas"', b'"by":"jonaz"')), "--key", key)
    assert told.exit_code == 1
    assert "record " in told.stdout
    assert "altered: its content does not give its hash" in told.stdout
    other = json.loads(standfast("audit", "verify", str(bundle), "--key", "AAAA", "--json").stdout)
    assert (other["ok"], other["key"]) == (False, key)
    assert other["findings"] == [f"manifest.json: signed by a key that is not ours: {key}"]
    assert standfast("audit", "verify", str(tmp_path / "nothing.zip")).exit_code == 1


def test_a_bundle_is_of_the_period_that_was_asked_for_or_says_so(
    standfast: Standfast, key: str, heard: None, tmp_path: Path
) -> None:
    standfast("audit", "checkpoint")
    standfast("audit", "export", *MARCH, "--out", str(tmp_path))
    [bundle] = bundles(tmp_path)
    asked = standfast("audit", "verify", str(bundle), "--key", key, *MARCH)
    assert (asked.exit_code, "is whole" in asked.stdout) == (0, True)
    quarter = ("--from", "2026-01-01", "--to", "2026-03-31")
    other = standfast("audit", "verify", str(bundle), "--key", key, *quarter, "--json")
    assert (other.exit_code, json.loads(other.stdout)["ok"]) == (1, False)
    said = "manifest.json: the period begins at 2026-03-01 00:00:00+00:00, not at 2026-01-01 00:00:00+00:00"
    assert json.loads(other.stdout)["findings"] == [said]
    records = standfast("audit", "verify", "--key", key, *MARCH)
    assert (records.exit_code, "they are of a bundle" in records.stderr) == (2, True)


def test_records_that_were_tampered_with_are_exported_and_said_to_be(
    standfast: Standfast, key: str, url: str, tmp_path: Path
) -> None:
    unproved = standfast("audit", "verify", "--key", key)
    assert (unproved.exit_code, "no checkpoint speaks of it" in unproved.stdout) == (6, True)
    standfast("audit", "checkpoint")
    assert standfast("audit", "verify", "--key", key).exit_code == 0
    assert standfast("audit", "verify").exit_code == 6
    asyncio.run(_told(url, "DROP TRIGGER event_no_delete", "DELETE FROM event WHERE number = 2"))
    checked = standfast("audit", "verify", "--key", key)
    assert checked.exit_code == 1
    assert "record 2: removed: missing from the chain" in checked.stdout
    told = standfast("audit", "export", *MARCH, "--out", str(tmp_path))
    assert told.exit_code == 1
    assert "record 2: removed: missing from the chain" in told.stdout


def test_nothing_is_signed_without_a_key_and_the_next_step_is_said(
    standfast: Standfast, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in (("checkpoint",), ("export", *MARCH, "--out", str(tmp_path)), ("key",)):
        told = standfast("audit", *words)
        assert told.exit_code == 2
        assert "`standfast audit key --new FILE` makes a key" in told.stderr
    monkeypatch.setenv("STANDFAST_SIGNING_KEY", "a secret that is none")
    told = standfast("audit", "checkpoint")
    assert told.exit_code == 2
    assert "STANDFAST_SIGNING_KEY: found" in told.stderr
    assert "a secret" not in told.stderr


def test_a_key_is_made_once_and_only_its_owner_reads_it(standfast: Standfast, key: str, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    assert standfast("audit", "key").stdout.strip() == key
    again = standfast("audit", "key", "--new", f"{tmp_path}/key.pem")
    assert again.exit_code == 2
    assert standfast("audit", "key").stdout.strip() == key
    assert standfast("audit", "key", "--new", f"{tmp_path}/nowhere/key.pem").exit_code == 2


def test_a_bundle_that_is_there_is_not_written_over(standfast: Standfast, key: str, tmp_path: Path) -> None:
    assert standfast("audit", "export", *MARCH, "--out", str(tmp_path)).exit_code == 0
    [bundle] = bundles(tmp_path)
    before = bundle.read_bytes()
    again = standfast("audit", "export", *MARCH, "--out", str(tmp_path))
    assert again.exit_code == 2
    assert "is there already" in again.stderr
    assert bundle.read_bytes() == before
    within = standfast("audit", "export", "--from", "2026-03-03T06:00", "--to", "2026-03-03", "--out", str(tmp_path))
    assert within.exit_code == 0
    assert bundles(tmp_path) != [bundle]


def test_a_sample_says_what_its_bundle_does_not_prove(
    standfast: Standfast, key: str, heard: None, tmp_path: Path
) -> None:
    standfast("audit", "checkpoint")
    standfast("audit", "export", *MARCH, "--out", str(tmp_path))
    [bundle] = bundles(tmp_path)
    draw = ("audit", "sample", str(bundle), "--seed", "march", "--size", "1")
    proved, unknown, foreign = standfast(*draw, "--key", key), standfast(*draw), standfast(*draw, "--key", "AAAA")
    assert (proved.exit_code, "not proved" in proved.stdout) == (0, False)
    assert (unknown.exit_code, "not proved: whose it is: no key was given" in unknown.stdout) == (6, True)
    assert (foreign.exit_code, "a key that is not ours" in foreign.stdout) == (1, True)
    assert json.loads(standfast(*draw, "--key", key, "--json").stdout)["unproved"] == []


def test_somebody_is_erased_by_two_and_the_evidence_says_so(
    standfast: Standfast, key: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(_told(url, over=True))
    words = ("audit", "erase", "ines", "--request", "DSR-7", "--reason", "Article 17", "--by", "jonas")
    alone = standfast(*words)
    assert (alone.exit_code, "expected a second person" in alone.stderr) == (2, True)
    planned = standfast(*words, "--seconded-by", "mira")
    assert planned.exit_code == 0
    assert "Would be erased, with --yes:" in planned.stdout
    assert "and not where they say Duarte: add --word" in planned.stdout
    assert "not over: INC-" in planned.stdout
    refused = standfast(*words, "--seconded-by", "mira", "--yes")
    assert (refused.exit_code, "nothing was erased: not over yet: INC-" in refused.stderr) == (2, True)
    done = standfast(*words, "--seconded-by", "mira", "--yes", "--over-only")
    assert done.exit_code == 0
    assert "Checkpoint 1 says so, for ever." in done.stdout
    checked = standfast("audit", "verify", "--key", key)
    assert (checked.exit_code, "by jonas, mira agreed: Article 17" in checked.stdout) == (0, True)


def test_who_left_is_due_after_the_time_that_the_policy_says_and_what_is_held_is_left(
    standfast: Standfast, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(_told(url, over=True))
    assert "Nobody is recorded who is not in the catalog." in standfast("audit", "leavers").stdout
    company = yaml.safe_load((SHIPPED / "catalog.yaml").read_text().replace("ines", "zoe").replace("Ines", "Zoe"))
    (tmp_path / "catalog.yaml").write_text(yaml.safe_dump(company))
    monkeypatch.setenv("STANDFAST_CATALOG", f"{tmp_path}/catalog.yaml")
    asked = standfast("audit", "leavers")
    assert (asked.exit_code, "1 leaver; they are named until they ask for it." in asked.stdout) == (1, True)
    assert "still has comms in INC-" in asked.stdout
    assert "--without ines --reason 'has left'" in asked.stdout
    incident = fought(seed="over").incident.id
    erasure = {"leavers_after": "1d", "held": {incident: "litigation 7"}}
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump({"extends": str(SHIPPED / "policy.yaml"), "erasure": erasure}))
    monkeypatch.setenv("STANDFAST_POLICY", f"{tmp_path}/policy.yaml")
    due = standfast("audit", "leavers")
    assert (due.exit_code, "ines: last known on" in due.stdout, "audit erase ines" in due.stdout) == (1, True, True)
    assert f"stays named in {incident}: litigation 7" in due.stdout
    assert "--by YOU --seconded-by ANOTHER" in due.stdout
    told = json.loads(standfast("audit", "leavers", "--json").stdout)["ines"]
    assert (told["due"], list(told["held"])) == (True, [incident])
    hold = dict.fromkeys((incident, *told["has"]), "litigation 7")
    erasure["held"] = hold
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump({"extends": str(SHIPPED / "policy.yaml"), "erasure": erasure}))
    assert not json.loads(standfast("audit", "leavers", "--json").stdout)["ines"]["due"]
    erase = ("audit", "erase", "ines", "--request", "R-1", "--reason", "left", "--by", "jonas", "--seconded-by", "mira")
    assert f"held, and left as it is: {incident}: litigation 7" in standfast(*erase).stdout
