"""What stands in the words of an alert or a person does nothing to the terminal that shows it, nor to a page."""

import pytest
from rich.table import Table
from rich.text import Text

from console.screen import complain, show
from domain.value.markdown import literal

WORDS = "a\x1b[2J\x1b]0;gone\x07 b\x9bc \u202eeslaf\u202c \r d"


@pytest.mark.parametrize("part", [WORDS, Text(WORDS), Table(WORDS)])
def test_no_word_moves_the_cursor(part: Table | Text | str, capsys: pytest.CaptureFixture[str]) -> None:
    show(part)
    complain(WORDS)
    for said in capsys.readouterr():
        assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(said)


@pytest.mark.parametrize("words", ["[x](https://evil.example)", "![x](y)", "# big", "<img src=x>", "`code`", "a\n# b"])
def test_no_word_links_loads_or_begins_a_heading_in_markdown(words: str) -> None:
    shown = literal(words)
    assert "\n" not in shown
    assert not {"[", "!", "#", "<", "`"} & set(
        shown.replace("\\\\", "")
        .replace("\\[", "")
        .replace("\\!", "")
        .replace("\\#", "")
        .replace("\\<", "")
        .replace("\\`", "")
    )
