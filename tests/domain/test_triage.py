"""TRI: what the engineer is handed, and how severe the incident is declared to be."""

import pytest

from domain.incident.severity import SeverityDeclared
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.severity import Declare
from domain.simulation.scenario import ScenarioAlert
from domain.value.act import Act
from tests.domain.story import START, Story, catalog, changed, minutes, policy


@pytest.mark.sop("TRI-1")
def test_the_engineer_is_handed_dashboards_logs_and_the_alerts_own_links() -> None:
    story = Story(source="grafana").acts(Acknowledge(by="dana"))
    [handed] = [d.model_dump() for d in story.done("say") if "is on it" in str(d.model_dump()["message"]["text"])]
    labels = {link["label"] for link in handed["message"]["links"]}
    assert {"Checkout dashboard", "Checkout logs"} <= labels
    assert [person["id"] for person in handed["message"]["to"]] == ["dana"]


@pytest.mark.sop("TRI-2")
@pytest.mark.parametrize(
    ("title", "book"),
    [
        ("5xx error rate above 5%", "Error rate after a deployment"),
        ("p99 latency", "High latency"),
        ("too many connections", "Database connections exhausted"),
        ("replica is behind", "Database failover"),
        ("no space left", "Disk full"),
        ("OOM killed", "Out of memory"),
        ("x509 expired", "Certificate expiry"),
        ("consumer lag", "Queue backlog"),
        ("Stripe declines everything", "Payment provider outage"),
        ("NXDOMAIN for db", "DNS failure"),
    ],
)
def test_a_known_failure_mode_comes_with_its_runbook(title: str, book: str) -> None:
    story = Story(title=title).acts(Acknowledge(by="dana"))
    assert book in [link.label for link in story.incident.opened.runbooks]
    assert any("Runbook:" in words and book in words for words in story.said())


@pytest.mark.sop("TRI-2")
def test_an_unknown_failure_mode_is_said_to_have_none() -> None:
    story = Story(title="the coffee is cold").acts(Acknowledge(by="dana"))
    assert any("No runbook matches" in words for words in story.said())


@pytest.mark.sop("TRI-2")
def test_another_services_runbook_is_not_handed_over() -> None:
    assert not Story(title="instance down", severity="critical").incident.opened.runbooks


@pytest.mark.sop("TRI-3")
@pytest.mark.parametrize(
    ("service", "severity", "title", "proposed"),
    [
        ("checkout", "critical", "x", "P1"),
        ("checkout", "CRITICAL", "x", "P1"),
        ("platform", "critical", "x", "P2"),
        ("billing", "critical", "x", "P2"),
        ("checkout", "warning", "x", "P2"),
        ("billing", "warning", "x", "P3"),
        ("billing", "", "x", "P3"),
        ("platform", "", "x", "P3"),
        ("billing", "", "data breach", "P1"),
        ("billing", "S1", "a customer cannot pay", "P1"),
        ("platform", "s1", "a customer cannot log in", "P1"),
        ("checkout", "SEV-1", "x", "P1"),
        ("checkout", "Severity 1", "x", "P1"),
        ("billing", "sev_2", "x", "P3"),
        ("checkout", "P5", "x", "P4"),
        ("checkout", "low", "x", "P4"),
        ("checkout", "SEV1: Critical", "x", "P1"),
        ("billing", "SEV1: Critical", "x", "P2"),
        ("checkout", "P1 - Critical", "x", "P1"),
        ("billing", "CRIT", "x", "P2"),
        ("checkout", "1", "x", "P1"),
        ("checkout", "1 - Critical", "x", "P1"),
        ("checkout", "Sev #1 (customer impact)", "x", "P1"),
        ("checkout", "[P1]", "x", "P1"),
        ("checkout", "priority 1", "x", "P1"),
        ("checkout", "EMERG", "x", "P1"),
        ("checkout", "Highest", "x", "P1"),
        ("checkout", "Very High", "x", "P1"),
        ("billing", "P3 (not critical)", "x", "P3"),
        ("checkout", "SEV-4 / low", "x", "P4"),
        ("billing", "ERR", "x", "P3"),
        ("checkout", "Warn!", "x", "P2"),
        ("checkout", "Medium", "x", "P2"),
        ("checkout", "5", "x", "P4"),
        ("checkout", "debug", "x", "P4"),
    ],
)
def test_the_matrix_proposes_with_a_reason(service: str, severity: str, title: str, proposed: str) -> None:
    alert = ScenarioAlert(title=title, severity=severity).alert(START)
    found, because = policy().propose(alert, catalog().services[service], security="breach" in title)
    assert (found, bool(because)) == (proposed, True)


