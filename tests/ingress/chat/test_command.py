"""What responders type is understood however they spell it; else they are told how it is written."""

from datetime import UTC, datetime

import pytest

from domain.port.conversation import UnclearInput
from ingress.chat.act import act_from
from ingress.chat.command import parse
from ingress.chat.phrase import UnknownWord
from ingress.chat.reading import READINGS

NOW = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
P1 = {"severity": "P1"}

TABLE: list[tuple[str, str, dict[str, str]]] = [
    ("declare checkout P1 Payments fail", "open", {"service": "checkout", "severity": "P1", "title": "Payments fail"}),
    ("declare checkout Payments fail", "open", {"service": "checkout", "title": "Payments fail"}),
    ("declare SEV-1 checkout It fails", "open", {"service": "checkout", "severity": "P1", "title": "It fails"}),
    ("new checkout 2 nodes are down", "open", {"service": "checkout", "title": "2 nodes are down"}),
    ("declare sev1", "declare", P1),
    ("declare “Checkout API” “Don't pay”", "open", {"service": "Checkout API", "title": "Don't pay"}),
    ("declare #checkout: p99 > 2 s", "open", {"service": "checkout", "title": "p99 > 2 s"}),
    ("incident ACK", "acknowledge", {}),
    ("\uff41\uff43\uff4b", "acknowledge", {}),
    ("severity \uff30\uff11: “all of it”", "declare", {**P1, "reason": "all of it"}),
    ("downgrade to P3 — only staff", "declare", {"severity": "P3", "reason": "only staff"}),
    ("raise to p1 everybody is hit", "declare", {"severity": "P1", "reason": "everybody is hit"}),
    ("i'm commander", "take_role", {"role": "commander"}),
    ("rollback to 4112", "record_change", {"change": "rollback", "bypass": "false", "description": "to 4112"}),
    ("hotfix bypass x", "record_change", {"change": "hotfix", "bypass": "true", "description": "x"}),
    ("page the manager now", "page_person", {"to": "manager", "reason": "now"}),
    ("merge into INC-7K3QG same pool", "merge", {"into": "INC-7K3QG", "reason": "same pool"}),
    ("postmortem complete deployment", "complete_postmortem", {"cause": "deployment"}),
    ("ack", "acknowledge", {}),
    ("acknowledge on it", "acknowledge", {}),
    ("I'm on it", "acknowledge", {}),
    ("I\N{RIGHT SINGLE QUOTATION MARK}m on it", "acknowledge", {}),
    ("on it", "acknowledge", {}),
    ("take command", "take_role", {"role": "commander"}),
    ("hand over comms to @ada", "offer_role", {"role": "comms", "to": "ada"}),
    ("Tell the room disk is full", "post_finding", {"conditions": "disk is full"}),
    ("publish", "approve_update", {}),
    ("allow 1", "authorise_change", {"number": "1", "granted": "true"}),
    ("refuse 1 too risky", "authorise_change", {"number": "1", "granted": "false", "reason": "too risky"}),
    ("solved it was the flag", "resolve", {"summary": "it was the flag"}),
    ("not over errors again", "reopen", {"reason": "errors again"}),
    ("customers", "help", {"verb": "customers"}),
    ("security what", "help", {"verb": "security"}),
    ("severity P1", "declare", P1),
    ("sev 1 half of the orders fail", "declare", {**P1, "reason": "half of the orders fail"}),
    ("SEV-1", "declare", P1),
    ("sev1 it is worse", "declare", {**P1, "reason": "it is worse"}),
    ("s2", "declare", {"severity": "P2"}),
    ("p0 everything is down", "declare", {"severity": "P0", "reason": "everything is down"}),
    ("p3 only staff", "declare", {"severity": "P3", "reason": "only staff"}),
    ("escalate sev-1", "declare", P1),
    ("escalate to P1 everything is down", "declare", {**P1, "reason": "everything is down"}),
    ("escalate @UBOB the pool", "page_person", {"to": "UBOB", "reason": "the pool"}),
    ("escalate", "escalate", {}),
    ("escalate 2 nodes are down", "escalate", {"reason": "2 nodes are down"}),
    ("role commander", "take_role", {"role": "commander"}),
    ("role ic me", "take_role", {"role": "commander"}),
    ("lead", "take_role", {"role": "commander"}),
    ("lead @UADA", "offer_role", {"role": "commander", "to": "UADA"}),
    ("role comms lead to @ada", "offer_role", {"role": "comms", "to": "ada"}),
    ("role incident commander @WADA", "offer_role", {"role": "commander", "to": "WADA"}),
    ("comms", "take_role", {"role": "comms"}),
    ("role em", "take_role", {"role": "manager"}),
    ("role engineer", "take_role", {"role": "on_call"}),
    ("role on-call @ada", "offer_role", {"role": "on_call", "to": "ada"}),
    ("role @ada comms", "offer_role", {"role": "comms", "to": "ada"}),
    ("assign lead @ada", "offer_role", {"role": "commander", "to": "ada"}),
    ("assign @ada to incident commander", "offer_role", {"role": "commander", "to": "ada"}),
    ("assign comms", "take_role", {"role": "comms"}),
    ("assign @UBOB look at the pool", "assign_task", {"title": "look at the pool", "to": "UBOB"}),
    ("role scribe", "take_role", {"role": "scribe"}),
    ("finding disk is full", "post_finding", {"conditions": "disk is full"}),
    (
        "finding disk is full; actions: deleting logs. Needs: a bigger disk",
        "post_finding",
        {"conditions": "disk is full", "actions": "deleting logs", "needs": "a bigger disk"},
    ),
    ("update We are looking into it", "draft_update", {"body": "We are looking into it"}),
    ("update identified: A bad deploy", "draft_update", {"status": "identified", "body": "A bad deploy"}),
    ("update approve", "approve_update", {}),
    ("update approve #2", "approve_update", {"number": "2"}),
    ("change rollback to 1.2.3", "record_change", {"change": "rollback", "bypass": "false", "description": "to 1.2.3"}),
    ("change fix bypass by hand", "record_change", {"change": "hotfix", "bypass": "true", "description": "by hand"}),
    ("change revert to 1.2.3", "record_change", {"change": "rollback", "bypass": "false", "description": "to 1.2.3"}),
    ("change authorize 1", "authorise_change", {"number": "1", "granted": "true"}),
    ("change refuse #1 use CI", "authorise_change", {"number": "1", "granted": "false", "reason": "use CI"}),
    ("note we chose the slow way\nbecause it is safe", "note", {"text": "we chose the slow way\nbecause it is safe"}),
    ("page @UBOB database knowledge", "page_person", {"to": "UBOB", "reason": "database knowledge"}),
    ("due", "due", {}),
    ("clocks", "due", {}),
    ("status", "status", {}),
    ("Status?", "status", {}),
    ("info", "status", {}),
    ("show", "status", {}),
    ("summary", "status", {}),
    ("who", "who", {}),
    ("join", "where", {}),
    ("timeline", "timeline", {}),
    ("snooze war-4 15m x", "snooze", {"clause": "WAR-4", "until": "2026-03-03T03:15:00+00:00", "reason": "x"}),
    ("action @UBOB add an alert on disk use", "add_item", {"owner": "UBOB", "title": "add an alert on disk use"}),
    ("action done OPS-12", "close_item", {"item": "OPS-12", "state": "done"}),
    ("action decline OPS-12 too dear", "close_item", {"item": "OPS-12", "state": "declined", "reason": "too dear"}),
    ("action none it was a drill of the provider", "waive_items", {"reason": "it was a drill of the provider"}),
    ("pm cause Capacity", "name_cause", {"cause": "capacity"}),
    ("pm cause moon the moon was full", "name_cause", {"cause": "moon", "title": "the moon was full"}),
    ("waive war-4 we sit together", "waive_clause", {"clause": "WAR-4", "reason": "we sit together"}),
    ("task @UBOB read the queries", "assign_task", {"title": "read the queries", "to": "UBOB"}),
    ("task assign @UBOB read the queries", "assign_task", {"title": "read the queries", "to": "UBOB"}),
    ("task assign read the queries", "assign_task", {"title": "read the queries"}),
    ("task done #2 a lock", "finish_task", {"task": "2", "result": "a lock"}),
    ("task blocked 2 no access", "block_task", {"task": "2", "reason": "no access"}),
    ("impact payment", "report_impact", {"blocks": "payment"}),
    ("security mark a session nobody knows", "mark_security", {"reason": "a session nobody knows"}),
    ("security unmark an export", "unmark_security", {"reason": "an export"}),
    ("customers no it warns them", "tell_customers", {"tell": "false", "reason": "it warns them"}),
    ("breach no, only test data", "answer_breach", {"breach": "false", "reason": "only test data"}),
    ("action reopen OPS-12 not everywhere", "reopen_item", {"item": "OPS-12", "reason": "not everywhere"}),
    ("resolve a bad deploy, rolled back", "resolve", {"summary": "a bad deploy, rolled back"}),
    ("reopen errors again", "reopen", {"reason": "errors again"}),
    ("pm Capacity", "complete_postmortem", {"cause": "capacity"}),
    ("post-mortem dns the resolver", "complete_postmortem", {"cause": "dns", "title": "the resolver"}),
    ("drill end", "end_drill", {}),
    ("list", "list", {}),
    ("", "menu", {}),
    ("?", "help", {}),
    ("help sev", "help", {"verb": "severity"}),
    ("help task assign", "help", {"verb": "task"}),
    ("help merge", "help", {"verb": "merge"}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "kind", "fields"), TABLE, ids=[row[0] or "nothing" for row in TABLE])
