"""SCP-3: what makes a security incident, what a mark in the middle of the fight changes, and who takes it back."""

from datetime import timedelta
from typing import Any

import pytest

from domain.alerting.scope import is_security
from domain.company.alert_rule import AlertRule
from domain.port.chat import InvitePeople, OpenRoom, Say, ShowHeadline, VeilCard
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.security import MarkSecurity, TellCustomers, UnmarkSecurity
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.report.view import view
from domain.simulation.scenario import ScenarioAlert
from domain.value.private import VEIL
from tests.again import again
from tests.domain.story import START, Story, catalog, changed, minutes, policy

SUBJECT = "orders are slow"
FOUND = MarkSecurity(by="dana", reason="somebody reads the orders")


def speaks(title: str, **more: Any) -> bool:
    return is_security(ScenarioAlert(title=title, **more).alert(START), policy().alerts)


@pytest.mark.sop("SCP-3")
@pytest.mark.parametrize(
    "title",
    [
        "SLO breach: invoices within 5 min at 98.1 %",
        "SLA breached for checkout",
        "threshold breached",
        "breach of the latency objective",
        "p99 latency has breached 2s",
        "error budget is about to breach",
        "breached 98%",
        "Alarm breached: 3 datapoints",
        "malware scanner is down",
        "phishing filter queue is full",
        "HTTP 401 unauthorized responses",
        "memory leak in the exporter",
        "intrusion detection service latency",
    ],
)
def test_a_breach_of_a_measure_and_a_thing_that_looks_for_intruders_are_no_security_incident(title: str) -> None:
    assert not speaks(title)


@pytest.mark.sop("SCP-3")
@pytest.mark.parametrize(
    "title",
    [
        "breach in the admin console",
        "data breach: 4000 records",
        "Alarm: data breach at a customer",
        "SLO breach, and an intrusion in orders",
        "UnauthorizedAccess:EC2/MaliciousIPCaller.Custom",
        "CryptoCurrency:EC2/BitcoinTool.B!DNS",
        "GuardDuty finding in eu-1",
        "Intrusion detected on web-3",
        "leaked api key in a public repository",
        "不正アクセスを検知しました",
        "Datenleck im Export",
    ],
)
def test_precise_names_are(title: str) -> None:
    assert speaks(title)


@pytest.mark.sop("SCP-3")
@pytest.mark.parametrize(
    "labels",
    [
        {"source": "guardduty"},
        {"detail-type": "GuardDuty Finding"},
        {"detail_type": "Security Hub Findings - Imported"},
        {"ProductName": "Microsoft Defender for Cloud"},
        {"source": "falco", "rule": "Terminal shell in container"},
        {"tags": "container,mitre_execution,shell"},
        {"product": "Wiz"},
        {"category": "Security"},
        {"kind": "security"},
    ],
)
def test_so_are_findings_of_senders_whose_business_it_is(labels: dict[str, str]) -> None:
    assert speaks("Finding 4711", labels=labels)


@pytest.mark.sop("SCP-3")
@pytest.mark.parametrize("labels", [{"source": "redis-sentinel"}, {"type": "threadpool"}, {"tags": "team:security"}])
def test_other_senders_are_not_taken_for_them(labels: dict[str, str]) -> None:
    assert not speaks("replica lost", labels=labels)


@pytest.mark.sop("SCP-3")
def test_a_policy_has_its_own_words_and_senders() -> None:
    alert = ScenarioAlert(title="honeypot touched", labels={"source": "tripwire"}).alert(START)
    assert not is_security(alert, AlertRule())
    assert is_security(alert, AlertRule(security="honeypot"))
    assert is_security(alert, AlertRule(security_senders=("trip*",)))


@again
def fought() -> Story:
    """A P2 with a war room and an update on the page."""
    story = Story(title=SUBJECT, severity="warning").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2"))
    return story.acts(TakeRole(by="ines", role="comms"), ApproveUpdate(by="ines")).passes(minutes=5)


@pytest.mark.sop("SCP-3", "WAR-1")
def test_a_mark_moves_the_talk_into_a_private_room_and_veils_what_stands_in_public() -> None:
    story = fought()
    public = story.incident.room
    story.acts(FOUND).passes(minutes=1)
    first, second = [duty for duty in story.done("open_room") if isinstance(duty, OpenRoom)]
    assert (first.private, second.private) == (False, True)
    assert story.incident.room != public
    [veil] = [duty for duty in story.done("veil_card") if isinstance(duty, VeilCard)]
    assert (veil.room, SUBJECT in veil.message.model_dump_json()) == (public, False)
    assert [getattr(duty, "room", "") for duty in story.done("archive_room")] == [public]
    head = [duty for duty in story.done("show_headline") if isinstance(duty, ShowHeadline)][-1].message
    assert SUBJECT not in head.model_dump_json()
    assert VEIL in head.title
    assert view(story.incident, ()).kind == "security"


