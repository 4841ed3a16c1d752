"""PagerDuty's webhooks: what each event means to us."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.alerting.alert import WebhookContent
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.acknowledgement_lapse import Unacknowledge
from domain.procedure.findings import Note
from domain.procedure.matrix import HearSeverity
from domain.procedure.paging import PageEscalated
from tests.specs import spec
from tests.vendors.delivery import unread
from tests.vendors.pagerduty.company import FIRED_AT, SAM, client, page, settings, standin
from vendors import door
from vendors.pagerduty.webhook import read, verify

SAMPLES = spec("inbound/pagerduty/samples")
CAPTURES = spec("pagerduty/samples/webhooks-v3")
FACTS: dict[str, Any] = json.loads((SAMPLES / "facts.json").read_text())


def request(body: bytes) -> door.Request:
    return door.Request(headers={}, body=body, received_at=FIRED_AT + timedelta(days=1))


def sample(name: str) -> tuple[dict[str, Any], WebhookContent]:
    """The sample's event, and what is heard of it."""
    raw = (SAMPLES / name).read_text()
    body = json.loads(raw)["body"] if name.endswith(".request.json") else raw
    return json.loads(body)["event"], read(request(body.encode()))


def reading(kind: str, data: dict[str, Any], agent: Any = None) -> WebhookContent:
    """What is heard of an event made up here."""
    event = {"id": "E1", "event_type": kind, "resource_type": "incident", "occurred_at": "2026-11-23T03:00:00.000Z"}
    return read(request(json.dumps({"event": event | {"agent": agent, "client": None, "data": data}}).encode()))


PERSON = {"id": "PDANA", "type": "user_reference", "summary": "Dana Ops"}


@pytest.mark.parametrize("name", FACTS)
def test_every_sample_says_what_its_facts_say(name: str) -> None:
    event, heard = sample(name)
    assert sample(name) == (event, heard)
    check_signal(FACTS[name], event, heard)
    check_alert(FACTS[name], event, heard)


def check_signal(fact: dict[str, Any], event: dict[str, Any], heard: WebhookContent) -> None:
    """The kind of news, and for acts who did it to whom."""
    summaries = {one["id"]: one["summary"] for one in event["data"].get("assignees", [])}
    match fact["signal"]:
        case "firing" | "resolved" | "merged" as state:
            assert [alert.state for alert in heard.alerts] == [state]
            assert heard.acts == ()
        case "acknowledged":
            (said,) = heard.acts
            assert isinstance(said.act, Acknowledge)
            assert (said.alert, said.service) == (event["data"]["id"], event["data"]["service"]["id"])
            assert (said.act.by, event["agent"]["summary"]) == (event["agent"]["id"], fact["by"])
            assert said.act.at == datetime.fromisoformat(fact["at"])
        case "escalated":
            (said,) = heard.acts
            assert isinstance(said.act, PageEscalated)
            assert [summaries[one] for one in said.act.people] == fact.get("to", list(summaries.values()))
        case "test":
            assert (heard.alerts, heard.acts) == ((), ())
            assert heard.remark.startswith("test message")
        case "updated" if event["event_type"] == "incident.priority_updated":
            (said,) = heard.acts
            assert isinstance(said.act, HearSeverity)
            assert (said.act.word, said.act.where) == (fact["severity_raw"]["priority"], "PagerDuty")
        case "unacknowledged":
            (said,) = heard.acts
            assert isinstance(said.act, Unacknowledge)
            assert said.alert == event["data"]["id"]
        case "updated" if "responder" in event["event_type"]:
            (said,) = heard.acts
            assert isinstance(said.act, Note)
        case "updated":
            assert (heard.alerts, heard.acts) == ((), ())
            assert event["event_type"] in heard.remark
        case other:
            pytest.fail(f"no rule for {other}")


