"""What CloudWatch says, through SNS, raw and through EventBridge, becomes ours or a remark."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.alerting.alert import Alert, WebhookContent
from standins.cloudwatch.standin import Standin
from tests.vendors.delivery import NOW, captured, delivery, samples, unread
from vendors.cloudwatch.webhook import read

FOLDER, FACTS = samples("aws-cloudwatch")
REMARKS = {"control", "non_alert", "suppressed"}
ARN = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-alb-5xx"


def sample(name: str) -> WebhookContent:
    return read(captured(FOLDER / name))


def only(name: str) -> Alert:
    [alert] = sample(name).alerts
    return alert


def message(**changes: Any) -> WebhookContent:
    """An alarm's message in its envelope, with changes to it."""
    body = json.loads((FOLDER / "sns.notification.2026.ALARM.json").read_text())
    inner = json.loads(body["Message"]) | changes
    return read(delivery(json.dumps(body | {"Message": json.dumps(inner)})))


@pytest.mark.parametrize("name", [name for name, facts in FACTS.items() if facts["signal"] != "reject"])
def test_every_sample_says_what_its_facts_say(name: str) -> None:
    facts, heard = FACTS[name], sample(name)
    if facts["signal"] in REMARKS:
        assert (heard.alerts, heard.acts) == ((), ())
        assert heard.remark
        return
    [alert] = heard.alerts
    assert alert.state == facts["signal"].removesuffix(" or rejected")
    told = facts.get("correlate", {})
    assert alert.key == told.get("alarm_arn", alert.key)
    if "account" in told:
        assert alert.key == f"arn:aws:cloudwatch:{told['region']}:{told['account']}:alarm:{told['alarm']}"
    if "fired_at" in facts:
        assert alert.fired_at == datetime.fromisoformat(facts["fired_at"])
    if "same_incident_as" in facts:
        assert alert.key == only(facts["same_incident_as"]).key
        assert alert.at > only(facts["same_incident_as"]).at


def test_every_sample_was_read() -> None:
    known = {path.name for path in FOLDER.glob("*.json")}
    assert set(FACTS) == known - {"facts.json", "signature-vectors.json", "signing-cert-urls.json"}


def test_a_raw_delivery_reads_as_its_envelope_does() -> None:
    assert sample("sns.raw-delivery.request.json") == sample("sns.notification.2026.ALARM.json")


def test_a_raw_delivery_of_something_else_is_a_remark() -> None:
    assert "which is no alarm" in sample("captured.localstack.raw-delivery.request.json").remark
    text = delivery("Deploy finished", x_amz_sns_rawdelivery="true", x_amz_sns_topic_arn="arn:aws:sns:eu-west-1:1:ops")
    assert read(text).remark == "ops says 'something', which is no alarm"


def test_the_words_of_the_description_are_its_service_environment_and_severity() -> None:
    alert = only("sns.notification.2026.ALARM.json")
    assert (alert.service, alert.environment, alert.severity) == ("checkout", "prod", "sev1")
    alert = only("sns.notification.composite.ALARM.json")
    assert (alert.service, alert.environment, alert.severity) == ("checkout", "prod", "sev1")
    alert = only("sns.notification.metric-math.ALARM.json")
    assert (alert.service, alert.environment, alert.severity) == ("checkout", "", "")


@pytest.mark.sop("TRI-2", "TRI-3", "SCP-1")
@pytest.mark.parametrize(
    "said",
    [
        "service=billing severity=P1 env=prod runbook=https://runbooks.example/1",
        "Severity: P1 - critical; Service: billing, Environment: prod. Runbook: https://runbooks.example/1",
        '{"service": "billing", "priority": "P1", "env": "prod", "runbook": "https://runbooks.example/1"}',
        "**Severity**: `P1`\n- **Service:** billing\n*Env*: **prod**\n\nRunbook: https://runbooks.example/1",
    ],
)
def test_a_description_says_its_words_with_a_sign_a_colon_as_json_or_in_markdown(said: str) -> None:
    (alert,) = read(Standin().press_alarm(NOW, "Errors", description=said)).alerts
    assert (alert.service, alert.severity, alert.environment) == ("billing", "P1", "prod")
    assert [link.url for link in alert.links if link.label == "Runbook"] == ["https://runbooks.example/1"]


@pytest.mark.parametrize(
    "words", ["(severity=P2, svc=search; environment=live).", "live!\nSEV=P2 service=search. env=live"]
)
def test_words_are_found_wherever_they_stand(words: str) -> None:
    [alert] = message(AlarmDescription=words).alerts
    assert (alert.service, alert.environment, alert.severity) == ("search", "live", "P2")


def test_a_word_inside_another_is_none() -> None:
    assert message(AlarmDescription="myservice=x https://x.example/?env=y").alerts[0].service == ""
    assert message(AlarmDescription="myservice=x https://x.example/?env=y").alerts[0].environment == ""