@pytest.mark.sop("SCP-3", "WAR-1")
def test_whoever_works_on_it_is_invited_again_and_nothing_more_is_said_in_public() -> None:
    story = fought()
    public = story.incident.room
    story.acts(FOUND).passes(minutes=1)
    into = {p.id for d in story.done("invite") if isinstance(d, InvitePeople) and d.room != public for p in d.people}
    assert into >= {"dana", "jonas", "ines"}
    marked = START + story.when("security_marked")[0]
    after = [e.duty for e in story.effects("say") if e.at >= marked]
    outside = [duty for duty in after if isinstance(duty, Say) and duty.room != story.incident.room]
    assert [duty.key.partition("/veiled")[0] for duty in outside] == ["tell/everybody"]
    assert outside[0].ref
    assert SUBJECT not in outside[0].model_dump_json()


@pytest.mark.sop("SCP-3")
def test_a_room_that_was_being_opened_when_it_was_marked_is_left_like_any_other() -> None:
    story = Story(severity="warning").fails("room", "open_room", minutes=2)
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2"), FOUND).passes(minutes=10)
    assert [getattr(duty, "private", None) for duty in story.done("open_room")] == [True]


@pytest.mark.sop("SCP-3", "GDP-1")
def test_the_checkpoint_runs_from_the_mark_and_the_matrix_is_asked_again() -> None:
    story = fought().acts(FOUND)
    assert story.due("SCP-3").due_at - START == minutes(5 + 4 * 60)[0]
    assert [one.severity for one in story.incident.challenges] == ["P1"]
    story.acts(MarkSecurity(by="sam", reason="again"))
    assert story.refused.endswith("is a security incident already")


@pytest.mark.sop("SCP-3", "DET-4")
def test_an_intrusion_alert_that_joins_marks_it() -> None:
    story = fought().hears(key="alert-2", title="unauthorized access to the orders", severity="critical")
    assert (story.incident.secret, story.events("security_marked")[0].by) == (True, "standfast")


@pytest.mark.sop("SCP-3")
def test_two_people_take_it_back_with_a_reason() -> None:
    story = fought().acts(FOUND, UnmarkSecurity(by="sam"))
    assert story.refused == "give a reason; a second person then confirms it"
    story.acts(UnmarkSecurity(by="sam", reason="it was an export"), UnmarkSecurity(by="sam", reason="really"))
    assert story.incident.secret
    story.acts(UnmarkSecurity(by="mira"))
    assert (story.incident.secret, "SCP-3" in story.running()) == (False, False)
    assert (story.last("security_unmarked").asked_by, story.last("security_unmarked").reason) == ("sam", "really")


@pytest.mark.sop("SCP-3", "TRI-6")
def test_what_a_mark_proposed_is_withdrawn_with_it() -> None:
    story = Story(severity="warning").acts(Acknowledge(by="dana")).passes(minutes=1).acts(FOUND).passes(minutes=1)
    assert story.incident.likely == "P1"
    story.acts(UnmarkSecurity(by="sam", reason="an export"), UnmarkSecurity(by="mira"))
    assert (story.incident.likely, [severity for _, severity in story.incident.grades]) == ("P2", ["P2", "P1", "P2"])
    assert not story.acts(Declare(by="jonas", severity="P2")).refused


@pytest.mark.sop("SCP-3", "TRI-6")
def test_so_is_a_challenge_to_what_was_declared() -> None:
    story = fought().acts(FOUND).passes(minutes=2)
    story.acts(UnmarkSecurity(by="sam", reason="an export"), UnmarkSecurity(by="mira")).passes(minutes=15)
    assert (story.severity(), [key for key in story.running() if key.startswith("TRI-6")]) == ("P2", [])


@pytest.mark.sop("SCP-3", "COM-1")
def test_what_was_published_before_the_mark_counts_after_it() -> None:
    story = fought().acts(FOUND).passes(minutes=20)
    story.acts(UnmarkSecurity(by="sam", reason="an export"), UnmarkSecurity(by="mira")).passes(minutes=15)
    assert ("COM-1" in story.keys("kept"), story.keys("missed").count("COM-1")) == (True, 0)


