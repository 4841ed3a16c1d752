"""How much a room and a person are told: lines, presses and pauses are counted, and few."""

from collections import Counter
from datetime import timedelta

import pytest

from domain.port.chat import Say
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.customer_mail import ApproveMail
from domain.procedure.findings import FindingPosted, Noted, PostFinding
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.procedure.waking import Join
from tests.domain.story import START, Story, changed, policy
from tests.domain.test_saying import everybody, fought, good, said


def lines(story: Story, first: float = 1e9) -> int:
    """What the app itself made the room unread by in its first minutes: posts and topics; an edit does not.

    What a person says through the app is that person's line: they would have written it in the room (`own_lines`).
    """
    posts = [say for at, say in said(story) if at < first and say.room and not say.ref and not is_own(story, say)]
    topics = [one for one in story.effects("set_topic") if one.at - START < timedelta(minutes=min(first, 1e6))]
    return len(posts) + len(topics) + 2  # the card and its pin


def is_own(story: Story, say: Say) -> bool:
    """Whether it is a person's own line."""
    name, _, number = say.key.partition("/")
    what = story.incident.events[int(number) - 1].what if name == "say" and number.isdecimal() else None
    return isinstance(what, FindingPosted | Noted) and what.aloud


@pytest.mark.sop("WAR-1", "WAR-2")
def test_a_good_p1_is_told_in_few_lines() -> None:
    story = good()
    assert lines(story) + len(everybody(story)) + 1 <= 12  # and the headline
    alone = [say.person.id for _, say in said(story) if say.person and not say.ref]
    assert {person: alone.count(person) <= 4 for person in alone} == dict.fromkeys(alone, True)


@pytest.mark.sop("WAR-1", "COM-1")
def test_in_its_first_20_minutes_a_room_reads_four_lines_and_what_is_decided() -> None:
    story = good()
    decided = [at for at, _ in said(story, "FIX-1 ") if at < 20]
    assert (lines(story, 20) - len(decided), len(decided)) == (4, 1)  # topic, card, pin, the words for customers


@pytest.mark.sop("WAR-2", "TRI-3")
def test_under_the_headline_it_is_said_once_how_bad_it_is() -> None:
    told = [say.message.text for _, say in said(good()) if "It is P1" in say.message.text]
    assert [text.partition(":")[0] for text in told] == ["*It is P1*"]
    older = Story(changed(policy(), room__told_once=False)).acts(Declare(by="jonas", severity="P1")).passes(minutes=1)
    assert "*It is P1* (Jonas)." in [say.message.text for _, say in said(older)]


@pytest.mark.sop("TRI-4")
def test_what_the_clock_declares_nobody_has_said_and_another_severity_is_a_press_away() -> None:
    story = Story().acts(Acknowledge(by="dana")).passes(minutes=11)
    [(_, counts)] = said(story, "TRI-4 *It counts as P1*: nobody said how bad it is in time.")
    assert [button.label for button in counts.message.buttons] == ["Another severity"]
    story.acts(Declare(by="jonas", severity="P2", reason="only invoices"), Declare(by="sam", severity="P2"))
    assert said(story.passes(seconds=1), "TRI-4 *It is P2 now*, was P1: only invoices (Jonas; Sam agreed).")


def test_a_p1_that_nobody_answers_for_a_day_stays_readable() -> None:
    story = fought().passes(hours=24)
    assert lines(story) <= 80
    for kind, most in (("show_card", 5), ("show_headline", 5), ("say", 3)):
        assert max(len(shown.duty.model_dump()["message"]["buttons"]) for shown in story.effects(kind)) <= most, kind


def test_a_long_p1_is_told_in_a_line_for_each_public_update_and_few_more() -> None:
    story = fought().passes(minutes=2).acts(TakeRole(by="ines", role="comms"), Join(by="mira"))
    for _ in range(60):
        story.passes(minutes=14).acts(
            PostFinding(by="dana", conditions="still slow"), ApproveMail(by="ines"), ApproveUpdate(by="ines")
        )
    posts = len(story.done("publish_update"))
    assert posts > 20
    assert lines(story) <= posts + 15
    alone = Counter(say.person.id for _, say in said(story) if say.person and not say.ref)
    words = {"dana": 60, "ines": posts}  # each is reminded of one once, while it is owed
    assert {who: number <= words.get(who, 0) + 4 for who, number in alone.items()} == dict.fromkeys(alone, True)


@pytest.mark.sop("GDP-1")
def test_a_small_incident_says_little_and_nothing_after_its_end() -> None:
    story = Story(severity="sev3", service="platform").acts(Acknowledge(by="dana"))
    story.acts(Declare(by="dana", severity="P3")).passes(minutes=20).acts(Resolve(by="dana", summary="over"))
    public = [say for _, say in said(story.passes(days=14)) if not say.person and not say.ref]
    assert len(public) <= 5
