"""What the inbox could not read is shown, and read again."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.procedure.findings import Note
from domain.procedure.retraction import CloseAs
from ingress.webhook.inbox import Inbox
from tests.console.conftest import Standfast
from tests.console.kept import kept_and_refused, unheard
from tests.console.memory import Memory
from vendors.door import Request


@pytest.fixture
def row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """One webhook that could not be read."""
    where = str(tmp_path / "inbox.db")
    monkeypatch.setenv("STANDFAST_INBOX", where)

    async def spoil() -> int:
        inbox = Inbox(where)
        number = await inbox.put("generic", Request(headers={}, body=b"{}", received_at=datetime.now(UTC)))
        await inbox.mark_unreadable(number, "alerts.0.title", "[]", "a text")
        await inbox.close()
        return number

    return asyncio.run(spoil())


def test_an_unreadable_webhook_is_shown_without_its_body(standfast: Standfast, row: int) -> None:
    told = standfast("inbox", "list")
    assert told.exit_code == 0
    for words in (str(row), "generic", "alerts.0.title", "[]", "a text"):
        assert words in told.stdout
    [shown] = json.loads(standfast("inbox", "list", "--json").stdout)["rows"]
    assert shown["row"] == row
    assert "body" not in shown


@pytest.mark.sop("WAR-6")
@pytest.mark.parametrize("command", [("show",), ("timeline",), ("inbox", "list")])
def test_what_an_ended_incident_did_not_take_is_said_with_who_what_and_why(
    standfast: Standfast, house: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    ended, other = house.begin(), house.begin("slow invoices", "billing")
    asyncio.run(house.update(ended, CloseAs(by="dana", how="false_alarm", reason="a test of ours")))
    monkeypatch.setenv("STANDFAST_INBOX", where := str(tmp_path / "inbox.db"))
    asyncio.run(kept_and_refused(where, ended, Note(by="jonas", text="the bank called")))
    asyncio.run(kept_and_refused(where, other, Note(by="dana", text="of another")))
    about = command if command[0] == "inbox" else (*command, ended)
    told = " ".join(standfast(*about).stdout.split())
    assert f'Jonas in {ended}: "Add a note" (the bank called) was not taken: {ended} has ended' in told
    assert ("of another" in told) == (command[0] == "inbox")


@pytest.mark.sop("WAR-6", "ACK-1")
def test_what_a_vendor_said_of_what_had_ended_is_said_with_who_what_and_why(
    standfast: Standfast, house: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = house.begin()
    asyncio.run(house.update(ended, CloseAs(by="dana", how="false_alarm", reason="a test of ours")))
    monkeypatch.setenv("STANDFAST_INBOX", where := str(tmp_path / "inbox.db"))
    for receiver in (ended, "checkout/production"):
        asyncio.run(unheard(where, receiver, Note(by="PDANA01", text="it was the cache")))
    said = 'Dana in pagerduty, for {}: "Add a note" (it was the cache): {} has ended'
    commands: list[tuple[str, str]] = [("show", ended), ("timeline", ended), ("inbox", "list")]
    for command in commands:
        told = " ".join(standfast(*command).stdout.split())
        assert said.format(ended, ended) in told
        assert (said.format(*["checkout/production"] * 2) in told) == (command[0] == "inbox")
    late = json.loads(standfast("inbox", "list", "--json").stdout)["unheard"]
    assert [(one["path"], one["door"]) for one in late] == [(ended, "pagerduty"), ("checkout/production", "pagerduty")]


@pytest.mark.sop("COM-3")
def test_what_held_nothing_for_anybody_is_said_such_as_a_page_that_was_edited_by_hand_after_the_end(
    standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFAST_INBOX", where := str(tmp_path / "inbox.db"))
    said = "Status page p1: “Checkout” is monitoring."

    async def relayed() -> None:
        inbox = Inbox(where)
        rows = [
            await inbox.put("statuspage", Request(headers={}, body=b"{}", received_at=datetime.now(UTC)))
            for _ in range(2)
        ]
        await inbox.mark_relayed(rows[:1], said)
        await inbox.mark_relayed(rows[1:])
        await inbox.close()

    asyncio.run(relayed())
    assert f"statuspage: {said}" in " ".join(standfast("inbox", "list").stdout.split())
    (one,) = json.loads(standfast("inbox", "list", "--json").stdout)["remarks"]
    assert (one["door"], one["remark"]) == ("statuspage", said)


def test_a_program_reads_whose_act_it_was_and_an_open_incident_says_nothing_of_it(
    standfast: Standfast, house: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = house.begin()
    monkeypatch.setenv("STANDFAST_INBOX", where := str(tmp_path / "inbox.db"))
    assert "not taken" not in standfast("show", incident).stdout
    asyncio.run(kept_and_refused(where, incident, Note(by="jonas", text="the bank called")))
    [shown] = json.loads(standfast("inbox", "list", "--json").stdout)["rows"]
    assert (shown["incident"], shown["by"], shown["act"]) == (incident, "jonas", "note")
    assert "the bank" not in json.dumps(shown)
    assert "not taken" not in standfast("show", incident).stdout


def test_it_is_read_again_once(standfast: Standfast, row: int) -> None:
    told = standfast("inbox", "retry", str(row))
    assert told.exit_code == 0
    assert f"row {row} is read again as row" in told.stdout
    assert "could be read" in standfast("inbox", "list").stdout
    again = standfast("inbox", "retry", str(row))
    assert again.exit_code == 2
    assert "is not set aside" in again.stderr


@pytest.mark.parametrize(
    "chosen", [("--all",), ("--door", "generic"), ("--since", "2020-01-01"), ("--all", "--door", "generic")]
)
def test_all_of_a_kind_are_read_again(standfast: Standfast, row: int, chosen: tuple[str, ...]) -> None:
    assert f"row {row} is read again as row" in standfast("inbox", "retry", *chosen).stdout
    assert "There was none." in standfast("inbox", "retry", *chosen).stdout


@pytest.mark.parametrize("chosen", [("--door", "zendesk"), ("--until", "2020-01-01")])
def test_others_are_left_as_they_are(standfast: Standfast, row: int, chosen: tuple[str, ...]) -> None:
    assert "There was none." in standfast("inbox", "retry", *chosen).stdout
    assert str(row) in standfast("inbox", "list").stdout


@pytest.mark.parametrize("chosen", [(), ("7", "--all")])
def test_one_row_or_a_choice_is_expected(standfast: Standfast, row: int, chosen: tuple[str, ...]) -> None:
    told = standfast("inbox", "retry", *chosen)
    assert told.exit_code == 2
    assert "expected one row, or --all" in told.stderr


def test_a_row_that_waits_for_a_mend_is_listed_and_the_doctor_says_so(standfast: Standfast, tmp_path: Path) -> None:
    where = str(tmp_path / "inbox.db")

    async def wait() -> None:
        inbox = Inbox(where)
        number = await inbox.put("generic", Request(headers={}, body=b"{}", received_at=datetime.now(UTC)))
        await inbox.hold_back([number], "generic", "KeyError: 'catalog'")
        await inbox.close()

    asyncio.run(wait())
    with pytest.MonkeyPatch.context() as set_to:
        set_to.setenv("STANDFAST_INBOX", where)
        [shown] = json.loads(standfast("inbox", "list", "--json").stdout)["rows"]
        assert (shown["waits"], shown["found"]) == (True, "KeyError: 'catalog'")
        told = standfast("doctor", "--only", "inbox")
    assert told.exit_code != 0
    assert "waiting for a mend" in told.stdout


def test_a_mistyped_path_does_not_look_like_an_inbox_without_trouble(
    standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFAST_INBOX", str(tmp_path / "elsewhere.db"))
    told = standfast("inbox", "list")
    assert told.exit_code == 2
    assert "set STANDFAST_INBOX" in told.stderr
    assert not (tmp_path / "elsewhere.db").exists()


def test_what_is_relayed_again_is_chosen_by_when_it_came(standfast: Standfast, row: int) -> None:
    told = standfast("inbox", "relay")
    assert (told.exit_code, "--since" in told.stderr) == (2, True)
    for said in ("2020-01-01", "2020-01-01T12:00:05Z", "2020-01-01T12:00+02:00"):
        assert "There was none." in standfast("inbox", "relay", "--since", said).stdout
    assert "--since: found 'noonish', expected a day" in standfast("inbox", "relay", "--since", "noonish").stderr
