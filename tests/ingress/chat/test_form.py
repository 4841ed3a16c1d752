"""Forms offer what the company and the incident know, and their buttons say what happens."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from config.company import Company
from config.company import Settings as CompanySettings
from config.place import catalog_file
from domain.company.policy_follow_up import ItemDue
from domain.port.conversation import Form, Opened
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import AddItem
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.linking import TakeLink
from domain.procedure.postmortem import NameCause
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.procedure.tasks import AssignTask, FinishTask
from domain.report.view import view
from domain.value.calendar import Calendar
from ingress.chat.prefill import Prefill
from ingress.chat.question import OPEN, form, forms, questions, submits
from standins.slack.block import view_faults
from tests import yaml
from tests.domain.story import START, Story
from vendors.slack.form import modal

COMPANY = Company(CompanySettings())
MONDAYS = Calendar.model_validate({"zone": "UTC", "days": ["mon"], "begins": "09:00", "ends": "17:00"})
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
PRESSED = {"record_legal_report": {"law": "nis2", "report": "early-warning"}}
"""What the only press that opens a form has said already."""
SUBMIT = 24
"""Characters on the button of a modal, and in its title (docs.slack.dev/reference/views)."""


def fought() -> Story:
    return Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))


def opened(act: str, story: Story | None = None, **known: str) -> Form:
    seen = view(story.incident, ()) if story else None
    return form(Opened(incident="INC-7K3QF", act=act, channel="C1"), known, Prefill(COMPANY).choices(seen))


def offered(of: Form, field: str) -> dict[str, str]:
    return dict(next(one for one in of.fields if one.field == field).options)


def test_a_forms_title_says_what_it_is_about_where_the_button_stands_in_no_message() -> None:
    titles = {kind: questions(kind)[0] for kind in forms()}
    assert not {kind for kind, title in titles.items() if title.startswith("I ") or title in ("Decline", "Let in")}
    assert titles["tell_account"] == "The account was told"


@pytest.mark.sop("WAR-4")
def test_what_may_be_kept_quiet_is_chosen_in_words_from_what_runs() -> None:
    running = offered(opened("snooze", fought()), "clause")
    assert running["WAR-4"] == "Tells the room (WAR-4)"
    assert not {*running} & {*COMPANY.policy.snooze.never}
    assert {*running} < {*offered(opened("snooze"), "clause")}
    assert list(offered(opened("snooze"), "minutes").values()) == ["15 minutes", "30 minutes", "an hour"]


@pytest.mark.sop("SOC-1")
def test_what_may_be_waived_is_what_the_policy_says() -> None:
    assert {*offered(opened("waive_clause"), "clause")} == {*COMPANY.policy.waivable}


@pytest.mark.sop("PM-3")
def test_a_cause_is_chosen_by_its_sentence_and_another_gets_its_key_from_its_title() -> None:
    causes = offered(opened("name_cause"), "cause")
    assert causes["capacity"] == "a resource ran out"
    assert list(causes)[-1] == "another"
    story = fought().passes(minutes=5).acts(Resolve(by="jonas", summary="over"))
    story.acts(NameCause(by="jonas", cause="another"))
    assert "a new one needs a title" in story.answer.text
    story.acts(NameCause(by="jonas", cause="another", title="2 cron jobs: ran twice!"))
    assert story.last("cause_named").cause == "cron-jobs-ran-twice"


def test_a_question_without_anything_to_choose_from_is_answered_in_words() -> None:
    [asked, _] = form(Opened(incident="INC-7K3QF", act="waive_clause", channel="C1"), {}, {}).fields
    assert asked.how == "line"


@pytest.mark.sop("ACK-2")
def test_whom_to_page_is_chosen_levels_and_the_teams_own_people_first(tmp_path: Path) -> None:
    whom = offered(opened("page_person", fought()), "to")
    levels = COMPANY.catalog.teams["payments"].levels
    assert [*whom][: len(levels)] == [*levels]
    assert whom["secondary"] == "Secondary on-call"
    assert whom["sam"] == "Sam Lindqvist"
    written = yaml.safe_load(catalog_file().read_text())
    written["people"] |= {f"n{number}": {**written["people"]["sam"], "slack": f"U0{number}"} for number in range(100)}
    large = tmp_path / "catalog.yaml"
    large.write_text(yaml.safe_dump(written))
    assert Prefill(Company(CompanySettings(standfast_catalog=large))).choices(None)["reach"] == ()


@pytest.mark.sop("WAR-8", "ACT-1")
def test_a_task_and_an_item_are_chosen_by_their_titles_from_what_is_left() -> None:
    story = fought().acts(AssignTask(by="jonas", title="ask the bank"), AssignTask(by="jonas", title="count orders"))
    story.acts(FinishTask(by="sam", task=1))
    assert offered(opened("finish_task", story), "task") == {"2": "2 count orders"}
    assert "part_of" not in [one.field for one in opened("add_item", story).fields]
    story.passes(minutes=5).acts(Resolve(by="jonas", summary="over"), AddItem(by="mira", title="a test", owner="dana"))
    assert "item-1 a test" in offered(opened("add_item", story), "part_of").values()


@pytest.mark.sop("DET-7")
def test_what_a_link_is_taken_back_to_is_chosen_from_the_links_that_there_are() -> None:
    linked = fought().acts(TakeLink(by="jonas", incident="INC-00001", title="cards fail"))
    assert offered(opened("unlink", linked), "to") == {"INC-00001": "cards fail (INC-00001)"}
    assert offered(opened("unlink", fought()), "to") == {}


@pytest.mark.sop("GDP-1")
def test_whether_it_is_another_breach_is_asked_once_one_is_known() -> None:
    first = opened("answer_breach", fought())
    assert [one.field for one in first.fields] == ["breach", "reason", "aware_at", "risk"]
    assert offered(first, "breach") == {"true": "Yes", "false": "No"}
    known = fought().acts(AnswerBreach(by="mira", breach=True, reason="a dump was copied", aware_at=START))
    assert offered(opened("answer_breach", known), "another") == {"true": "Yes"}


@pytest.mark.sop("GDP-2")
def test_a_form_does_not_ask_for_what_the_press_has_said_and_sends_it_along() -> None:
    known = PRESSED["record_legal_report"]
    asked = opened("record_legal_report", None, **known)
    assert [one.field for one in asked.fields] == ["reference", "told_at", "late_reason"]
    assert asked.opened.fields == known


@pytest.mark.sop("WAR-3")
def test_who_hands_over_the_only_role_that_they_have_need_not_choose_it() -> None:
    own, seen = Prefill(COMPANY).own, view(fought().incident, ())
    assert own("offer_role", "U04JONAS", seen, START) == {"role": "commander"}
    assert own("offer_role", "U05INES", seen, START) == own("offer_role", "U04JONAS", None, START) == {}


@pytest.mark.sop("WAR-3", "WAR-7")
@pytest.mark.parametrize("kind", ["offer_role", "give_up_role"])
def test_of_ones_own_roles_one_is_chosen(kind: str) -> None:
    prefill, seen = Prefill(COMPANY), view(fought().acts(TakeRole(by="jonas", role="comms")).incident, ())
    own = prefill.owned(kind, "U04JONAS", seen)
    assert own == {"role": (("commander", "Incident commander"), ("comms", "Communications lead"))}
    assert prefill.owned(kind, "U05INES", seen) == prefill.owned("relieve", "U04JONAS", seen) == {}
    assert prefill.own(kind, "U04JONAS", seen, START) == {}


@pytest.mark.sop("DET-2")
@pytest.mark.parametrize(
    ("said", "service"),
    [
        ({"service": "checkout"}, "checkout"),
        ({"service": "the", "title": "the checkout, it hangs"}, "checkout"),
        ({"title": "nothing works"}, ""),
        ({}, ""),
    ],
)
def test_which_service_is_meant_is_guessed_from_what_is_wrong(said: dict[str, str], service: str) -> None:
    assert Prefill(COMPANY).known(OPEN, said, None) == {**said, "service": service}


@pytest.mark.sop("TRI-3", "FIX-2", "WAR-4")
def test_what_is_most_often_meant_stands_in_a_form_already() -> None:
    own, looked = Prefill(COMPANY).own, view(Story().acts(Acknowledge(by="dana")).incident, ())
    seen = view(fought().incident, ())
    assert own("declare", "U04JONAS", looked, START) == {"severity": "P1"}
    assert own("declare", "U04JONAS", seen, START) == own("declare", "U04JONAS", None, START) == {}
    assert own("record_change", "U04JONAS", seen, START) == {"bypass": "false"}
    assert own("snooze", "U01DANA", seen, START) == {"minutes": "15", "clause": "WAR-4"}
    assert own("snooze", "U01DANA", None, START) == {"minutes": "15"}


@pytest.mark.sop("COM-3", "COM-6")
def test_a_state_is_chosen_in_a_writers_words_and_the_end_only_after_it() -> None:
    before = offered(opened("draft_update", fought()), "status")
    assert [words.splitlines()[0] for words in before.values()] == ["Investigating", "We know the cause", "Watching"]
    over = fought().passes(minutes=5).acts(Resolve(by="jonas", summary="over"))
    assert [*offered(opened("approve_update", over), "status")] == ["resolved"]
    assert len(offered(opened("draft_update"), "status")) == 4


@pytest.mark.sop("ACT-1")
def test_an_item_is_its_writers_and_due_when_the_policy_says_in_the_hours_that_count() -> None:
    own, seen = Prefill(COMPANY).own, view(fought().acts(AddItem(by="mira", title="x", owner="dana")).incident, ())
    due = str(int((START + timedelta(days=14)).timestamp()))
    assert own("add_item", "U05INES", seen, START) == {"owner": "U05INES", "due_at": due}
    office = seen.model_copy(update={"item_due": ItemDue(span=timedelta(hours=1), hours=MONDAYS)})
    ten = str(int(MONDAY.replace(hour=10).timestamp()))
    assert own("add_item", "U05INES", office, MONDAY) == {"owner": "U05INES", "due_at": ten}
    older = seen.model_copy(update={"item_due": None})
    for one in (older, None):
        assert own("add_item", "U05INES", one, START) == {"owner": "U05INES"}


@pytest.mark.sop("TRI-3")
def test_each_severity_says_what_it_starts() -> None:
    offered = dict(Prefill(COMPANY).choices(view(fought().incident, ()))["severity"])
    assert offered["P1"].endswith("\nWakes commander, comms, manager; customers hear in 10 min, every 30 min")
    assert offered["P3"].endswith("\nWakes nobody at night; customers read nothing")


@pytest.mark.parametrize("kind", forms())
def test_a_form_asks_at_most_four_things_below_each_heading(kind: str) -> None:
    asked = [one for one in opened(kind, fought(), **PRESSED.get(kind, {})).fields if not one.begins]
    begins = [0, *(place for place, one in enumerate(asked) if one.group and place), len(asked)]
    assert max(after - before for before, after in pairwise(begins)) <= 4, [one.field for one in asked]
    assert bool(asked[0].group) == (len(begins) > 2)


@pytest.mark.sop("GDP-2")
def test_the_notification_of_a_breach_has_a_heading_for_its_sending_and_one_for_its_contents() -> None:
    view = modal(opened("record_notification"))
    assert view_faults(view) == []
    blocks = [block.get("block_id") or block["text"]["text"] for block in view["blocks"]]
    assert (blocks[0], blocks[5], len(blocks)) == ("Sent to the authority", "What it says", 10)


@pytest.mark.parametrize("kind", forms())
def test_a_forms_button_says_what_happens_in_so_many_characters(kind: str) -> None:
    assert 0 < len(submits(kind)) <= SUBMIT
    assert len(questions(kind)[0]) <= SUBMIT, "Slack would show the title with its end cut off"
    assert submits(kind) not in ("Send", "Approve", "Confirm", "Submit", "OK")
