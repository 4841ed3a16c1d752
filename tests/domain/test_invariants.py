"""Whatever people, monitors, vendors and time do, in whatever order, some things never happen."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pydantic import TypeAdapter

from domain.incident.clocks import Missed
from domain.incident.incident import Incident
from domain.incident.lifecycle import Reopened
from domain.incident.pages import rings_on
from domain.incident.ringing import Unacknowledged
from domain.incident.roles import RoleGivenUp, RoleOffered, RoleTaken, RoleVacated
from domain.incident_input import pack, unpack
from domain.port.any_duty import AnyDuty
from domain.run import progress as step
from domain.run import read as fold
from domain.run.agenda import clocks, deadlines, owed
from domain.run.may import forbidden
from domain.simulation.incident import SimulatedVendors
from domain.simulation.scenario import ScenarioAlert
from domain.value.act import Act
from tests.domain.story import START, Story, changed, policy

ACT: TypeAdapter[Act] = TypeAdapter(Act)
PEOPLE = ("dana", "sam", "mira", "jonas", "ines", "priya", "PDANA01", "a stranger")
ROLES = ("commander", "on_call", "comms", "manager", "king")
SPANS = (0, 1, 5, 30, 90, 180, 300, 420, 600, 900, 1800, 3700, 90_000)
FIELDS: dict[str, dict[str, st.SearchStrategy[object]]] = {
    "acknowledge": {},
    "page_escalated": {"people": st.lists(st.sampled_from(PEOPLE), max_size=3)},
    "hear_severity": {"word": st.sampled_from(["P1", "low", "sev9", "?"]), "where": st.just("the pager")},
    "declare": {"severity": st.sampled_from(["P1", "P2", "P3", "P4", "P9"]), "reason": st.sampled_from(["", "small"])},
    "take_role": {"role": st.sampled_from(ROLES)},
    "offer_role": {"role": st.sampled_from(ROLES), "to": st.sampled_from(["dana", "sam", "jonas", "zoe"])},
    "relieve": {"role": st.sampled_from(ROLES), "reason": st.just("silent")},
    "give_up_role": {"role": st.sampled_from(ROLES)},
    "decline_role": {"role": st.sampled_from(ROLES)},
    "confirm_change": {"number": st.integers(0, 3), "confirmed": st.booleans()},
    "adopt_catalog": {"reason": st.just("left"), "without": st.sampled_from([(), ("sam",), ("ines", "dana")])},
    "correct": {
        "reason": st.just("wrong"),
        "service": st.sampled_from(["", "platform", "checkout", "nothing"]),
        "team": st.sampled_from(["", "platform", "payments"]),
    },
    "page_person": {"to": st.sampled_from(["sam", "U02SAM", "secondary", "last resort", "nobody at all"])},
    "post_finding": {"conditions": st.just("slow")},
    "draft_update": {"status": st.sampled_from(["investigating", "resolved"]), "body": st.just("We are on it.")},
    "approve_update": {"number": st.sampled_from([None, 1, 2, 9]), "status": st.sampled_from([None, "monitoring"])},
    "approve_mail": {},
    "record_change": {"change": st.just("hotfix"), "description": st.just("x"), "bypass": st.booleans()},
    "authorise_change": {"number": st.integers(0, 3), "granted": st.booleans()},
    "answer_breach": {"breach": st.booleans(), "reason": st.just("looked")},
    "note": {"text": st.just("hm")},
    "snooze": {
        "clause": st.sampled_from(["COM-1", "WAR-4", "XXX-1"]),
        "until": st.just(START + timedelta(hours=2)),
        "reason": st.just("busy"),
    },
    "resolve": {"summary": st.just("rolled back")},
    "reopen": {"reason": st.just("no")},
    "close_item": {"item": st.sampled_from(["change-1", "item-1", "nothing"]), "state": st.just("done")},
    "name_cause": {"cause": st.sampled_from(["disk", "deploy"]), "title": st.sampled_from(["", "the disk"])},
    "add_item": {"title": st.just("x"), "owner": st.sampled_from(["sam", "nobody"])},
    "waive_items": {"reason": st.just("x")},
    "complete_postmortem": {"cause": st.sampled_from([None, "disk"])},
    "draft_public_postmortem": {"body": st.just("It failed.")},
    "approve_public_postmortem": {"number": st.sampled_from([None, 1, 2])},
    "post_public_postmortem": {"url": st.just("https://status.example/1")},
    "tell_account": {"how": st.just("on the telephone")},
    "record_notification": {"reference": st.sampled_from(["", "AEPD-1"]), "late_reason": st.sampled_from(["", "x"])},
    "waive_clause": {"clause": st.sampled_from(["WAR-4", "PM-1", "ACK-1"]), "reason": st.just("x")},
}


@st.composite
def acts(draw: st.DrawFn) -> dict[str, object]:
    """Any act by anybody, sensible or not, sometimes dated back."""
    kind = draw(st.sampled_from(sorted(FIELDS)))
    chosen = {name: draw(values) for name, values in FIELDS[kind].items()}
    return {"kind": kind, "by": draw(st.sampled_from(PEOPLE)), "late": draw(st.sampled_from([0, 0, 0, 400])), **chosen}


class Procedure(RuleBasedStateMachine):
    """One incident, to which anything may happen; `holders` and `finished` are what a bystander wrote down."""

    incident: Incident
    now: datetime
    world: SimulatedVendors

    @initialize(
        title=st.sampled_from(["5xx error rate", "intrusion"]),
        service=st.sampled_from(["checkout", "billing", "platform"]),
        on_miss=st.sampled_from(["nag", "holding"]),
        recovery=st.sampled_from(["tell", "resolve"]),
        by=st.sampled_from(["", "jonas"]),
    )
    def opens(self, title: str, service: str, on_miss: str, recovery: str, by: str) -> None:
        rules = changed(policy(), updates__on_miss=on_miss, alerts__recovery=recovery)
        story = Story(rules, service=service, title=title, by=by, episode="e0")
        self.incident, self.now, self.world = story.incident, story.play.now, story.play.world
        self.finished, self.sent, self.read_to = set(self.incident.done), 0, 0
        self.holders: dict[str, str] = dict(self.incident.holders)
        self.offers: dict[str, str] = {}
        self.left = set[str]()
        self.silent = set[str]()

    @rule(act=acts())
    def acts(self, act: dict[str, object]) -> None:
        late = act.pop("late")
        self.sent += 1
        before, at = self.incident.number, self.now - timedelta(seconds=int(str(late)))
        one = ACT.validate_python({**act, "id": f"act-{self.sent}", "at": at})
        answer = step.receive(self.incident, one, self.now)
        if not answer.accepted:
            [*_, refused] = (e for e in self.incident.events[before:] if e.what.kind == "refused")
            assert answer.text
            assert getattr(refused.what, "reason", "") == answer.text
        number = self.incident.number
        assert step.receive(self.incident, one, self.now).accepted is answer.accepted
        assert self.incident.number == number

    @rule(
        key=st.sampled_from(["alert-1", "alert-2"]),
        state=st.sampled_from(["firing", "resolved", "merged", "no_data"]),
        episode=st.sampled_from(["e0", "e1", "e2"]),
        paged=st.sampled_from([(), ("PDANA01",), ("PDANA01", "PSAM002")]),
        late=st.sampled_from([0, 300]),
    )
    def hears(self, key: str, state: str, episode: str, paged: tuple[str, ...], late: int) -> None:
        after = self.now - START - timedelta(seconds=late)
        sound = {"after": after, "key": key, "state": state, "episode": episode, "paged": paged}
        step.hear(self.incident, [ScenarioAlert.model_validate(sound).alert(START)], 1, self.now)

    @rule(seconds=st.sampled_from(SPANS))
    def passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        step.pass_time(self.incident, self.now)

    @rule()
    def passes_to_the_next_ring(self) -> None:
        rings = [one.rings_at for one in deadlines(self.incident) if one.rings_at]
        self.now = max([self.now, *rings[:1]])
        step.pass_time(self.incident, self.now)

    @precondition(lambda self: any(True for _ in owed(self.incident)))
    @rule(data=st.data(), fails=st.sampled_from([False, False, False, True]), retryable=st.booleans())
    def tries_some_duties(self, data: st.DataObject, fails: bool, retryable: bool) -> None:
        for duty in [one for one in owed(self.incident) if data.draw(st.booleans(), label=one.key)]:
            if fails:
                step.failed(self.incident, duty, "503", retryable, self.now)
            else:
                self.does(duty)

    @rule()
    def does_everything_owed_now(self) -> None:
        for _ in range(100):
            ready = [one for one in owed(self.incident) if one.not_before is None or one.not_before <= self.now]
            if not ready:
                return
            self.does(ready[0])
        raise AssertionError(f"it is never enough: {ready[0].key}")

    def does(self, duty: AnyDuty) -> None:
        outcome = self.world.do(duty, self.now)
        step.done(self.incident, duty, outcome, self.now)
        number = self.incident.number
        step.done(self.incident, duty, outcome, self.now)
        assert self.incident.number == number
        self.finished.add(duty.key)

    @invariant()
    def every_role_has_one_holder_who_gave_it_away_if_anybody_did(self) -> None:
        for event in self.incident.events[self.read_to :]:
            match event.what:
                case RoleOffered(role=role, to=to):
                    self.offers[role] = to
                case Reopened():
                    self.left = set(self.holders)
                case RoleVacated(role=role, person=person):
                    assert self.holders.pop(role) == person
                case RoleGivenUp(role=role):
                    assert self.holders.pop(role) == event.by
                case Unacknowledged():
                    self.silent.add("on_call")
                case Missed(clause="ACK-5", stopped_at=stopped) if not stopped or "on_call" in self.incident.holders:
                    self.silent = self.silent - {"on_call"} if stopped else self.silent | {"on_call"}
                case RoleTaken(role=role, person=person):
                    given = role in self.left | self.silent or self.offers.pop(role, "") == person
                    assert self.holders.get(role, person) == person or given
                    self.holders[role] = person
                    self.silent.discard(role)
        for role in self.silent - self.incident.holders.keys():
            self.holders.pop(role, None)
        self.silent &= self.holders.keys()
        self.read_to = self.incident.number
        assert self.incident.holders == self.holders

    @invariant()
    def after_an_acknowledgement_only_who_was_asked_for_or_has_a_role_is_paged_and_nobody_after_the_end(self) -> None:
        pages = [duty.key for duty in owed(self.incident) if duty.kind == "page"]
        assert not pages or not self.incident.over
        assert not self.incident.acknowledged_at or all(rings_on(key.parts[0]) for key in pages)

    @invariant()
    def every_running_clock_has_one_deadline_under_a_key_of_its_own(self) -> None:
        running = [clock.key for clock in clocks(self.incident) if clock.running]
        assert sorted(running) == sorted(one.key for one in deadlines(self.incident))
        every = [clock.key for clock in clocks(self.incident)]
        assert len(set(every)) == len(every)

    @invariant()
    def events_are_numbered_without_a_gap(self) -> None:
        assert [event.number for event in self.incident.events] == list(range(1, self.incident.number + 1))

    @invariant()
    def what_is_owed_has_a_key_of_its_own_and_was_never_done(self) -> None:
        keys = [duty.key for duty in owed(self.incident)]
        assert len(set(keys)) == len(keys)
        assert not self.finished & set(keys)

    @invariant()
    def the_events_alone_are_the_incident(self) -> None:
        packed = unpack(pack(self.incident.events))
        assert packed == self.incident.events
        again = fold.read(packed)
        assert again == self.incident
        assert (again.phase, list(owed(again)), deadlines(again)) == (
            self.incident.phase,
            list(owed(self.incident)),
            deadlines(self.incident),
        )

    @invariant()
    def an_incident_that_is_not_closed_is_never_stuck(self) -> None:
        rings = any(one.rings_at for one in deadlines(self.incident))
        resolve = ACT.validate_python({"kind": "resolve", "by": self.incident.commander or "dana", "summary": "x"})
        moves = rings or any(True for _ in owed(self.incident)) or forbidden(self.incident, resolve) is None
        assert moves or self.incident.phase == "closed"

    @invariant()
    def an_open_incident_that_nobody_took_always_rings(self) -> None:
        if self.incident.phase == "alerting":
            assert any(one.rings_at and one.clause in ("ACK-1", "ACK-2") for one in deadlines(self.incident))


TestProcedure = Procedure.TestCase
TestProcedure.settings = settings(
    max_examples=settings().max_examples // 2,
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
)
