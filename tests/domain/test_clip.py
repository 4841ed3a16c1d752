"""Words that are longer than their room end with a whole word and three dots, on every surface by one function."""

import pytest

from domain.value.clip import clipped


@pytest.mark.parametrize(
    ("words", "room", "said"),
    [
        ("every order waits", 17, "every order waits"),
        ("every order waits 10 s", 17, "every order…"),
        ("every order, it waits", 13, "every order…"),
        ("every order waits", 12, "every order…"),
        ("a https://dashboards.example/checkout", 12, "a https://d…"),
        ("", 0, ""),
    ],
)
def test_a_whole_word_ends_what_is_clipped(words: str, room: int, said: str) -> None:
    assert clipped(words, room) == said
    assert len(said) <= max(room, 0)
