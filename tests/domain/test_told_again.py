"""COM-2, RES-3: by when customers hear again after a reopening."""

from datetime import timedelta

import pytest

from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.status_page import ApproveUpdate, DraftUpdate
from tests.domain.story import START, changed, minutes, policy
from tests.domain.test_communicate import told


@pytest.mark.sop("COM-2", "RES-3")
@pytest.mark.parametrize(("reopened", "due", "by_last_words"), [(20, 30, True), (24, 34, True), (20, 50, False)])
def test_after_a_reopening_that_the_page_never_ended_customers_hear_by_what_they_read_last(
    reopened: int, due: int, by_last_words: bool
) -> None:
    """Within the half hour they were promised, or as soon as of something new; a policy of before began a half hour."""
    rules = changed(policy(), updates__by_last_words=by_last_words)
    story = told(rules).acts(ApproveUpdate(by="ines")).passes(minutes=10).acts(Resolve(by="jonas", summary="ok"))
    story.passes(minutes=reopened - 10).acts(Reopen(by="jonas", reason="no"))
    [key] = [key for key in story.running() if key.startswith("COM-2")]
    assert story.due(key).due_at - START == timedelta(minutes=due)
    story.passes(minutes=due - reopened + 1)
    assert story.when("missed", key) == minutes(due)
    assert story.due(key).due_at - START == timedelta(minutes=due)


@pytest.mark.sop("COM-2", "RES-3")
def test_what_a_reopening_owes_by_the_last_words_is_kept_by_the_next_and_void_before_it() -> None:
    story = told().acts(ApproveUpdate(by="ines")).passes(minutes=10).acts(Resolve(by="jonas", summary="ok"))
    story.passes(minutes=10).acts(Reopen(by="jonas", reason="no"))
    [key] = [key for key in story.running() if key.startswith("COM-2")]
    story.passes(minutes=5).acts(
        DraftUpdate(by="ines", body="It goes on.", status="identified"), ApproveUpdate(by="ines")
    )
    assert story.when("kept", key) == minutes(25)
    assert key not in story.running()


@pytest.mark.sop("COM-1", "RES-3")
def test_a_first_update_that_never_went_out_is_due_again_after_a_reopening() -> None:
    story = told().fails("status_page").passes(minutes=2).acts(Resolve(by="jonas", summary="ok")).passes(minutes=3)
    story.acts(Reopen(by="jonas", reason="no"))
    assert story.due("COM-1/r2").due_at - START == timedelta(minutes=15)
