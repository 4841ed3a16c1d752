"""Every act that a person does can be done from the command line, and every command that acts is one of these."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from domain.value.act import Act
from starter import app
from tests.console.conftest import Standfast
from tests.console.memory import Memory

KINDS = set(Act.kinds)
VENDORS = {
    "page_escalated",
    "hear_severity",
    "move_item",
    "join_report",
    "hear_kept_back",
    "hear_talk",
    "take_in",
    "take_link",
    "take_unlink",
    "hear_cause",
}
"""What only a vendor does, a group, or another incident."""
COMMANDS: dict[str, str] = {
    "ack INC": "acknowledge",
    "unack INC on-a-train": "unacknowledge",
    "invite INC sam": "add_to_room",
    "decline INC": "decline_page",
    "page INC sam": "page_person",
    "here INC": "join",
    "severity INC P1": "declare",
    "role take INC commander": "take_role",
    "role relieve INC commander --reason not-heard": "relieve",
    "role give-up INC commander": "give_up_role",
    "role decline INC commander": "decline_role",
    "change confirm INC 1": "confirm_change",
    "update needed INC tickets": "say_customers_affected",
    "update needless INC internal": "say_customers_affected",
    "update withdraw INC wrong": "withdraw_update",
    "update posted INC https://status.example/1": "post_by_hand",
    "merge INC INC-7KQ2M": "merge",
    "link INC INC-7KQ2M": "link",
    "unlink INC INC-7KQ2M": "unlink",
    "withdraw INC --finding 1": "withdraw_finding",
    "close-as INC false_alarm --reason load-test": "close_as",
    "correct INC not-ours --service platform": "correct",
    "adopt INC left --without priya": "adopt_catalog",
    "role offer INC commander --to sam --note half-off": "offer_role",
    "finding INC smoke": "post_finding",
    "note INC hello": "note",
    "snooze INC WAR-4 15m --reason busy": "snooze",
    "task assign INC look --to sam": "assign_task",
    "task take INC 1": "take_task",
    "task done INC 1": "finish_task",
    "task blocked INC 1 --reason busy": "block_task",
    "task drop INC 1 --reason calm": "drop_task",
    "task keep INC 1": "keep_task",
    "impact INC payment --customers 4000": "report_impact",
    "security mark INC intruder": "mark_security",
    "security unmark INC export": "unmark_security",
    "customers yes INC cards": "tell_customers",
    "customers no INC unknown": "tell_customers",
    "update draft INC words": "draft_update",
    "update approve INC": "approve_update",
    "update mail INC": "approve_mail",
    "update told INC called": "tell_account",
    "change record INC hotfix words": "record_change",
    "change authorise INC 1": "authorise_change",
    "resolve INC over": "resolve",
    "resolve INC over --customers it-works-again": "resolve",
    "reopen INC back": "reopen",
    "action add INC words --owner sam": "add_item",
    "action close INC item-1": "close_item",
    "action reopen INC item-1 --reason again": "reopen_item",
    "action change INC item-1 --reason on-leave --owner sam": "change_item",
    "action decline INC item-1 --reason no": "close_item",
    "postmortem cause INC capacity": "name_cause",
    "postmortem waive-items INC --reason no": "waive_items",
    "postmortem complete INC": "complete_postmortem",
    "postmortem draft INC words": "draft_public_postmortem",
    "postmortem publish INC": "approve_public_postmortem",
    "postmortem posted INC https://status.example/1": "post_public_postmortem",
    "breach yes INC seen --aware-at 2026-03-03T03:00Z": "answer_breach",
    "breach told INC people --what by-letter": "record_affected_told",
    "law applies INC nis2 two-countries --aware-at 2026-03-03T03:00Z": "answer_law",
    "law not INC nis2 one-customer": "answer_law",
    "law reported INC nis2 early-warning A-1": "record_legal_report",
    "breach no INC looked": "answer_breach",
    "breach notified INC --reference X": "record_notification",
    "waive INC WAR-4 --reason no": "waive_clause",
    "drill INC --end": "end_drill",
    "declare checkout smoke --severity P1": "declare",
}


def acting(command: Any, path: str = "") -> Iterator[str]:
    """Every command that asks who acts, with the groups it is in."""
    parts = getattr(command, "commands", None)
    if parts is None and any(one.name == "by" and one.envvar for one in command.params):
        yield path
    for name, part in (parts or {}).items():
        yield from acting(part, f"{path} {name}".strip())


@pytest.mark.parametrize(("line", "kind"), COMMANDS.items(), ids=list(COMMANDS))
def test_a_command_sends_its_act(standfast: Standfast, house: Memory, line: str, kind: str) -> None:
    incident = house.begin()
    house.silent = True
    told = standfast(*(incident if word == "INC" else word for word in line.split()))
    assert told.exit_code == 5, told.output
    by = "standfast" if kind == "end_drill" else "dana"
    assert [(act.kind, act.by) for _, act in house.told] == [(kind, by)]


def test_every_act_of_people_has_a_command() -> None:
    assert set(COMMANDS.values()) == KINDS - VENDORS


def test_every_command_that_acts_is_among_those_that_are_tried() -> None:
    known = set(acting(typer.main.get_command(app))) - {"audit erase"}  # no act of an incident
    tried = {path for path in known if any(line.startswith(f"{path} ") for line in COMMANDS)}
    assert known == tried
