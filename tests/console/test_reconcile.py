"""What `reconcile` says of incidents that it compared; how it compares them: tests/stories/test_restore.py."""

from typing import Any

import pytest

from client.reconciling import Compared, compare
from console.reconcile import say
from domain.incident.event import Event
from tests.domain.story import Story


def test_what_was_mended_is_the_same_now(capsys: pytest.CaptureFixture[str]) -> None:
    mended = Compared(incident="INC-7K3QF", state="mended", engine=9, records=9, said="2 events written to the records")
    lost = Compared(incident="INC-2M4XP", state="lost", records=4, do="standfast restore INC-2M4XP")
    say([mended, lost, Compared(incident="INC-0T5HQ", state="same")])
    said = " ".join(capsys.readouterr().out.split())
    assert "2 of 3 incidents are the same on both sides, 1 of them since now." in said
    assert "2 events written to the records" in said


@pytest.mark.sop("SOC-1")
def test_what_a_release_of_before_carried_without_its_newer_fields_is_no_difference_and_another_value_is() -> None:
    recorded = Story().passes(minutes=1).incident.events
    first = recorded[0].model_dump(mode="json")
    assert first["what"]["policy"]["room"]["card_first"] is True

    def engine(**room: Any) -> list[Event]:
        """As the engine tells it, with these words on rooms."""
        what = first["what"] | {"policy": first["what"]["policy"] | {"room": room}}
        return [Event.model_validate(first | {"what": what}), *recorded[1:]]

    room = first["what"]["policy"]["room"]
    lacking = compare(
        "INC-7K3QF", engine(**{name: one for name, one in room.items() if name != "card_first"}), recorded
    )
    assert (lacking.state, lacking.well, lacking.do) == ("older", True, "standfast audit verify")
    assert "an older release carried 1 event without what it does not know" in lacking.said
    altered = compare("INC-7K3QF", engine(**room | {"name": "war-{id}"}), recorded)
    assert (altered.state, altered.said) == ("differs", "event 1 is not the same on both sides")
    assert compare("INC-7K3QF", recorded, recorded).state == "same"
