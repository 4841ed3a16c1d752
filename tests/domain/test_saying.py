"""Where things are said and how often: alone to who owes it, in the place of what stands there, within a budget."""

import itertools
from datetime import datetime, timedelta

import pytest

from domain.company.catalog import Catalog
from domain.port.chat import Say
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.changes import RecordChange
from domain.procedure.customer_mail import ApproveMail
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.findings import PostFinding
from domain.procedure.resolution import Resolve
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.procedure.waking import Join
from domain.run import progress as step
from domain.run.agenda import duties
from tests.again import again
from tests.domain.story import START, Story, catalog, changed
from tests.domain.wording import worded

ENDS = {"COM-5", "COM-6", "COM-7", "RES-1"}
"""The last words for customers; and who stands in for somebody absent is asked where all read it (WAR-7)."""
OFFICE = (9, 17)
FINDINGS = "WAR-4 What do you see? The room was to hear"


@again
def fought(company: Catalog | None = None) -> Story:
    return Story(company=company).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))


def said(story: Story, words: str = "") -> list[tuple[float, Say]]:
    """At which minute what was said that begins so."""
    return [
        ((effect.at - START) / timedelta(minutes=1), effect.duty)
        for effect in story.effects("say")
        if isinstance(effect.duty, Say) and worded(effect.duty).startswith(words)
    ]


@pytest.mark.sop("WAR-4")
def test_a_reminder_goes_to_who_owes_it_alone() -> None:
    [(_, reminder)] = said(fought().passes(minutes=13), "WAR-4 What do you see? The room hears")
    assert reminder.person
    assert (reminder.person.id, reminder.room, reminder.message.to) == ("dana", "", ())
    assert [button.act for button in reminder.message.buttons] == ["post_finding", "post_finding"]


def test_whom_the_chat_does_not_know_or_refuses_is_reminded_in_the_room() -> None:
    unknown = fought(company=changed(catalog(), people__dana__slack="")).passes(minutes=13)
    [(_, reminder)] = said(unknown, "WAR-4 What do you see? The room hears")
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
    assert "somebody tells customers for the first time" in gathered[-1][0].message.text


@pytest.mark.sop("WAR-4")
def test_a_promise_that_is_kept_late_is_said_in_the_place_of_what_asked_for_it() -> None:
    story = fought().passes(minutes=16).acts(PostFinding(by="dana", conditions="the pool is empty")).passes(minutes=1)
    [(_, asked)] = said(story, FINDINGS)
    [answered] = [say for _, say in said(story, "WAR-4 *Dana told the room* at") if not say.person]
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
    owed = [say for _, say in said(story) if "The post-mortem was due" in say.message.text]
    assert {say.person.id for say in owed if say.person} >= {"mira", "jonas"}


@again
def good() -> Story:
    """A P1 that everybody works at as the procedure has it, and that is over after 40 minutes."""
    story = fought().passes(minutes=2).acts(TakeRole(by="ines", role="comms"), Join(by="mira"))
    story.passes(minutes=6).acts(ApproveUpdate(by="ines"), ApproveMail(by="ines")).passes(minutes=6)
    story.acts(
        PostFinding(by="dana", conditions="flag is off"),
        RecordChange(by="jonas", change="rollback", description="4112"),
    )
    story.passes(minutes=13).acts(PostFinding(by="dana", conditions="errors fall")).passes(minutes=9)
    story.acts(ApproveUpdate(by="ines")).passes(minutes=4).acts(Resolve(by="jonas", summary="the flag is off"))
    return story.passes(minutes=1).acts(ApproveUpdate(by="ines"), ApproveMail(by="ines")).passes(minutes=15)


def everybody(story: Story) -> list[Say]:
    """What rang everybody who reads #incidents."""
    return [say for _, say in said(story) if say.broadcast]


@pytest.mark.sop("WAR-3")
def test_who_takes_the_role_they_were_called_for_reads_on_in_the_same_message() -> None:
    called, taken = (
        next(one for one in good().effects("say") if one.duty.key.startswith(begin))
        for begin in ("tell/page-wake-comms", "tell/role-")
    )
    assert isinstance(taken.duty, Say)
    assert taken.duty.ref == called.outcome.ref != ""


@pytest.mark.sop("WAR-2")
def test_everybody_in_incidents_is_rung_when_it_is_so_bad_and_when_it_is_over() -> None:
    bad, over = everybody(good())
    assert bad.message.text.startswith("*It is P1*: Checkout API, 5xx error rate above 5%. Some customers may not")
    assert over.message.text == "*Solved at 03:40 UTC*, after 40 min: the flag is off."
    assert bad.thread == over.thread != ""


@pytest.mark.sop("SCP-3", "WAR-2")
def test_nobody_in_incidents_is_rung_for_a_secret_or_for_what_has_no_war_room() -> None:
    secret = Story(title="intrusion").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    small = Story(severity="sev3", service="platform").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P3"))
    assert everybody(secret.passes(minutes=5)) + everybody(small.passes(minutes=5)) == []


@pytest.mark.sop("COM-1", "COM-5")
def test_an_ask_is_edited_into_its_answer() -> None:
    story = good()
    [draft] = [say for _, say in said(story) if say.message.text.startswith("May customers read this by 03:10 UTC?")]
    [posted] = [say for _, say in said(story) if "*Ines told customers* at 03:08 UTC, 2 min early" in say.message.text]
    assert (draft.ref, bool(posted.ref), posted.message.buttons) == ("", True, ())


