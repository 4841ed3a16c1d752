"""SCP and DET: what opens an incident, what joins it, and what ends it by itself."""

from datetime import timedelta

import pytest

from domain.alerting.scope import is_security, suppression
from domain.company.alert_rule import AlertRule
from domain.company.catalog import Catalog, Maintenance
from domain.incident.lifecycle import let_go, self_resolved
from domain.port.chat import ShowCard
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.changes import AuthoriseChange, RecordChange
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.detection import opened
from domain.procedure.postmortem import CompletePostmortem, WaiveItems
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.run.progress import open_incident
from domain.simulation.scenario import ScenarioAlert
from tests.domain.story import START, Story, catalog, changed, minutes, policy

RULE = policy().alerts
WINDOW = Maintenance(service="checkout", starts_at=START, ends_at=START + timedelta(hours=1), reason="new database")


def company(window: Maintenance = WINDOW) -> Catalog:
    return catalog().model_copy(update={"maintenance": (window,)})


@pytest.mark.sop("SCP-2")
@pytest.mark.parametrize(
    ("service", "after", "suppressed"),
    [
        ("checkout", 0, True),
        ("checkout", 59, True),
        ("checkout", 60, False),
        ("checkout", -1, False),
        ("billing", 5, False),
    ],
)
def test_planned_maintenance_suppresses_its_service_in_its_window(service: str, after: int, suppressed: bool) -> None:
    why = suppression("production", service, company(), RULE, START + timedelta(minutes=after))
    assert (why is not None) is suppressed
    if why:
        assert why.reason == "planned maintenance: new database"
        assert why.until == WINDOW.ends_at


@pytest.mark.sop("SCP-2")
def test_maintenance_of_everything_suppresses_every_service() -> None:
    everything = WINDOW.model_copy(update={"service": "*"})
    assert suppression("production", "billing", company(everything), RULE, START)


@pytest.mark.sop("SCP-1")
def test_an_internal_outage_that_blocks_work_opens_an_incident_too() -> None:
    story = Story(service="platform", title="database primary down")
    assert not story.incident.service.customer_facing
    assert story.incident.opened.proposed == "P2"
    assert story.paged() == [(0, ("sam",))]


@pytest.mark.sop("SCP-1", "SCP-3")
@pytest.mark.parametrize(
    ("words", "labels", "security"),
    [
        ("credential leak in build logs", {}, True),
        ("Unauthorised access to the admin panel", {}, True),
        ("odd traffic", {"kind": "security"}, True),
        ("breached the latency budget", {}, False),
        ("5xx error rate", {}, False),
    ],
)
def test_a_security_incident_is_known_by_its_words_or_its_kind(
    words: str, labels: dict[str, str], security: bool
) -> None:
    alert = ScenarioAlert(title=words, labels=labels).alert(START)
    assert is_security(alert, AlertRule()) is security


@pytest.mark.sop("SCP-3")
def test_a_security_incident_has_a_private_room_at_once_and_only_its_people_are_in_it() -> None:
    story = Story(title="intrusion on checkout", severity="low")
    assert story.incident.opened.proposed == "P1"
    [room] = story.done("open_room")
    assert room.model_dump()["private"]
    assert not story.done("publish_update")
    assert all("intrusion" not in str(duty.model_dump()["message"]) for duty in story.done("show_headline"))


@pytest.mark.sop("SCP-3")
def test_a_security_incident_cannot_close_before_the_breach_checkpoint() -> None:
    story = Story(title="credential leak")
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=5)
    complete = CompletePostmortem(by="mira", cause="leak", title="A leaked key")
    story.acts(Resolve(by="jonas", summary="rotated"), WaiveItems(by="mira", reason="rotated"), complete)
    assert "answer whether personal data was breached" in story.refused
    story.passes(days=4)
    assert story.phase() == "resolved"
    story.acts(AnswerBreach(by="mira", breach=False, reason="the key was never used"), complete)
    assert story.phase() == "closed"


