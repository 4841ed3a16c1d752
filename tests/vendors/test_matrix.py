"""The tables of vendors/README.md say what the code does."""

import inspect
import re
from typing import get_args, get_type_hints

import pytest

from domain.port.any_duty import DUTIES
from domain.port.duty import Outcome, Role
from tests.house.setting import listed
from tests.house.source import ROOT
from tests.vendors.sender import PROVED_BY
from vendors import api
from vendors.directory import DIRECTORY
from vendors.jira import client as jira
from vendors.slack import api as slack
from vendors.smtp import client as smtp
from workflows.limit import BY_ROLE, Limit

TEXT = (ROOT / "vendors/README.md").read_text()
PLAYING = {name: vendor for name, vendor in DIRECTORY.items() if vendor.roles}
HEARD = {name: vendor for name, vendor in DIRECTORY.items() if vendor.hears}
OWN_DOOR = {"slack": 200}
"""Slack is answered by its own route, with 200 for everything."""
HOUSE: set[Role] = {"group", "archive"}
"""The roles that no vendor plays."""
OUR_OWN = {"find_runbooks"}
"""Done by us, from what the notebook's `runbooks` answered before (TRI-2)."""


def section(heading: str) -> str:
    return TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]


def table(heading: str) -> dict[str, list[str]]:
    """The rows of a section's table by their first cell."""
    lines = [line for line in section(heading).splitlines() if line.startswith("| ")][1:]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    assert len({len(row) for row in rows}) == 1
    assert all(cell for row in rows for cell in row)
    return {row[0]: row[1:] for row in rows}


def test_every_vendor_that_plays_a_role_has_a_row_and_nobody_else() -> None:
    assert table("Who plays a role").keys() == PLAYING.keys()
    assert table("What is heard").keys() == HEARD.keys() | OWN_DOOR.keys()


@pytest.mark.parametrize("name", PLAYING)
def test_roles_capabilities_and_rate_are_those_of_the_client(name: str) -> None:
    role, can, _, rate, _ = table("Who plays a role")[name]
    vendor = PLAYING[name]
    client = vendor.part("client").Client
    methods = {
        word for word, one in inspect.getmembers(client, inspect.iscoroutinefunction) if not word.startswith("_")
    }
    assert role.split(", ") == list(vendor.roles)
    assert set(re.findall(r"`(\w+)`", can)) == methods
    assert float(rate) == vendor.per_second


@pytest.mark.parametrize("name", PLAYING)
def test_a_client_has_a_method_for_each_duty_of_the_roles_it_plays(name: str) -> None:
    """Named like its kind; it takes the duty and `again`, and answers with what came of it."""
    vendor = PLAYING[name]
    client = vendor.part("client").Client
    for kind, duty in DUTIES.items():
        if duty.role not in vendor.roles or kind in OUR_OWN:
            continue
        method = getattr(client, kind)
        _, about, again = inspect.signature(method).parameters.values()
        types = get_type_hints(method)
        assert inspect.iscoroutinefunction(method), kind
        assert duty in (types[about.name], *get_args(types[about.name])), kind
        assert (again.name, again.kind, types["again"]) == ("again", inspect.Parameter.KEYWORD_ONLY, bool), kind
        assert types["return"] is Outcome, kind


@pytest.mark.parametrize("name", sorted(HEARD.keys() | OWN_DOOR.keys()))
def test_proof_and_answer_are_those_of_the_door(name: str) -> None:
    _, _, setting, _, answered, _ = table("What is heard")[name]
    assert setting == f"`{PROVED_BY.get(name, 'SNS_TOPIC_ARNS')}`"
    assert setting.strip("`") in listed()
    assert int(answered) == (OWN_DOOR | {one: vendor.answer for one, vendor in HEARD.items()})[name]


def test_the_time_outs_are_those_of_the_one_table_and_longer_than_a_request() -> None:
    def said(limit: Limit) -> list[str]:
        return [f"{limit.try_for.total_seconds():g} s", f"{limit.go_on_for.total_seconds():g} s"]

    assert table("Time-outs") == {role: said(limit) for role, limit in BY_ROLE.items() if role not in HOUSE}
    assert {api.TIMEOUT.read, api.TIMEOUT.connect, jira.TIMEOUT, smtp.TIMEOUT, slack.TIMEOUT} == {10.0}
    assert "after 10 seconds" in section("Time-outs")
    assert all(limit.try_for.total_seconds() > 10 for role, limit in BY_ROLE.items() if role not in HOUSE)


@pytest.mark.parametrize("name", PLAYING)
def test_the_setup_notes_name_what_each_vendor_needs(name: str) -> None:
    notes = {part.split("\n")[0].lower(): part for part in section("Setting up").split("\n### ")[1:]}
    assert [need for need in PLAYING[name].needs if f"`{need}" not in notes[name]] == []
    named = set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", notes[name]))
    assert named <= set(listed())


def test_every_sender_is_set_up_somewhere() -> None:
    elsewhere = "".join((ROOT / f"docs/{name}.md").read_text() for name in ("monitoring", "webhook"))
    assert [name for name in HEARD if f"/webhooks/{name}" not in TEXT + elsewhere] == []
