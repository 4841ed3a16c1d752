"""WAR-2: who is not in the fight is told by policy: at the declaration, at another severity, at the end."""

from typing import Any

import pytest

from domain.check import lint
from domain.company.policy import Policy
from domain.incident.entry import GIVEN_UP
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import PostFinding
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.security import MarkSecurity
from domain.procedure.severity import Declare
from domain.run import agenda
from tests.domain.story import Story, catalog, changed, policy

TOLD: Policy = changed(policy(), stakeholders={"people": ["mira"], "rooms": ["C0BOARD"], "mail": ["board@example.com"]})


def digests(story: Story) -> list[Any]:
    return [one for one in story.done("say") + story.done("send_mail") if one.key.startswith("digest/")]


def subjects(story: Story) -> list[str]:
    return [one.subject.partition(" INC")[0] for one in digests(story) if one.kind == "send_mail"]


@pytest.mark.sop("WAR-2")
def test_stakeholders_are_told_of_the_declaration_of_another_severity_and_of_the_end_once_each() -> None:
    story = Story(TOLD, severity="warning").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2"))
    story.acts(PostFinding(by="dana", conditions="the pool is full"), Declare(by="jonas", severity="P1"))
    story.passes(minutes=5).acts(Resolve(by="jonas", summary="rolled back"))
    assert subjects(story) == ["P2 ·", "P1 ·", "Over ·"]
    assert len(digests(story)) == 3 * len(["mira", "C0BOARD", "board@example.com"])
    [mail] = [one for one in digests(story) if one.key == "digest/2/board@example.com"]
    assert "the pool is full" in mail.body
    story.acts(Reopen(by="jonas", reason="it is back"))
    assert subjects(story)[3:] == ["P1 ·"]


@pytest.mark.sop("WAR-2")
def test_nobody_is_told_of_what_the_policy_does_not_list_or_lists_nobody_for() -> None:
    small = Story(TOLD).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P3", reason="one customer"))
    assert digests(small) == []
    assert digests(Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))) == []


@pytest.mark.sop("SCP-3")
def test_of_a_security_incident_stakeholders_hear_that_it_is_one_and_not_what() -> None:
    story = Story(TOLD).acts(MarkSecurity(by="dana", reason="somebody is in the database"))
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    assert subjects(story) == ["P1 ·"]
    assert not any("5xx" in str(one) or "database" in str(one) for one in digests(story))


@pytest.mark.sop("SCP-3")
def test_what_could_not_leave_before_the_mark_leaves_veiled() -> None:
    story = Story(TOLD).fails("room").fails("mailer").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.passes(minutes=2).acts(MarkSecurity(by="dana", reason="somebody is in the database")).passes(minutes=2)
    assert digests(story) == []
    story.mends().passes(minutes=20)
    assert len(digests(story)) == len(["mira", "C0BOARD", "board@example.com"])
    assert not any("5xx" in str(one) or "database" in str(one) for one in digests(story))


@pytest.mark.sop("WAR-2")
def test_only_the_newest_is_told_once_a_vendor_is_back_or_somebody_is_added() -> None:
    story = Story(TOLD, severity="warning").fails("room").fails("mailer")
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2")).passes(minutes=2)
    story.acts(Declare(by="jonas", severity="P1")).mends().passes(minutes=20)
    assert {one.key.partition("/")[2].partition("/")[0] for one in digests(story)} == {"2"}


@pytest.mark.sop("WAR-2")
def test_what_is_refused_for_good_is_given_up_and_holds_nothing_open() -> None:
    story = Story(TOLD).fails("mailer", retryable=False).fails("room", "say", retryable=False)
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(hours=3)
    failed = [key for key in story.keys("failed") if key.startswith("digest/")]
    assert {key: failed.count(key) for key in failed} == {
        f"digest/1/{whom}": GIVEN_UP for whom in ("mira", "C0BOARD", "board@example.com")
    }
    story.acts(Resolve(by="jonas", summary="over")).learns()
    owed = [duty.key for duty in agenda.owed(story.incident) if duty.is_waited_for]
    assert not [key for key in owed if key.startswith("digest/")]


@pytest.mark.sop("WAR-2")
def test_a_stakeholder_whom_the_catalog_does_not_know_is_found() -> None:
    rules = changed(policy(), stakeholders={"people": ["nobody-of-us"]})
    assert any(one.path == "stakeholders.people" for one in lint(rules, catalog()))