@pytest.mark.sop("DET-1", "ACK-1")
@pytest.mark.parametrize("source", ["pagerduty", "opsgenie", "datadog", "grafana", "cloudwatch", "alertmanager"])
def test_a_monitors_alert_starts_an_incident_and_the_on_call_engineer_is_paged_at_once(source: str) -> None:
    story = Story(source=source)
    assert story.phase() == "alerting"
    assert story.incident.opened.source == source
    assert story.events("opened")[0].clause == "DET-1"
    assert story.paged() == [(0, ("dana",))]


@pytest.mark.sop("DET-2")
def test_an_escalated_customer_report_starts_an_incident_under_its_own_clause() -> None:
    story = Story(source="zendesk", labels={"kind": "escalation"}, title="checkout is down for us", severity="")
    assert story.events("opened")[0].clause == "DET-2"
    assert story.paged() == [(0, ("dana",))]


@pytest.mark.sop("DET-2")
def test_a_person_declares_an_incident_without_any_alert() -> None:
    story = Story(source="slack", key="", by="jonas", title="payments hang")
    assert (story.incident.opened_by, story.incident.alerts) == ("jonas", {})
    assert story.paged() == [(0, ("dana",))]


@pytest.mark.sop("DET-3")
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 2, 0), (1, 0)])
def test_states_of_an_alert_are_taken_by_the_sources_time_in_whatever_order_they_arrive(order: tuple[int, ...]) -> None:
    states = [("firing", "a", 1), ("resolved", "a", 2), ("firing", "b", 3)]
    story = Story(episode="a").acts(Acknowledge(by="dana")).at(minutes=10)
    for state, episode, at in (states[place] for place in order):
        story.hears(state=state, episode=episode, after=timedelta(minutes=at))
    assert (story.incident.alerts["alert-1"].state, story.incident.alerts["alert-1"].episode) == states[max(order)][:2]


@pytest.mark.sop("DET-3")
def test_the_same_alert_again_changes_nothing() -> None:
    story = Story(episode="a").passes(minutes=1)
    before = story.incident.number
    for _ in range(5):
        story.hears(episode="a")
    assert story.incident.number == before


@pytest.mark.sop("DET-4")
def test_another_alert_joins_and_people_are_told_what_joined() -> None:
    story = Story().acts(Acknowledge(by="dana")).passes(minutes=1)
    story.hears(count=40, key="alert-2", title="p99 latency").passes(minutes=1)
    assert set(story.incident.alerts) == {"alert-1", "alert-2"}
    assert not any("p99 latency" in words for words in story.said())
    headline = story.done("show_headline")[-1].model_dump()
    assert headline["message"]["small"].endswith("2 alerts, 2 still firing, the last p99 latency")
    assert story.paged() == [(0, ("dana",))]


@pytest.mark.sop("DET-4")
@pytest.mark.parametrize(("on_card", "over"), [(False, False), (True, True)])
def test_what_joins_is_a_line_where_the_card_does_not_say_it_and_after_the_end(*, on_card: bool, over: bool) -> None:
    rules = changed(policy(), room__joins_on_card=on_card, alerts__recurrence="tell")
    story = Story(rules).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.acts(*[Resolve(by="jonas", summary="x")] * over)
    story.passes(minutes=1).hears(count=40, key="alert-2", title="p99 latency").passes(minutes=1)
    assert "DET-4 *An alert joined*: p99 latency and 39 more" in story.said()
    story.hears(key="alert-2", title="p99 latency", state="resolved").passes(minutes=1)
    small = [one.duty.message.small for one in story.effects("show_card") if isinstance(one.duty, ShowCard)][-1]
    assert small.endswith("2 alerts, 1 still firing, the last p99 latency" if on_card else "2 alerts")


@pytest.mark.sop("DET-4", "SCP-3")
def test_the_headline_of_a_secret_says_how_many_fire_and_not_what() -> None:
    story = Story(title="intrusion in billing export").passes(minutes=1)
    story.hears(key="alert-2", title="a dump of orders").passes(minutes=1)
    small = story.done("show_headline")[-1].model_dump()["message"]["small"]
    assert small.endswith("2 alerts, 2 still firing")


