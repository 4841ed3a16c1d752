"""What status pages have in common: their texts, what they refuse of an update, and how they differ from ours."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping

import httpx

from domain.company.status_template import Template, filled
from domain.port.duty import Outcome
from domain.port.status_page import DraftFromTemplate, PublishUpdate, ReadStatus


def drafted(duty: DraftFromTemplate, templates: Iterable[Template]) -> Outcome:
    """The page's own template of that name, filled, or the fallback (COM-3)."""
    wanted = duty.template.strip().lower()
    body = next((one.body for one in templates if one.name.lower() == wanted), duty.fallback)
    return Outcome(text=filled(body, duty.values))


async def written(
    duty: PublishUpdate,
    write: Callable[[PublishUpdate], Awaitable[httpx.Response]],
    components: Callable[[], Awaitable[frozenset[str]]],
) -> tuple[httpx.Response, PublishUpdate]:
    """Write an update; where the page refuses a component, without that one, else without any.

    Answers the last response, which may be a refusal, and the update as it was written.
    """
    taken, response = duty, await write(duty)
    if not response.is_success and duty.components:
        taken = duty.naming(await components())
        response = await write(taken) if taken != duty else response
    if not response.is_success and taken.components:
        taken = duty.naming(())
        response = await write(taken)
    return response, taken


def differences(duty: ReadStatus, status: str, text: str) -> Iterator[str]:
    """How state and newest text of the page differ from what was published last, in plain words (COM-7)."""
    if status != duty.status:
        yield f"The page says {status}, the incident is {duty.status}."
    if not same(text, duty.body):
        yield f"The page's newest text is “{text}”, ours was “{duty.body}”."


def strange_components(ours: Mapping[str, str], shown: Mapping[str, str]) -> dict[str, str]:
    """The components that the page shows otherwise than was published, in its words, with what is said of each."""
    said = "The page shows component {} as {}, ours was {}."
    return {one: said.format(one, shown[one], ours[one]) for one in ours if shown.get(one, ours[one]) != ours[one]}


def same(shown: str, ours: str) -> bool:
    """Whether two texts read the same; white space is the page's business."""
    return shown.split() == ours.split()