def test_people_are_led_to_the_alarms_page_and_its_runbook() -> None:
    [alert] = message(AlarmDescription="runbook=https://acme.example/runbooks/5xx").alerts
    links = {link.label: link.url for link in alert.links}
    page = "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/checkout-alb-5xx"
    assert links == {"CloudWatch alarm": page, "Runbook": "https://acme.example/runbooks/5xx"}
    assert [link.label for link in only("sns.notification.2026.ALARM.json").links] == ["CloudWatch alarm"]


@pytest.mark.parametrize(
    ("partition", "region", "host"),
    [("aws-cn", "cn-north-1", "console.amazonaws.cn"), ("aws-us-gov", "us-gov-west-1", "console.amazonaws-us-gov.com")],
)
def test_each_partition_has_its_console(partition: str, region: str, host: str) -> None:
    [alert] = message(AlarmArn=f"arn:{partition}:cloudwatch:{region}:1:alarm:a b/c", AlarmName="a b/c").alerts
    assert alert.links[0].url == f"https://{host}/cloudwatch/home?region={region}#alarmsV2:alarm/a%20b%2Fc"


def test_labels_tell_the_metric_its_dimensions_and_the_alarms_that_made_a_composite_one_fire() -> None:
    metric = only("sns.notification.2026.ALARM.json").labels
    assert (metric["metric"], metric["LoadBalancer"]) == ("HTTPCode_Target_5XX_Count", "app/checkout/50dc6c495c0c9188")
    assert only("sns.notification.metric-math.ALARM.json").labels["Service"] == "checkout"
    assert only("sns.notification.composite.ALARM.json").labels["children"] == ARN
    for name in ("single-metric", "anomaly", "metric-math"):
        assert only(f"eventbridge.{name}.ALARM.json").labels["InstanceId"] == "i-12345678901234567"


def event(**state: Any) -> WebhookContent:
    """EventBridge's event, with changes to the alarm's state."""
    body = json.loads((FOLDER / "eventbridge.composite.suppressed.ALARM.json").read_text())
    body["detail"]["previousState"]["value"] = "ALARM"
    body["detail"]["state"].update(state)
    return read(delivery(json.dumps(body)))


def test_an_alarm_whose_actions_aws_suppresses_is_a_remark_but_its_end_is_heard() -> None:
    assert "suppresses its actions (WaitPeriod)" in event().remark
    [alert] = event(value="OK").alerts
    assert alert.state == "resolved"


def test_through_eventbridge_a_recovery_tells_since_when_the_alarm_fired() -> None:
    [alert] = event(value="OK").alerts
    assert alert.fired_at == datetime(2022, 7, 22, 15, 56, 14, 552000, UTC)
    assert alert.at == datetime(2022, 7, 22, 15, 57, 45, 394000, UTC)


def test_an_event_that_a_bus_sends_through_a_topic_is_read_as_one() -> None:
    body = json.loads((FOLDER / "sns.notification.2026.ALARM.json").read_text())
    bridged = (FOLDER / "eventbridge.single-metric.ALARM.json").read_text()
    assert read(delivery(json.dumps(body | {"Message": bridged}))) == sample("eventbridge.single-metric.ALARM.json")


def test_an_alarm_without_any_arn_is_known_by_its_account_and_name() -> None:
    raw = json.loads(json.loads((FOLDER / "sns.notification.metric-alarm.ALARM.json").read_text())["Message"])
    raw.pop("AlarmArn", None)
    [alert] = read(delivery(json.dumps(raw))).alerts
    assert (alert.key, alert.title) == (f"{raw['AWSAccountId']}:{raw['AlarmName']}", raw["AlarmName"])


@pytest.mark.parametrize("value", ["ODD", None, 7])
def test_a_state_that_there_is_not_rings_as_what_could_not_be_read(value: Any) -> None:
    assert unread(message(NewStateValue=value)).path.endswith("NewStateValue")


@pytest.mark.parametrize(
    "changes",
    [
        {"StateChangeTime": "yesterday"},
        {"AlarmArn": "alarm"},
        {"AlarmDescription": {"text": 7}},
        {"Trigger": {"Dimensions": [{"name": 1}]}},
        {"Trigger": "odd"},
        {"TriggeringChildren": None},
        {"AWSAccountId": 123},
    ],
)
def test_an_odd_ornament_decides_nothing(changes: dict[str, Any]) -> None:
    heard = message(**changes)
    assert ([alert.state for alert in heard.alerts], heard.unread) == (["firing"], ())


@pytest.mark.parametrize(
    ("body", "path"), [("not json", "byte 0"), ('{"Records": [{}, {}]}', "Records"), ('{"Type": "Odd"}', "Type")]
)
def test_what_is_no_message_is_unreadable(body: str, path: str) -> None:
    refused = unread(read(delivery(body)))
    assert refused.path == path