def test_words_are_understood(words: str, kind: str, fields: dict[str, str]) -> None:
    asked = parse(words, NOW)
    assert (asked.kind, asked.fields, asked.incident, asked.asks) == (kind, fields, "", False)


OURS = {"open", "help", *READINGS}
ACTS = [row for row in TABLE if row[1] not in OURS]


@pytest.mark.parametrize(("words", "kind", "fields"), ACTS, ids=[row[0] for row in ACTS])
def test_what_is_understood_as_an_act_becomes_one(words: str, kind: str, fields: dict[str, str]) -> None:
    fields = {name: value.lower() if name == "to" else value for name, value in fields.items()}  # the catalog's id
    act = act_from(kind, fields, by="ada", via="slack", id="1.2.3", at=NOW)
    assert (act.kind, act.by, act.via, act.id, act.at) == (kind, "ada", "slack", "1.2.3", NOW)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("declare", "open"),
        ("declare checkout", "open"),
        ("declare checkout P1", "open"),
        ("severity", "declare"),
        ("role", "offer_role"),
        ("finding", "post_finding"),
        ("finding needs: help", "post_finding"),
        ("update", "draft_update"),
        ("update resolved", "draft_update"),
        ("change", "record_change"),
        ("change rollback bypass", "record_change"),
        ("note", "note"),
        ("breach yes", "answer_breach"),
        ("breach", "answer_breach"),
        ("breach yes names of customers", "answer_breach"),
        ("breach notified", "record_notification"),
        ("breach told", "record_affected_told"),
        ("action change item-1", "change_item"),
        ("breach notified DPA-7", "record_notification"),
        ("action none", "waive_items"),
        ("snooze", "snooze"),
        ("snooze war-4", "snooze"),
        ("waive", "waive_clause"),
        ("waive war-4", "waive_clause"),
        ("pm cause", "name_cause"),
        ("update mail", "approve_mail"),
        ("postmortem draft", "draft_public_postmortem"),
        ("postmortem publish", "approve_public_postmortem"),
        ("postmortem posted", "post_public_postmortem"),
        ("update withdraw", "withdraw_update"),
        ("security mark", "mark_security"),
        ("customers no", "tell_customers"),
        ("update posted", "post_by_hand"),
        ("update told", "tell_account"),
        ("update needless", "say_customers_affected"),
        ("resolve", "resolve"),
        ("reopen", "reopen"),
        ("page", "page_person"),
        ("action", "add_item"),
        ("assign", "offer_role"),
        ("assign @ada", "offer_role"),
        ("assign look at the pool", "assign_task"),
        ("task", "assign_task"),
        ("task read the queries", "assign_task"),
        ("task @ada", "assign_task"),
        ("mitigated", "draft_update"),
        ("mitigated the fix is out", "draft_update"),
        ("action add an alert on disk use", "add_item"),
        ("postmortem", "complete_postmortem"),
    ],
)
def test_an_act_without_its_words_asks_for_them_in_a_form(words: str, kind: str) -> None:
    asked = parse(words, NOW)
    assert (asked.kind, asked.asks) == (kind, True)


