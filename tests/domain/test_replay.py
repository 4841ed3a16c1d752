"""A past incident under another policy goes as that one has it, and says what is new, gone or moved."""

from datetime import timedelta
from typing import Any

import pytest

from domain.company.policy import Policy
from domain.incident.event import Event
from domain.incident.opening import Opened
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import AddItem
from domain.procedure.customer_mail import ApproveMail
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.replay.consequence import happenings
from domain.replay.difference import beside, difference
from domain.replay.replay import PolicyNotApplicable, Replay, replay
from tests.domain.past import caused
from tests.domain.story import START, Story, changed, minutes, policy


def replayed(story: Story, **over: Any) -> Replay:
    """The story under a policy that differs in some fields."""
    return replay(story.incident.events, changed(policy(), name="other", **over))


def lines(played: Replay, sort: str) -> dict[str, str]:
    """What differs of a sort, by key."""
    return {line.key: line.difference for line in beside(played.before, played.after) if line.sort == sort}


def faster(within: timedelta) -> Policy:
    """The shipped policy with less time to acknowledge."""
    clock = policy().clocks["ACK-1"].model_copy(update={"within": within, "remind": timedelta(minutes=1)})
    return policy().model_copy(update={"clocks": {**policy().clocks, "ACK-1": clock}})


def test_a_faster_acknowledgement_pages_the_next_level_earlier_or_at_all() -> None:
    story = Story().at(minutes=7).acts(Acknowledge(by="sam")).at(minutes=9)
    played = replay(story.incident.events, faster(timedelta(minutes=3)))
    assert lines(played, "page") == {"0": "", "1": "2 min earlier"}
    assert lines(played, "miss") == {"ACK-1": "2 min earlier"}
    story = Story().at(minutes=4).acts(Acknowledge(by="dana")).at(minutes=9)
    played = replay(story.incident.events, faster(timedelta(minutes=3)))
    assert lines(played, "page") == {"0": "", "1": "only replayed"}
    words = {one.clause: (one.then, one.replayed) for one in difference(played, "faster").verdicts if one.differs}
    assert words["ACK-1"] == ("kept", "1 min late")


def test_pages_that_a_slower_policy_would_have_spared_are_only_then() -> None:
    story = Story().at(minutes=7).acts(Acknowledge(by="sam")).at(minutes=9)
    played = replay(story.incident.events, faster(timedelta(minutes=8)))
    assert lines(played, "page") == {"0": "", "1": "only then"}


def test_another_matrix_proposes_another_severity_of_the_senders_word() -> None:
    row = {"severity": ["critical"], "propose": "P2", "because": "nothing is that bad"}
    played = replayed(Story().passes(minutes=1), matrix=[row])
    assert played.after is not None
    assert (played.before.opened.proposed, played.after.opened.proposed) == ("P1", "P2")
    assert lines(played, "proposed") == {"": "changed"}


def test_an_old_list_without_the_senders_word_takes_it_from_the_row_that_fitted() -> None:
    old = [forgetful(event) for event in Story().passes(minutes=1).incident.events]
    rows = [{"severity": ["critical"], "propose": "P3", "because": "calm"}, {"propose": "P4", "because": "rest"}]
    played = replay(old, changed(policy(), matrix=rows))
    assert played.after is not None
    assert played.after.opened.proposed == "P3"


def forgetful(event: Event) -> Event:
    """The event as a release wrote it that did not keep the sender's word."""
    if not isinstance(event.what, Opened):
        return event
    seen = tuple(one.model_copy(update={"severity": ""}) for one in event.what.alerts)
    return event.model_copy(update={"what": event.what.model_copy(update={"alerts": seen})})


def test_another_matrix_lets_an_unclassified_incident_be_another() -> None:
    story = Story().acts(Acknowledge(by="dana")).passes(minutes=12)
    played = replayed(story, matrix=[{"propose": "P4", "because": "nothing is that bad"}])
    assert played.after is not None
    assert (played.before.severity, played.after.severity) == ("P1", "P4")
    assert lines(played, "room") == {"": "only then"}


def test_other_words_make_a_security_incident() -> None:
    for title, security in (("5xx error rate", True), ("intrusion", False)):
        played = replayed(Story(title=title).passes(minutes=1), alerts__security="5xx")
        assert played.after is not None
        assert (played.before.opened.security, played.after.opened.security) == (not security, security)