@pytest.mark.sop("DET-5")
def test_an_alert_that_recovers_before_anybody_acknowledges_closes_and_takes_its_pages_back() -> None:
    story = Story(page="PD-1").passes(minutes=6).hears(state="resolved").passes(minutes=30)
    assert (story.phase(), let_go(story.incident), story.running()) == ("resolved", True, {"GDP-1"})
    story.acts(AnswerBreach(by="mira", breach=False, reason="no request was answered at all")).passes(minutes=1)
    assert (story.phase(), story.incident.closed_reason) == ("closed", "self_resolved")
    [back] = story.done("resolve_pages")
    assert back.clause == "DET-5"
    assert back.model_dump()["refs"] == (*(effect.outcome.ref for effect in story.effects("page")), "PD-1")
    assert story.paged() == [(0, ("dana",)), (5, ("sam",))]
    assert not story.running()


@pytest.mark.sop("DET-5")
def test_it_waits_for_the_last_alert_to_recover() -> None:
    story = Story().hears(key="alert-2").passes(minutes=1).hears(state="resolved")
    assert story.phase() == "alerting"
    story.hears(key="alert-2", state="resolved")
    assert self_resolved(story.incident)


@pytest.mark.sop("DET-5")
@pytest.mark.parametrize("state", ["merged", "no_data"])
def test_a_merge_or_missing_data_is_no_recovery(state: str) -> None:
    assert Story().passes(minutes=1).hears(state=state).phase() == "alerting"


@pytest.mark.sop("DET-5")
def test_a_recovery_after_the_acknowledgement_is_told_to_the_commander_and_ends_nothing() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.hears(state="resolved").passes(minutes=1)
    assert story.phase() == "active"
    assert story.told("DET-5 Every alert is green since") == {"jonas"}


@pytest.mark.sop("DET-5")
def test_the_policy_may_let_a_recovery_resolve() -> None:
    rules = changed(policy(), alerts__recovery="resolve")
    story = Story(rules).acts(Acknowledge(by="dana")).passes(minutes=1).hears(state="resolved")
    assert story.phase() == "resolved"


@pytest.mark.sop("DET-2", "DET-5")
def test_what_a_person_reported_does_not_end_because_an_alert_recovers() -> None:
    story = Story(source="slack", key="", by="jonas").hears(key="alert-2").passes(minutes=1)
    story.hears(key="alert-2", state="resolved")
    assert story.phase() == "alerting"


@pytest.mark.sop("SCP-3", "DET-5")
def test_a_security_alert_never_closes_by_itself() -> None:
    assert Story(title="intrusion").passes(minutes=1).hears(state="resolved").phase() == "alerting"


@pytest.mark.sop("ACK-4")
def test_the_incident_fired_when_its_first_alert_did_at_the_source() -> None:
    alerts = [
        ScenarioAlert(key=key, after=timedelta(minutes=9), fired=timedelta(minutes=at)).alert(START)
        for key, at in [("a", 4), ("b", 2)]
    ]
    what = opened("INC-00000", tuple(alerts), "checkout", catalog(), policy())
    incident = open_incident(what, "monitor", START + timedelta(minutes=9))
    assert [incident.opened.fired_at - START, incident.opened_at - START] == minutes(2, 9)


@pytest.mark.sop("DET-5", "FIX-2")
def test_what_recovers_while_a_bypass_waits_for_its_answer_did_not_resolve_itself() -> None:
    """Somebody changed it before anybody pressed that they have it."""
    bypass = RecordChange(by="dana", change="hotfix", description="restarted it", bypass=True)
    story = Story(service="billing", severity="somewhat").passes(minutes=1).acts(bypass).hears(state="resolved")
    assert story.passes(minutes=1).phase() == "resolved"
    story.acts(AuthoriseChange(by="mira", number=1)).passes(hours=2)
    assert [item.ref for item in story.incident.items.values()] != []
    before = Story(changed(policy(), alerts__bypass_lasts=False), service="billing", severity="somewhat").acts(bypass)
    assert before.passes(minutes=1).hears(state="resolved").passes(minutes=1).phase() == "closed"
