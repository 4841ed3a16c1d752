"""What a menu begins with is what its reader's part reaches for in this phase; what they may not do is not in it."""

import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.report.offer import FIRST, by_phase, is_allowed, offered, who_may
from domain.report.view import view
from tests.domain.story import Story, catalog, changed, policy

COMMAND = ("resolve", "record_change", "declare", "page_person", "offer_role")
ON_CALL = ("post_finding", "page_person", "offer_role", "snooze", "note")
COMMS = ("draft_update", "approve_update", "offer_role", "post_finding", "note")


def begins(story: Story, person: str) -> tuple[str, ...]:
    acts = offered(view(story.incident, ()), person, policy(), catalog())
    return tuple(act.model_fields["kind"].default for act in acts[:FIRST])


def looked_at() -> Story:
    return Story().acts(Acknowledge(by="dana"))


def fought() -> Story:
    return looked_at().acts(Declare(by="jonas", severity="P1"), TakeRole(by="ines", role="comms"))


def over() -> Story:
    return fought().acts(Resolve(by="jonas", summary="Rolled back."))


@pytest.mark.sop("ACK-1", "TRI-3")
def test_while_nobody_is_on_it_the_first_press_is_to_be() -> None:
    assert begins(Story(), "sam")[:4] == ("acknowledge", "declare", "page_person", "note")
    assert "acknowledge" not in begins(looked_at(), "sam")


@pytest.mark.sop("WAR-3")
@pytest.mark.parametrize(("person", "expected"), [("jonas", COMMAND), ("dana", ON_CALL), ("ines", COMMS)])
def test_in_the_fight_each_part_begins_with_its_own(person: str, expected: tuple[str, ...]) -> None:
    assert begins(fought(), person) == expected


@pytest.mark.sop("WAR-3", "PM-1")
def test_whoever_has_no_part_and_the_manager_have_theirs() -> None:
    assert begins(fought(), "sam")[:3] == ("post_finding", "note", "page_person")
    assert begins(fought(), "mira")[0] == "page_person"
    assert {"complete_postmortem", "answer_breach", "name_cause"} <= {*begins(over(), "mira")}
    assert begins(over(), "jonas")[0] == "reopen"
    assert "resolve" not in begins(fought(), "sam")


@pytest.mark.sop("TRI-3", "WAR-3")
def test_who_may_do_what_is_said_by_the_policy_that_the_incident_keeps() -> None:
    seen, today = view(fought().incident, ()), changed(policy(), may__resolve=["comms"])
    assert is_allowed(Resolve, seen, "jonas", today, catalog())
    assert who_may(Resolve, seen, today, catalog()) == ("jonas",)
    assert Resolve in offered(seen, "jonas", today, catalog())
    older = seen.model_copy(update={"role_rules": {}, "may": {}})
    assert who_may(Resolve, older, today, catalog()) == ("ines",)


@pytest.mark.sop("WAR-3")
def test_the_rest_of_a_long_menu_stands_by_when_it_is_for() -> None:
    acts = offered(view(fought().incident, ()), "jonas", policy(), catalog(), every=True)
    groups = by_phase(acts[FIRST:])
    kinds = {when: {act.model_fields["kind"].default for act in some} for when, some in groups.items()}
    assert [*groups] == ["While it is fought", "Afterwards", "At any time"]
    assert "assign_task" in kinds["While it is fought"]
    assert {"add_item", "name_cause"} <= kinds["Afterwards"]
    assert {"note", "correct"} <= kinds["At any time"]
    assert sum(len(some) for some in groups.values()) == len(acts) - FIRST
    after = by_phase(offered(view(over().incident, ()), "mira", policy(), catalog(), every=True))
    assert "While it is fought" not in after
