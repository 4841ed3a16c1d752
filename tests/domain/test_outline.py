"""A generated section says the same in every notebook, and a runbook is searched as people wrote it."""

import pytest

from domain.company.runbook import written
from domain.port.notebook import OpenDocument, Section
from domain.port.outline import Piece, caption, digest, linked, note, pieces, title

TIMELINE = Section(heading="Timeline", lines=("one", "", "- two", "- three", "|a|b|", "|---|:-:|", "| c |", "four"))


def test_lines_are_put_together_by_kind_and_empty_ones_left_out() -> None:
    assert pieces(TIMELINE) == (
        Piece(kind="text", rows=(("one",),)),
        Piece(kind="list", rows=(("two",), ("three",))),
        Piece(kind="table", rows=(("a", "b"), ("c",))),
        Piece(kind="text", rows=(("four",),)),
    )
    assert [piece.width for piece in pieces(TIMELINE)] == [1, 1, 2, 1]
    assert pieces(Section(heading="x", lines=("|---|",))) == ()


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            "As it stood, 03:00 UTC: https://board.example/i?at=1",
            ("As it stood, 03:00 UTC", "https://board.example/i?at=1"),
        ),
        ("rolled back https://ci.example:8080/7", ("rolled back", "https://ci.example:8080/7")),
        ("https://ci.example/7", ("https://ci.example/7", "")),
        ("see https://ci.example/7 for it", ("see https://ci.example/7 for it", "")),
        ("see https://<x>/7", ("see https://<x>/7", "")),
    ],
)
def test_an_address_at_the_end_is_where_the_words_before_it_lead(line: str, shown: tuple[str, str]) -> None:
    assert linked(line) == shown


def test_a_note_tells_one_content_from_another() -> None:
    longer = TIMELINE.model_copy(update={"lines": (*TIMELINE.lines, "five")})
    assert (caption(TIMELINE), caption(longer)) == ("Timeline · generated", "Timeline · generated")
    assert digest(TIMELINE) in note(TIMELINE)
    assert digest(longer) not in note(TIMELINE)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Post-mortem INC-7K3QF [P1]", "Post-mortem INC-7K3QF [P1]"),
        ("Checkout\n is down", "INC-7K3QF Checkout is down"),
    ],
)
def test_a_title_always_carries_the_incidents_id(given: str, shown: str) -> None:
    duty = OpenDocument(key="k", incident="INC-7K3QF", clause="PM-1", summary="s", title=given, sections=())
    assert title(duty) == shown


@pytest.mark.parametrize(
    ("pattern", "words", "fits"),
    [
        ("disk|no space", "No space left", True),
        ("", "alert: disk full (again)!", True),
        ("", "disk full", False),
        ("[oom", "pod [OOM killed", True),
        (" latency ", "p99 latency", True),
    ],
)
def test_a_runbooks_pattern_is_searched_and_where_there_is_none_its_title(pattern: str, words: str, fits: bool) -> None:
    assert written("Disk full (again)", "u", pattern).fits("checkout", words) is fits


def test_services_are_named_as_the_catalog_names_them() -> None:
    book = written("t", "u", "x", ("Check out", " billing ", "", "3", "EU/Payments"))
    assert book.services == ("check-out", "billing", "eu-payments")
