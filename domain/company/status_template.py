"""Texts that a company keeps on its status page for updates, and how what is known is filled into them (COM-3)."""

import re
from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import field_validator

from domain.value.model import Model

UpdateStatus = Literal["investigating", "identified", "monitoring", "resolved"]
"""The states of an update, as every status page knows them."""
STATUSES = (
    ("investigating", "Investigating"),
    ("identified", "Identified"),
    ("monitoring", "Monitoring"),
    ("resolved", "Resolved"),
)
"""What an update says, as people choose it; of the end only after it (COM-6)."""
CHOSEN = (
    ("investigating", "Investigating"),
    ("identified", "We know the cause\nThe page says Identified"),
    ("monitoring", "Watching\nThe page says Monitoring"),
    ("resolved", "Resolved"),
)
"""The same as whoever writes chooses among them."""
PLACEHOLDER = re.compile(r"\{\{([\w ]+)\}\}|\{([\w ]+)\}|\[([\w ]+)\]")


class Template(Model):
    """One text; `status` is the state that goes with it, where the page says one that we know."""

    name: str
    status: UpdateStatus | None = None
    body: str

    @field_validator("name")
    @classmethod
    def _bare(cls, name: str) -> str:
        return name.strip()

    @field_validator("status", mode="before")
    @classmethod
    def _known(cls, word: str | None) -> str | None:
        return word.lower() if word and word.lower() in get_args(UpdateStatus) else None


def filled(text: str, values: Mapping[str, str]) -> str:
    """Fill `{name}`, `{{name}}` and `[name]`, in any case; what we can't fill stays for the reader to see.

    The pages have no placeholders of their own: their templates are plain text, in which people write one of these.
    """
    known = {name.lower().replace(" ", "_"): value for name, value in values.items()}

    def fill(found: re.Match[str]) -> str:
        name = next(group for group in found.groups() if group)
        return known.get(name.strip().lower().replace(" ", "_"), found.group())

    return PLACEHOLDER.sub(fill, text)