@pytest.mark.sop("SCP-3", "GDP-1")
def test_where_personal_data_was_breached_the_mark_stays() -> None:
    story = fought().acts(FOUND, AnswerBreach(by="jonas", breach=True, reason="orders were read", aware_at=START))
    assert "the mark stays" in story.acts(UnmarkSecurity(by="sam", reason="an export")).refused


@pytest.mark.sop("SCP-3", "COM-1")
def test_whether_customers_are_told_is_asked_by_the_clock_of_the_first_update() -> None:
    story = Story(title="exfiltration of card data").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    assert "COM-1/customers" in story.running()
    assert not story.done("draft_from_template")
    story.passes(minutes=11)
    assert (story.when("missed", "COM-1/customers"), story.told("Are customers to be told now? It was to be")) == (
        minutes(10),
        {"jonas"},
    )


@pytest.mark.sop("SCP-3", "COM-1", "COM-2")
def test_a_yes_starts_the_update_and_a_no_ends_the_question() -> None:
    story = Story(title="exfiltration of card data").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.acts(TellCustomers(by="jonas", tell=False, reason="it would warn them"))
    assert not {key for key in story.running() if key.startswith(("COM-1", "COM-2"))}
    story.passes(minutes=3).acts(TellCustomers(by="jonas", tell=True, reason="cards must be blocked")).passes(seconds=1)
    assert {"COM-1/told", "COM-1/customers"} & story.running() == {"COM-1/told"}
    story.acts(ApproveUpdate(by="jonas")).passes(seconds=1)
    assert {key for key in story.running() if key.startswith(("COM-1", "COM-2", "COM-7"))} == {"COM-7/1", "COM-2/1"}


@pytest.mark.sop("SCP-3", "COM-1")
def test_an_answer_that_was_taken_back_ends_its_clock_and_the_next_yes_begins_another() -> None:
    story = Story(title="exfiltration of card data").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    yes, no = (TellCustomers(by="jonas", tell=tell, reason="as we know by now") for tell in (True, False))
    story.acts(yes).passes(minutes=3).acts(no).passes(minutes=30)
    assert not {key for key in (*story.running(), *story.incident.missed) if key.startswith("COM-1/told")}
    story.acts(yes)
    assert story.due("COM-1/told/v2").due_at - story.play.now == timedelta(minutes=10)
    story.passes(minutes=2).acts(ApproveUpdate(by="jonas")).passes(minutes=2)
    assert "COM-1/told/v2" in story.keys("kept")
    story.acts(no, yes)
    assert not {key for key in story.running() if key.startswith("COM-1")}


@pytest.mark.sop("SCP-3", "COM-5")
def test_a_no_ends_the_clock_of_the_mail_to_accounts_and_a_later_yes_begins_it_anew() -> None:
    story = Story(title="exfiltration of card data").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    assert "COM-5" in story.passes(minutes=2).running()
    story.acts(TellCustomers(by="jonas", tell=False, reason="it would warn them")).passes(minutes=30)
    assert not {key for key in (*story.running(), *story.incident.missed) if key.startswith("COM-5")}
    story.acts(TellCustomers(by="jonas", tell=True, reason="cards must be blocked"))
    assert story.due("COM-5/s2").due_at == story.incident.events[-1].at + timedelta(minutes=15)


@pytest.mark.sop("SCP-3", "COM-6")
def test_the_page_that_shows_it_is_closed_without_a_word_of_what_it_was() -> None:
    story = fought().acts(FOUND, Resolve(by="jonas", summary="a stolen session"), ApproveUpdate(by="ines"))
    last = story.done("publish_update")[-1].model_dump()
    assert last["status"] == "resolved"
    assert last["body"].startswith("The problem with Checkout is solved. It lasted from")
    assert "session" not in last["body"]


@pytest.mark.sop("SCP-3")
def test_the_question_is_one_of_security_incidents_alone() -> None:
    assert "no security incident" in fought().acts(TellCustomers(by="jonas", tell=True, reason="so")).refused


@pytest.mark.sop("SCP-3", "COM-1")
def test_it_is_asked_of_a_service_too_that_customers_do_not_see() -> None:
    company = changed(catalog(), services__billing__customer_facing=False)
    story = Story(policy(), company, service="billing", title="exfiltration of invoices")
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    assert "COM-1/customers" in story.running()
    story.acts(TellCustomers(by="jonas", tell=True, reason="their addresses were read")).passes(minutes=5)
    assert "COM-1/told" in story.running()
    assert story.done("draft_from_template")
