"""An act counts only for the page it is about, and for its present firing."""

from datetime import timedelta

import pytest

from domain.alerting.alert import VendorAct
from domain.alerting.unseen import mark
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note
from domain.procedure.matrix import HearSeverity
from domain.procedure.paging import PageEscalated
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.value.act import Act
from tests.domain.group import Group, alert
from tests.domain.story import START, Story


def about(key: str, kind: str = "acknowledge", at: float = 1) -> VendorAct:
    """What somebody did at the pager, about one of its pages."""
    said = {"by": "PDANA01", "via": "pagerduty", "at": START + timedelta(minutes=at)}
    acts: dict[str, Act] = {
        "acknowledge": Acknowledge.model_validate(said),
        "note": Note.model_validate({**said, "text": "looking"}),
        "hear_severity": HearSeverity.model_validate({**said, "word": "P1", "where": "PagerDuty"}),
        "page_escalated": PageEscalated.model_validate({**said, "people": ("PSAM01",)}),
    }
    return VendorAct(alert=key, service="checkout", act=acts[kind])


KINDS = ("acknowledge", "note", "page_escalated", "hear_severity")


@pytest.mark.sop("ACK-1")
@pytest.mark.parametrize("kind", KINDS)
def test_an_act_about_a_page_of_the_incident_reaches_it(kind: str) -> None:
    group = Group().hears_now(alert()).hears_now(at=1, acts=(about("a", kind),))
    assert group.acted == [kind]


@pytest.mark.sop("ACK-1")
@pytest.mark.parametrize("kind", KINDS)
def test_an_act_about_another_page_of_the_service_reaches_nobody(kind: str) -> None:
    group = Group().hears_now(alert()).hears_now(at=1, acts=(about("b", kind),))
    assert group.acted == []


@pytest.mark.sop("ACK-1")
def test_an_act_that_comes_with_its_alert_reaches_the_incident_that_it_opens() -> None:
    group = Group().hears_now(alert(), acts=(about("a", at=0),))
    assert (group.opens, group.acted) == (1, ["acknowledge"])


@pytest.mark.sop("ACK-1")
@pytest.mark.parametrize("kind", KINDS)
def test_an_act_about_a_page_of_the_incident_before_reaches_nobody(kind: str) -> None:
    group = Group().hears_now(alert()).hears_now(alert("resolved", at=2), at=2).reports("closed", at=2)
    group.hears_now(alert(key="b", at=5), at=5).hears_now(at=6, acts=(about("a", kind, at=6),))
    assert (group.opens, group.acted) == (2, [])


@pytest.mark.sop("ACK-1", "RES-3")
def test_an_acknowledgement_from_before_a_reopening_counts_for_nothing() -> None:
    group = Group().hears_now(alert()).hears_now(alert(at=8, episode="reopened"), at=9)
    assert group.hears_now(at=9, acts=(about("a", at=4),)).acted == []
    assert group.hears_now(at=10, acts=(about("a", at=9.5),)).acted == ["acknowledge"]


@pytest.mark.sop("ACK-1")
def test_an_acknowledgement_of_what_has_recovered_stops_no_ladder_of_what_has_not() -> None:
    group = Group().hears_now(alert(), alert(key="b")).hears_now(alert("resolved", at=2, key="b"), at=2)
    assert group.hears_now(at=3, acts=(about("b", at=3),)).acted == []
    assert group.hears_now(at=3, acts=(about("b", "note", at=3),)).acted == ["note"]


@pytest.mark.sop("ACK-1")
def test_an_act_about_a_page_that_was_only_counted_reaches_the_incident() -> None:
    group = Group().hears_now(alert(), left_firing=mark("p60"), count=2).hears_now(at=1, acts=(about("p60"),))
    assert group.acted == ["acknowledge"]


def test_an_act_for_a_group_that_has_never_heard_an_alert_reaches_nobody() -> None:
    assert Group().hears_now(acts=(about("a"),)).acted == []


@pytest.mark.sop("ACK-1", "RES-3")
def test_an_acknowledgement_of_our_own_page_from_before_a_reopening_leaves_it_ringing() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="dana", severity="P1"))
    story.at(minutes=15).acts(Resolve(by="dana", summary="rolled back")).at(minutes=20).hears(episode="2")
    assert (story.phase(), story.incident.acknowledged_at) == ("active", None)
    story.at(minutes=21).acts(Acknowledge(by="dana", at=START + timedelta(minutes=16)))
    assert (story.answer.accepted, story.incident.acknowledged_at) == (False, None)
    story.acts(Acknowledge(by="dana", at=START + timedelta(minutes=20, seconds=30)))
    assert (story.answer.accepted, story.incident.acknowledged_by) == (True, "dana")
