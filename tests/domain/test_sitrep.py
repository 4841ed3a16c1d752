"""WAR-1, WAR-2: headline and card say in sentences who has it, what was found, what customers know, what is owed."""

import re

import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.acknowledgement_lapse import Unacknowledge
from domain.procedure.changes import RecordChange
from domain.procedure.findings import PostFinding
from domain.procedure.headline import card, headline
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.security import MarkSecurity
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from tests.again import again
from tests.domain.story import Story, changed, policy

FOUND = "the flag is off, errors fall"


@again
def fought() -> Story:
    story = Story().passes(minutes=1).acts(Acknowledge(by="sam"), Declare(by="jonas", severity="P1"))
    story.passes(minutes=2).acts(TakeRole(by="ines", role="comms")).passes(minutes=5).acts(ApproveUpdate(by="ines"))
    return story.passes(minutes=4).acts(
        PostFinding(by="sam", conditions=FOUND),
        RecordChange(by="jonas", change="config", description="fraud check off"),
    )


@pytest.mark.sop("WAR-2")
def test_the_headline_says_who_has_it() -> None:
    story = Story().passes(minutes=6)
    assert headline(story.incident).text.startswith("*Nobody is on it yet.* Dana and Sam were paged, last at ")
    assert "likely P1: " in headline(story.incident).small
    story.acts(Acknowledge(by="sam"))
    assert headline(story.incident).text.startswith("*Sam is on it* since ")
    story.acts(Declare(by="sam", severity="P1"))
    assert headline(story.incident).text.startswith("*Sam commands and is on it, Mira manages.* Since ")
    full = "*Jonas commands, Sam is on it, Ines writes to customers, Mira manages.* Since "
    assert headline(fought().incident).text.startswith(full)
    assert headline(story.incident).title.startswith("P1 · Checkout API: ")


@pytest.mark.sop("WAR-1", "WAR-2")
def test_what_was_found_and_decided_and_what_customers_know_stands_on_the_card() -> None:
    shown = dict(card(fought().passes(minutes=1).incident).facts)
    assert shown["Found last"].startswith("Sam, ")
    assert shown["Found last"].endswith(f": {FOUND}")
    assert shown["Decided"] == "fraud check off (Jonas)"
    assert re.fullmatch(r"told at (.*) UTC \(investigating\), hear again by (.*) UTC", shown["Customers"])
    declared = Story().acts(Declare(by="jonas", severity="P1"))
    assert dict(card(declared.incident).facts)["Customers"] == "know nothing yet"


@pytest.mark.sop("WAR-2", "TRI-4")
def test_that_nobody_commands_is_said() -> None:
    story = Story().acts(Acknowledge(by="sam")).passes(minutes=15)
    assert headline(story.incident).text.startswith("*Nobody commands; Sam is on it, Mira manages.* Since ")


@pytest.mark.sop("WAR-2", "TRI-4")
def test_where_nobody_holds_any_role_nothing_more_is_said() -> None:
    story = Story(changed(policy(), roles__manager__starts_with="nobody")).acts(Acknowledge(by="sam"))
    story.passes(minutes=14).acts(Unacknowledge(by="sam", reason="cannot"))
    assert (story.phase(), story.incident.holders) == ("active", {})
    assert headline(story.incident).text.startswith("*Nobody commands.* Since ")


@pytest.mark.sop("WAR-2")
def test_when_it_is_over_the_headline_says_how_it_ended_and_what_is_owed() -> None:
    story = fought().acts(Resolve(by="jonas", summary="the fraud check is off")).passes(minutes=1)
    shown = headline(story.incident)
    assert shown.title.startswith("Over · ")
    assert shown.text.endswith(": the fraud check is off.")
    assert shown.text.startswith("*Solved at ")
    owed = dict(shown.facts)["Still owed"]
    assert "Mira completes the post-mortem by " in owed
    assert "whether personal data was touched" in owed


def test_every_moment_of_the_words_is_there_for_the_readers_own_clock() -> None:
    for message in (headline(fought().incident), card(fought().incident)):
        words = " ".join([message.text, *(value for _, value in message.facts)])
        assert words.count(" UTC") >= len(message.moments) > 1
        assert all(f"{at:%H:%M} UTC" in words for at in message.moments)


@pytest.mark.sop("SCP-3")
def test_what_was_found_in_a_secret_one_stands_on_its_card_alone() -> None:
    story = Story(title="intrusion").acts(Acknowledge(by="sam"), PostFinding(by="sam", conditions="a stolen key"))
    assert "a stolen key" in str(card(story.incident))
    assert "a stolen key" not in str(headline(story.incident))


def test_two_people_of_one_first_name_are_called_by_their_whole_names() -> None:
    catalog = Story().incident.catalog
    namesake = catalog.people["sam"].model_copy(update={"id": "sam2", "name": "Sam Ortega"})
    both = catalog.model_copy(update={"people": {**catalog.people, "sam2": namesake}})
    assert (catalog.short("sam"), both.short("sam"), both.short("dana")) == ("Sam", "Sam Lindqvist", "Dana")
    assert both.short("nobody we know") == "nobody we know"


@pytest.mark.sop("SCP-3", "TRI-6")
@pytest.mark.parametrize("by_a_person", [False, True])
def test_the_headline_of_a_secret_one_gives_no_reason_for_its_severity(by_a_person: bool) -> None:
    words = "the orders store is copied by somebody" if by_a_person else "ransomware on the orders store"
    story = Story(severity="low").acts(Acknowledge(by="dana")).passes(minutes=2)
    story.hears(key="disk", title=words, severity="critical")
    if by_a_person:
        assert words in headline(story.incident).small
        story.acts(MarkSecurity(by="dana", reason="somebody copies them"))
    assert words in card(story.incident).small
    assert headline(story.incident).small == f"{story.incident.id} · likely P1 · 2 alerts, 2 still firing"
    assert words not in str(headline(story.incident))
