"""What people write in the war room without a command: a sign of life, or the finding that they are asked for."""

from datetime import timedelta

import pytest

from domain.procedure.findings import Note, PostFinding
from domain.procedure.plain_talk import HearTalk
from domain.procedure.resolution import Resolve
from domain.run.talk import TalkCounts, talk_counts
from tests.domain.story import START, Story, changed, minutes, policy
from tests.domain.test_acknowledge import rung_by_silence
from tests.domain.test_budget import is_own
from tests.domain.test_saying import fought, over, said


def counts(story: Story) -> TalkCounts:
    return talk_counts(story.incident)


def comes_to(story: Story, person: str, thread: str = "") -> str:
    """What a word of somebody comes to now."""
    return counts(story).comes_to(person, story.play.now, thread)


def asks(story: Story, place: str) -> str:
    """The reference of the message of the room that asks."""
    return story.incident.said[place].ref


@pytest.mark.sop("ACK-5")
@pytest.mark.parametrize("person", ["dana", "jonas"])
def test_a_word_of_who_holds_a_role_starts_the_silence_anew(person: str) -> None:
    story = fought().passes(minutes=11)
    assert comes_to(story, person) == "heard"
    story.acts(HearTalk(by=person)).passes(minutes=19)
    assert not any(key.startswith("ACK-5") for key in story.keys("missed"))
    assert story.passes(minutes=2).when("missed", "ACK-5/2") == minutes(31)


@pytest.mark.sop("ACK-5", "WAR-4")
def test_a_word_is_no_finding_where_nobody_asked_for_one() -> None:
    story = fought().passes(minutes=10).acts(HearTalk(by="dana")).passes(minutes=6)
    assert story.when("missed", "WAR-4/1") == minutes(15)


@pytest.mark.sop("ACK-5")
def test_a_busy_room_makes_few_events() -> None:
    story = fought()
    for _ in range(60):
        story.passes(seconds=30).acts(HearTalk(by="dana"), HearTalk(by="jonas"))
    heard = [(event.at - START, event.by) for event in story.events("talk_heard")]
    assert [at for at, by in heard if by == "dana"] == [timedelta(minutes=5 * n) for n in range(1, 7)]
    assert len(heard) == 12
    assert "talk" not in story.incident.opened.policy.room.model_dump_json()


@pytest.mark.sop("ACK-5")
def test_how_often_a_word_counts_is_the_policys_to_say() -> None:
    story = Story(changed(policy(), room__talk_every="1m"))
    assert story.incident.policy.room.talk_every == timedelta(minutes=1)


@pytest.mark.sop("ACK-5")
def test_a_word_counts_at_once_where_silence_is_chased() -> None:
    story = fought().passes(minutes=19).acts(HearTalk(by="jonas")).passes(minutes=21)
    story.passes(seconds=1)
    assert "ACK-5/2" in story.keys("missed")
    assert comes_to(story, "jonas") == "heard"
    story.acts(HearTalk(by="jonas"))
    assert "ACK-5/2" not in story.running()


@pytest.mark.sop("ACK-6")
def test_a_ring_of_silence_ends_with_plain_words_of_whoever_was_paged() -> None:
    story = rung_by_silence()
    assert comes_to(story, "dana")
    assert story.acts(HearTalk(by="dana")).incident.acknowledged_by == "dana"


@pytest.mark.sop("ACK-5", "WAR-4")
def test_words_of_others_and_words_after_the_end_come_to_nothing() -> None:
    story = fought().passes(minutes=10)
    assert comes_to(story, "sam") == comes_to(story, "slack:U9") == ""
    before = story.incident.number
    assert story.acts(HearTalk(by="sam")).incident.number == before
    assert counts(story.acts(Resolve(by="jonas", summary="over"))) == TalkCounts()
    assert story.acts(HearTalk(by="dana")).events("talk_heard") == []


@pytest.mark.sop("WAR-4")
def test_what_they_write_soon_after_the_ask_is_the_finding_and_later_a_sign_of_life() -> None:
    story = fought().passes(minutes=11)
    assert comes_to(story, "dana") == "heard"
    story.passes(minutes=1, seconds=30)
    assert [event.at - START for event in story.events("reminded", "WAR-4")] == [timedelta(minutes=12)]
    assert (comes_to(story, "dana"), comes_to(story, "jonas")) == ("finding", "heard")
    story.acts(PostFinding(by="dana", conditions="5xx falling"))
    assert comes_to(story, "dana") == ""


@pytest.mark.sop("WAR-4")
def test_in_the_thread_of_the_ask_there_is_time() -> None:
    story = fought().passes(minutes=19)
    thread = asks(story, "clock/WAR-4/1")
    assert (comes_to(story, "dana"), comes_to(story, "dana", thread)) == ("heard", "finding")
    assert comes_to(story, "dana", "another") == "heard"
    assert comes_to(story, "jonas", thread) == "heard"


@pytest.mark.sop("WAR-4")
def test_the_digest_of_what_is_overdue_asks_too() -> None:
    story = fought().passes(minutes=90)
    assert comes_to(story, "dana", asks(story, "digest")) == "finding"


@pytest.mark.sop("WAR-4", "WAR-6")
def test_what_somebody_says_by_form_is_said_in_the_room_in_their_name_and_what_the_room_has_is_not() -> None:
    story = fought().passes(minutes=2)
    story.acts(PostFinding(by="dana", conditions="orders wait", actions="flag off", needs="someone from fraud"))
    story.acts(Note(by="sam", text="the provider calls back"), Note(by="sam", text="pinned", written="C1/1.2"))
    story.acts(PostFinding(by="dana", conditions="5xx falling", written="C1/1.3")).passes(minutes=1)
    own = [say for _, say in said(story) if is_own(story, say)]
    assert [say.message.text for say in own] == [
        "*Dana found*: orders wait\n*Doing*: flag off\n*Needs*: someone from fraud",
        "*Sam*: the provider calls back",
    ]
    assert own[0].message.small == "Next by 03:17 UTC · WAR-4"
    assert all(say.room == story.incident.room and not (say.person or say.message.to) for say in own)


@pytest.mark.sop("WAR-6")
def test_a_note_after_the_end_is_said_nowhere() -> None:
    story = over().acts(Note(by="dana", text="graphs attached")).passes(minutes=5)
    assert not [say for _, say in said(story) if "graphs attached" in say.message.text]
