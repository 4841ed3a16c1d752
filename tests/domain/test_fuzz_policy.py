"""Whatever policy a company writes: nothing crashes, nothing goes round in circles, no clause silently vanishes."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.check import lint
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from tests.domain.fuzz.company import catalogs, policies
from tests.domain.fuzz.tale import Tale, steps

QUICK: dict[str, Any] = {
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate],  # a failure is told at once; making it smaller takes minutes
}


def plays_out(said: dict[str, Any], company: dict[str, Any], data: st.DataObject) -> None:
    """One random incident of a random company, to its end where the policy can be kept."""
    policy, catalog = Policy.model_validate(said), Catalog.model_validate(company)
    strict = not lint(policy, catalog)
    title = data.draw(st.sampled_from(["x", "y", "intrusion"]), label="title")
    tale = Tale(policy, catalog, title, strict)
    for after, what in data.draw(steps(policy), label="steps"):
        tale.step(after, what)
    tale.ends()
    if strict:
        tale.judged()


@given(said=policies(), company=catalogs(), data=st.data())
@settings(max_examples=settings().max_examples // 2, **QUICK)
def test_every_policy_that_can_be_kept_is(said: dict[str, Any], company: dict[str, Any], data: st.DataObject) -> None:
    plays_out(said, company, data)


@given(said=policies(), company=catalogs())
@settings(max_examples=settings().max_examples // 2, **QUICK)
def test_whom_nobody_answers_pages_the_whole_ladder_and_its_last_level_again(
    said: dict[str, Any], company: dict[str, Any]
) -> None:
    policy, catalog = Policy.model_validate(said), Catalog.model_validate(company)
    if lint(policy, catalog):
        return
    tale, wanted = Tale(policy, catalog, "x", strict=True), [*policy.ladder, policy.ladder[-1], policy.ladder[-1]]
    while len(pages := tale.pages()) < len(wanted):
        tale.moves(tale.rings)
    assert [page.level for page in pages] == wanted
    assert all(page.people or page.schedule for page in pages)


@pytest.mark.slow
@given(said=policies(), company=catalogs(), data=st.data())
@settings(max_examples=800, **QUICK)
def test_every_policy_that_can_be_kept_is_deeper(
    said: dict[str, Any], company: dict[str, Any], data: st.DataObject
) -> None:
    plays_out(said, company, data)
