"""What the war room and each of its people read, sentence by sentence: who wants what, and the way out."""

from datetime import timedelta

import pytest

from domain.port.chat import Say, ShowHeadline
from domain.port.message import Message
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.changes import RecordChange
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.page_by_hand import PagePerson
from domain.procedure.postmortem import NameCause
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from domain.rule.act import IncidentAct
from tests.domain.story import Story, catalog, changed, policy

DANA, JONAS = Acknowledge(by="dana"), Declare(by="jonas", severity="P1")
OVER = Resolve(by="jonas", summary="the flag is off")
PAST = RecordChange(by="jonas", change="config", description="flag off", bypass=True)


def said(story: Story, words: str) -> list[Message]:
    """The messages with these words."""
    says = [one.duty.message for one in story.effects("say") if isinstance(one.duty, Say)]
    return [one for one in says if words in one.text]


def read(*acts: IncidentAct, after: timedelta = timedelta(seconds=30)) -> tuple[str, list[str], str]:
    """The last that the room reads of what was done: its words, its presses, its small line."""
    story = Story(changed(policy(), board="https://board.example")).acts(DANA, JONAS).passes(minutes=1)
    before = len(story.effects("say"))
    story.acts(*acts).passes(seconds=after.total_seconds())
    says = [one.duty for one in story.effects("say")[before:] if isinstance(one.duty, Say)]
    last = [one for one in says if one.room and not one.person][-1].message
    return last.text, [button.label for button in last.buttons], last.small


@pytest.mark.parametrize(
    ("act", "words", "presses", "small"),
    [
        pytest.param(
            PAST,
            "Jonas wants a config change without a normal deployment: flag off. Only you can allow it, by 03:11 UTC.",
            ["Allow it", "Refuse"],
            "a ticket brings it back · FIX-2",
            marks=pytest.mark.sop("FIX-2"),
        ),
        pytest.param(
            Declare(by="jonas", severity="P2", reason="few are hit"),
            "Jonas wants P2 instead of P1: few are hit. A second person must agree within 15 min.",
            ["Agree to P2", "Stay at P1"],
            "TRI-4",
            marks=pytest.mark.sop("TRI-4"),
        ),
        pytest.param(
            OfferRole(by="jonas", role="commander", to="sam"),
            "Jonas offers you the command: Checkout API, 5xx error rate above 5% (P1)."
            " It stays with Jonas until you say so; after 5 min it lapses.",
            ["I command now", "Not now"],
            "WAR-3",
            marks=pytest.mark.sop("WAR-3", "WAR-7"),
        ),
        pytest.param(
            PagePerson(by="dana", to="sam", reason="the pool"),
            "*Dana paged Sam*: the pool",
            [],
            "ACK-2",
            marks=pytest.mark.sop("ACK-2"),
        ),
        pytest.param(
            OVER,
            "*Solved at 03:01 UTC* by Jonas, after 1 min: the flag is off. Next: Mira says whether personal data was"
            " touched by 05 Mar 03:01 UTC; Mira completes the post-mortem by 06 Mar 03:01 UTC.\n"
            "These alerts fire still: 5xx error rate above 5%; if they are repeated it is not over.",
            ["Not over"],
            "RES-1",
            marks=pytest.mark.sop("RES-1", "PM-1", "GDP-1"),
        ),
    ],
)
def test_the_room_reads_who_wants_what_and_the_way_out(
    act: IncidentAct, words: str, presses: list[str], small: str
) -> None:
    assert read(act) == (words, presses, small)


@pytest.mark.sop("WAR-3")
def test_who_has_the_command_since_when_and_from_whom() -> None:
    text, presses, _ = read(OfferRole(by="jonas", role="commander", to="sam"), TakeRole(by="sam", role="commander"))
    assert (text, presses) == ("*Sam commands* since 03:01 UTC, from Jonas.", [])


@pytest.mark.sop("RES-3")
def test_what_is_not_over_says_who_says_so_and_asks_what_is_seen() -> None:
    story = Story().acts(DANA, JONAS, OVER, Reopen(by="sam", reason="errors again."))
    [back] = [words for words in story.passes(minutes=1).said() if "Not over" in words]
    assert back.startswith("RES-3 *Not over* (Sam): errors again. The clocks run again.")


@pytest.mark.sop("WAR-3")
@pytest.mark.parametrize(("role", "press"), [("comms", "I write to customers"), ("commander", "I command")])
def test_a_vacant_role_is_asked_for_by_its_name_and_taken_as_one_says_it(role: str, press: str) -> None:
    story = Story().acts(DANA).passes(minutes=16)
    title = policy().roles[role].title
    [asked] = said(story, f"Nobody is {title} yet; by 03:15 UTC")
    assert [button.label for button in asked.buttons] == [press]


@pytest.mark.sop("ACK-5", "WAR-4")
def test_silence_is_asked_about_in_sentences() -> None:
    silent = Story().acts(DANA, JONAS).passes(minutes=21)
    assert said(silent, "What do you see? The room was to hear from you by 03:15 UTC; just write it here.")
    assert said(silent, "Where are you? The room was to hear of you by 03:20 UTC.")


@pytest.mark.sop("WAR-4")
def test_a_digest_says_who_was_to_do_what() -> None:
    story = Story().acts(DANA, JONAS).passes(minutes=90)
    digest = said(story, "still overdue")[0]
    assert "• somebody brings in the manager, since 03:05 UTC" in digest.text
    assert {at.minute for at in digest.moments} >= {5, 10}


