"""The page of an incident in the Temporal Web UI is understood by somebody who knows nothing of Standfast."""

import json
import re

import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from tests.domain.story import Story
from workflows.handler import ACTS
from workflows.show import details

SENT = re.compile(r"^\* `(\w+)` with `(.*)`$", re.MULTILINE)
P1 = (Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))


def test_severity_phase_who_and_what_is_due_next_are_read_in_words() -> None:
    told = details(Story().acts(*P1).passes(minutes=1).incident)
    for words in (
        "### INC-", "**Being fought.** Severity: **P1**.", "* incident commander: **Jonas Weber**",
        "* communications lead: nobody", "the communications lead tells customers for the first time (`COM-1`)",
        "Dana Okafor tells the room (`WAR-4`)", "Standfast brings in the manager (`WAR-5`)",
    ):  # fmt: skip
        assert words in told
    assert told.index("COM-1") < told.index("WAR-4") < told.index("RES-2")


def test_before_all_else_it_is_said_that_a_cancel_is_no_way_to_end_it() -> None:
    told = details(Story().acts(*P1).incident).split("\n\n")
    assert told[1] == "Don't cancel or terminate it: resolve the incident, and this ends when what is owed is done."
    over = Story(page="PD-1").passes(minutes=6).hears(state="resolved").passes(minutes=30)
    over.acts(AnswerBreach(by="mira", breach=False, reason="no request was answered at all")).passes(minutes=1)
    assert (over.phase(), "cancel" in details(over.incident)) == ("closed", False)


def test_what_is_overdue_says_so() -> None:
    told = details(Story().acts(*P1).passes(minutes=12).incident)
    assert re.search(r"\* \*\*overdue since .* UTC\*\*, .* tells customers for the first time", told)


def test_an_unclassified_incident_says_what_is_proposed() -> None:
    assert "Severity: **not classified, P1 proposed**" in details(Story().incident)


@pytest.mark.parametrize(
    ("acts", "kinds"),
    [
        ((), ["acknowledge"]),
        ((Acknowledge(by="dana"),), ["declare", "note"]),
        (P1, ["assign_task", "post_finding", "report_impact", "resolve"]),
        ((*P1, Resolve(by="jonas", summary="x")), ["reopen"]),
    ],
)
def test_every_signal_that_the_page_proposes_is_taken_as_it_stands_there(
    acts: tuple[Acknowledge, ...], kinds: list[str]
) -> None:
    proposed = SENT.findall(details(Story().acts(*acts).incident))
    assert sorted(kind for kind, _ in proposed) == kinds
    for kind, body in proposed:
        story = Story().acts(*acts, ACTS[kind].model_validate(json.loads(body.replace("your name", "dana"))))
        assert story.refused == ""
