"""Opsgenie's webhooks: what each action means to us."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.alerting.alert import WebhookContent
from domain.company.catalog import Catalog
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.acknowledgement_lapse import Unacknowledge
from domain.procedure.findings import Note
from domain.procedure.matrix import HearSeverity
from domain.procedure.paging import PageEscalated
from tests.specs import spec
from tests.vendors.delivery import unread
from tests.vendors.opsgenie.company import DANA, FIRED_AT, SAM, client, page, settings, standin
from vendors import door
from vendors.opsgenie.webhook import QUIET, read, verify

SAMPLES = spec("inbound/opsgenie/samples")
CAPTURES = spec("opsgenie/samples/webhooks")
FACTS: dict[str, Any] = json.loads((SAMPLES / "facts.json").read_text())
LATER = FIRED_AT + timedelta(minutes=5)
BY = "dana@acme.example"


def request(body: bytes, **headers: str) -> door.Request:
    return door.Request(headers=headers, body=body, received_at=LATER)


def sample(path: Path) -> tuple[dict[str, Any], WebhookContent]:
    """The sample's body, and what is heard of it."""
    raw = path.read_bytes()
    return json.loads(raw), read(request(raw))


def reading(action: str, source: Any = None, **alert: Any) -> WebhookContent:
    """What is heard of an action made up here."""
    said = {"action": action, "alert": {"alertId": "A1", "updatedAt": 1795402601004000000} | alert, "source": source}
    return read(request(json.dumps(said | {"integrationId": "i", "integrationName": "n"}).encode()))


WEB, API, SYSTEM = ({"name": "", "type": kind} for kind in ("web", "API", "system"))


@pytest.mark.parametrize("name", FACTS)
def test_every_sample_says_what_its_facts_say(name: str) -> None:
    body, heard = sample(SAMPLES / name)
    assert sample(SAMPLES / name) == (body, heard)
    fact = FACTS[name]
    match fact["signal"]:
        case "firing" | "resolved" | "duplicate" as signal:
            (alert,) = heard.alerts
            assert alert.state == ("resolved" if signal == "resolved" else "firing")
            assert (alert.key, alert.page) == (body["alert"]["alertId"], body["alert"]["alertId"])
            assert alert.fired_at == datetime(2026, 11, 23, 2, 54, 10, 123000, tzinfo=UTC)
            assert (alert.service, alert.environment, alert.severity) == ("checkout", "prod", "P1")
            assert alert.labels["alias"] == body["alert"]["alias"]
            assert alert.paged == ("payments",)
        case "acknowledged":
            (said,) = heard.acts
            assert isinstance(said.act, Acknowledge)
            assert (said.act.by, said.act.via) == (fact["by"], "opsgenie")
            assert said.act.at == datetime(2026, 11, 23, 2, 56, 41, 4000, tzinfo=UTC)
            assert (said.alert, said.service, said.environment) == (body["alert"]["alertId"], "checkout", "prod")
        case "escalated":
            (said,) = heard.acts
            assert isinstance(said.act, PageEscalated)
            assert said.act.people == (fact.get("to", "checkout_escalation"),)
            assert said.service == ("checkout_escalation" if body["action"] == "Escalate" else "checkout")
        case "updated" | "other":
            (said,) = heard.acts
            told = said.act.text if isinstance(said.act, Note) else getattr(said.act, "word", "")
            assert told in ("rolled back 2026.11.23-3", "P2", "Action in Opsgenie: RestartPods")
        case "unacknowledged":
            (said,) = heard.acts
            assert isinstance(said.act, Unacknowledge)
        case "deleted":
            assert ([alert.state for alert in heard.alerts], heard.acts) == (["merged"], ())
        case other:
            pytest.fail(f"no rule for {other}")


def test_a_second_create_of_an_alert_is_the_same_alert_in_the_same_state() -> None:
    (first,), (second,) = (sample(SAMPLES / f"create.{n}.json")[1].alerts for n in ("p1", "second-team-same-alert"))
    assert (first.key, first.episode, first.state) == (second.key, second.episode, second.state)
    assert first.fired_at == second.fired_at


MEANT = {
    "delete": "merged",
    "create": "firing",
    "close": "resolved",
    "acknowledge": "acknowledge",
    "escalate": "page_escalated",
}
MEANT |= {"addnote": "note", "customaction": "note", "unacknowledge": "unacknowledge"}


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.json")), ids=lambda path: path.stem)
def test_every_captured_webhook_is_read(path: Path) -> None:
    heard = sample(path)[1]
    kinds = [alert.state for alert in heard.alerts] + [said.act.kind for said in heard.acts]
    assert kinds + ["remark"] * bool(heard.remark) == [MEANT.get(path.stem.split(".")[1], "remark")]