def handed(value: str = "ALARM", **changes: Any) -> dict[str, Any]:
    """What an alarm hands to a Lambda function that passes it on."""
    return {
        "source": "aws.cloudwatch",
        "alarmArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-5xx",
        "accountId": "123456789012",
        "time": "2026-11-23T03:00:02.000+0000",
        "region": "eu-west-1",
        "alarmData": {
            "alarmName": "checkout-5xx",
            "state": {"value": value, "reason": "threshold", "timestamp": "2026-11-23T03:00:00.000+0000"},
            "previousState": {"value": "OK", "timestamp": "2026-11-23T02:00:00.000+0000"},
            "configuration": {"description": "service=checkout sev=1 env=prod", "metrics": []},
        },
        **changes,
    }


def test_what_an_alarm_hands_to_a_function_is_the_alarm() -> None:
    [alert], [over] = (read(delivery(json.dumps(handed(value)))).alerts for value in ("ALARM", "OK"))
    assert (alert.key, alert.state) == ("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-5xx", "firing")
    assert (alert.service, alert.severity, alert.environment) == ("checkout", "sev1", "prod")
    assert (over.key, over.state) == (alert.key, "resolved")


def configured(**changes: Any) -> Any:
    """An alarm whose configuration somebody changed while it fires."""
    configuration = {"alarmName": "checkout-5xx", "description": "service=checkout", "actionsEnabled": True}
    detail = {
        "alarmName": "checkout-5xx",
        "operation": "update",
        "state": {"value": "ALARM", "timestamp": "2026-11-23T03:00:00.000+0000"},
        "configuration": configuration | changes.pop("configuration", {}),
        **changes,
    }
    body = {
        "detail-type": "CloudWatch Alarm Configuration Change",
        "time": "2026-11-23T03:10:00Z",
        "resources": ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-5xx"],
        "detail": detail,
    }
    return read(delivery(json.dumps(body)))


@pytest.mark.parametrize("changes", [{"operation": "delete"}, {"configuration": {"actionsEnabled": False}}])
def test_an_alarm_that_nobody_will_tell_the_end_of_is_calm_and_no_recovery(changes: dict[str, Any]) -> None:
    [alert] = configured(**changes).alerts
    [fired] = read(delivery(json.dumps(handed()))).alerts
    assert (alert.key, alert.state, alert.service) == (fired.key, "merged", "checkout")
    assert "nobody has seen a recovery" in alert.description


def test_any_other_change_of_an_alarm_is_a_remark() -> None:
    assert not configured(operation="create").alerts
    assert not configured().alerts


def test_a_composite_in_an_event_names_its_children() -> None:
    state = {
        "value": "ALARM",
        "timestamp": "2026-11-23T03:00:00.000+0000",
        "reasonData": json.dumps({"triggeringAlarms": [{"arn": "arn:aws:cloudwatch:eu-west-1:1:alarm:checkout-5xx"}]}),
    }
    data = {"alarmName": "whole", "state": state, "configuration": {"alarmRule": "ALARM(checkout-5xx)"}}
    [alert] = read(delivery(json.dumps(handed(alarmData=data)))).alerts
    assert alert.labels["children"] == "arn:aws:cloudwatch:eu-west-1:1:alarm:checkout-5xx"
    assert alert.service == "checkout"


@pytest.mark.sop("DET-1")
def test_every_record_of_a_lambda_function_or_a_queue_is_heard_and_a_broken_one_hides_no_other() -> None:
    envelope = json.loads((FOLDER / "sns.notification.2026.ALARM.json").read_text())
    alarm = json.loads(envelope["Message"])
    other = json.dumps(alarm | {"AlarmName": "other", "AlarmArn": ""})
    records = [{"Sns": envelope}, {"body": json.dumps(envelope | {"Message": other})}, {"body": other}]
    heard = read(delivery(json.dumps({"Records": [*records, {"Sns": {"Type": "Odd"}}]})))
    assert [alert.title for alert in heard.alerts[:-1]] == [alarm["AlarmName"], "other", "other"]
    assert unread(heard).path == "Type"


@pytest.mark.sop("DET-1")
def test_an_alarm_that_was_cut_off_or_reworded_on_its_way_rings() -> None:
    envelope = json.loads((FOLDER / "sns.notification.2026.ALARM.json").read_text())
    cut = read(delivery(json.dumps(envelope | {"Message": envelope["Message"][:200], "Subject": None})))
    assert (unread(cut).path, cut.alerts[0].state) == ("Message", "firing")
    own = {"alarm": "checkout-5xx", "state": "ALARM", "service": "checkout"}
    packed = read(delivery(json.dumps(envelope | {"Message": json.dumps(own), "Subject": None})))
    assert (unread(packed).path, packed.alerts[0].state) == ("Message", "firing")
    [plain] = read(delivery(json.dumps(own))).alerts
    assert (plain.state, plain.service, plain.title) == ("firing", "checkout", "checkout-5xx")
    [over] = read(delivery(json.dumps(own | {"state": "OK"}))).alerts
    assert (over.state, over.key) == ("resolved", plain.key)