@pytest.mark.sop("TRI-3", "SCP-4")
@pytest.mark.parametrize("word", ["purple", "très rouge", "P77", "大変", "9", "-"])
@pytest.mark.parametrize(("service", "proposed"), [("checkout", "P3"), ("platform", "P3")])
def test_a_word_that_no_row_knows_is_said_and_is_not_the_lowest(word: str, service: str, proposed: str) -> None:
    alert = ScenarioAlert(severity=word).alert(START)
    found, because = policy().propose(alert, catalog().services[service], security=False)
    assert found == proposed
    assert f"knows the word {word!r}" in because


@pytest.mark.sop("TRI-3")
@pytest.mark.parametrize(("word", "proposed"), [("p4", "P3"), ("low", "P3"), ("p1", "P1"), ("s1", "P1"), ("", "P3")])
def test_a_persons_word_is_one_voice_and_the_worst_counts(word: str, proposed: str) -> None:
    alert = ScenarioAlert(severity=word, labels={"kind": "escalation"}).alert(START)
    assert policy().propose(alert, catalog().services["checkout"], security=False)[0] == proposed


@pytest.mark.sop("TRI-3", "WAR-3")
def test_who_declares_commands_and_the_proposal_stays_on_record() -> None:
    story = Story().acts(Declare(by="jonas", severity="P1"))
    assert (story.severity(), story.incident.commander) == ("P1", "jonas")
    assert (story.last("severity_declared").proposed, story.events("severity_declared")[0].clause) == ("P1", "TRI-3")


@pytest.mark.sop("TRI-3")
def test_only_the_commander_declares_once_there_is_one() -> None:
    story = Story(service="billing").acts(Declare(by="jonas", severity="P2"))
    story.acts(Declare(by="sam", severity="P3", reason="small"))
    assert story.refused == "only Jonas may declare the severity, as incident commander"
    assert story.severity() == "P2"


@pytest.mark.sop("TRI-3")
def test_a_severity_nobody_knows_is_refused_with_those_that_exist() -> None:
    assert (
        Story().acts(Declare(by="jonas", severity="P9")).refused
        == "severity: found 'P9', expected one of P1, P2, P3, P4"
    )


@pytest.mark.sop("TRI-4")
def test_lower_than_proposed_needs_a_reason_and_a_second_person() -> None:
    story = Story().acts(Declare(by="jonas", severity="P3"))
    assert "give a reason" in story.refused
    story.acts(Declare(by="jonas", severity="P3", reason="only the test shop"))
    assert story.severity() is None
    story.acts(Declare(by="jonas", severity="P3", reason="really"))
    assert story.severity() is None
    story.acts(Declare(by="sam", severity="P3"))
    assert (story.severity(), story.incident.commander) == ("P3", "jonas")
    declared = story.last("severity_declared")
    assert (declared.clause, declared.asked_by, declared.reason) == ("TRI-4", "jonas", "really")
    assert len(story.events("severity_asked")) == 2


@pytest.mark.sop("TRI-4")
def test_a_downgrade_later_needs_the_same_even_from_the_commander() -> None:
    story = Story().acts(Declare(by="jonas", severity="P1")).passes(minutes=5)
    story.acts(Declare(by="jonas", severity="P2", reason="one region only"))
    assert story.severity() == "P1"
    assert any("A second person must agree" in words for words in story.said())
    assert story.acts(Declare(by="dana", severity="P2")).severity() == "P2"


@pytest.mark.sop("TRI-4")
def test_a_second_person_confirms_what_was_asked_and_nothing_else() -> None:
    story = Story().acts(Declare(by="jonas", severity="P1"), Declare(by="jonas", severity="P2", reason="x"))
    story.acts(Declare(by="dana", severity="P3", reason="y"))
    assert "may declare the severity, as incident commander" in story.refused
    assert story.severity() == "P1"


