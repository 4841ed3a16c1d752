"""What one run sends to the records, write after write."""

import pytest

from domain.exchange import EventBatch, Recorded
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note
from domain.report.glance import glance
from tests.domain.story import Story
from workflows.codec import Codec
from workflows.converter import converter
from workflows.recording import Recording


@pytest.fixture
def story() -> Story:
    """An incident that somebody has seen."""
    begun = Story()
    begun.acts(Acknowledge(by="dana"))
    return begun


def _noted(story: Story, recording: Recording) -> bool:
    """Whether the row goes with the next write, before which something happens that no row has."""
    after = story.incident.number
    story.acts(Note(by="dana", text="The queue grows."))
    batch = recording.batch(story.incident, after)
    assert batch.events == tuple(story.incident.events[after:])
    assert batch.view is None or batch.view == glance(story.incident)
    return batch.view is not None


@pytest.mark.sop("SOC-1")
def test_the_row_goes_with_the_first_write_of_a_run_and_not_again_while_it_says_the_same(story: Story) -> None:
    recording = Recording()
    assert recording.batch(story.incident, 0).view == glance(story.incident)
    recording.answered(Recorded(up_to=story.incident.number))
    assert not _noted(story, recording)
    assert Recording().batch(story.incident, 0).view == glance(story.incident)


@pytest.mark.sop("SOC-1")
def test_the_row_goes_again_after_a_write_that_nobody_answered(story: Story) -> None:
    recording = Recording()
    recording.batch(story.incident, 0)
    recording.answered(Recorded(up_to=story.incident.number))
    recording.batch(story.incident, 0)
    assert _noted(story, recording)


@pytest.mark.sop("SOC-1")
def test_the_row_goes_again_where_the_records_disagreed(story: Story) -> None:
    recording = Recording()
    recording.batch(story.incident, 0)
    recording.answered(Recorded(up_to=0, said="another event stands there"))
    assert _noted(story, recording)


@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize("after", [0, 2], ids=["many events", "the last ones"])
async def test_what_is_sent_is_read_as_it_was_through_converter_and_encryption(story: Story, after: int) -> None:
    batch, ring = Recording().batch(story.incident, after), Codec([bytes(32)])
    sealed = await ring.encode(await converter().encode([batch]))
    assert await converter().decode(await ring.decode(sealed), [EventBatch]) == [batch]
