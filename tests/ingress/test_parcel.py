"""What is told whole, what by its mark, and in which words: nothing is left out of what a group must know."""

import pytest

from domain.alerting.alert import VendorAct
from domain.alerting.digest import AlertDigest
from domain.alerting.unseen import mark, unpacked
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note
from tests.ingress.test_digest import Desk, alert, at


def left(digest: AlertDigest) -> tuple[set[str], set[str]]:
    """The marks of what a digest leaves out: what fires, and what has recovered."""
    return unpacked(digest.left_firing), unpacked(digest.left_over)


def marks(numbers: range) -> set[str]:
    return {mark(f"a{number}") for number in numbers}


def test_of_everything_that_is_not_told_one_by_one_the_group_knows_whether_it_fires() -> None:
    desk = Desk()
    desk.hear(0, *(alert(f"a{number}") for number in range(1000)))
    desk.pass_until(0)
    desk.hear(5, *(alert(f"a{number}", "resolved", moment=at(5)) for number in range(1000)))
    desk.pass_until(6)
    (_, first), (_, second) = desk.told
    assert [len(digest.alerts) for _, digest in desk.told] == [50, 50]
    told = {mark(one.key) for one in first.alerts}
    assert (left(first), first.more) == ((marks(range(1000)) - told, set()), 950)
    assert left(second) == (set(), marks(range(1000)) - {mark(one.key) for one in second.alerts})


def test_what_fires_is_told_one_by_one_before_what_has_recovered() -> None:
    desk = Desk()
    desk.hear(0, *(alert(f"a{number}", "resolved") for number in range(60)), *(alert(f"b{n}") for n in range(49)))
    desk.pass_until(0)
    (_, digest) = desk.told[0]
    assert [one.state for one in digest.alerts].count("firing") == 49
    assert (digest.left_firing, len(left(digest)[1])) == ("", 59)


@pytest.mark.parametrize("place", [0, 49, 60, 199, 700, 999])
def test_one_critical_alert_among_a_thousand_warnings_is_told(place: int) -> None:
    desk = Desk()
    alerts = [alert(f"a{number}").model_copy(update={"severity": "warning"}) for number in range(1000)]
    alerts[place] = alerts[place].model_copy(update={"severity": "critical"})
    desk.hear(0, *alerts)
    desk.pass_until(0)
    assert f"a{place}" in {one.key for one in desk.told[0][1].alerts}


def test_an_alert_that_recovers_while_it_waits_to_be_counted_has_recovered() -> None:
    desk = Desk()
    desk.hear(0, alert("first"))
    desk.pass_until(0)
    desk.hear(0.2, *(alert(f"a{number}") for number in range(1000)))
    desk.hear(0.4, *(alert(f"a{number}", "resolved", moment=at(0.4)) for number in range(1000)))
    desk.pass_until(1)
    assert desk.told[-1][1].left_firing == ""


def test_a_message_that_left_alerts_out_leaves_something_unseen_until_one_of_its_name_did_not() -> None:
    desk = Desk()
    partly = alert().model_copy(update={"batch": "{}:{}", "left_out": 20})
    desk.hear(0, partly)
    desk.pass_until(0)
    desk.hear(60, partly.model_copy(update={"left_out": 0}))
    desk.pass_until(60)
    assert [left(digest) for _, digest in desk.told] == [({mark("batch {}:{}")}, set()), (set(), {mark("batch {}:{}")})]


def test_two_senders_of_one_key_are_told_apart_in_one_digest() -> None:
    desk = Desk()
    eu, us = (alert().model_copy(update={"origin": (f"https://am.{one}.example",)}) for one in ("eu", "us"))
    desk.hear(0, eu, us)
    desk.pass_until(0)
    assert [one.origin for one in desk.told[0][1].alerts] == [eu.origin, us.origin]


def test_one_alert_of_six_hundred_kilobytes_is_cut_and_heard_with_its_severity() -> None:
    desk = Desk()
    log = {"severity": "critical", "log": "x" * 600_000}
    desk.hear(0, alert().model_copy(update={"severity": "critical", "labels": log, "title": "y" * 600_000}))
    desk.pass_until(0)
    (told,) = desk.told[0][1].alerts
    assert (told.severity, len(told.title), len(told.labels["log"])) == ("critical", 250, 500)


@pytest.mark.parametrize("words", ["half \ud83d", "\ude00 half", "null \0 byte", "\ud83d\ud83d"])
def test_text_that_no_system_stores_is_made_storable_and_stops_nobody(words: str) -> None:
    desk = Desk()
    labels = {"summary": words, words: "value"}
    desk.hear(
        0,
        alert().model_copy(update={"title": words, "labels": labels}),
        acts=(VendorAct(alert="a", act=Acknowledge(by=words)),),
    )
    desk.pass_until(0)
    digest = desk.told[0][1]
    assert AlertDigest.model_validate_json(digest.model_dump_json()) == digest
    assert "\N{REPLACEMENT CHARACTER}" in digest.acts[0].act.by
    assert "\N{REPLACEMENT CHARACTER}" in digest.alerts[0].title


def test_two_halves_of_an_emoji_are_the_emoji() -> None:
    desk = Desk()
    desk.hear(0, alert().model_copy(update={"title": "on fire \ud83d\udd25"}))
    desk.pass_until(0)
    assert desk.told[0][1].alerts[0].title == "on fire \N{FIRE}"


def test_one_note_by_two_event_ids_is_one_act_and_the_same_words_later_are_another() -> None:
    desk = Desk()
    said = [("e1", at(5)), ("e2", at(5)), ("e3", at(605))]
    notes = [Note(id=f"pagerduty:{id}", by="ada", via="pagerduty", at=moment, text="looking") for id, moment in said]
    desk.hear(10, acts=tuple(VendorAct(alert="a", act=note) for note in notes))
    desk.pass_until(20)
    first, again, later = (one.act.id for one in desk.told[0][1].acts)
    assert first == again != later


def test_heavy_alerts_never_make_a_digest_too_heavy_for_a_signal() -> None:
    desk = Desk()
    labels = {f"label{number}": "x" * 1000 for number in range(50)}
    heavy = [alert(f"a{n}").model_copy(update={"labels": labels, "description": "y" * 900_000}) for n in range(50)]
    desk.hear(0, *heavy)
    desk.pass_until(0)
    digest = desk.told[0][1]
    assert len(digest.model_dump_json()) < 600_000
    assert len(digest.alerts) + digest.more == 50
    assert len(digest.alerts) > 5