@pytest.mark.sop("TRI-4")
def test_what_nobody_has_classified_in_ten_minutes_is_treated_as_proposed() -> None:
    story = Story().passes(minutes=2).acts(Acknowledge(by="dana")).passes(minutes=11)
    assert story.when("reminded", "TRI-4") == minutes(9)
    assert story.when("severity_declared") == minutes(12)
    [declared] = [event for event, _ in story.incident.all(SeverityDeclared)]
    assert (story.severity(), declared.by, story.incident.commander) == ("P1", "standfast", "")
    assert story.told("TRI-4 How bad is it? Nobody had said") <= {"dana", "mira"}
    assert story.done("open_room")


@pytest.mark.sop("TRI-4", "RES-3")
def test_an_unclassified_incident_that_is_reopened_is_classified_after_all() -> None:
    story = (
        Story().acts(Acknowledge(by="dana")).passes(minutes=5).acts(Resolve(by="dana", summary="ok")).passes(minutes=5)
    )
    assert story.severity() is None
    story.acts(Reopen(by="dana", reason="again")).passes(minutes=11)
    assert story.when("severity_declared") == minutes(20)


@pytest.mark.sop("TRI-5")
@pytest.mark.parametrize("low", ["P3", "P4"])
def test_raising_is_one_decision_and_starts_the_clocks_of_the_new_severity(low: str) -> None:
    story = Story(service="billing", severity="", title="x").acts(Acknowledge(by="dana"))
    story.acts(Declare(by="jonas", severity=low, reason="x"), Declare(by="sam", severity=low)).passes(minutes=90)
    assert story.severity() == low
    assert story.running() == set()
    story.fails("room").acts(Declare(by="jonas", severity="P1"))
    assert story.events("severity_declared")[-1].clause == "TRI-5"
    spans = {key: story.due(key).due_at - START for key in ("COM-1", "WAR-1", "WAR-4/1", "WAR-5/mira", "WAR-3/comms")}
    assert spans == dict(zip(spans, minutes(100, 92, 105, 95, 95), strict=True))
    assert "RES-2/P1" in story.keys("missed") + list(story.running())


@pytest.mark.sop("TRI-5", "WAR-5")
def test_a_raised_p2_has_its_own_hour_before_the_manager_is_brought_in() -> None:
    story = Story(service="billing", severity="", title="x").acts(Declare(by="jonas", severity="P3")).passes(hours=3)
    story.acts(Declare(by="jonas", severity="P2")).passes(minutes=59)
    assert "page/wake-manager-0" not in story.incident.done
    assert "page/wake-manager-0" in story.passes(minutes=2).incident.done


def lowered(*acts: Act) -> Story:
    """A P1 that was lowered to P3 after five minutes."""
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=5).acts(*acts)
    return story.acts(Declare(by="jonas", severity="P3", reason="small"), Declare(by="sam", severity="P3"))


@pytest.mark.sop("TRI-4", "COM-1")
def test_a_downgrade_in_time_makes_the_status_clocks_void_and_not_missed() -> None:
    story = lowered().passes(hours=2)
    assert not any(key.startswith(("COM", "WAR-4", "RES-2")) for key in story.keys("missed") + story.keys("kept"))
    assert not any(key.startswith(("COM", "WAR-4", "RES-2")) for key in story.running())


@pytest.mark.sop("TRI-5", "COM-1")
def test_a_severity_raised_again_starts_fresh_clocks_with_reminders_of_their_own() -> None:
    story = lowered().passes(minutes=30).acts(Declare(by="jonas", severity="P1")).passes(minutes=9)
    assert story.when("reminded", "COM-1/s2") == minutes(41)
    assert story.due("COM-1/s2").due_at - START == minutes(45)[0]
    assert story.when("missed", "COM-1/s2") == []


@pytest.mark.sop("TRI-4", "WAR-3")
def test_who_declares_what_nobody_classified_in_time_commands() -> None:
    story = Story().acts(Acknowledge(by="dana")).passes(minutes=11)
    assert (story.incident.severity, story.incident.commander) == ("P1", "")
    assert not story.acts(Declare(by="jonas", severity="P1")).refused
    assert story.incident.commander == "jonas"
    assert story.acts(Declare(by="jonas", severity="P1")).refused.endswith("is P1 already")
    assert len([one for one in story.incident.events if one.what.kind == "severity_declared"]) == 1


@pytest.mark.sop("TRI-4")
def test_under_a_policy_of_an_older_release_what_stands_is_declared_already() -> None:
    story = Story(changed(policy(), absence__agrees=False)).acts(Acknowledge(by="dana")).passes(minutes=11)
    assert story.acts(Declare(by="jonas", severity="P1")).refused.endswith("is P1 already")
