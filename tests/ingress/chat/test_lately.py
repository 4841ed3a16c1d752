"""What is remembered for a while is gone afterwards, whoever asks."""

from datetime import UTC, datetime, timedelta

from ingress.chat.lately import Lately

START = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)


def test_what_is_older_than_its_span_is_forgotten_and_a_busy_workspace_leaves_nothing_behind() -> None:
    hour = [START]
    rooms = Lately[str, int](timedelta(minutes=10), lambda: hour[0])
    for number in range(1000):
        hour[0] = START + timedelta(minutes=number)
        rooms[f"C{number}"] = number
    assert len(rooms) == 10
    assert ("C989" in rooms, "C990" in rooms, rooms["C999"]) == (False, True, 999)
    hour[0] += timedelta(hours=1)
    assert len(rooms) == 0


def test_what_is_put_again_lasts_from_then_and_what_is_taken_out_is_gone() -> None:
    hour = [START]
    rooms = Lately[str, int](timedelta(minutes=10), lambda: hour[0])
    rooms["C1"], rooms["C2"] = 1, 2
    hour[0] += timedelta(minutes=6)
    rooms["C1"] = 3
    hour[0] += timedelta(minutes=6)
    assert ("C1" in rooms, rooms["C1"], "C2" in rooms) == (True, 3, False)
    rooms.pop("C1")
    assert len(rooms) == 0
