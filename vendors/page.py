"""What status pages have in common: how an update stands there once, what they refuse of it, how they differ from ours.

A page says how it lists, finds and writes its incidents, and by what it knows one of ours again.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Container, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, TypeVar

import httpx
from pydantic import AwareDatetime

from domain.company.catalog import Catalog
from domain.company.component_state import ComponentState
from domain.company.status_template import Template, filled
from domain.port.duty import NotDone, Outcome
from domain.port.status_page import DraftFromTemplate, PublishUpdate, ReadStatus
from vendors.api import Api
from vendors.lack import Lack, absent_components
from vendors.said import Part

BEGINNING = datetime.min.replace(tzinfo=UTC)
"""Before every moment: where a page says none."""


class Component(Part):
    """A part of the product that a page names."""

    id: str
    status: str | None = None


class PageUpdate(Part):
    """One text of an incident, as customers read it."""

    status: str

    @property
    @abstractmethod
    def words(self) -> str:
        """The text, without what we add to it."""


class PageIncident(Part):
    """What every page says of an incident of its own."""

    id: str
    status: str
    name: str | None = None
    components: tuple[Component, ...] | None = None

    began_at: AwareDatetime | None = None
    shortlink: str | None = None
    """Where customers read it, where the page says so."""

    @property
    @abstractmethod
    def newest(self) -> PageUpdate | None:
        """The last update; the order of the list is seen, not promised, so the time decides."""

    @property
    @abstractmethod
    def names(self) -> frozenset[str]:
        """What we wrote into it: our incident's id, and of every update its key, or incident and number."""

    def shows(self, duty: PublishUpdate, again: bool) -> bool:
        """Whether this very update is there already; without marks a further attempt compares status and text."""
        if self.names:
            return not self.names.isdisjoint({duty.key, f"{duty.incident}/{duty.number}"})
        newest = self.newest
        said = newest is not None and newest.status.lower() == duty.status and same(newest.words, duty.body)
        return again and said

    def is_adoptable(self, duty: PublishUpdate) -> bool:
        """Whether somebody opened this by hand, lately, for the same."""
        lately = duty.adopts is not None and (self.began_at or BEGINNING) >= duty.adopts
        components = frozenset(component.id for component in self.components or ())
        return lately and not self.names and duty.is_about(self.name or "", components)


Shown = TypeVar("Shown", bound=PageIncident)