@pytest.mark.parametrize(
    ("words", "kind", "fields"),
    [
        ("merge INC-7KQ2M the same outage", "merge", {"into": "INC-7KQ2M", "reason": "the same outage"}),
        ("close-as false_alarm a load test", "close_as", {"how": "false_alarm", "reason": "a load test"}),
        ("role relieve lead not heard", "relieve", {"role": "commander", "reason": "not heard"}),
        ("role offer comms @UBOB", "offer_role", {"role": "comms", "to": "UBOB"}),
        ("change confirm #2 yes it fits", "confirm_change", {"number": "2", "confirmed": "yes", "reason": "it fits"}),
    ],
)
def test_an_act_that_no_verb_reads_has_its_own(words: str, kind: str, fields: dict[str, str]) -> None:
    asked = parse(f"INC-7K3QF {words}", NOW)
    assert (asked.incident, asked.kind, asked.fields, asked.asks) == ("INC-7K3QF", kind, fields, False)


def test_an_incident_may_be_named_behind_an_acts_own_verb() -> None:
    assert parse("security mark INC-7K3QF an intruder", NOW).incident == "INC-7K3QF"


@pytest.mark.parametrize(
    "words",
    [
        *("INC-7K3QF resolve it is over", "resolve INC-7K3QF it is over", "resolve inc-7k3qf it is over"),
        *("INC\N{EN DASH}7K3QF: resolve it is over", "resolve inc7k3qf it is over"),
    ],
)
def test_an_incident_may_be_named_first_or_after_the_verb(words: str) -> None:
    asked = parse(words, NOW)
    assert (asked.incident, asked.fields) == ("INC-7K3QF", {"summary": "it is over"})


