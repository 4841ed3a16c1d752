"""Where post-mortems and runbooks are kept: the duties of the notebook and its protocol."""

from typing import Literal

from pydantic import Field

from domain.port.duty import Duty, Outcome
from domain.value.model import Model, unsaid


class Section(Model):
    """A heading and what is generated under it; lines beginning with `- ` are list items, `| ` rows of a table.

    Without lines the heading is people's alone. A document that is made without a template begins with the headings.
    """

    heading: str
    lines: tuple[str, ...]


class OpenDocument(Duty):
    """Make the post-mortem from the company's template page, filled in (PM-1); `ref` of the outcome is the page."""

    role = "notebook"
    told = True
    remarks, recallable, seen_outside = True, True, True
    kind: Literal["open_document"] = "open_document"
    title: str
    sections: tuple[Section, ...]

    def by_hand(self) -> str:
        return f"write a page {self.title!r}; the timeline is in the incident"


class WriteDocument(Duty):
    """Bring the generated sections of the post-mortem up to date (PM-1); what people wrote stays."""

    role = "notebook"
    remarks = True
    upkeep = True
    kind: Literal["write_document"] = "write_document"
    ref: str
    title: str = Field(default="", exclude_if=unsaid)
    """What it is called from now on; empty where it keeps its title, which people may have changed."""
    sections: tuple[Section, ...]


class ReadDocument(Duty):
    """Read what people wrote under a heading of the post-mortem (COM-8); the outcome's text, empty where nothing is."""

    role = "notebook"
    unseen, failure_told, recallable = True, False, True
    kind: Literal["read_document"] = "read_document"
    ref: str
    heading: str

    def practised(self, ref: str) -> Outcome:
        return Outcome()


class ReviewDocument(Duty):
    """Read the post-mortem back (PM-3); `unwritten` of the outcome are people's headings without a word under them.

    One empty word says that nobody has written anything anywhere. The generated sections are nobody's writing.
    """

    role = "notebook"
    upkeep, unseen = True, True
    kind: Literal["review_document"] = "review_document"
    ref: str
    generated: tuple[str, ...]

    def by_hand(self) -> str:
        return "see that somebody has written under each heading"


class FindRunbooks(Duty):
    """Look in the notebook's library for the runbooks that the alert's words are about (TRI-2); `links` of the outcome.

    The library is searched here: the words of an incident go to no vendor.
    """

    role = "notebook"
    told = True
    unseen = True
    kind: Literal["find_runbooks"] = "find_runbooks"
    service: str
    words: str
