"""WAR-7: from any state that can be reached, with any one person gone for good, the others can still do everything."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.incident.incident import Incident
from domain.run import read as fold
from domain.simulation.incident import SimulatedIncident, SimulatedVendors
from domain.value.act import Act
from tests.domain.story import START, Story, catalog, changed

ACT: TypeAdapter[Act] = TypeAdapter(Act)
PEOPLE = tuple(catalog().people)
ROLES = ("commander", "on_call", "comms", "manager")
SEVERITIES = ("P1", "P2", "P3", "P4")
FIELDS: dict[str, dict[str, st.SearchStrategy[object]]] = {
    "acknowledge": {},
    "declare": {"severity": st.sampled_from(SEVERITIES), "reason": st.just("so it looks")},
    "take_role": {"role": st.sampled_from(ROLES)},
    "offer_role": {"role": st.sampled_from(ROLES), "to": st.sampled_from(PEOPLE)},
    "relieve": {"role": st.sampled_from(ROLES), "reason": st.just("silent")},
    "give_up_role": {"role": st.sampled_from(ROLES)},
    "record_change": {"change": st.just("hotfix"), "description": st.just("x"), "bypass": st.just(True)},
    "resolve": {"summary": st.just("rolled back")},
    "reopen": {"reason": st.just("no")},
    "decline_role": {"role": st.sampled_from(ROLES)},
    "mark_security": {"reason": st.just("a stranger's key")},
    "tell_customers": {"tell": st.booleans(), "reason": st.just("decided")},
    "report_impact": {"customers": st.sampled_from([3, 4000])},
    "assign_task": {"title": st.just("call the bank"), "to": st.sampled_from(["", *PEOPLE])},
    "correct": {"team": st.sampled_from(["payments", "platform"]), "reason": st.just("theirs")},
    "adopt_catalog": {"reason": st.just("left"), "without": st.sampled_from([(), *((name,) for name in PEOPLE)])},
    "answer_breach": {"breach": st.booleans(), "reason": st.just("looked"), "aware_at": st.just(START)},
    "add_item": {"title": st.just("limit it"), "owner": st.sampled_from(PEOPLE)},
    "page_person": {"to": st.sampled_from(PEOPLE)},
    "draft_update": {"status": st.just("investigating"), "body": st.just("We are on it.")},
    "approve_update": {},
}
AWAY = st.dictionaries(st.sampled_from(PEOPLE), st.tuples(st.integers(-60, 60), st.integers(60, 9000)), max_size=2)
"""Whose leave begins how many minutes after the start, and ends."""
CONTENTS = dict.fromkeys(("nature", "contact", "consequences", "measures"), "not known yet")


@st.composite
def lines(draw: st.DrawFn) -> dict[str, object]:
    """What somebody does, sensible or not, after a while."""
    kind = draw(st.sampled_from(sorted(FIELDS)))
    fields = {name: draw(values) for name, values in FIELDS[kind].items()}
    return {"kind": kind, "by": draw(st.sampled_from(PEOPLE)), "after": draw(st.sampled_from([0, 1, 6, 20])), **fields}


class Others:
    """The same incident, in which one person is not heard from any more."""

    def __init__(self, story: Story, gone: str) -> None:
        self.play = SimulatedIncident(fold.read(story.incident.events), SimulatedVendors(START), story.play.now)
        self.people = [name for name in PEOPLE if name != gone]
        self.gone = gone

    @property
    def incident(self) -> Incident:
        return self.play.incident

    def somebody(self, kind: str, **fields: object) -> bool:
        """Whether any of them may do this, a second later; the first who may, does."""
        self.play.pass_until(self.play.now + timedelta(seconds=1))
        return any(self._does(by, kind, **fields) for by in self.people)

    def _does(self, by: str, kind: str, **fields: object) -> bool:
        return self.play.act(ACT.validate_python({"kind": kind, "by": by, **fields})).accepted

    def relieved(self, role: str) -> bool:
        """Whether a role of the one who is gone passes to one of them."""
        if self.incident.holders.get(role) != self.gone:
            return role in self.incident.holders or self.somebody("take_role", role=role)
        return self.somebody("relieve", role=role, reason="gone") and self.somebody("take_role", role=role)

    def authorised(self, change: int) -> bool:
        """Whether one of them may; where only who asked is left who could, two take the manager's role from them."""
        if self.somebody("authorise_change", number=change, reason="go"):
            return True
        others = [by for by in self.people if by != self.incident.changes[change].by]
        relieved = any(self._does(by, "relieve", role="manager", reason="their own") for by in others)
        taken = relieved and any(self._does(by, "take_role", role="manager") for by in others)
        return taken and self.somebody("authorise_change", number=change, reason="go")

    def closed(self) -> bool:
        """Whether the follow-up can be brought to its end."""
        if self.incident.learning.breach and self.incident.learning.breach.breach:
            assert self.somebody("record_notification", reference="DPA-1", late_reason="nobody knew", **CONTENTS)
        self.somebody("answer_breach", breach=False, reason="nothing was read")
        for task in [one.number for one in self.incident.work.left]:
            assert self.somebody("drop_task", task=task, reason="not needed")
        self.somebody("waive_items", reason="nothing is left to do")
        for item in [one.key for one in self.incident.items.values() if one.state == "open"]:
            assert self.somebody("close_item", item=item)
        self.somebody("complete_postmortem", cause="capacity")
        self.somebody("approve_public_postmortem")
        self.play.pass_until(self.play.now + timedelta(hours=2))
        return self.incident.phase == "closed"


@pytest.mark.sop("WAR-7")
@settings(max_examples=max(5, settings().max_examples // 5))
@given(story=st.lists(lines(), max_size=15), gone=st.sampled_from(PEOPLE), away=AWAY)
def test_with_anybody_gone_for_good_the_others_raise_relieve_authorise_publish_resolve_and_close(
    story: list[dict[str, object]], gone: str, away: dict[str, tuple[int, int]]
) -> None:
    """A bypass that one of the others asks for is authorised in every case: by the manager, or by a deputy's right."""
    leaves = {name: [START + timedelta(minutes=at) for at in span] for name, span in away.items()}
    told = Story(company=changed(catalog(), **{f"people__{name}__away": leave for name, leave in leaves.items()}))
    for line in story:
        told.passes(minutes=float(str(line["after"])))
        told.acts(ACT.validate_python({name: value for name, value in line.items() if name != "after"}))
    others = Others(told, gone)
    if others.incident.phase == "closed":
        return
    if others.incident.over:
        assert others.somebody("reopen", reason="it is back")
    assert others.incident.likely == "P1" or others.somebody("declare", severity="P1", reason="everything is down")
    assert all(others.relieved(role) for role in ROLES)
    assert others.somebody("declare", severity="P1") or others.incident.severity == "P1"
    assert others.somebody("record_change", change="hotfix", description="x", bypass=True)
    for change in [one.number for one in others.incident.changes.values() if one.granted is None]:
        assert others.authorised(change)
    if others.incident.secret and not (others.incident.secrecy.answer and others.incident.secrecy.answer.tell):
        assert others.somebody("tell_customers", tell=True, reason="they are hit")
    assert others.somebody("draft_update", status="investigating", body="We are on it.")
    assert others.somebody("approve_update")
    assert others.somebody("resolve", summary="rolled back")
    assert others.closed()
