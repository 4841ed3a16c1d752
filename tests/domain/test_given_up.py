"""ACK-6, WAR-7: what its engineer gives up, or is relieved of, rings again until somebody has it."""

import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.relief import GiveUpRole, Relieve
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.replay.input import cues
from domain.rule.act import IncidentAct
from tests.domain.story import Story, changed, policy

GIVES_UP = GiveUpRole(by="dana", role="on_call", reason="my train leaves")
RELIEVED = Relieve(by="mira", role="on_call", reason="no answer")


def fought(*, rings: bool = True) -> Story:
    """A P1 that dana has taken and jonas commands."""
    story = Story(changed(policy(), paging__given_up_rings=rings)).acts(Acknowledge(by="dana"))
    return story.acts(Declare(by="jonas", severity="P1")).passes(minutes=1)


def rung(story: Story) -> list[str]:
    """Whom the ladder has paged."""
    return [name for _, people in story.ladder() for name in people]


@pytest.mark.sop("ACK-6", "WAR-7")
@pytest.mark.parametrize("act", [GIVES_UP, RELIEVED], ids=["given up", "relieved"])
def test_it_rings_past_who_is_not_at_it_any_more_and_the_next_acknowledges_it(act: IncidentAct) -> None:
    story = fought().acts(act).passes(seconds=1)
    assert (story.phase(), rung(story)) == ("active", ["dana", "sam"])
    story.passes(minutes=2).acts(Acknowledge(by="sam"))
    assert not story.refused
    assert story.incident.holder("on_call") == "sam"


@pytest.mark.parametrize("act", [GIVES_UP, RELIEVED], ids=["given up", "relieved"])
def test_a_replay_reads_it_back_as_one_act(act: IncidentAct) -> None:
    read_back = [cue.act.kind for cue in cues(fought().acts(act).incident.events) if cue.act]
    assert read_back == ["acknowledge", "declare", act.kind]


@pytest.mark.sop("ACK-1", "ACK-2", "WAR-3")
def test_who_takes_the_engineers_role_while_it_rings_has_acknowledged_it() -> None:
    story = fought().acts(RELIEVED).passes(minutes=2).acts(TakeRole(by="priya", role="on_call")).passes(minutes=20)
    assert (rung(story), story.incident.acknowledged_by) == (["dana", "sam"], "priya")
    assert story.last("acknowledged").kind == "acknowledged"


@pytest.mark.sop("ACK-6", "WAR-7")
def test_nobody_is_woken_where_it_is_over_or_another_role_or_an_older_policy_says_nothing() -> None:
    over = fought().acts(Resolve(by="jonas", summary="rolled back"))
    assert rung(over.acts(GIVES_UP).passes(minutes=10)) == ["dana"]
    assert rung(fought().acts(Relieve(by="mira", role="commander", reason="no answer")).passes(minutes=4)) == ["dana"]
    older = fought(rings=False).acts(RELIEVED).passes(minutes=10)
    assert rung(older) == ["dana"]
    assert older.acts(TakeRole(by="sam", role="on_call")).incident.acknowledged_by == "dana"