def test_an_incident_named_later_is_part_of_the_words() -> None:
    for words in ("same as INC-7K3QF", "increase the pool"):
        asked = parse(f"note {words}", NOW)
        assert (asked.incident, asked.fields) == ("", {"text": words})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("severity high", "found 'high', expected `severity <severity> [reason]"),
        ("role :king:", "expected `role <role> [@person]"),
        ("role comms @ada @bob", "expected `role"),
        ("update approve the second", "expected `update"),
        ("change oops", "expected `change rollback|config|hotfix"),
        ("change refuse it", "expected `change"),
        ("snooze WAR-4 later please", "such as: snooze WAR-4 15m rolling back"),
        ("snooze WAR-4 15m", "expected `snooze"),
        ("snooze all 15m because", "expected `snooze"),
        ("action done", "expected `action"),
        ("drill", "expected `drill end`"),
        ("breach perhaps", "expected `breach yes|no <reason>, or: breach notified|told`"),
    ],
)
def test_what_is_not_understood_is_answered_with_how_it_is_written(words: str, said: str) -> None:
    with pytest.raises(UnclearInput) as caught:
        parse(words, NOW)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("resolv it is over", "resolve"),
        ("statsu", "status"),
        ("escelate", "escalate"),
        ("help resolv", "resolve"),
        ("xyzzy", ""),
        ("declar checkout it is down", ""),
        ("opne", ""),
    ],
)
def test_an_unknown_word_is_told_its_nearest_and_never_one_that_declares(words: str, near: str) -> None:
    with pytest.raises(UnknownWord) as caught:
        parse(words, NOW)
    assert caught.value.near == near


def test_what_is_mitigated_is_offered_to_customers_as_monitoring() -> None:
    assert parse("mitigated the fix is out", NOW).fields == {"status": "monitoring", "body": "the fix is out"}