def test_a_priority_of_an_old_account_is_unknown() -> None:
    (alert,) = sample(CAPTURES / "zulip.create.json")[1].alerts
    assert (alert.severity, alert.service) == ("", "Server")
    assert alert.at - alert.fired_at == timedelta(0)


@pytest.mark.sop("TRI-3")
@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({"priority": {"name": "P1"}, "details": {"severity": "warning"}}, "P1"),
        ({"priority": None, "extraProperties": {"severity": "critical"}}, "critical"),
        ({"priority": 1, "tags": ["severity:critical"]}, "critical"),
    ],
)
def test_without_a_priority_the_senders_own_word_says_how_bad_it_is(said: dict[str, Any], severity: str) -> None:
    assert reading("Create", API, message="Disk full", **said).alerts[0].severity == severity


@pytest.mark.parametrize("count", [1795402450123, 1795402450123000000, 1795402450123000999])
def test_times_are_read_by_their_magnitude(count: int) -> None:
    (alert,) = reading("Create", API, message="Disk full", createdAt=count, updatedAt=count).alerts
    assert alert.fired_at == alert.at == FIRED_AT


@pytest.mark.sop("ACK-3")
async def test_our_own_page_comes_back_as_a_remark_and_its_acts_find_our_incident() -> None:
    vendor = standin()
    for number in ("0", "3", "r2-0"):
        ref = (await client(vendor).page(page(0, key=f"page/{number}", people=(SAM,)), again=False)).ref
        for news in (vendor.announce(ref), vendor.press_close(ref, BY)):
            assert (read(news).alerts, read(news).acts) == ((), ())
            assert "our own page for INC-7K3QF" in read(news).remark
        pressed = [vendor.press_acknowledge(ref, BY), vendor.press_note(ref, BY, "looking")]
        pressed.append(vendor.press_escalate_next(ref, BY, "sam@acme.example", "payments_escalation"))
        said = [read(one).acts[0] for one in pressed]
        assert [one.incident for one in said] == ["INC-7K3QF"] * 3
        assert [one.act.kind for one in said] == ["acknowledge", "note", "page_escalated"]


@pytest.mark.parametrize("alias", ["INC-7K3QF", "xINC-7K3QF/page/0", "INC-7K3QF/page/0/x", "INC-7K3QI/page/0", None])
def test_an_alias_that_only_looks_like_ours_is_somebody_elses(alias: str | None) -> None:
    assert reading("Create", API, message="Disk full", alias=alias).alerts[0].state == "firing"


@pytest.mark.sop("ACK-1")
def test_an_acknowledgement_is_of_a_person_the_catalog_knows_and_the_same_act_when_delivered_twice() -> None:
    vendor = standin()
    ref = read(vendor.press_create("Disk full", tags=("service:checkout",))).alerts[0].page
    news = vendor.press_acknowledge(ref, BY)
    verify(news, settings())
    (said,), (same,) = read(news).acts, read(news).acts
    assert said == same
    assert (said.alert, said.service, said.act.via) == (ref, "checkout", "opsgenie")
    assert Catalog(people={"dana": DANA}).person_called(said.act.by) == DANA
    assert said.act.id != read(vendor.press_note(ref, BY, "on it")).acts[0].act.id


def test_the_same_action_told_by_two_integrations_is_one_act() -> None:
    body = sample(SAMPLES / "acknowledge.by-user.json")[0]
    other = read(request(json.dumps(body | {"integrationId": "another", "integrationName": "other"}).encode()))
    assert [said.act for said in other.acts] == [said.act for said in read(request(json.dumps(body).encode())).acts]


@pytest.mark.sop("DET-1", "ACK-3", "ACK-4")
def test_a_monitors_alert_says_whom_opsgenie_has_paged_and_where_to_look() -> None:
    vendor = standin()
    details = {"Service": "checkout", "env": "prod", "runbook": "https://runbooks.acme.example/disk"}
    wanted: dict[str, Any] = {"responders": [{"type": "user", "username": BY}], "details": details, "priority": "P2"}
    (alert,) = read(vendor.press_create("Disk full", **wanted)).alerts
    assert (alert.state, alert.paged, alert.severity, alert.fired_at) == ("firing", (BY,), "P2", FIRED_AT)
    assert (alert.service, alert.environment, alert.links[0].url) == ("checkout", "prod", details["runbook"])
    (over,) = read(vendor.press_close(alert.page)).alerts
    assert (over.state, over.key, over.episode) == ("resolved", alert.key, alert.episode)


