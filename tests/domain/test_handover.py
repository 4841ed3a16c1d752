"""TRI-1, TRI-2: what was deployed and which of the notebook's runbooks fits, told as soon as it is known."""

from datetime import timedelta

import pytest

from domain.company.catalog import Link
from domain.company.deployment import Deployment
from domain.company.policy_polling import PollingRule
from domain.port.duty import Outcome
from domain.procedure.headline import headline
from domain.procedure.postmortem_document import sections
from tests.domain.learn.case import NOON, POLICY, Case
from tests.domain.story import Story, catalog, changed
from tests.domain.wording import worded

BOOK = Link(label="Refunds pile up", url="https://notion.example/refunds")
DEPLOYED = Deployment(
    source="github",
    id="acme/checkout#7",
    repository="harbourline/checkout",
    environment="production",
    sha="abcdef0123",
    url="https://github.example/runs/7",
    state="succeeded",
    at=NOON - timedelta(minutes=9),
    by="dana-gh",
)
FOUND = Outcome(links=(BOOK,))
TOLD = "harbourline/checkout abcdef0 to production, succeeded 03 Mar 11:51 UTC, by dana-gh"


def opened(
    title: str = "the coffee is cold", books: Outcome | None = None, deployed: Outcome | None = None, slow: str = ""
) -> Case:
    """An incident whose notebook and archive answer so, or not yet."""
    said = {"find_runbooks": books or Outcome(), "find_deployments": deployed or Outcome()}
    return Case(title=title, answers=lambda duty: said.get(duty.kind), slow=slow)


def handed(case: Case) -> str:
    """What was said at the acknowledgement, in the one message it gets."""
    case.acts("acknowledge", "dana")
    (message,) = [one for one in case.said("ACK-1") if "is on it" in one.text]
    assert [person.id for person in message.to] == ["dana"]
    return message.text


def later(case: Case) -> list[str]:
    """What was said when the world had taken its time."""
    before = len(case.did("say"))
    case.slow = ""
    case.passes(timedelta(seconds=1))
    return [worded(duty) for duty in case.did("say")[before:]]


def shown(case: Case) -> list[str]:
    return [link.url for link in headline(case.incident).links]


@pytest.mark.sop("TRI-2")
def test_the_notebooks_runbook_is_handed_over_beside_the_catalogs() -> None:
    case = opened("5xx error rate", FOUND)
    assert "Runbook: Error rate after a deployment, Refunds pile up." in handed(case)
    assert BOOK.url in shown(case)


@pytest.mark.sop("TRI-2")
def test_no_runbook_is_said_once_neither_has_one() -> None:
    assert "No runbook matches." in handed(opened())


@pytest.mark.sop("TRI-2")
@pytest.mark.parametrize(
    ("books", "said"), [(FOUND, "TRI-2 Runbook: Refunds pile up"), (Outcome(), "TRI-2 No runbook matches")]
)
def test_a_slow_notebook_delays_its_own_answer_and_nothing_else(books: Outcome, said: str) -> None:
    case = opened(books=books, slow="find_runbooks")
    assert "The notebook is still being searched for a runbook." in handed(case)
    assert later(case) == [said]


@pytest.mark.sop("TRI-2")
def test_a_slow_notebook_that_has_nothing_to_add_to_the_catalogs_is_not_mentioned() -> None:
    case = opened("5xx error rate", slow="find_runbooks")
    assert "Runbook: Error rate after a deployment." in handed(case)
    assert later(case) == []


def test_labels_are_searched_for_too_and_where_no_notebook_is_nothing_is() -> None:
    case = Case(title="odd", labels={"job": "refund-worker"})
    assert ["refund-worker" in duty.words for duty in case.did("find_runbooks")] == [True]
    bare = changed(catalog(), vendors={**catalog().vendors, "notebook": "none"})
    assert Story(company=bare).done("find_runbooks") == []


@pytest.mark.sop("TRI-1")
def test_the_last_deployments_are_handed_over_with_who_when_what_and_state() -> None:
    case = opened(deployed=Outcome(deployments=(DEPLOYED,)))
    assert f"Last deployment: {TOLD}." in handed(case)
    assert DEPLOYED.url in shown(case)


@pytest.mark.sop("PM-1", "PM-4")
def test_the_post_mortem_says_what_was_deployed_and_not_by_whom() -> None:
    case = opened(deployed=Outcome(deployments=(DEPLOYED,)))
    (section,) = [one for one in sections(case.incident) if one.heading == "Deployments before the alert"]
    assert section.lines == (
        f"- 03 Mar 11:51 UTC: harbourline/checkout abcdef0 to production, succeeded {DEPLOYED.url}",
    )


@pytest.mark.sop("TRI-1")
def test_deployments_that_are_found_after_the_acknowledgement_are_told_then() -> None:
    case = opened(deployed=Outcome(deployments=(DEPLOYED,)), slow="find_deployments")
    assert "deployment" not in handed(case)
    assert later(case) == [f"TRI-1 Deployed before the alert: {TOLD}"]


def test_a_policy_that_asks_for_no_deployments_looks_for_none() -> None:
    assert [duty.limit for duty in opened().did("find_deployments")] == [3]
    silent = POLICY.model_copy(update={"asks": PollingRule()})
    case = Case(policy=silent)
    assert case.did("find_deployments") == []
    assert "Deployments before the alert" not in [one.heading for one in sections(case.incident)]