def check_alert(fact: dict[str, Any], event: dict[str, Any], heard: WebhookContent) -> None:
    """What an alert is about, from when, and whom PagerDuty has paged already."""
    for alert in heard.alerts:
        data = event["data"]
        assert (alert.source, alert.key, alert.page) == ("pagerduty", data["id"], data["id"])
        assert alert.at == datetime.fromisoformat(event["occurred_at"])
        assert alert.fired_at == datetime.fromisoformat(fact.get("fired_at", data["created_at"]))
        assert alert.paged == tuple(one["id"] for one in data["assignees"])
        assert (alert.service, alert.title) == (data["service"]["id"], data["title"])
        assert alert.labels["service"] == fact.get("service", data["service"]["summary"])
        assert alert.labels["incident_key"] == fact.get("correlate", data)["incident_key"]
        assert (alert.severity, alert.labels["urgency"]) == ("", fact.get("severity_raw", data)["urgency"])
        assert alert.labels.get("merged_into", "") == fact.get("into", "")
        assert [link.url for link in alert.links] == [data["html_url"]]


OURS = ("INC-7K3QF", "")
"""Our incident is found by the page's key, and no alert is named."""
CAPTURED = sorted(path.name for path in CAPTURES.glob("*.json") if ".incident." in path.name)
MEANT = {"triggered": "firing", "resolved": "resolved", "acknowledged": "acknowledge", "reassigned": "page_escalated"}
MEANT |= {"annotated": "note", "priority_updated": "hear_severity", "unacknowledged": "unacknowledge"}


@pytest.mark.parametrize("name", CAPTURED)
def test_every_captured_webhook_is_read(name: str) -> None:
    heard = read(request((CAPTURES / name).read_bytes()))
    kinds = [alert.state for alert in heard.alerts] + [said.act.kind for said in heard.acts]
    assert kinds + ["remark"] * bool(heard.remark) == [MEANT[name.split(".")[2]]]


def test_data_of_every_documented_shape_under_a_type_to_come_is_a_remark() -> None:
    for shape, data in json.loads((CAPTURES / "docs.event-data-types.json").read_text()).items():
        heard = reading(f"incident.{shape}.invented", data, PERSON)
        assert (heard.alerts, heard.acts) == ((), ())
        assert f"incident.{shape}.invented" in heard.remark


@pytest.mark.sop("ACK-3")
async def test_our_own_page_comes_back_as_a_remark_and_its_acts_find_our_incident() -> None:
    vendor = standin()
    refs = [(await client(vendor).page(page(n, people=(SAM,) * n), again=False)).ref for n in (0, 1)]
    assert [one.shown_key for one in vendor.pages] == [None, "INC-7K3QF/page/1"]
    for ref in refs:
        for news in (vendor.announce(ref), vendor.press_resolve(ref, "PSAM")):
            assert (read(news).alerts, read(news).acts) == ((), ())
            assert "our own page for INC-7K3QF" in read(news).remark
        pressed = [vendor.press_reopen(ref, "PSAM"), vendor.press_acknowledge(ref, "PSAM")]
        pressed += [vendor.escalate(ref, "PDANA"), vendor.press_note(ref, "PSAM", "looking")]
        said = [read(one).acts[0] for one in pressed]
        assert [one.incident for one in said] == ["INC-7K3QF"] * 4
        assert [one.act.kind for one in said] == ["note", "acknowledge", "page_escalated", "note"]
        assert getattr(said[0].act, "text", "") == "The page was reopened in PagerDuty"


@pytest.mark.parametrize("mark", ["[INC-7K3QF/page/0]", "[INC-7K3QF/0]"])
async def test_our_own_page_is_known_by_the_mark_of_its_title_whole_or_short(mark: str) -> None:
    vendor = standin()
    ref = (await client(vendor).page(page(0), again=False)).ref
    vendor.account.find(ref).title = f"Checkout is down {mark}"
    assert [said.incident for said in read(vendor.press_acknowledge(ref, "PSAM")).acts] == ["INC-7K3QF"]


async def test_our_own_incident_is_known_by_its_key_when_somebody_has_given_it_another_title() -> None:
    vendor = standin()
    ref = (await client(vendor).page(page(1, people=(SAM,)), again=False)).ref
    vendor.account.find(ref).title = "Checkout is down"
    assert [said.incident for said in read(vendor.press_acknowledge(ref, "PSAM")).acts] == ["INC-7K3QF"]


