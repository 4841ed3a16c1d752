"""A storm costs a few digests, news is never kept back for long, and nothing a group must know is left out."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.alerting.alert import Alert, State, VendorAct
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import Group
from domain.procedure.acknowledgement import Acknowledge
from ingress.webhook.digest import Digests

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
GROUP = Group("checkout/production", "checkout", "production")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def alert(key: str = "a", state: State = "firing", episode: str = "1", moment: datetime = START) -> Alert:
    return Alert(source="test", key=key, episode=episode, state=state, title=key, fired_at=START, at=moment)


def states(digest: AlertDigest) -> list[tuple[str, str, str]]:
    """What a digest tells one by one."""
    return [(one.key, one.state, one.episode) for one in digest.alerts]


class Desk:
    """Hears alerts at moments of the test's choosing and notes when which digest went."""

    def __init__(self) -> None:
        self.digests = Digests()
        self.row = 0
        self.now = 0.0
        self.told: list[tuple[float, AlertDigest]] = []
        self.done: list[int] = []

    def hear(self, seconds: float, *alerts: Alert, acts: tuple[VendorAct, ...] = ()) -> None:
        self.row, self.now = self.row + 1, seconds
        self.digests.hear(GROUP, self.row, alerts, acts, at(seconds))

    def pass_until(self, seconds: float) -> None:
        """Tell every digest at the moment it is due."""
        while (due := self.digests.next_due_at()) and due <= at(seconds):
            self.tell(max((due - START).total_seconds(), self.now))

    def tell(self, seconds: float) -> None:
        for digest in self.digests.due(at(seconds)):
            self.told.append((seconds, digest))
            self.done += self.digests.told(digest.group, at(seconds))

    @property
    def moments(self) -> list[float]:
        return [seconds for seconds, _ in self.told]


def test_the_first_alert_goes_at_once() -> None:
    desk = Desk()
    desk.hear(0, alert())
    desk.pass_until(0)
    assert desk.moments == [0]
    digest = desk.told[0][1]
    assert (digest.group, digest.service, digest.environment) == tuple(GROUP)
    assert (digest.first_row, digest.last_row, digest.count, digest.more) == (1, 1, 1, 0)
    assert states(digest) == [("a", "firing", "1")]
    assert (digest.heard_at, digest.alerts[0].heard_at) == (START, START)


def test_duplicates_are_told_as_a_count_at_growing_intervals() -> None:
    desk = Desk()
    for second in range(200):
        desk.hear(second, alert())
        desk.pass_until(second)
    assert desk.moments == [0, 1, 3, 7, 15, 31, 61, 91, 121, 151, 181]
    assert [digest.count for _, digest in desk.told] == [1, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30]
    assert desk.done == list(range(1, 183))


def test_after_a_minute_of_quiet_the_next_alert_goes_at_once_again() -> None:
    desk = Desk()
    for second in (0, 1, 2, 3):
        desk.hear(second, alert())
        desk.pass_until(second)
    desk.pass_until(10)
    desk.hear(70, alert())
    desk.pass_until(70)
    assert desk.moments == [0, 1, 3, 70]


@pytest.mark.parametrize(
    "news", [alert(state="resolved", moment=at(20)), alert("b"), alert(episode="2"), alert(state="no_data")]
)
def test_a_state_that_is_new_to_its_alert_waits_one_second_at_most(news: Alert) -> None:
    desk = Desk()
    for second in range(20):
        desk.hear(second, alert())
        desk.pass_until(second)
    desk.hear(20, news)
    desk.pass_until(60)
    assert desk.moments == [0, 1, 3, 7, 15, 21]
    assert (news.key, news.state, news.episode) in states(desk.told[-1][1])


def test_an_act_goes_at_once_with_what_was_heard_before_it() -> None:
    desk = Desk()
    for second in range(20):
        desk.hear(second, alert())
        desk.pass_until(second)
    act = VendorAct(alert="a", act=Acknowledge(by="ada"))
    desk.hear(20, acts=(act,))
    desk.pass_until(20)
    assert desk.moments[-1] == 20
    (told,) = desk.told[-1][1].acts
    assert (told.act, told.heard_at, desk.told[-1][1].count) == (act.act, at(20), 4)


def test_acts_that_hail_are_told_once_a_second_and_none_is_left_out() -> None:
    desk = Desk()
    for number in range(120):
        desk.hear(0, acts=(VendorAct(alert="a", act=Acknowledge(id=str(number), by="ada")),))
    desk.pass_until(10)
    assert desk.moments == [0, 1, 2]
    assert [vendor_act.act.id for _, digest in desk.told for vendor_act in digest.acts] == [
        str(number) for number in range(120)
    ]


def test_alerts_out_of_order_leave_the_newest_state_of_each() -> None:
    desk = Desk()
    desk.hear(5, alert(state="resolved", moment=at(5)))
    desk.hear(5, alert(state="firing", moment=at(0)))
    desk.pass_until(5)
    assert [one.state for one in desk.told[0][1].alerts] == ["resolved"]


def test_a_storm_of_distinct_alerts_tells_fifty_and_counts_the_others() -> None:
    desk = Desk()
    for number in range(10_000):
        desk.hear(number / 1000, alert(f"a{number}"))
        desk.pass_until(number / 1000)
    desk.pass_until(60)
    assert len(desk.told) <= 12
    assert max(len(digest.alerts) for _, digest in desk.told) == 50
    assert sum(len(digest.alerts) + digest.more for _, digest in desk.told) == 10_000
    assert sum(digest.count for _, digest in desk.told) == 10_000
    assert desk.done == list(range(1, 10_001))


def test_a_digest_that_could_not_be_told_stays_as_it_is_and_later_alerts_come_after_it() -> None:
    desk = Desk()
    desk.hear(0, alert())
    (lost,) = desk.digests.due(at(0))
    desk.hear(1, alert("b"))
    assert desk.digests.due(at(1)) == [lost]
    desk.pass_until(30)
    assert [(digest.first_row, digest.last_row) for _, digest in desk.told] == [(1, 1), (2, 2)]


def test_a_digest_that_is_put_off_waits_longer_each_time() -> None:
    desk = Desk()
    desk.hear(0, alert())
    moments = []
    for _ in range(8):
        due = desk.digests.next_due_at()
        assert due
        assert len(desk.digests.due(due)) == 1
        moments.append((due - START).total_seconds())
        desk.digests.postpone(GROUP.key, due)
    assert moments == [0, 1, 3, 7, 15, 31, 61, 91]


def test_groups_do_not_wait_for_each_other() -> None:
    desk = Desk()
    other = Group("search/production", "search", "production")
    desk.hear(0, alert())
    desk.pass_until(0)
    desk.digests.hear(other, 9, [alert("b")], [], at(0.5))
    assert [digest.group for digest in desk.digests.due(at(0.5))] == ["search/production"]
