"""What status pages have in common: their texts, what they refuse of an update, and how they differ from ours."""

from collections.abc import Awaitable, Callable, Container, Iterable, Iterator, Mapping
from datetime import UTC, datetime

import httpx

from domain.company.component_state import ComponentState
from domain.company.status_template import Template, filled
from domain.port.duty import Outcome
from domain.port.status_page import DraftFromTemplate, PublishUpdate, ReadStatus
from vendors.said import Part

BEGINNING = datetime.min.replace(tzinfo=UTC)
"""Before every moment: where a page says none."""


class Component(Part):
    """A part of the product that a page names."""

    id: str
    status: str | None = None


class PageIncident(Part):
    """What every page says of an incident of its own."""

    id: str
    status: str
    name: str | None = None
    components: tuple[Component, ...] | None = None

    @property
    def component_ids(self) -> frozenset[str]:
        """The components that it names."""
        return frozenset(component.id for component in self.components or ())


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


def states(duty: ReadStatus | PublishUpdate, words: Mapping[ComponentState, str]) -> dict[str, str]:
    """The states of the components that we published, in the page's words."""
    return {one: words[state] for one, state in duty.components.items()}


def named_by(others: Iterable[PageIncident], words: Mapping[str, ComponentState]) -> dict[str, ComponentState | None]:
    """The components that these incidents of the page name, as they stand; None is a word that we do not know."""
    return {one.id: words.get(one.status or "") for other in others for one in other.components or ()}


async def left_standing(
    duty: PublishUpdate,
    found: PageIncident | None,
    burning: Callable[[str], Awaitable[Mapping[str, ComponentState | None]]],
) -> frozenset[str]:
    """The components that an update leaves as they stand; `burning` is asked only where it has a say in any."""
    asks = duty.components or duty.status == "resolved"
    return duty.left(await burning(found.id if found else "")) if asks else frozenset()


async def compared(
    duty: ReadStatus,
    shown: PageIncident,
    text: str,
    words: Mapping[ComponentState, str],
    burning: Callable[[str], Awaitable[Container[str]]],
) -> str:
    """How the page differs from what was published last, in plain words: state, newest text, components (COM-7).

    What another incident of the page names is that one's; `burning` is asked only where a component differs.
    """
    found = [*_differences(duty, shown.status.lower(), text)]
    if strange := _strange_components(states(duty, words), shown):
        elsewhere = await burning(shown.id)
        found += [said for component, said in strange.items() if component not in elsewhere]
    return "\n".join(found)


def _differences(duty: ReadStatus, status: str, text: str) -> Iterator[str]:
    if status != duty.status:
        yield f"The page says {status}, the incident is {duty.status}."
    if not same(text, duty.body):
        yield f"The page's newest text is “{text}”, ours was “{duty.body}”."


def _strange_components(ours: Mapping[str, str], incident: PageIncident) -> dict[str, str]:
    """The components that the page shows otherwise than was published, in its words, with what is said of each."""
    said = "The page shows component {} as {}, ours was {}."
    shown = {one.id: one.status for one in incident.components or () if one.status}
    return {one: said.format(one, shown[one], ours[one]) for one in ours if shown.get(one, ours[one]) != ours[one]}


def same(shown: str, ours: str) -> bool:
    """Whether two texts read the same; white space is the page's business."""
    return shown.split() == ours.split()
