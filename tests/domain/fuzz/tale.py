"""A random incident, and what a bystander holds against the procedure after each of its steps."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.incident.clocks import Kept, Missed
from domain.incident.incident import Incident
from domain.port.pager import Page
from domain.report.scorecard import scorecard
from domain.run.agenda import clocks, deadlines, owed
from domain.simulation.incident import SimulatedIncident
from domain.simulation.scenario import Outage, Scenario, ScenarioAlert
from domain.value.act import Act
from tests.domain.fuzz.company import PEOPLE
from tests.domain.simulated import begin

ACT: TypeAdapter[Act] = TypeAdapter(Act)
START = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)
"""A Friday before the clocks change."""
MOST = 6000
"""More events than an incident of some days can have, unless something goes round in circles."""
KINDS: dict[str, dict[str, Any]] = {
    "acknowledge": {},
    "note": {"text": "hm"},
    "post_finding": {"conditions": "slow"},
    "approve_update": {},
    "draft_update": {"body": "We are on it."},
    "approve_mail": {},
    "record_change": {"change": "hotfix", "description": "x", "bypass": True},
    "authorise_change": {"number": 1},
    "resolve": {"summary": "rolled back"},
    "reopen": {"reason": "no"},
    "answer_breach": {"breach": False, "reason": "looked"},
    "add_item": {"title": "x", "owner": "ann"},
    "name_cause": {"cause": "disk", "title": "the disk"},
    "complete_postmortem": {"cause": "disk", "title": "the disk"},
}


@st.composite
def steps(draw: st.DrawFn, policy: Policy) -> list[tuple[int, dict[str, Any]]]:
    """What happens after how many minutes: acts of anybody, alerts, vendors that go away."""
    kinds = ["declare", "declare", "take_role", "breach", "waive", "alert", "outage", *KINDS]
    made = []
    for _ in range(draw(st.integers(1, 10))):
        kind = draw(st.sampled_from(kinds))
        step: dict[str, Any] = {"kind": kind, "by": draw(st.sampled_from(PEOPLE)), **KINDS.get(kind, {})}
        if kind == "declare":
            step |= {"severity": draw(st.sampled_from(list(policy.severities))), "reason": "so"}
        elif kind == "take_role":
            step["role"] = draw(st.sampled_from(list(policy.roles)))
        elif kind == "breach":
            step |= {"kind": "answer_breach", "breach": draw(st.booleans()), "reason": "looked"}
        elif kind == "waive":
            clause = draw(st.sampled_from(policy.waivable or ("ACK-1",)))
            step |= {"kind": "waive_clause", "clause": clause, "reason": "so"}
        elif kind == "alert":
            step["state"] = draw(st.sampled_from(["firing", "resolved"]))
        elif kind == "outage":
            roles = ["pager", "room", "status_page", "tracker", "mailer", "notebook"]
            step |= {"role": draw(st.sampled_from(roles)), "lasts": draw(st.integers(1, 300))}
        made.append((draw(st.sampled_from([0, 1, 4, 9, 17, 31, 61, 125, 250])), step))
    return made


class Tale:
    """One incident under way, watched: `watch` looks after each step, `judged` at the end."""

    def __init__(self, policy: Policy, catalog: Catalog, title: str, strict: bool) -> None:
        alert = {"title": title, "service": "shop", "episode": "e0"}
        said = {"name": "random", "service": "shop", "starts_at": START, "alerts": [alert]}
        self.strict, self.episode = strict, 0
        self.running: set[str] = set()
        """The promises that ran for some time; one that began and ended in one moment never did."""
        self.play: SimulatedIncident = begin(Scenario.model_validate(said), policy, catalog)
        self.watch()

    @property
    def incident(self) -> Incident:
        """The incident as it stands."""
        return self.play.incident

    def step(self, after: int, what: dict[str, Any]) -> None:
        """Time passes, then something happens."""
        self.passes(timedelta(minutes=after))
        kind = what["kind"]
        if kind == "alert":
            self.episode += what["state"] == "firing"
            sound = ScenarioAlert(after=self.play.now - START, title="x", service="shop", episode=f"e{self.episode}")
            self.moves(lambda: self.play.hear([sound.model_copy(update={"state": what["state"]}).alert(START)]))
        elif kind == "outage":
            begins = self.play.now - START
            said = {"role": what["role"], "begins": begins, "ends": begins + timedelta(minutes=what["lasts"])}
            self.play.world.outages.append(Outage.model_validate(said))
        else:
            self.moves(lambda: self.play.act(ACT.validate_python(what)))

    def passes(self, span: timedelta) -> None:
        """Let time pass, watching at every moment at which something is due."""
        until = self.play.now + span
        while (due := self.play.next_at()) is not None and due <= until:
            self.moves(lambda due=due: self.play.pass_until(max(due, self.play.now)))  # type: ignore[misc]
        self.play.pass_until(until)

    def moves(self, happens: Callable[[], object]) -> None:
        """Something happens; then the bystander looks."""
        happens()
        self.watch()

    def rings(self) -> None:
        """The next thing that is due, whenever that is."""
        due = self.play.next_at()
        assert due, "nothing is due any more"
        self.play.pass_until(max(due, self.play.now))

    def pages(self) -> list[Page]:
        """The pages that went out."""
        return [effect.duty for effect in self.play.world.effects if isinstance(effect.duty, Page)]

    def anybody(self, kind: str, **fields: Any) -> None:
        """Whoever may do an act does it."""
        for by in PEOPLE:
            if self.play.act(ACT.validate_python({"kind": kind, "by": by, **fields})).accepted:
                break
        self.watch()

    def ends(self) -> None:
        """Everything that people owe is done in the end, within some days."""
        self.anybody("acknowledge")
        self.anybody("declare", severity=self.incident.likely)
        self.passes(timedelta(hours=7))
        for number in self.incident.changes:
            self.anybody("authorise_change", number=number)
        if not self.incident.over:
            self.anybody("resolve", summary="over")
        self.anybody("answer_breach", breach=False, reason="no")
        self.passes(timedelta(hours=11))
        self.anybody("waive_items", reason="nothing to be done")
        self.anybody("complete_postmortem", cause="disk", title="the disk")
        self.anybody("approve_public_postmortem")
        for item in list(self.incident.items):
            self.anybody("close_item", item=item)
        self.passes(timedelta(days=1))

    def watch(self) -> None:
        """What holds after each step."""
        incident = self.incident
        assert incident.number < MOST
        every = list(clocks(incident))
        running = [clock for clock in every if clock.running]
        assert sorted(clock.key for clock in running) == sorted(one.key for one in deadlines(incident))
        assert len({clock.key for clock in every}) == len(every)
        if self.strict:
            self._nothing_vanished({clock.key for clock in every})
            self._somebody_will_be_paged()
        self.running = {clock.key for clock in running if not clock.wait and clock.started_at < self.play.now}

    def _nothing_vanished(self, present: set[str]) -> None:
        judged = {e.what.key for e in self.incident.events if isinstance(e.what, Kept | Missed) and e.what.stopped_at}
        assert not self.running - present - judged, self.running - present - judged

    def _somebody_will_be_paged(self) -> None:
        if self.incident.phase == "alerting":
            rings = [one for one in deadlines(self.incident) if one.clause in ("ACK-1", "ACK-2") and one.rings_at]
            assert rings or any(duty.kind == "page" for duty in owed(self.incident))
            assert rings

    def judged(self) -> None:
        """At the end every clause has a verdict with a reason, and what was missed is said to be."""
        incident = self.incident
        assert incident.phase == "closed", [duty.key for duty in owed(incident)]
        verdicts = {one.clause: one for one in scorecard(incident, self.play.now)}
        assert {one.verdict for one in verdicts.values()} <= {"met", "late", "missed", "not_applicable", "waived"}
        assert all(one.why or one.verdict == "met" for one in verdicts.values())
        kept = {event.what.key for event in incident.events if isinstance(event.what, Kept)}
        taken_back = incident.learning.breach is not None and not incident.learning.breach.breach
        for event in incident.events:
            if isinstance(event.what, Missed) and event.what.key not in kept:
                excused = event.clause == "GDP-2" and taken_back
                assert excused or verdicts[event.clause].verdict in ("late", "missed", "waived"), (
                    event.what,
                    verdicts[event.clause],
                )
