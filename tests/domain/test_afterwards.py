"""What is owed after the fight is asked for by day: in office hours of who owes it, together, not for ever."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.port.chat import Say
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import AddItem
from domain.procedure.customer_mail import ApproveMail
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.run.read import read
from tests.again import again
from tests.domain.story import START, Story, catalog, changed, policy

OFFICE = range(9, 17)
INTRUSION: dict[str, Any] = {"title": "Unauthorised access to the admin console"}


NAGS = changed(policy(), mail__on_miss="nag")
"""As it ships, but nothing leaves by itself."""


@again
def over(rules: Policy | None = None, company: Catalog | None = None, **alert: Any) -> Story:
    """A P1 in the night that is over after twenty minutes, and nobody does anything any more."""
    story = Story(rules, company, **alert).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.passes(minutes=15).acts(ApproveMail(by="jonas")).passes(minutes=5)
    return story.acts(Resolve(by="jonas", summary="it is over")).passes(minutes=40)


def asked(story: Story, words: str = "", whom: str = "") -> list[tuple[datetime, Say]]:
    """What was asked of somebody alone after the fight, in these words."""
    says = [(one.at, one.duty) for one in story.effects("say") if one.at >= START + timedelta(hours=1)]
    alone = [(at, say) for at, say in says if isinstance(say, Say) and say.person and words in say.message.text]
    return [(at, say) for at, say in alone if say.person and whom in ("", say.person.id)]


@pytest.mark.sop("SCP-3", "PM-2")
@pytest.mark.parametrize("alert", [{}, INTRUSION])
def test_nobody_is_asked_at_night_or_twice_in_a_morning(alert: dict[str, Any]) -> None:
    says = asked(over(**alert).passes(days=20))
    assert says
    assert all(at.hour in OFFICE and at.weekday() < 5 for at, _ in says)
    mornings = Counter((say.person.id, at.date()) for at, say in says if say.person and at.hour < 12)
    assert max(mornings.values()) == 1


@pytest.mark.sop("SCP-3", "COM-5")
@pytest.mark.parametrize(
    ("words", "whom", "alert"),
    [
        ("The e-mail to customers was to leave", "ines", {}),
        ("Was personal data touched? It was", "jonas", INTRUSION),
    ],
)
def test_whatever_clock_it_is_is_chased_once_a_day_and_then_once_a_week(
    words: str, whom: str, alert: dict[str, Any]
) -> None:
    times = [at for at, _ in asked(over(NAGS, **alert).passes(days=40), words, whom)]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert all(gap >= timedelta(hours=20) for gap in gaps)
    assert [gap.days for gap in gaps[-3:]] == [7, 7, 7]


@pytest.mark.sop("PM-2")
def test_an_incident_whose_policy_does_not_say_so_is_chased_by_its_clocks() -> None:
    rules = changed(policy(), room={"name": "incident-{id}"})
    assert len(asked(over(rules, **INTRUSION).passes(days=2), "Was personal data touched? It was", "jonas")) > 24


@pytest.mark.sop("PM-2", "GDP-1")
def test_what_one_person_owes_at_once_is_one_message_with_a_press_for_each() -> None:
    [(at, say)] = asked(over().passes(days=2), "2 things wait for you", "mira")[:1]
    assert (at.hour, at.minute) == (9, 0)
    assert "\n1. Was personal data touched? It was to be answered" in say.message.text
    assert "\n2. The post-mortem is due" in say.message.text
    assert [button.act for button in say.message.buttons] == ["answer_breach", "complete_postmortem"]


@pytest.mark.sop("ACT-2")
def test_presses_that_read_alike_say_which_line_they_answer() -> None:
    items = [AddItem(by="mira", title=title, owner="sam") for title in ("an alert", "a test")]
    story = over().acts(*items).passes(days=16)
    [(_, say)] = asked(story, "2 things wait for you", "sam")[:1]
    assert [(button.label, button.fields["item"]) for button in say.message.buttons] == [
        ("1: Done", "item-1"),
        ("2: Done", "item-2"),
    ]


@pytest.mark.sop("WAR-7", "PM-2")
def test_what_is_overdue_for_days_is_asked_of_the_manager_or_of_who_stands_in() -> None:
    story = over(NAGS).passes(days=9)
    [(first, _), *_] = asked(story, "The e-mail to customers was", "mira")
    assert timedelta(days=3) <= first - START < timedelta(days=4)
    assert any("Priya is asked too" in say.message.text for _, say in asked(story, "The post-mortem was due", "mira"))


@pytest.mark.sop("PM-2")
def test_the_morning_is_that_of_who_is_asked() -> None:
    zone = "America/Los_Angeles"
    story = over(company=changed(catalog(), people__mira__zone=zone)).passes(days=8)
    hers = [at.astimezone(ZoneInfo(zone)) for at, _ in asked(story, whom="mira")]
    assert hers
    assert all(at.hour in OFFICE for at in hers)


@pytest.mark.sop("GDP-2")
def test_what_the_law_counts_is_said_at_its_own_hour_until_it_is_over() -> None:
    story = over().acts(AnswerBreach(by="mira", breach=True, reason="a dump", aware_at=START)).passes(days=8)
    due = START + timedelta(hours=72)
    law = [at for at, _ in asked(story, "otify the supervisory authority", "mira")]
    assert any(at.hour not in OFFICE for at in law if at <= due)
    assert len([at for at in law if at > due + timedelta(minutes=1)]) >= 2
    assert all(at.hour in OFFICE for at in law if at > due + timedelta(minutes=1))


@pytest.mark.sop("SOC-1")
def test_the_events_alone_tell_the_same() -> None:
    incident = over().passes(days=9).incident
    again = read(incident.events)
    assert (again.notices, again.said, again.done) == (incident.notices, incident.said, incident.done)
