"""Duties of the notebook: the post-mortem and the runbooks."""

from typing import Literal

from domain.port.duty import Effect, Outcome
from domain.value.model import Shape


class Section(Shape):
    """A heading and what stands under it; lines beginning with `- ` are list items, `| ` rows of a table."""

    heading: str
    lines: tuple[str, ...]


class OpenDocument(Effect):
    """Make the post-mortem from the company's template page, filled in (PM-1); `ref` of the outcome is the page."""

    role = "notebook"
    kind: Literal["open_document"] = "open_document"
    title: str
    sections: tuple[Section, ...]

    @classmethod
    def is_told(cls, outcome: Outcome) -> bool:
        """Where it is."""
        return True


class WriteDocument(Effect):
    """Bring the generated sections of the post-mortem up to date (PM-1); what people wrote stays."""

    role = "notebook"
    upkeep = True
    kind: Literal["write_document"] = "write_document"
    ref: str
    sections: tuple[Section, ...]
