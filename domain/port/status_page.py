"""What customers see: the duties of the status page and its protocol."""

import re
from collections.abc import Container, Iterable, Mapping
from typing import Literal

from pydantic import Field

from domain.company.component_state import ComponentState, is_worse
from domain.company.status_template import UpdateStatus
from domain.port.duty import Duty, Outcome
from domain.value.model import Instant, unsaid


class DraftFromTemplate(Duty):
    """Fetch the status page's own template for this state (COM-3); the outcome's text is the draft.

    `fallback` is used when the page has no template of that name. `{service}` and `{summary}` are filled in.
    """

    role = "status_page"
    upkeep, recallable = True, True
    kind: Literal["draft_from_template"] = "draft_from_template"
    number: int
    status: UpdateStatus
    template: str
    fallback: str
    values: dict[str, str] = Field(default_factory=dict)

    def practised(self, ref: str) -> Outcome:
        return Outcome()


class PublishUpdate(Duty):
    """Put an approved update on the status page (COM-1, COM-2, COM-6); `ref` is its incident once there is one."""

    role = "status_page"
    told = True
    recallable, in_turn, seen_outside = True, True, True
    remarks = True
    kind: Literal["publish_update"] = "publish_update"
    number: int
    ref: str = ""
    status: UpdateStatus
    title: str
    body: str
    impact: Literal["none", "minor", "major", "critical"]
    components: dict[str, ComponentState] = Field(default_factory=dict)
    subject: str = Field(default="", exclude_if=unsaid)
    """What it is about, as the title of an incident that somebody opened by hand would name it."""
    before: dict[str, ComponentState] = Field(default_factory=dict, exclude_if=unsaid)
    """The components as they were shown with the update before; one that stands otherwise is another's word."""
    adopts: Instant | None = Field(default=None, exclude_if=unsaid)
    """Since when an incident that somebody opened by hand is continued, where none of ours is there."""

    def is_about(self, name: str, components: Container[str]) -> bool:
        """Whether an incident of the page that is not ours is about the same: a component, or its name as words."""
        return any(one in components for one in self.components) or bool(
            self.subject and re.search(rf"(?<!\w){re.escape(self.subject)}(?!\w)", name, re.IGNORECASE)
        )

    def left(self, elsewhere: Mapping[str, ComponentState | None]) -> frozenset[str]:
        """Which components stay as they stand, of those that other open incidents of the page name.

        At the end all of them; before it what stands worse than this update says, unless the update before said so.
        """
        if self.status == "resolved":
            return frozenset(elsewhere)
        theirs = {one: state for one, state in elsewhere.items() if state and state != self.before.get(one)}
        return frozenset(one for one, state in self.components.items() if is_worse(theirs.get(one), state))

    def remarked(self, published: "PublishUpdate", *, adopted: str, burning: Iterable[str], gone: bool = False) -> str:
        """What is to be known of it beside that customers read it, one sentence after the other."""
        left = ", ".join(sorted(one for one in burning if one in self.components))
        said = (
            self.unnamed(published),
            f"continued {adopted!r}, which somebody had opened on the page by hand" if adopted else "",
            f"begun anew: the page does not show {self.ref}, where it stood, any more" if gone else "",
            f"left {left} as it stands: another open incident of the page names it" if left else "",
        )
        return "; ".join(filter(None, said))

    def naming(self, known: Container[str]) -> "PublishUpdate":
        """The same update, naming of its components only these: that customers read it is the essential part."""
        kept = {one: state for one, state in self.components.items() if one in known}
        return self.model_copy(update={"components": kept})

    def unnamed(self, published: "PublishUpdate") -> str:
        """Which components the page would not take, and what to do; empty where it took all of them."""
        gone = [one for one in self.components if one not in published.components]
        said = "published without the component {}, which the page does not take: correct `components` in the catalog"
        return f"{said.format(', '.join(gone))}, and set it on the page by hand" if gone else ""

    @classmethod
    def place(cls, about: str) -> str:
        return f"update/{about}"

    def by_hand(self) -> str:
        return f"post on the status page as {self.status}, titled {self.title!r}:\n{self.body}"

    def practised(self, ref: str) -> Outcome:
        return Outcome(ref=self.ref or ref)


class PublishPostmortem(Duty):
    """Put the approved account of what happened beside the page's incident (COM-8); `ref` is that incident."""

    role = "status_page"
    told = True
    recallable, in_turn, seen_outside = True, True, True
    kind: Literal["publish_postmortem"] = "publish_postmortem"
    ref: str
    body: str

    @classmethod
    def place(cls, about: str) -> str:
        return f"public_postmortem/{about}"

    def by_hand(self) -> str:
        return f"post it where customers read it, then say `postmortem posted` with the link:\n{self.body}"

    def practised(self, ref: str) -> Outcome:
        return Outcome(ref=self.ref or ref)


class ReadStatus(Duty):
    """Read back what the page shows (COM-7); the outcome's text says each difference, or is empty."""

    role = "status_page"
    upkeep = True
    unseen, reads_state = True, True
    kind: Literal["read_status"] = "read_status"
    ref: str
    status: UpdateStatus
    body: str
    components: dict[str, ComponentState] = Field(default_factory=dict, exclude_if=unsaid)

    @classmethod
    def is_told(cls, outcome: Outcome) -> bool:
        return bool(outcome.text)

    def practised(self, ref: str) -> Outcome:
        return Outcome()