@pytest.mark.sop("WAR-4")
def test_what_reminds_somebody_alone_says_how_it_ended_and_asks_no_more() -> None:
    story = fought().passes(minutes=13)
    [(_, reminder)] = said(story, "WAR-4 What do you see? The room hears")
    [effect] = [one for one in story.effects("say") if one.duty.key == reminder.key]
    story.acts(PostFinding(by="dana", conditions="the pool is empty")).passes(minutes=1)
    [(_, answered)] = said(story, "WAR-4 *Dana told the room* at 03:13 UTC")
    assert (answered.person, answered.ref) == (reminder.person, effect.outcome.ref)
    assert (answered.message.text, answered.message.buttons) == ("*Dana told the room* at 03:13 UTC, 2 min early.", ())


@pytest.mark.sop("WAR-4", "RES-1")
def test_the_end_takes_the_place_of_what_reminded_somebody_alone() -> None:
    story = fought().passes(minutes=13).acts(Resolve(by="jonas", summary="the pool was empty")).passes(minutes=1)
    [(_, reminder)] = said(story, "WAR-4 What do you see? The room hears")
    [ended] = [say for _, say in said(story) if say.person == reminder.person and say.ref and say.clause != "ACK-1"]
    assert ended.message.text.startswith("*Solved at 03:13 UTC* by Jonas, after 13 min: the pool was empty. Next: ")
    assert ended.message.buttons == ()


@pytest.mark.sop("ACK-1", "WAR-3")
def test_who_is_woken_or_takes_a_role_is_told_alone() -> None:
    told = {(say.person.id, say.message.text.splitlines()[0]) for _, say in said(good()) if say.person}
    assert ("dana", "You are paged: Checkout API, 5xx error rate above 5%, since 03:00 UTC.") in told
    assert ("ines", "*You write to customers* now: Checkout API, 5xx error rate above 5%.") in told


@pytest.mark.sop("WAR-3")
def test_who_takes_over_the_command_is_told_how_it_stands() -> None:
    story = fought().passes(minutes=5).acts(PostFinding(by="dana", conditions="the pool is empty"))
    story.acts(OfferRole(by="jonas", role="commander", to="sam"), TakeRole(by="sam", role="commander"))
    [briefing] = [say.message for _, say in said(story.passes(minutes=1)) if "You command" in say.message.text]
    assert "Sam commands" in briefing.text
    assert ("Found last", "Dana, 03:05 UTC: the pool is empty") in briefing.facts
    assert any(", from Jonas." in say.message.text for _, say in said(story))


@pytest.mark.sop("PM-2", "GDP-1")
def test_what_is_overdue_after_the_fight_is_asked_for_once_a_day_in_office_hours() -> None:
    story = fought().passes(minutes=10).acts(Resolve(by="jonas", summary="over")).passes(days=6)
    asked: dict[tuple[str, str], list[datetime]] = {}
    for effect in story.effects("say"):
        say = effect.duty
        if isinstance(say, Say) and say.person and " was " in say.message.text.partition("Next: ")[0]:
            asked.setdefault((say.person.id, say.clause), []).append(effect.at)
            assert OFFICE[0] <= effect.at.hour < OFFICE[1]
    assert all(b - a >= timedelta(hours=20) for at in asked.values() for a, b in itertools.pairwise(at))
    assert {"mira", "jonas"} <= {person for person, _ in asked}


def in_the_morning(story: Story) -> list[Say]:
    """What is owed to people when the timers of the second morning ring, a little late as an engine's do."""
    story.at(days=2, hours=5, minutes=59, seconds=59)
    story.play.now += timedelta(seconds=1.3)
    step.pass_time(story.incident, story.play.now)
    return [duty for duty in duties(story.incident, story.play.now) if isinstance(duty, Say) and duty.person]


@again
def over() -> Story:
    """A P1 after which nobody does anything: its post-mortem is overdue before the second morning."""
    return fought().passes(minutes=10).acts(Resolve(by="jonas", summary="over"))


@pytest.mark.sop("PM-2")
def test_what_waited_for_the_morning_and_what_rings_in_it_a_little_late_is_one_message() -> None:
    story = over()
    owed = in_the_morning(story)
    whom = [say.person.id for say in owed if say.person]
    assert len(whom) == len({*whom})
    [both] = [say for say in owed if "things wait for you" in say.message.text]
    assert "The post-mortem was due" in both.message.text
    assert "Was personal data touched?" in both.message.text
    story.passes(minutes=1)
    assert [say.key for _, say in said(story) if say.key in {one.key for one in owed}] == [say.key for say in owed]
    assert not [duty for duty in duties(story.incident, story.play.now) if isinstance(duty, Say)]


@pytest.mark.sop("PM-2")
def test_what_is_on_its_way_in_one_message_is_not_said_alone_when_the_rest_of_it_is_answered_meanwhile() -> None:
    story = over()
    [both] = [say for say in in_the_morning(story) if "things wait for you" in say.message.text]
    answer = AnswerBreach(by="mira", breach=False, reason="none was touched")
    step.receive(story.incident, answer, story.play.now)
    owed = [duty for duty in duties(story.incident, story.play.now) if isinstance(duty, Say)]
    [rest] = [say for say in owed if say.person == both.person and "The post-mortem was due" in say.message.text]
    assert rest.awaits_turn([both.key])
    assert not rest.awaits_turn([rest.key, "say/1/nobody", "record"])
    step.done(story.incident, both, both.practised("said"), story.play.now)
    assert rest.key not in story.owes()