@pytest.mark.sop("PM-3", "GDP-1")
@pytest.mark.parametrize(
    ("act", "words"),
    [
        (
            AnswerBreach(by="mira", breach=False, reason="nothing was read"),
            "GDP-1 *Mira answered* that personal data was not breached. Nothing was read",
        ),
        (
            NameCause(by="mira", cause="capacity", title="The pool was full"),
            "PM-3 *Mira named the root cause*: The pool was full (capacity)",
        ),
    ],
)
def test_what_follows_is_told_in_a_sentence_with_a_first_name(act: IncidentAct, words: str) -> None:
    assert words in Story().acts(DANA, JONAS, OVER, act).passes(minutes=1).said()


@pytest.mark.sop("WAR-3")
def test_whoever_takes_a_role_is_led_into_the_room() -> None:
    story = Story().acts(DANA, JONAS).passes(minutes=1)
    story.incident.room_url = "https://chat.example/C1"
    story.acts(TakeRole(by="ines", role="comms")).passes(minutes=1)
    [told] = said(story, "*You write to customers* now")
    assert [button.label for button in told.buttons] == ["Open the room", "Hand it over"]
    assert "Their next words by 03:10 UTC, then every 30 min. Say what they see, not why." in told.text


@pytest.mark.sop("WAR-3", "COM-3")
def test_who_may_take_the_role_by_publishing_reads_so_while_nobody_has_it() -> None:
    def small(*acts: IncidentAct) -> str:
        story = Story().acts(DANA, *acts, JONAS).passes(minutes=1)
        return said(story, "May customers read this")[0].small

    assert small() == "Who publishes writes to customers from now on · Draft 1 · COM-3"
    assert small(TakeRole(by="ines", role="comms")) == "Draft 1 · COM-3"


@pytest.mark.sop("RES-1")
def test_what_is_closed_leads_to_its_post_mortem_and_says_until_when_the_room_stays() -> None:
    story = Story(changed(policy(), board="https://board.example")).acts(DANA, JONAS, OVER).learns()
    story.passes(days=2)
    [closed] = said(story, "*Closed*")
    assert closed.text.startswith("*Closed*: nothing is owed any more. The room is archived on ")
    assert closed.buttons[-1].label == "Board"
    assert headlines(story)[-1][0] == "*Closed.* Solved at 03:00 UTC, after 0 s: the flag is off."


def headlines(story: Story) -> list[tuple[str, dict[str, str]]]:
    """What the headline said, one edit after the other: its words, and its facts."""
    shown = [one.duty.message for one in story.effects("show_headline") if isinstance(one.duty, ShowHeadline)]
    return [(one.text, dict(one.facts)) for one in shown]


@pytest.mark.sop("ACK-2", "WAR-2")
def test_the_headline_says_who_is_paged_next_and_when_and_is_edited_no_oftener_for_it() -> None:
    story, older = Story(), Story(changed(policy(), room__says_next=False))
    words = [text.removeprefix("*Nobody is on it yet.* ") for text, _ in headlines(story.passes(minutes=21))[1:]]
    assert words == [
        "Dana was paged, last at 03:00 UTC; Sam is next, at 03:05 UTC.",
        "Dana and Sam were paged, last at 03:05 UTC; Mira is next, at 03:10 UTC.",
        "Dana, Sam and Mira were paged, last at 03:10 UTC; Priya is next, at 03:15 UTC.",
        "Dana, Sam, Mira and Priya were paged, last at 03:15 UTC; Priya is paged again, at 03:20 UTC.",
        "Dana, Sam, Mira and Priya were paged, last at 03:20 UTC; Priya is paged again, at 03:25 UTC.",
    ]
    before = headlines(older.passes(minutes=21))
    assert len(before) == len(headlines(story))
    assert before[1][0] == "*Nobody is on it yet.* Dana was paged, last at 03:00 UTC."


@pytest.mark.sop("ACK-3", "WAR-2")
def test_a_level_that_the_pager_reaches_by_its_schedule_is_next_by_its_name() -> None:
    company = changed(catalog(), teams__payments__levels__secondary={"schedule": "PSCHED"})
    text, _ = headlines(Story(company=company).passes(minutes=1))[-1]
    assert text.endswith("; the secondary on-call is next, at 03:05 UTC.")


@pytest.mark.sop("TRI-4", "WAR-2")
def test_the_headline_says_from_when_on_it_counts_as_proposed() -> None:
    story = Story().passes(minutes=2).acts(DANA).passes(minutes=1)
    assert headlines(story)[-1][0] == (
        "*Dana is on it* since 03:02 UTC. Nobody has said yet how bad it is; from 03:12 UTC it counts as P1."
    )


@pytest.mark.sop("PM-1", "GDP-1", "WAR-2")
@pytest.mark.parametrize("named", [True, False])
def test_once_it_is_over_the_headline_says_who_owes_what_by_when(*, named: bool) -> None:
    story = Story(changed(policy(), room__says_next=named)).acts(DANA, JONAS, OVER).passes(minutes=1)
    owed = headlines(story)[-1][1]["Still owed"]
    assert owed == (
        "Mira says whether personal data was touched by 05 Mar 03:00 UTC;"
        " Mira completes the post-mortem by 06 Mar 03:00 UTC"
        if named
        else "post-mortem by 06 Mar 03:00 UTC; whether personal data was touched"
    )


@pytest.mark.sop("PM-2", "PM-3")
def test_who_is_asked_for_the_post_mortem_reads_what_it_lacks() -> None:
    story = Story().acts(DANA, JONAS, OVER).passes(days=1, hours=14)
    assert any("The post-mortem is due by" in words and "It has no root cause yet." in words for words in story.said())
    story.incident.learning.unwritten = ("What went well",)
    story.acts(NameCause(by="mira", cause="capacity")).passes(days=1)
    assert any("Nobody has written in What went well." in words for words in story.said())