class PageClient(ABC, Generic[Shown]):
    """Plays the role StatusPage as far as pages are alike."""

    name: ClassVar[str]
    shape: type[Shown]
    component_words: ClassVar[Mapping[ComponentState, str]]
    """The states of components, in the page's words."""
    refused: ClassVar[frozenset[int]]
    """How a body is refused, for one component too."""
    _api: Api

    @abstractmethod
    async def templates(self) -> tuple[Template, ...]:
        """The page's own texts for updates, as they stand there (COM-3)."""

    @abstractmethod
    async def _known(self, ref: str) -> Shown | None:
        """The incident that our reference names; None where the page shows it no longer."""

    @abstractmethod
    def _unresolved(self) -> AsyncIterator[Shown]:
        """The open incidents, without planned work."""

    @abstractmethod
    def _further(self) -> AsyncIterator[Shown]:
        """Where a further attempt looks for one that is open no longer."""

    @abstractmethod
    def _components(self) -> AsyncIterator[Component]:
        """What the page names."""

    @abstractmethod
    def _asked(self, duty: PublishUpdate, found: Shown | None, left: Container[str]) -> tuple[str, str, dict[str, Any]]:
        """Method, path and body that open an incident or add to this one; the components that are left stand as is."""

    async def lacks(self, catalog: Catalog) -> tuple[Lack, ...]:
        """The components that the first update would leave without, asked for beforehand."""
        return tuple(absent_components(catalog, self._api.vendor, await self._component_ids()))

    async def draft_from_template(self, duty: DraftFromTemplate, *, again: bool) -> Outcome:
        """Fill the page's own template of that name, or the fallback (COM-3). Reading is safe to repeat."""
        wanted = duty.template.strip().lower()
        body = next((one.body for one in await self.templates() if one.name.lower() == wanted), duty.fallback)
        return Outcome(text=filled(body, duty.values))

    async def publish_update(self, duty: PublishUpdate, *, again: bool) -> Outcome:
        """Create the page's incident, or append the update to it, unless that has happened already."""
        known = await self._known(duty.ref) if duty.ref else None
        found = known or await self._found(duty, again or bool(duty.ref))
        if found and found.shows(duty, again):
            return Outcome(ref=found.id, url=found.shortlink or "")
        if duty.called_back:
            raise NotDone(self.name)
        asks = duty.components or duty.status == "resolved"
        burning = duty.left(await self._burning(found.id if found else "")) if asks else frozenset[str]()
        answer, taken = await self._written(duty, found, burning)
        shown = found or self._api.parsed(answer, self.shape)
        adopted = "" if found is None or known or found.names else found.name or found.id
        said = duty.remarked(taken, adopted=adopted, burning=burning, gone=bool(duty.ref) and found is None)
        return Outcome(ref=shown.id, url=shown.shortlink or "", text=said)

    async def read_status(self, duty: ReadStatus, *, again: bool) -> Outcome:
        """Compare what customers see with what was published last: state, newest text, components (COM-7).

        What another incident of the page names is that one's; it is asked for only where a component differs.
        """
        shown = await self._known(duty.ref)
        if shown is None:
            return Outcome(ref=duty.ref, text=f"The page no longer shows incident {duty.ref}.")
        found = [*_differences(duty, shown)]
        if strange := _strange_components(states(duty, self.component_words), shown):
            elsewhere = await self._burning(shown.id)
            found += [said for component, said in strange.items() if component not in elsewhere]
        return Outcome(ref=shown.id, url=shown.shortlink or "", text="\n".join(found))

    async def _found(self, duty: PublishUpdate, again: bool) -> Shown | None:
        """The incident that carries our mark, else the one that somebody opened by hand.

        A lost "resolved" is no longer unresolved: `again` looks further.
        """
        unresolved = [one async for one in self._unresolved()]
        for one in unresolved:
            if duty.incident in one.names:
                return one
        if again:
            async for one in self._further():
                if duty.incident in one.names:
                    return one
        by_hand = (one for one in unresolved if one.is_adoptable(duty))
        return max(by_hand, key=lambda one: one.began_at or BEGINNING, default=None)

    async def _burning(self, ours: str) -> dict[str, ComponentState | None]:
        """The components that another open incident of the page names, as they stand; None is a word not known here."""
        states = {word: state for state, word in self.component_words.items()}
        others = [one async for one in self._unresolved() if one.id != ours]
        return {part.id: states.get(part.status or "") for other in others for part in other.components or ()}

    async def _written(
        self, duty: PublishUpdate, found: Shown | None, burning: Container[str]
    ) -> tuple[httpx.Response, PublishUpdate]:
        """Write an update; where the page refuses a component, without that one, else without any.

        Answers the update as it was written, too.
        """

        async def write(one: PublishUpdate) -> httpx.Response:
            method, path, body = self._asked(one, found, burning)
            return await self._api.send(method, path, accept=self.refused, json=body)

        taken, response = duty, await write(duty)
        if not response.is_success and duty.components:
            taken = duty.naming(await self._component_ids())
            response = await write(taken) if taken != duty else response
        if not response.is_success and taken.components:
            taken = duty.naming(())
            response = await write(taken)
        if not response.is_success:
            raise self._api.refusal(*self._asked(taken, found, burning)[:2], response)
        return response, taken

    async def _component_ids(self) -> frozenset[str]:
        return frozenset([one.id async for one in self._components()])


def states(duty: ReadStatus | PublishUpdate, words: Mapping[ComponentState, str]) -> dict[str, str]:
    """The states of the components that we published, in the page's words."""
    return {one: words[state] for one, state in duty.components.items()}


def _differences(duty: ReadStatus, shown: PageIncident) -> Iterator[str]:
    if shown.status.lower() != duty.status:
        yield f"The page says {shown.status.lower()}, the incident is {duty.status}."
    text = shown.newest.words if shown.newest else ""
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