def test_a_policy_for_which_it_is_out_of_scope_opens_nothing() -> None:
    played = replayed(Story().passes(minutes=1), alerts__environments=["live"], alerts__not_production=["prod*"])
    assert played.after is None
    differs = difference(played, "other")
    assert differs.unopened == "environment 'production' is not production"
    assert {line.mark for line in differs.lines} == {"only then"}


def test_a_ladder_of_levels_that_the_team_lacks_is_refused_with_path_found_and_expected() -> None:
    with pytest.raises(
        PolicyNotApplicable, match=r"teams.payments.levels.ceo: found nothing in the catalog of INC-\w{5}, exp"
    ):
        replayed(Story().passes(minutes=1), ladder=["primary", "ceo"])


def test_acts_that_the_new_policy_forbids_are_refused_with_the_reason() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2", reason="x"))
    story.acts(Declare(by="dana", severity="P2", reason="x")).passes(minutes=1)
    rules = [{"propose": "P1", "because": "everything is"}]
    severities = {"P1": policy().severities["P1"].model_dump()}
    played = replay(story.incident.events, changed(policy(), matrix=rules, impact=[], severities=severities))
    assert "expected one of P1" in difference(played, "other").refusals[0]


def told(story: Story) -> Story:
    """A P1 whose customers are told after two minutes."""
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"), TakeRole(by="ines", role="comms"))
    return story.passes(minutes=2).acts(ApproveUpdate(by="ines"))


def test_an_approval_whose_draft_the_new_policy_has_not_prepared_was_written_by_who_approved_it() -> None:
    story = told(Story()).passes(minutes=26).acts(ApproveUpdate(by="ines")).passes(minutes=1)
    assert story.when("done", "publish/2") == minutes(28)
    played = replay(story.incident.events, _rarer())
    assert lines(played, "update") == {"1": "", "2": ""}
    assert difference(played, "rarer").refusals == ()


def _rarer() -> Policy:
    """The shipped policy with an hour between two updates, so that the second draft is not there after 26 minutes."""
    within = {"P1": timedelta(hours=1), "P2": timedelta(hours=1)}
    clock = policy().clocks["COM-2"].model_copy(update={"within": within})
    return policy().model_copy(update={"clocks": {**policy().clocks, "COM-2": clock}})


def test_a_holding_statement_is_posted_where_the_policy_nagged() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=30)
    assert "publish/1" not in story.incident.done
    played = replayed(story, updates__on_miss="holding")
    assert lines(played, "update") == {"2": "only replayed"}
    said = [one.says for one in happenings(played.after or played.before) if one.sort == "update"]
    assert said == ["investigating by standfast"]


def test_items_are_due_when_the_new_policy_says() -> None:
    story = told(Story()).passes(minutes=5).acts(Resolve(by="jonas", summary="over"))
    story.acts(AddItem(by="mira", title="limit it", owner="sam")).passes(days=3)
    played = replayed(story, item_due="2d")
    assert lines(played, "miss")["ACT-2/item-1"] == "only replayed"


def test_vendors_that_were_away_are_away_at_the_new_moment_too() -> None:
    story = Story().at(minutes=2).fails("pager", minutes=10).at(minutes=16).acts(Acknowledge(by="sam"))
    assert story.when("done", "page/1") == minutes(12.5)
    played = replay(story.incident.events, faster(timedelta(minutes=7)))
    assert lines(played, "page")["1"] == "2 min later"  # tried from 7 minutes on, at 14:30 after the longest pause


def test_an_open_incident_is_played_up_to_now_and_no_further() -> None:
    story = Story().acts(Acknowledge(by="dana")).passes(minutes=4)
    played = replay(story.incident.events, policy(), START + timedelta(minutes=4))
    assert (played.until, played.after is not None) == (START + timedelta(minutes=4), True)
    assert caused(played.control) == caused(story.incident)


def test_a_wait_of_the_new_policy_is_waited_for_after_the_last_thing_that_is_known() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.passes(minutes=9).acts(Resolve(by="jonas", summary="over"), ApproveMail(by="jonas"))
    story.learns().passes(hours=2)
    assert story.phase() == "closed"
    played = replayed(story, alerts__reopen_window="2h")
    assert played.after is not None
    assert lines(played, "closed") == {"": "1 h later"}
