"""The same root cause within 90 days is said at once, and counted."""

from datetime import timedelta

import pytest

from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.procedure.cause_told import HearCause
from domain.procedure.figures import parts
from domain.procedure.repeats import as_earlier, modes
from domain.run.read import read
from domain.value.repeat import Repeat
from tests.again import again
from tests.domain.learn.case import NOON, POLICY, Case, completed, days, fought, hours
from tests.domain.learn.past import archive, earlier


@pytest.mark.sop("REP-1")
def test_naming_a_known_cause_says_the_earlier_incident_and_its_open_items_at_once() -> None:
    case = Case(answers=archive(earlier()))
    case.acts("declare", "jonas", severity="P1")
    case.acts("name_cause", "jonas", cause="capacity")
    (asked,) = case.did("find_repeats")
    assert (asked.cause, asked.since, asked.until) == ("capacity", NOON - days(90), NOON)
    (told,) = case.said("REP-1")
    assert "INC-00001, 12 days ago: checkout 5xx" in told.text
    assert "still open: Limit the pool, due 05 Mar https://example.com/CHK-1" in told.text
    assert (case.view.root_cause, case.view.repeat_of) == ("capacity", "INC-00001")


@pytest.mark.sop("REP-1")
@pytest.mark.parametrize(
    ("known", "repeats"),
    [
        (earlier(ago=days(90)), True),
        (earlier(ago=days(90) + timedelta(seconds=1)), False),
        (earlier(ago=timedelta()), True),
        (earlier(ago=-timedelta(minutes=10)), True),
        (earlier(ago=-days(1)), False),
        (earlier(cause="deployment"), False),
        (earlier(cause=""), False),
        (earlier(service="billing", runbooks=()), False),
        (earlier(service="billing", modes=modes(["first"], ())), True),
        (earlier(drill=True), False),
    ],
    ids=[
        *("90 days", "longer", "at once", "later, named before", "after it was named", "another cause", "no cause"),
        *("another service", "another service, the same failure", "a drill"),
    ],
)
def test_a_repetition_is_the_same_cause_within_90_days(known: Repeat, repeats: bool) -> None:
    case = fought(answers=archive(known))
    case.acts("name_cause", "dana", cause="capacity")
    assert bool(case.incident.learning.repeats) is repeats
    assert bool(case.said("REP-1")) is repeats


@pytest.mark.sop("REP-1")
def test_the_newest_of_several_is_the_one_repeated_and_all_are_counted() -> None:
    known = (earlier("INC-00001", days(80)), earlier("INC-00003", days(3)), earlier("INC-00002", days(40)))
    case = fought(answers=archive(*known, known[0]))
    case.acts("name_cause", "dana", cause="capacity")
    assert case.view.repeat_of == "INC-00003"
    assert "was met 3 other times" in case.said("REP-1")[0].text


@pytest.mark.sop("REP-1")
def test_an_incident_does_not_repeat_itself() -> None:
    first = Case()
    case = fought(answers=archive(earlier(first.incident.id)))
    case.acts("name_cause", "dana", cause="capacity")
    assert case.view.repeat_of == ""


@pytest.mark.sop("REP-1")
def test_another_cause_is_looked_for_anew_and_forgets_what_the_first_repeated() -> None:
    case = fought(answers=archive(earlier(), earlier("INC-00002", cause="hardware")))
    case.acts("name_cause", "dana", cause="capacity")
    case.acts("name_cause", "dana", cause="deployment")
    assert case.view.repeat_of == ""
    case.acts("name_cause", "dana", cause="hardware")
    assert case.view.repeat_of == "INC-00002"
    assert len(case.did("find_repeats")) == 3
    case.acts("name_cause", "dana", cause="capacity")
    assert case.view.repeat_of == "INC-00001"


@pytest.mark.sop("REP-1")
def test_a_cause_of_its_own_name_repeats_whatever_the_service() -> None:
    case = fought(answers=archive(earlier(cause="retry-storm", service="billing")))
    case.acts("name_cause", "dana", cause="retry-storm", title="clients that retry at once")
    assert case.view.repeat_of == "INC-00001"


@pytest.mark.sop("REP-1")
def test_a_drill_is_no_repetition() -> None:
    case = fought(drill=True, answers=archive(earlier()))
    case.acts("name_cause", "dana", cause="capacity")
    assert case.did("find_repeats") == []


@pytest.mark.sop("REP-1")
@pytest.mark.parametrize(
    ("known", "said"),
    [
        (earlier(), True),
        (earlier(ago=days(91)), False),
        (earlier(service="billing"), False),
        (earlier(runbooks=()), False),
        (earlier(runbooks=("https://runbooks.harbourline.example/dns",)), False),
        (earlier(drill=True), False),
        (earlier(runbooks=(), modes=modes(["first"], ())), True),
        (earlier(runbooks=(), modes=modes(["second"], ())), False),
        (earlier(cause=""), True),
        (earlier(cause="", items=()), False),
        (earlier(cause="", items=(), ago=hours(20)), True),
    ],
    ids=[
        *("alike", "long ago", "another service", "no runbook", "another failure mode", "a drill"),
        *("the same alert", "another alert", "no cause yet", "nothing learned", "nothing learned, but today"),
    ],
)
def test_at_the_opening_what_may_be_happening_again_is_said(known: Repeat, said: bool) -> None:
    case = Case(earlier=(known,))
    assert [one.incident for one in case.incident.opened.repeats] == (["INC-00001"] if said else [])
    case.acts("declare", "jonas", severity="P1")
    assert bool(case.said("REP-1 this failure mode was seen before")) is said
    assert case.view.repeat_of == ""
    words = [value for name, value in case.did("show_headline")[-1].message.facts if name == "Seen before"]
    assert bool(words) is said


