"""What is looked for, of whom, and how often."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.port.chat import Say
from domain.port.pager import Page
from tests.domain.story import Story
from workflows.in_doubt import InDoubt
from workflows.limit import LOOK_AGAIN

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
SAID = {"key": "page/9", "incident": "INC-7K3QF", "clause": "ACK-1", "summary": "page Sam"}


@pytest.fixture(autouse=True)
def _newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.in_doubt.since", lambda mark: True)


def page(**changed: Any) -> Page:
    return Page.model_validate(
        {**SAID, "level": "secondary", "title": "Checkout fails", "text": "", "fired_at": NOW, **changed}
    )


@pytest.mark.sop("ACK-1", "DET-7")
def test_what_was_called_back_is_looked_for_at_the_vendor_that_was_asked() -> None:
    doubt, incident = InDoubt(()), Story().incident
    doubt.add(page(), "opsgenie")
    (look,) = doubt.looks(incident, ())
    assert (look.vendor, look.called_back, look.tried, look.not_before) == ("opsgenie", True, True, None)
    assert look.shown(secret=False) == "look whether this had happened: page Sam"
    doubt.settle(look)
    assert doubt.looks(incident, ()) == ()


@pytest.mark.sop("ACK-1")
def test_a_vendor_that_did_not_say_is_asked_again_after_a_while_and_by_the_next_run() -> None:
    doubt = InDoubt(())
    doubt.is_asked_later(page(vendor="pagerduty").looked_for(), NOW)
    (look,) = InDoubt(doubt.carried()).looks(Story().incident, ())
    assert look.not_before == NOW + LOOK_AGAIN


@pytest.mark.sop("ACK-1")
def test_what_failed_in_the_turn_that_ended_its_duty_is_looked_for_too() -> None:
    doubt = InDoubt(())
    assert not doubt.is_asked_later(page(), NOW)
    (look,) = doubt.looks(Story().incident, ())
    assert (look.key, look.called_back, look.not_before) == ("page/9", True, None)


@pytest.mark.sop("ACK-1")
def test_a_vendor_that_never_says_is_asked_for_a_day_at_growing_pauses_and_then_no_more() -> None:
    doubt, now, incident = InDoubt(()), NOW, Story().incident
    while doubt.is_asked_later(page().looked_for(), now):
        (look,) = doubt.looks(incident, ())
        assert look.not_before
        now = look.not_before
        doubt.settle(look)
    assert timedelta(hours=20) < now - NOW < timedelta(hours=28)
    assert doubt.looks(incident, ()) == ()


@pytest.mark.sop("ACK-1")
def test_what_is_owed_still_or_known_as_done_is_not_looked_for() -> None:
    doubt, incident = InDoubt(()), Story().incident
    doubt.add(page(), "pagerduty")
    assert doubt.looks(incident, (page(),)) == ()
    assert "page/9" in doubt
    incident.done["page/9"] = NOW
    assert doubt.looks(incident, ()) == ()


@pytest.mark.sop("WAR-4")
def test_a_word_that_waited_for_another_is_looked_for_by_its_next_try_whenever_that_is() -> None:
    doubt, incident = InDoubt(()), Story().incident
    doubt.add(Say.model_validate({**SAID, "key": "say/9", "message": {"text": "hello"}}), "slack")
    assert doubt.looks(incident, ()) == ()
    assert "say/9" in doubt
    incident.done["say/9"] = NOW
    doubt.looks(incident, ())
    assert "say/9" not in doubt