@pytest.mark.parametrize(
    ("alert", "service"),
    [
        ({"tags": ["service:a"], "entity": "b"}, "a"),
        ({"tags": ["plain"], "entity": "b", "responders": [{"type": "team", "name": "c"}]}, "b"),
        ({"responders": [{"type": "user", "name": "u"}, {"type": "team", "name": "c"}]}, "c"),
        ({}, ""),
    ],
)
def test_the_service_is_the_most_deliberate_word_there_is(alert: dict[str, Any], service: str) -> None:
    assert reading("Create", API, message="Disk full", **alert).alerts[0].service == service


@pytest.mark.parametrize("source", [API, SYSTEM])
@pytest.mark.parametrize("action", ["Acknowledge", "AddNote", "RestartPods"])
def test_what_a_program_did_is_a_remark_and_never_an_act(source: Any, action: str) -> None:
    heard = reading(action, source, username=BY, note="done", priority="P1")
    assert (heard.alerts, heard.acts) == ((), ())
    assert heard.remark


@pytest.mark.sop("TRI-6")
@pytest.mark.parametrize("source", [API, SYSTEM, WEB])
def test_a_priority_counts_whoever_set_it(source: Any) -> None:
    (said,) = reading("UpdatePriority", source, username=BY, priority="P1").acts
    assert isinstance(said.act, HearSeverity)
    assert (said.act.word, said.act.where) == ("P1", "Opsgenie")
    assert reading("UpdatePriority", source, username=BY, priority=1).acts == ()


async def test_our_own_acknowledgement_comes_back_as_a_programs() -> None:
    vendor = standin()
    ref = read(vendor.press_create("Disk full")).alerts[0].page
    assert "no person" in read(vendor.press_acknowledge(ref, "")).remark
    assert reading("Acknowledge", None, username="Standfast API").acts == ()


@pytest.mark.sop("ACK-3")
def test_an_escalations_step_counts_once_however_often_it_is_delivered_and_its_repetition_counts_again() -> None:
    vendor = standin()
    ref = read(vendor.press_create("Disk full")).alerts[0].page
    steps = [vendor.escalate(ref, "sam@acme.example", "payments_escalation", repeat) for repeat in (0, 0, 1)]
    said = [read(step).acts[0] for step in steps]
    assert [(one.alert, one.service, one.act.at) for one in said] == [(ref, "payments_escalation", FIRED_AT)] * 3
    assert len({one.act.id for one in said}) == 2


def test_an_escalation_that_names_nobody_is_a_remark() -> None:
    assert "without saying to whom" in reading("EscalateNext", WEB, username=BY).remark


def test_an_empty_note_is_a_remark_and_a_long_one_is_cut() -> None:
    assert reading("AddNote", WEB, username=BY, note=" ").acts == ()
    (said,) = reading("AddNote", WEB, username=BY, note="x" * 5000).acts
    assert isinstance(said.act, Note)
    assert len(said.act.text) == 3000


@pytest.mark.parametrize("action", sorted(QUIET))
def test_opsgenies_other_actions_are_remarks_by_their_exact_name(action: str) -> None:
    assert reading(action, WEB, username=BY).remark == f"Opsgenie says {action}, for which there is no use here"
    (said,) = reading(f"{action} Close", WEB, username=BY).acts
    assert isinstance(said.act, Note)


def test_an_alert_that_leaves_out_what_it_may_is_read() -> None:
    (alert,) = reading("Create", None, tags=None, details=None, updatedAt=None).alerts
    assert (alert.title, alert.service, alert.severity, alert.links) == ("Opsgenie alert A1", "", "", ())
    assert alert.fired_at == alert.at == LATER


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"{", "byte 1"),
        (b"\xff", "byte 0"),
        (b"[]", "body"),
        (b'{"action":"Create"}', "alert"),
        (b'{"action":"Create","alert":{}}', "alert.alertId"),
        (b'{"action":"","alert":{"alertId":"A1"}}', "action"),
    ],
)
def test_what_cannot_be_read_says_where(body: bytes, path: str) -> None:
    refused = unread(read(request(body)))
    assert refused.path == path


@pytest.mark.parametrize("created_at", [b'"soon"', b"true", b"99999999999999999", b"null", b"{}"])
def test_a_moment_that_is_none_is_the_arrival(created_at: bytes) -> None:
    (alert,) = read(request(b'{"action":"Create","alert":{"alertId":"A1","createdAt":%s}}' % created_at)).alerts
    assert alert.fired_at == alert.at == request(b"").received_at


@pytest.mark.sop("DET-1")
def test_an_actions_name_in_small_letters_and_tags_with_commas_are_understood() -> None:
    (alert,) = reading("create", tags="env:prod, service:checkout").alerts
    assert (alert.state, alert.service, alert.environment) == ("firing", "checkout", "prod")
    assert reading("addtags").remark.startswith("Opsgenie says addtags")
