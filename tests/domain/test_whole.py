"""A monitor that tells its groups one by one may be ended as a whole."""

from tests.domain.group import Group, alert


def test_the_end_of_a_whole_monitor_is_the_end_of_each_of_its_groups_and_of_no_other() -> None:
    group = Group().hears(alert(key="42:7:web-1"), alert(key="42:7:web-2", episode="2"), alert(key="42:70:web-1"))
    group.hears(alert("resolved", at=5, key="42:7:", episode=""), at=5)
    assert [(one.key, one.state) for step in group.steps for one in step.alerts] == [
        ("42:7:web-1", "resolved"),
        ("42:7:web-2", "resolved"),
    ]
    assert group.hears(alert("resolved", at=6, key="42:9:", episode=""), at=6).steps == []
