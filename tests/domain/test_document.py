"""The post-mortem is put together from thousands of events in a moment, and holds what fits a page."""

from time import process_time

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import PostFinding
from domain.procedure.postmortem_document import LONGEST, sections
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.run import progress as step
from tests.again import again
from tests.domain.learn.case import POLICY, fought
from tests.domain.story import Story, catalog, changed


@again
def long_one() -> Story:
    """A P1 with thousands of events that people wrote in its room, in which they are called by name."""
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    for number in range(2000):
        conditions = f"{number}: ask Sam Lindqvist or <@U05INES>"
        finding = PostFinding(id=f"f-{number}", by="dana", conditions=conditions, written=f"m-{number}")
        step.receive(story.incident, finding, story.play.now)
    return story.acts(Resolve(by="jonas", summary="rolled back"))


def test_thousands_of_events_take_a_moment_and_name_nobody() -> None:
    story, began = long_one(), process_time()
    lines = {section.heading: section.lines for section in sections(story.incident)}
    assert process_time() - began < 1
    assert len(lines["Timeline"]) == LONGEST + 1
    assert "in the records" in lines["Timeline"][-1]
    assert not any(name in line for line in lines["Timeline"] for name in ("Sam", "Lindqvist", "U05INES", "dana"))


def test_a_company_without_a_notebook_puts_no_document_together() -> None:
    story = Story(company=changed(catalog(), vendors__notebook="none")).acts(Declare(by="jonas", severity="P1"))
    assert not story.acts(Resolve(by="jonas", summary="ok")).passes(hours=1).done("open_document")


def test_where_the_board_has_an_address_the_document_leads_to_how_it_stood() -> None:
    policy = POLICY.model_copy(update={"board": "https://board.example"})
    case = fought(policy=policy)
    stood = [line for section in sections(case.incident) for line in section.lines if "As it stood" in line]
    address = f"https://board.example/incidents/{case.incident.id}?at=2026-03-03T"
    assert stood == [
        f"- As it stood when acknowledged, 03 Mar 12:02 UTC: {address}12:02:00",
        f"- As it stood when declared, 03 Mar 12:02 UTC: {address}12:02:00",
        f"- As it stood when resolved, 03 Mar 12:20 UTC: {address}12:20:00",
    ]
    assert not any("As it stood" in line for section in sections(fought().incident) for line in section.lines)


def test_the_document_is_opened_once_and_written_again_when_it_ends() -> None:
    story = Story(company=changed(catalog(), vendors__notebook="notion")).acts(Declare(by="jonas", severity="P1"))
    story.acts(Resolve(by="jonas", summary="ok")).learns().passes(days=2)
    assert len(story.done("open_document")) == 1
    assert story.phase() == "closed"
    assert [duty.key for duty in story.done("write_document")] == [
        "write_document/1-1-resolved",
        "write_document/1-1-closed",
    ]
