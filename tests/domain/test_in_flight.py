"""No answer that comes late changes what people decided since it was asked for: every effect against every act."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from domain.incident.incident import Incident
from domain.port.any_duty import DUTIES, AnyDuty
from domain.port.duty import Outcome
from domain.port.status_page import PublishUpdate
from domain.procedure.correction import Correct
from domain.procedure.status_page import PostByHand
from domain.run import progress as step
from domain.run.retry import Attempt
from domain.simulation.incident import SimulatedIncident
from domain.simulation.scenario import Outage
from domain.value.act import Act
from tests.domain.story import Story, catalog, changed, policy
from tests.domain.test_cue import FOUGHT
from tests.domain.test_may import FIELDS
from tests.domain.test_outbox import URL, in_flight

ACT: TypeAdapter[Act] = TypeAdapter(Act)
DESK = changed(catalog(), vendors={**catalog().vendors, "support": "zendesk"})
KEPT_BY_US = {"events", "acts", "notices", "heard", "done", "failures", "shown", "said", "searches", "faults"}
KEPT_BY_US |= {"moved", "ticked", "presence", "reach", "policy", "opened", "reminded", "missed", "passed", "rung"}
"""What the reading keeps of itself: what was said, done, heard, and which clocks rang. Nobody decides it."""
DONE = {said["kind"] for said in FOUGHT}
MOST = 25
"""More kinds of acts than this can be done while any effect is in flight."""
FIRST = {"find_runbooks", "find_deployments"}
"""What is asked for as it opens: a first try fails, and the next is never answered."""
Path = tuple[Any, ...]


@dataclass
class Slow(SimulatedIncident):
    """An incident under way in which the effects of one kind are begun and never answered."""

    kind: str = ""

    def _may_begin(self, duty: AnyDuty) -> bool:
        if duty.kind == self.kind:
            self.trials.setdefault(duty.key, (duty, Attempt(self.now)))
        return super()._may_begin(duty)

    def in_flight(self) -> list[AnyDuty]:
        """What was begun and is not answered."""
        return [duty for duty, trial in self.trials.values() if duty.kind == self.kind and trial.again_at is None]


def told(kind: str) -> Iterator[Story]:
    """An incident in which everything was done once, act by act, while the effects of one kind are in flight."""
    rules = changed(policy(), legal={"nis2": {}})
    away = Outage(role=DUTIES[kind].role, kind=kind, ends=timedelta(seconds=1))
    story = Story(rules, DESK, source="zendesk", key="1:5158", ticket="5158", outages=(away,) if kind in FIRST else ())
    story.play = Slow(**vars(story.play), kind=kind)
    if kind == "find_company":
        story.acts(Correct(by="dana", reason="wrong", service="unheard-of"))
    for slow in {"publish_update", "publish_postmortem"} - {kind}:
        story.fails("status_page", slow)
    for said in FOUGHT:
        story.passes(seconds=7).acts(ACT.validate_python(said))
        yield story
        if kind == "read_status" and said["kind"] == "post_by_hand":
            story.passes(minutes=11)
    story.passes(days=4)
    yield story


def reading(of: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything that a reading says, each with its place."""
    if is_dataclass(of):
        for field in fields(of):
            if path or field.name not in KEPT_BY_US:
                yield from reading(getattr(of, field.name), (*path, field.name))
    elif isinstance(of, dict):
        for key, value in of.items():
            yield from reading(value, (*path, key))
    else:
        yield path, tuple(of) if isinstance(of, list) else of


def between(before: dict[Path, Any], after: dict[Path, Any]) -> set[Path]:
    """Where two readings differ."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def copied(incident: Incident) -> Incident:
    """A reading that may be changed; its events are shared, for nothing changes them."""
    same = [incident.policy, incident.opened, incident.adopted, *incident.events]
    return deepcopy(incident, {id(one): one for one in same})


def overwritten(incident: Incident, act: Act, duty: AnyDuty, answers: Outcome) -> set[Path] | None:
    """What an act decided and the late answer changed; None where the act was refused."""
    there = copied(incident)
    before, now = dict(reading(there)), there.events[-1].at
    if not step.receive(there, act, now + timedelta(seconds=1)).accepted:
        return None
    decided = dict(reading(there))
    step.done(there, duty, answers, now + timedelta(seconds=90))
    return between(before, decided) & between(decided, dict(reading(there)))


def pairs(kind: str) -> Iterator[tuple[str, AnyDuty, set[Path]]]:
    """Each act that could be done while an effect is in flight, with the effect and what its late answer changed."""
    seldom = [{"kind": one, "by": "jonas", **FIELDS.get(one, {})} for one in Act.kinds if one not in DONE]
    tried, every = set[str](), [*FOUGHT, *seldom]
    for story, following in zip(told(kind), [*FOUGHT[1:], None, None], strict=True):
        for duty in story.play.in_flight()[:1]:  # type: ignore[attr-defined]
            answers = story.play.world.do(duty, story.play.now)
            for said in [*every, following] if following else every:
                act = ACT.validate_python({**said, "id": "meanwhile"})
                changed = None if act.kind in tried else overwritten(story.incident, act, duty, answers)
                if changed is not None:
                    tried.add(act.kind)
                    yield act.kind, duty, changed
            every = []


def expected(duty: AnyDuty, path: Path) -> bool:
    """What has left is on the page, even if it was to leave no more by then: the page is the record (COM-7)."""
    return isinstance(duty, PublishUpdate) and path == ("updates", duty.number, "dropped_at")


def test_every_act_is_tried() -> None:
    assert DONE | set(FIELDS) | {"end_drill"} >= set(Act.kinds)


@pytest.mark.slow
@pytest.mark.parametrize("kind", DUTIES)
@pytest.mark.sop("COM-3", "COM-7", "SOC-1")
def test_no_late_answer_of_any_effect_changes_what_any_act_decided(kind: str) -> None:
    played = list(pairs(kind))
    wrong = [(act, duty.key, path) for act, duty, where in played for path in where if not expected(duty, path)]
    assert (wrong, len({act for act, _, _ in played}) > MOST) == ([], True)


@pytest.mark.sop("COM-3", "COM-7")
@pytest.mark.parametrize("ref", ["p3", "p9"])
def test_the_link_of_who_posted_by_hand_stays_and_an_update_that_stands_twice_is_told(ref: str) -> None:
    story, duty = in_flight("publish_update")
    story.acts(PostByHand(by="ines", url=URL))
    answer = Outcome(ref=ref, url=f"https://status.example.com/incidents/{ref}")
    step.done(story.incident, duty, answer, story.play.now + timedelta(seconds=90))
    story.mends().passes(minutes=1)
    assert (story.incident.status_ref, story.incident.status_url) == ("p3", URL)
    assert story.told("it stands twice, at https://status.example.com/incidents/p3 and at") == (
        {"ines", "jonas"} if ref == "p9" else set()
    )
