"""DET-2: a customer's ticket that opened an incident, or joined it."""

import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.headline import headline
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.severity import Declare
from standins.generic.standin import Standin as Sender
from tests.again import again
from tests.domain.story import START, Story, catalog, changed
from vendors.generic import webhook


@pytest.mark.sop("DET-2", "DET-4")
def test_every_customers_ticket_is_a_press_away_from_the_headline() -> None:
    places = ["https://desk.example/1", "https://desk.example/2"]
    bodies = [Sender("secret").press_escalate(START, url[-1], "no payments", url=url) for url in places]
    first, second = [alert for body in bodies for alert in webhook.read(body).alerts]
    story = Story(source="generic", labels=first.labels, key=first.key, title=first.title, links=first.links)
    story.hears(source="generic", labels=second.labels, key=second.key, title=second.title, links=second.links)
    assert [link.url for link in headline(story.incident).links][-2:] == places
    assert [link.label for link in headline(story.incident).links][-2:] == ["Ticket", "Ticket"]
    assert story.events("opened")[0].clause == "DET-2"


DESK = changed(catalog(), vendors={**catalog().vendors, "support": "zendesk"})


@again
def escalated(title: str = "no payments") -> Story:
    """A ticket that support has escalated opens an incident."""
    return Story(company=DESK, source="zendesk", key="1:5158", ticket="5158", title=title)


def told(story: Story) -> list[tuple[str, str]]:
    """What tickets were told, in order."""
    return [(duty.ticket, duty.body) for duty in story.done("tell_ticket") if duty.kind == "tell_ticket"]


@pytest.mark.sop("DET-2")
def test_a_ticket_is_told_its_incident_and_the_resolution_once_each() -> None:
    story = escalated().acts(Acknowledge(by="dana"), Resolve(by="jonas", summary="Rolled back.")).at(days=2)
    name = story.incident.id
    opened = f"{name} is open for this report. This ticket is told when it is resolved."
    assert told(story) == [("5158", opened), ("5158", f"{name} is resolved: Rolled back.")]


@pytest.mark.sop("DET-2", "RES-3")
def test_a_reopening_and_its_end_are_told_too_and_to_every_ticket_that_joined() -> None:
    story = escalated().acts(Acknowledge(by="dana"))
    story.hears(source="zendesk", key="1:77", ticket="77", title="we cannot pay either")
    story.acts(Resolve(by="jonas", summary="Rolled back."), Reopen(by="dana", reason="it is back"))
    story.acts(Resolve(by="jonas", summary="Scaled up."))
    turns = [duty.key.removeprefix("tell_ticket/") for duty in story.done("tell_ticket")]
    every = ["opened", "resolved-1", "reopened-1", "resolved-2"]
    assert sorted(turns) == sorted(f"{ticket}/{turn}" for ticket in ("5158", "77") for turn in every)


@pytest.mark.sop("SCP-3")
def test_the_ticket_of_a_security_incident_learns_no_more_than_that_it_is_over() -> None:
    story = escalated(title="intrusion at our account").acts(Acknowledge(by="dana"))
    story.acts(Resolve(by="jonas", summary="The key of ACME was revoked."))
    assert [body for _, body in told(story)][-1] == f"{story.incident.id} is over."


def test_a_ticket_of_another_desk_or_of_nobodys_is_not_told() -> None:
    assert told(Story(company=DESK, source="generic", ticket="5158")) == []
    assert told(Story(source="zendesk", ticket="5158")) == []


def test_a_support_desk_that_is_away_holds_up_nothing() -> None:
    story = escalated().fails("support").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P4", reason="x"))
    story.acts(Declare(by="dana", severity="P4"), Resolve(by="jonas", summary="x"))
    story.acts(AnswerBreach(by="mira", breach=False, reason="none")).at(hours=3)
    assert story.phase() == "closed"
    assert any("By hand: note on ticket 5158" in text for text in story.said())
