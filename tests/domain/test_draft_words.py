"""Which words a draft begins from: after a reopening, and where the page is away."""

from datetime import timedelta

import pytest

from domain.procedure.public_update import UpdateDrafted
from domain.procedure.resolution import Reopen
from domain.procedure.status_page import ApproveUpdate, DraftUpdate
from domain.run.retry import RetryWindow
from tests.domain.story import changed, policy
from tests.domain.test_communicate import told
from tests.domain.test_outbox import OVER, bodies


@pytest.mark.sop("COM-3", "RES-3")
def test_under_a_page_that_says_resolved_the_first_draft_of_a_reopening_says_that_it_is_back() -> None:
    story = told().acts(ApproveUpdate(by="ines")).passes(minutes=20).acts(OVER, ApproveUpdate(by="ines"))
    story.passes(minutes=5).acts(Reopen(by="dana", reason="it fails again"))
    assert story.last("update_drafted").body.startswith(
        "We wrote that the problem with Checkout was solved. It is back."
    )
    unsaid = {name: text for name, text in policy().updates.drafts.items() if name != "again"}
    older = told(changed(policy(), updates__drafts=unsaid)).acts(ApproveUpdate(by="ines")).passes(minutes=20)
    older.acts(OVER, ApproveUpdate(by="ines")).passes(minutes=5).acts(Reopen(by="dana", reason="it fails again"))
    first, *_ = older.events("update_drafted")
    assert isinstance(first.what, UpdateDrafted)
    assert older.last("update_drafted").body == first.what.body


@pytest.mark.sop("COM-6", "COM-3")
@pytest.mark.parametrize(("at_once", "refused"), [(True, ""), (False, "the draft is still being fetched")])
def test_the_last_words_of_a_page_that_is_away_wait_for_no_template(at_once: bool, refused: str) -> None:
    rules = changed(policy(), updates__away_at_once=at_once)
    story = told(rules)
    story.play.patience = {
        "status_page": RetryWindow(timedelta(seconds=1), timedelta(seconds=15), timedelta(minutes=2))
    }
    story.fails("status_page").passes(minutes=1).acts(ApproveUpdate(by="ines")).passes(minutes=9)
    story.acts(OVER, ApproveUpdate(by="ines"))
    assert story.refused.startswith(refused)
    assert bool(story.refused) == bool(refused)
    if at_once:
        assert story.last("update_approved").status == "resolved"
        story.mends().passes(minutes=10)
        assert bodies(story)[-1].startswith("The problem with Checkout is solved.")


@pytest.mark.sop("COM-3")
@pytest.mark.parametrize(
    ("number", "said"),
    [
        (
            1,
            "draft 1 does not wait any more; update 2 (investigating) was approved and waits for the page: Cards fail.",
        ),
        (None, "update 2 was approved and waits for the page; name it to change its words"),
    ],
)
def test_who_approves_what_is_overtaken_hears_what_waits_for_the_page(number: int | None, said: str) -> None:
    story = told().fails("status_page", "publish_update").acts(DraftUpdate(by="ines", body="Cards fail."))
    story.acts(ApproveUpdate(by="ines", number=2), ApproveUpdate(by="ines", number=number))
    assert story.refused == said
    story.acts(ApproveUpdate(by="ines", number=2, body="Cards fail everywhere.")).mends().passes(minutes=10)
    assert bodies(story) == ["Cards fail everywhere."]
