"""The table of `make bench` has only what is there, and reads what it says."""

from pathlib import Path

from bench.__main__ import TABLE, figures

BENCH = Path(__file__).parents[2] / "bench"


def test_every_row_is_a_measurement_that_is_there() -> None:
    assert {asks[0] for asks in TABLE.values()} <= {path.stem for path in BENCH.glob("*.py")}


def test_what_is_said_is_kept_as_figures_where_it_is_any() -> None:
    assert figures('{\n "a": {"b": 1}\n}\n') == {"a": {"b": 1}}
    assert figures('Server: localhost\n{ no JSON\n{\n "a": 1\n}') == {"a": 1}
    assert figures('10 open | idle\n{"open": 10}\n') == ["10 open | idle", {"open": 10}]
