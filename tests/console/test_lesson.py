"""What follows an incident is done from the command line too: items, the post-mortem, the checkpoint, waivers."""

import json
import time
from datetime import UTC, datetime

import pytest

from tests.console.conftest import Standfast
from tests.console.memory import Memory

NOTIFIED = (
    "--reference", "DPA-7", "--authority", "the authority", "--nature", "400 addresses",
    "--contact", "dpo@harbourline.example", "--consequences", "phishing", "--measures", "keys were changed",
)  # fmt: skip


def resolved(standfast: Standfast, house: Memory) -> str:
    """A P1 that dana, its commander, has resolved."""
    incident = house.begin()
    standfast("severity", incident, "P1")
    standfast("resolve", incident, "A bad deploy, rolled back.")
    return incident


def test_an_item_is_added_with_its_owner(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("severity", incident, "P2")
    assert standfast("action", "add", incident, "alert on pool size", "--owner", "sam").exit_code == 0
    [item] = house.incidents[incident].items.values()
    assert (item.title, item.owner) == ("alert on pool size", "sam")


def test_an_item_is_closed_and_declined(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("severity", incident, "P1")
    standfast("change", "record", incident, "hotfix", "patch the pod", "--bypass")
    standfast("change", "authorise", incident, "1", "--by", "mira")
    [item] = house.incidents[incident].items
    assert standfast("action", "close", incident, "no-such").exit_code == 2
    assert standfast("action", "decline", incident, item, "--reason", "done in CI").exit_code == 0
    assert house.incidents[incident].items[item].state == "declined"


@pytest.mark.sop("PM-3")
def test_a_post_mortem_is_completed_once_it_has_what_it_needs(standfast: Standfast, house: Memory) -> None:
    incident = resolved(standfast, house)
    told = standfast("postmortem", "complete", incident, "--by", "mira")
    assert told.exit_code == 2
    assert "name the root cause (PM-3); add an action item" in told.stderr
    assert standfast("postmortem", "cause", incident, "Deployment").exit_code == 0
    assert standfast("postmortem", "waive-items", incident, "--reason", "nothing to add", "--by", "mira").exit_code == 0
    assert standfast("breach", "no", incident, "no data was touched", "--by", "mira").exit_code == 0
    assert standfast("postmortem", "complete", incident, "--by", "mira").exit_code == 0
    assert house.incidents[incident].learning.completions


@pytest.mark.sop("PM-3")
def test_only_the_manager_says_that_nothing_is_to_be_done(standfast: Standfast, house: Memory) -> None:
    incident = resolved(standfast, house)
    told = standfast("postmortem", "waive-items", incident, "--reason", "nothing to add")
    assert told.exit_code == 2
    assert "may say that it needs no action item, as engineering manager" in told.stderr


def test_a_new_cause_is_named_with_what_it_is(standfast: Standfast, house: Memory) -> None:
    incident = resolved(standfast, house)
    assert standfast("postmortem", "cause", incident, "moonlight").exit_code == 2
    assert standfast("postmortem", "cause", incident, "moonlight", "--title", "the moon was full").exit_code == 0
    assert house.incidents[incident].learning.cause == "moonlight"


def test_the_post_mortem_is_shown_with_what_is_still_due(standfast: Standfast, house: Memory) -> None:
    incident = resolved(standfast, house)
    standfast("postmortem", "cause", incident, "deployment")
    told = standfast("postmortem", "show", incident)
    assert told.exit_code == 0
    for words in (
        "Post-mortem of", "root cause     deployment", "not answered yet (GDP-1)", "completes the post-mortem",
    ):  # fmt: skip
        assert words in told.stdout


def test_the_post_mortem_is_shown_in_the_readers_time(
    standfast: Standfast, house: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = resolved(standfast, house)
    with monkeypatch.context() as here:
        here.setenv("TZ", "Asia/Kolkata")
        time.tzset()
        told = standfast("postmortem", "show", incident)
        utc = standfast("postmortem", "show", incident, "--utc")
    time.tzset()
    assert "Times: IST (UTC+0530)" in told.stdout
    assert "Times: UTC" in utc.stdout


@pytest.mark.sop("GDP-1")
def test_the_breach_question_is_answered_with_its_moment(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("severity", incident, "P1")
    words = ("breach", "yes", incident, "a dump was copied", "--aware-at", "2026-03-03T03:00+0000")
    assert standfast(*words).exit_code == 0
    breach = house.incidents[incident].learning.breach
    assert breach
    assert breach.breach is True
    assert breach.aware_at.isoformat() == "2026-03-03T03:00:00+00:00"
    assert standfast("breach", "maybe", incident, "x").exit_code == 2


@pytest.mark.sop("GDP-2")
def test_the_notification_is_recorded_with_its_four_contents(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("severity", incident, "P1")
    standfast("breach", "yes", incident, "a dump was copied", "--aware-at", f"{datetime.now(UTC):%Y-%m-%dT%H:%M%z}")
    told = standfast("breach", "notified", incident, "--reference", "DPA-7")
    assert told.exit_code == 2
    assert "Article 33(3)" in told.stderr
    told = standfast("breach", "notified", incident, *NOTIFIED)
    assert told.exit_code == 0, told.stderr
    assert house.incidents[incident].learning.notified_at


@pytest.mark.sop("SOC-1")
def test_a_clause_is_waived_by_the_manager_with_a_reason(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("severity", incident, "P1")
    assert standfast("waive", incident, "war-4", "--reason", "we sit together").exit_code == 2
    assert standfast("waive", incident, "war-4", "--reason", "we sit together", "--by", "mira").exit_code == 0
    assert "WAR-4" in house.incidents[incident].learning.waivers


def test_somebody_is_paged_by_hand(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    assert standfast("page", incident, "sam", "--reason", "the database").exit_code == 0
    (asked,) = house.incidents[incident].asked_pages
    assert asked.people == ("sam",)


@pytest.mark.sop("PM-1")
def test_of_what_owes_no_post_mortem_none_is_said_to_be_missing(standfast: Standfast, house: Memory) -> None:
    incident = json.loads(standfast("declare", "billing", "slow", "--severity", "P3", "--json").stdout)["incident"]
    standfast("resolve", incident, "An index was added.")
    told = standfast("postmortem", "show", incident).stdout
    assert "none is owed for a P3" in told
    assert "root cause" not in told
