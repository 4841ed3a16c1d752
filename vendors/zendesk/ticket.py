"""A ticket as Zendesk tells it, by an event subscription or by a trigger with our template."""

from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field

from vendors.said import NEVER, Part, Text, Texts, When, part, text

S1_TAGS = frozenset({"s1", "sev1", "severity_1"})
"""What marks a ticket as S1. A ticket that is urgent is not: customers choose that themselves."""
ESCALATING = frozenset({"ticket.created", "ticket.priority_changed", "ticket.tags_changed"})
"""The events in which a ticket can become S1."""
OVER = frozenset({"solved", "closed"})


def _word(value: Any) -> Any:
    """A placeholder that was not replaced is nothing, as a missing value is."""
    if value is None or (isinstance(value, str) and value.strip().startswith("{{")):
        return ""
    return text(value).strip()


def _id(value: Any) -> Any:
    """A number of a ticket, a placeholder in its stead, or nothing."""
    return text(value).strip() if isinstance(value, str | int) else ""


def _tags(value: Any) -> Any:
    """A trigger joins the tags with spaces, a template of one's own with commas, an event lists them."""
    words = value if isinstance(value, list) else _word(value)
    if isinstance(words, str):
        words = words.replace(",", " ").split()
    return tuple(text(tag).lower() for tag in words) if isinstance(words, list) else ()


Word = Annotated[str, BeforeValidator(_word)]
Tags = Annotated[tuple[str, ...], BeforeValidator(_tags)]


class Ticket(Part):
    """A ticket as it is now."""

    id: Annotated[str, BeforeValidator(_id)] = Field(default="", validation_alias=AliasChoices("ticket_id", "id"))
    title: Word = Field(default="", validation_alias=AliasChoices("title", "subject"))
    priority: Word = ""
    status: Word = ""
    """In capitals in an event, as people see it in a trigger, in small letters in the API."""
    tags: Tags = ()
    organization: Word = Field(default="", validation_alias=AliasChoices("organization", "organization_id"))
    link: Word = ""
    updated_at: Word = ""

    @property
    def is_over(self) -> bool:
        """Whether support has solved it."""
        return self.status.lower() in OVER

    def tagged(self, *prefixes: str) -> str:
        """What stands behind the first tag that begins so: `service_checkout` is about checkout."""
        return next((tag.removeprefix(p) for p in prefixes for tag in self.tags if tag.startswith(p)), "")


class Change(Part):
    """What an event says has changed."""

    tags_removed: Texts = ()


class Event(Part):
    """An event of a subscription."""

    type: Text
    account_id: Word = ""
    time: When = NEVER
    detail: Ticket
    event: Annotated[Change, BeforeValidator(lambda value: part(value) or {})] = Change()

    @property
    def kind(self) -> str:
        """What happened, without what every event's type begins with."""
        return self.type.removeprefix("zen:event-type:")