@pytest.mark.sop("REP-1")
def test_the_headline_says_the_newest_earlier_incident_its_cause_and_what_is_still_open() -> None:
    case = Case(earlier=(earlier(), earlier("INC-00002", days(40))))
    [first] = case.did("show_headline")
    said = "INC-00001, 12 days ago; root cause capacity; 1 action item still open: Limit the pool; and 1 more"
    assert dict(first.message.facts)["Seen before"] == said
    [told] = case.said("REP-1")
    assert "INC-00002, 40 days ago" in told.text


@pytest.mark.sop("REP-1", "TRI-1")
def test_who_takes_it_is_handed_the_newest_one_that_looked_like_it() -> None:
    for known, said in (((earlier(),), True), ((), False)):
        case = Case(earlier=known)
        case.acts("acknowledge", "dana")
        [handed] = [duty.message.text for duty in case.did("say") if "is on it." in duty.message.text]
        words = "Seen before: INC-00001, 12 days ago; root cause capacity; 1 action item still open: Limit the pool."
        assert (words in handed) is said


@pytest.mark.sop("REP-1", "SCP-3")
def test_an_earlier_security_incident_is_said_to_have_been_and_not_what_it_was() -> None:
    case = Case(earlier=(earlier(private=True, title="security incident, private"),))
    shown = case.did("show_headline")[0].message.model_dump_json() + case.said("REP-1")[0].text
    assert "INC-00001, 12 days ago" in shown
    assert "capacity" not in shown
    assert "Limit the pool" not in shown


@pytest.mark.sop("REP-1")
def test_one_incident_is_the_next_ones_earlier_one() -> None:
    first = fought()
    completed(first)
    later = Case(
        seed="second",
        at=NOON + days(30),
        earlier=(as_earlier(first.incident),),
        answers=archive(as_earlier(first.incident)),
    )
    later.acts("declare", "jonas", severity="P1")
    assert "still open: Limit the pool per tenant" in later.said("REP-1")[0].text
    later.acts("name_cause", "jonas", cause="capacity")
    assert later.view.repeat_of == first.incident.id


@pytest.mark.sop("REP-1", "SCP-3")
def test_a_security_incident_is_remembered_without_its_subject() -> None:
    case = Case(title="Unauthorised access to the customer database")
    case.passes(hours(1))
    assert "Unauthorised" not in as_earlier(case.incident).model_dump_json(exclude={"runbooks"})


@again
def one_of_two(*, found: bool, taken: bool = True) -> Case:
    """The earlier of two incidents with one cause; its archive finds the later one, which hears of it or is closed."""
    later = earlier(ago=-timedelta(minutes=10))
    past = archive(*([later] if found else []))

    def answers(duty: AnyDuty) -> Outcome | None:
        return Outcome(ref="INC-00001" if taken else "") if duty.kind == "tell_incident" else past(duty)

    case = fought(answers=answers)
    case.acts("name_cause", "dana", cause="capacity")
    return case


def counted(case: Case) -> list[tuple[int, int]]:
    return [(part.judged, part.kept) for part in case.view.parts if part.figure == "KPI-6"]


@pytest.mark.sop("REP-1", "KPI-6")
def test_of_two_with_one_cause_the_later_counts_and_the_earlier_only_where_the_later_is_closed() -> None:
    told = one_of_two(found=True)
    assert [duty.other for duty in told.did("tell_incident")] == ["INC-00001"]
    assert (counted(told), told.view.repeat_of) == ([(1, 1)], "")
    alone = one_of_two(found=True, taken=False)
    assert (counted(alone), alone.view.repeat_of) == ([(1, 0)], "INC-00001")


@pytest.mark.sop("KPI-6")
def test_what_a_later_one_is_still_to_hear_of_is_counted_by_neither() -> None:
    events = one_of_two(found=True).incident.events
    found = next(event.number for event in events if event.what.kind == "repeat_found")
    [figure] = [part for part in parts(read(events[:found])) if part.figure == "KPI-6"]
    assert (figure.judged, figure.open) == (0, 1)


@pytest.mark.sop("REP-1", "KPI-6")
def test_who_hears_of_an_earlier_one_repeats_it_until_its_cause_is_another() -> None:
    case = one_of_two(found=False)
    assert counted(case) == [(1, 1)]
    for cause, kept in (("capacity", 0), ("capacity", 0), ("hardware", 1), ("capacity", 0)):
        said = earlier(cause=cause).model_dump()
        case.acts("hear_cause", "mira", repeat=said, naming=9)
        assert counted(case) == [(1, kept)]
    assert len(case.said("REP-1")) == 3
    assert case.did("tell_incident") == [], "it knows already"
    case.acts("name_cause", "dana", cause="hardware")
    [told] = case.did("tell_incident")
    assert isinstance(told.act, HearCause)
    assert (told.other, told.act.repeat.cause) == ("INC-00001", "hardware")


@pytest.mark.sop("REP-1")
def test_a_policy_of_old_tells_no_other_incident() -> None:
    rules = POLICY.model_copy(update={"learn": POLICY.learn.model_copy(update={"causes_told": False})})
    case = fought(policy=rules, answers=archive(earlier()))
    case.acts("name_cause", "dana", cause="capacity")
    assert (case.did("tell_incident"), counted(case)) == ([], [(1, 0)])
