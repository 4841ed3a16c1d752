"""DET-7: what a correction must not lose: the groups that had it, who was written to, who has it in hand."""

from datetime import timedelta

import pytest

from domain.alerting.grouping import Group
from domain.port.internal import FindCompany, ReportToGroup
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.adoption import AdoptCatalog
from domain.procedure.company_search import found
from domain.procedure.correction import Correct
from domain.procedure.customer_mail import ApproveMail
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.run.agenda import owed
from domain.run.progress import done
from domain.simulation.digests import silent
from tests.again import again
from tests.domain.story import START, Story, catalog, changed
from tests.domain.test_correct import STORY, WRONG, to_platform
from tests.domain.test_joining import incidents, told

pytestmark = pytest.mark.sop("DET-7")


def test_back_in_its_first_group_it_takes_what_is_new_there() -> None:
    ensemble = told(
        *STORY,
        {"at": "6m", "sam": {"correct": "no, it is billing's", "service": "billing"}},
        {"at": "7m", "dana": "acknowledge"},
        {"at": "9m", "alert": "invoices are wrong", "service": "billing", "severity": "warning"},
        {"at": "10m", "dana": {"correct": "their cluster after all", "service": "platform"}},
        {"at": "12m", "alert": "two nodes are gone", "service": "platform"},
    )
    [only] = incidents(ensemble)
    assert set(only.alerts) == {"the exports are empty", "invoices are wrong", "two nodes are gone"}
    assert ensemble.watches["billing/production"].incident == ""


def test_a_word_of_a_move_before_it_came_back_undoes_nothing() -> None:
    watch = silent(Group("g", "billing", "production")).opened("INC-22222")
    moved = said_aside(at=60)
    away = watch.hear_report(moved)
    assert (away.incident, away.adopt("INC-22222", START).incident) == ("", "INC-22222")
    back = away.adopt("INC-22222", START + timedelta(minutes=2))
    assert back.hear_report(moved).incident == "INC-22222"
    assert back.hear_report(said_aside(at=180)).incident == ""


def said_aside(at: int) -> ReportToGroup:
    report = {"key": "r", "incident": "INC-22222", "clause": "DET-7", "summary": "x", "group": "g", "phase": "active"}
    return ReportToGroup.model_validate({**report, "at": START + timedelta(seconds=at), "aside": True})


def test_a_group_that_took_it_hears_of_the_end_that_came_first() -> None:
    story = Story(**WRONG).passes(minutes=2).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P3"))
    story.fails("group", "find_company").acts(to_platform())
    asked = next(duty for duty in owed(story.incident) if isinstance(duty, FindCompany))
    story.acts(Resolve(by="dana", summary="restarted"))
    done(story.incident, asked, found(asked, catalog(), story.incident.policy), story.play.now)
    assert story.incident.service.name == "platform"
    reports = {duty.group: duty.phase for duty in owed(story.incident) if isinstance(duty, ReportToGroup)}
    assert reports["platform/production"] == "resolved"
    assert len(story.ladder()) == 1


def test_who_was_written_to_hears_of_the_end_of_it() -> None:
    story = Story().passes(minutes=2).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.acts(ApproveMail(by="ines")).passes(minutes=1).acts(to_platform()).passes(minutes=3)
    story.acts(Resolve(by="jonas", summary="restarted"), ApproveMail(by="ines")).passes(minutes=1)
    sent = [duty.account.email for duty in story.done("send_mail")]  # type: ignore[union-attr]
    assert sent == ["ops@northwind.example", "status@contoso.example"] * 2
    assert story.verdict("COM-5") == "met"


def test_a_mail_that_nobody_approved_is_for_the_accounts_of_the_right_service() -> None:
    story = Story(**WRONG).passes(minutes=2).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    first = story.incident.outward.mail_draft
    story.acts(Correct(by="dana", reason="payments fail", service="checkout")).passes(minutes=2)
    second = story.incident.outward.mail_draft
    assert first
    assert second
    assert (first.accounts, second.number) == (("ops@northwind.example",), first.number + 1)
    assert second.accounts == ("ops@northwind.example", "status@contoso.example")
    story.acts(ApproveMail(by="ines", number=second.number)).passes(minutes=1)
    assert len(story.events("mail_drafted")) == 2
    assert {duty.account.email for duty in story.done("send_mail")} == set(second.accounts)  # type: ignore[union-attr]


def test_an_adopted_catalog_keeps_room_and_page_of_before_and_must_know_the_team() -> None:
    other = changed(catalog(), services__platform__vendors={"room": "teams", "pager": "opsgenie"})
    story = Story(company=other, **WRONG).acts(Acknowledge(by="dana"), to_platform())
    story.acts(AdoptCatalog(by="mira", reason="new people", catalog=other))
    assert [story.incident.catalog.vendor(role, "platform") for role in ("room", "pager")] == ["slack", "opsgenie"]
    story = Story(**WRONG).acts(Acknowledge(by="dana"), Correct(by="dana", reason="they own it", team="Platform"))
    alone = catalog().slice("billing").model_copy(update={"teams": {"payments": catalog().teams["payments"]}})
    assert "no team 'platform'" in story.acts(AdoptCatalog(by="mira", reason="x", catalog=alone)).refused


def test_one_person_alone_takes_it_from_nobody_who_is_heard_from() -> None:
    story = taken_by_two().acts(to_platform("ines"))
    assert "Dana Okafor has it in hand" in story.refused
    assert (story.incident.holder("on_call"), story.incident.service.name) == ("dana", "billing")
    assert story.passes(minutes=1).told("says that it is platform's") == {"dana", "jonas"}
    assert story.acts(to_platform("sam")).passes(minutes=1).incident.service.name == "platform"


@pytest.mark.parametrize("by", ["dana", "jonas", "mira"])
def test_who_has_it_commands_or_answers_for_the_team_corrects_it_alone(by: str) -> None:
    assert taken_by_two().acts(to_platform(by)).passes(minutes=1).incident.service.name == "platform"


def test_anybody_corrects_what_nobody_was_heard_from_about_and_a_title_at_any_time() -> None:
    retitled = taken_by_two().acts(Correct(by="ines", reason="all of them", title="No export runs"))
    assert retitled.incident.title.inside == "No export runs"
    silent_since = retitled.passes(hours=2).acts(to_platform("ines"))
    assert silent_since.passes(minutes=1).incident.service.name == "platform"


@again
def taken_by_two() -> Story:
    return Story(**WRONG).passes(minutes=2).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2"))