@pytest.mark.sop("ACK-1")
def test_an_acknowledgement_of_a_monitors_page_says_who_when_and_is_the_same_act_when_delivered_twice() -> None:
    vendor = standin()
    ref = read(vendor.press_trigger("PCHECKOUT", "Disk full", priority="P2")).alerts[0].page
    news = vendor.press_acknowledge(ref, "PDANA")
    verify(news, settings())
    (said,), (same,) = read(news).acts, read(news).acts
    assert said == same
    assert (said.alert, said.service, said.act.by, said.act.via) == (ref, "PCHECKOUT", "PDANA", "pagerduty")
    assert said.act.id.startswith("pagerduty:")
    assert said.act.id != read(vendor.press_acknowledge(ref, "PSAM")).acts[0].act.id


@pytest.mark.sop("DET-1", "ACK-3", "ACK-4")
def test_a_monitors_page_is_an_alert_with_whom_pagerduty_has_paged() -> None:
    vendor = standin()
    (alert,) = read(vendor.press_trigger("PCHECKOUT", "Disk full", priority="P2")).alerts
    assert (alert.state, alert.paged, alert.severity, alert.fired_at) == ("firing", ("PDANA",), "P2", FIRED_AT)
    (over,) = read(vendor.press_resolve(alert.page)).alerts
    assert (over.state, over.key, over.episode) == ("resolved", alert.key, alert.episode)


def test_a_reopened_page_is_another_episode_of_its_alert() -> None:
    vendor = standin()
    (first,) = read(vendor.press_trigger("PCHECKOUT", "Disk full")).alerts
    vendor.press_resolve(first.page)
    (back,) = read(vendor.press_reopen(first.page, "PDANA")).alerts
    assert (back.state, back.key, back.paged) == ("firing", first.key, ("PDANA",))
    assert back.episode != first.episode


def test_a_merge_is_not_the_end_of_an_outage() -> None:
    vendor = standin()
    refs = [read(vendor.press_trigger("PCHECKOUT", title)).alerts[0].page for title in ("Disk full", "Disk fuller")]
    (alert,) = read(vendor.press_merge(refs[1], refs[0], "PDANA")).alerts
    assert (alert.state, alert.labels["merged_into"]) == ("merged", refs[0])


@pytest.mark.parametrize("kind", ["inbound_integration_reference", "service_reference", "api_key_reference", None])
@pytest.mark.parametrize("what", ["acknowledged", "annotated"])
def test_what_a_program_did_is_a_remark_and_never_an_act(kind: str | None, what: str) -> None:
    incident = {"id": "Q1", "title": "Disk full", "priority": {"id": "PP", "summary": "P1"}}
    data = {"content": "done", "incident": incident} if what == "annotated" else incident
    heard = reading(f"incident.{what}", data, {"id": "PX", "type": kind} if kind else None)
    assert (heard.alerts, heard.acts) == ((), ())
    assert "program" in heard.remark


@pytest.mark.sop("TRI-6")
async def test_a_priority_counts_whoever_set_it_of_a_monitors_page_and_of_ours() -> None:
    vendor = standin()
    (alert,) = read(vendor.press_trigger("PCHECKOUT", "Disk full", priority="P3")).alerts
    ours = (await client(vendor).page(page(1, people=(SAM,)), again=False)).ref
    for ref, by, where in (
        (alert.page, "PDANA", ("", alert.key)),
        (alert.page, "", ("", alert.key)),
        (ours, "PSAM", OURS),
    ):
        (said,) = read(vendor.press_priority(ref, by, "P1")).acts
        assert isinstance(said.act, HearSeverity)
        assert (said.act.word, said.act.by, (said.incident, said.alert)) == ("P1", by or "pagerduty", where)
    assert read(vendor.press_priority(alert.page, "PDANA", "")).acts == ()


