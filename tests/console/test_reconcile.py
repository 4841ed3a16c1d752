"""What `reconcile` says of incidents that it compared; how it compares them: tests/stories/test_restore.py."""

import pytest

from client.reconciling import Compared
from console.reconcile import say


def test_what_was_mended_is_the_same_now(capsys: pytest.CaptureFixture[str]) -> None:
    mended = Compared(incident="INC-7K3QF", state="mended", engine=9, records=9, said="2 events written to the records")
    lost = Compared(incident="INC-2M4XP", state="lost", records=4, do="standfast restore INC-2M4XP")
    say([mended, lost, Compared(incident="INC-0T5HQ", state="same")])
    said = " ".join(capsys.readouterr().out.split())
    assert "2 of 3 incidents are the same on both sides, 1 of them since now." in said
    assert "2 events written to the records" in said
