"""A severity means the same however it is written, in whichever language (TRI-3)."""

import pytest

from domain.company.severity_word import meant
from tests.domain.story import policy

KNOWN = {"critical", "high", "error", "warning", "low", "info", "sev1", "p1"}


@pytest.mark.sop("TRI-3")
@pytest.mark.parametrize(
    ("said", "word"),
    [
        *(("kritisch", "critical"), ("Critique", "critical"), ("CRÍTICO", "critical"), ("критический", "critical")),
        *(("緊急", "critical"), ("重大", "critical"), ("严重", "critical"), ("긴급", "critical")),
        *(("élevée", "high"), ("hoch", "high"), ("Fehler", "error"), ("Warnung", "warning"), ("警告", "warning")),
        *(("niedrig", "low"), ("Hinweis", "info"), ("情報", "info")),
    ],
)
def test_a_word_of_another_language_means_what_it_means_there(said: str, word: str) -> None:
    assert meant(said, KNOWN, {}) == word


@pytest.mark.sop("TRI-3")
@pytest.mark.parametrize(
    ("said", "word"),
    [
        *(
            ("\uff33\uff25\uff36\uff11", "sev1"),
            ("Kritisch (P1)", "p1"),
            ("P1 - Critical", "p1"),
            ("severe", "critical"),
        ),
        *(("4 - High", "high"), ("5-Critical", "critical"), ("1 - Low", "sev1"), ("4 - Low", "low")),
        *(("not critical", ""), ("non-critical", ""), ("nicht kritisch", ""), ("no data, critical", "critical")),
    ],
)
def test_width_and_accents_make_no_difference_and_what_is_denied_is_not_meant(said: str, word: str) -> None:
    assert meant(said, KNOWN, {}) == word


@pytest.mark.sop("TRI-3")
def test_a_policys_own_spelling_stands_beside_those_that_are_known_and_above_them() -> None:
    own = policy().model_copy(update={"spellings": {"Rouge": "critical", "minor": "low"}})
    assert [own.severity_meant(word) for word in ("rouge", "minor", "crit", "violet")] == [
        "critical",
        "low",
        "critical",
        "",
    ]


@pytest.mark.sop("TRI-3")
@pytest.mark.parametrize(("said", "word"), [("RED", "red"), ("Catastrophic", "catastrophic"), ("amber", "amber")])
def test_the_shipped_matrix_knows_the_colours_of_a_traffic_light(said: str, word: str) -> None:
    assert policy().severity_meant(said) == word
