"""DET-2: a customer's ticket that opened an incident, or joined it."""

import pytest

from domain.card import headline
from tests.domain.story import START, Story
from vendors.generic import webhook
from vendors.generic.standin import Standin as Sender


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
