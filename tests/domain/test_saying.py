"""Where things are said and how often: alone to who owes it, in the place of what stands there, within a budget."""

import itertools
from datetime import timedelta

import pytest

from domain.company.catalog import Catalog
from domain.port.chat import Say
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.changes import RecordChange
from domain.procedure.customer_mail import ApproveMail
from domain.procedure.findings import PostFinding
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.procedure.waking import Join
from tests.domain.story import START, Story, catalog, changed
from tests.domain.wording import worded

ENDS = {"COM-5", "COM-6", "COM-7", "RES-1"}
"""The last words for customers; and who stands in for somebody absent is asked where all read it (WAR-7)."""
FINDINGS = "WAR-4 post findings: was due"


def fought(company: Catalog | None = None) -> Story:
    return Story(company=company).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))


def said(story: Story, words: str = "") -> list[tuple[float, Say]]:
    """At which minute what was said that begins so."""
    return [
        ((effect.at - START) / timedelta(minutes=1), effect.duty)
        for effect in story.effects("say")
        if isinstance(effect.duty, Say) and worded(effect.duty).startswith(words)
    ]


def lines(story: Story) -> int:
    """What made the room unread: posts and topics; an edit and a direct message do not."""
    posts = [say for _, say in said(story) if say.room and not say.ref]
    return len(posts) + len(story.done("set_topic")) + 2  # the card and its pin


@pytest.mark.sop("WAR-4")
def test_a_reminder_goes_to_who_owes_it_alone() -> None:
    [(_, reminder)] = said(fought().passes(minutes=13), "WAR-4 post findings: due")
    assert reminder.person
    assert (reminder.person.id, reminder.room, reminder.message.to) == ("dana", "", ())
    assert [button.act for button in reminder.message.buttons] == ["post_finding"]


def test_whom_the_chat_does_not_know_or_refuses_is_reminded_in_the_room() -> None:
    unknown = fought(company=changed(catalog(), people__dana__slack="")).passes(minutes=13)
    [(_, reminder)] = said(unknown, "WAR-4 post findings: due")
    assert reminder.room
    assert [person.id for person in reminder.message.to] == ["dana"]


@pytest.mark.sop("WAR-4")
def test_an_overdue_promise_is_one_line_said_anew_after_20_minutes_and_gathered_with_others_each_hour() -> None:
    story = fought().passes(hours=5)
    told = [(minute, bool(say.ref)) for minute, say in said(story, FINDINGS)]
    assert told == [(15, False), (20, True), (25, True), (35, False), (55, True)]
    gathered = [(say, minute) for minute, say in said(story) if "still overdue" in say.message.text]
    posted = [minute for say, minute in gathered if not say.ref]
    assert all(later - earlier >= 60 for earlier, later in itertools.pairwise(posted))
    assert "post findings" in gathered[-1][0].message.text
    assert "nobody" in gathered[-1][0].message.text


@pytest.mark.sop("WAR-4")
def test_a_promise_that_is_kept_late_is_said_in_the_place_of_what_asked_for_it() -> None:
    story = fought().passes(minutes=16).acts(PostFinding(by="dana", conditions="the pool is empty")).passes(minutes=1)
    [(_, asked)] = said(story, FINDINGS)
    [(_, answered)] = said(story, "WAR-4 post findings: done")
    assert answered.ref
    assert not asked.ref
    assert not answered.message.buttons


@pytest.mark.sop("PM-2", "ACT-2", "GDP-1")
def test_after_the_fight_nothing_but_its_end_is_said_in_the_room() -> None:
    story = (
        fought()
        .passes(minutes=20)
        .acts(Resolve(by="jonas", summary="over"), ApproveUpdate(by="jonas"), ApproveMail(by="jonas"))
        .passes(minutes=5)
    )
    before = {say.key for _, say in said(story) if say.room}
    story.passes(days=15)
    after = [say for _, say in said(story) if say.room and not say.ref and say.key not in before]
    assert {say.clause for say in after} <= ENDS
    owed = [say for _, say in said(story, "PM-1 complete the post-mortem: was due")]
    assert {say.person.id for say in owed if say.person} == {"mira", "jonas"}


def test_a_good_p1_is_told_in_few_lines() -> None:
    story = fought().passes(minutes=2).acts(TakeRole(by="ines", role="comms"), Join(by="mira"))
    story.passes(minutes=6).acts(ApproveUpdate(by="ines")).passes(minutes=6).acts(
        PostFinding(by="dana", conditions="flag is off"),
        RecordChange(by="jonas", change="rollback", description="4112"),
    )
    story.passes(minutes=13).acts(PostFinding(by="dana", conditions="errors fall")).passes(minutes=10)
    story.acts(ApproveUpdate(by="ines")).passes(minutes=6).acts(Resolve(by="jonas", summary="the flag is off"))
    assert lines(story.passes(minutes=10)) <= 22


def test_a_p1_that_nobody_answers_for_a_day_stays_readable() -> None:
    assert lines(fought().passes(hours=24)) <= 80
