"""How much a form asks, and what its button says (ACT-1, GDP-2)."""

import pytest

from ingress.chat.question import forms, questions, submits

MOST = 4
LAWFUL = {"record_notification": 8, "record_legal_report": 5}
"""What a notification to an authority must say is the law's list, not ours (GDPR article 33)."""
VAGUE = {"Send", "Submit", "Approve", "Confirm", "OK", "Save"}


@pytest.mark.parametrize("kind", forms())
def test_a_form_asks_four_things_at_most_and_its_button_says_what_happens(kind: str) -> None:
    asked = [one.field for one in questions(kind)[1] if not one.spare]
    assert len(asked) <= LAWFUL.get(kind, MOST)
    assert submits(kind) not in VAGUE