@pytest.mark.sop("DET-1", "ACK-3")
async def test_a_page_that_is_moved_to_another_service_fires_there_and_our_own_is_noted() -> None:
    vendor = standin()
    (alert,) = read(vendor.press_trigger("PCHECKOUT", "Disk full", priority="P2")).alerts
    heard = read(vendor.press_move(alert.page, "PDANA", "PBILLING"))
    ((moved,), (told,)) = heard.alerts, heard.moved
    assert (moved.state, moved.key, moved.service, moved.severity) == ("firing", alert.key, "PBILLING", "P2")
    assert (moved.fired_at, moved.paged) == (alert.fired_at, alert.paged)
    assert (told.alert, told.act.kind, told.act.by) == (alert.key, "note", "PDANA")
    assert isinstance(told.act, Note)
    assert told.act.text.startswith("Disk full was moved to ")
    vendor.press_resolve(alert.page)
    assert read(vendor.press_move(alert.page, "PDANA", "PCHECKOUT")).alerts == ()
    ours = (await client(vendor).page(page(1, people=(SAM,)), again=False)).ref
    (said,) = read(vendor.press_move(ours, "PSAM", "PBILLING")).acts
    assert (said.incident, said.act.kind) == ("INC-7K3QF", "note")


@pytest.mark.sop("ACK-3")
@pytest.mark.parametrize("what", ["escalated", "delegated", "reassigned"])
def test_whoever_moves_a_page_the_people_it_went_to_are_paged(what: str) -> None:
    policy = {"id": "PMANAGERS", "type": "escalation_policy_reference"}
    sent = {"id": "Q1", "title": "Disk full", "escalation_policy": policy}
    for agent in (None, PERSON):
        heard = [reading(f"incident.{what}", sent | more, agent) for more in ({"assignees": [{"id": "PSAM"}]}, {})]
        acts = [said.act for one in heard for said in one.acts]
        assert [act.people for act in acts if isinstance(act, PageEscalated)] == [("PSAM",), ("PMANAGERS",)]


def test_a_move_that_names_nobody_is_a_remark() -> None:
    assert "without saying to whom" in reading("incident.delegated", {"id": "Q1", "title": "Disk full"}).remark


def test_an_empty_note_is_a_remark_and_a_long_one_is_cut() -> None:
    about = {"incident": {"id": "Q1", "summary": "Disk full"}}
    assert reading("incident.annotated", about | {"content": " "}, PERSON).acts == ()
    (said,) = reading("incident.annotated", about | {"content": "x" * 5000}, PERSON).acts
    assert isinstance(said.act, Note)
    assert (len(said.act.text), said.alert) == (3000, "Q1")


def test_an_incident_that_leaves_out_what_it_may_is_read() -> None:
    (alert,) = reading("incident.triggered", {"id": "Q1", "title": None, "service": None, "priority": None}).alerts
    assert (alert.title, alert.service, alert.severity, alert.links) == ("PagerDuty incident Q1", "", "", ())
    assert alert.fired_at == alert.at


def test_a_ping_without_data_is_still_a_test() -> None:
    event = {"id": "E1", "event_type": "pagey.ping", "resource_type": "pagey", "occurred_at": "2026-11-23T03:00:00Z"}
    assert read(request(json.dumps({"event": event}).encode())).remark.startswith("test message")
    assert read(standin().press_test()).remark.startswith("test message")


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        (b'{"messages":[{"event":"incident.trigger"}]}', "messages", "V3"),
        (b"{", "byte 1", "JSON"),
        (b"\xff", "byte 0", "JSON"),
        (b"[]", "body", ""),
        (b'{"event":{"id":"E1"}}', "event.event_type", "required"),
        (
            b'{"event":{"id":"E1","event_type":"incident.triggered","occurred_at":"2026-11-23T03:00:00Z","data":{}}}',
            "event.data.id",
            "required",
        ),
    ],
)
def test_what_cannot_be_read_says_where_and_what_was_expected(body: bytes, path: str, expected: str) -> None:
    refused = unread(read(request(body)))
    assert refused.path == path
    assert expected.lower() in refused.expected.lower()
