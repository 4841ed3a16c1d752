"""An account with an address, which is written to by mail (COM-5)."""

import re
from typing import Literal

from pydantic import Field

from domain.value.model import Model, Slug, unsaid

CONTACT = re.compile(r"([^<>]*)<([^<>\s]+)>")


class Account(Model):
    """An enterprise account that is written to when a P1 touches it (COM-5)."""

    name: str
    email: str
    services: tuple[Slug, ...]
    contacts: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    """Further addresses that are written to, each alone or with a name: `Maria Lopez <maria@example.com>`."""
    manager: Slug | Literal[""] = Field(default="", exclude_if=unsaid)
    """Who of the company looks after it, and is told what it reads."""

    @property
    def contacted(self) -> dict[str, str]:
        """Every address that is written to, each once, with the name of who reads there, where it is known."""
        found: dict[str, str] = {}
        for said in (self.email, *self.contacts):
            named = CONTACT.fullmatch(said.strip())
            name, address = (named[1].strip('" '), named[2]) if named else ("", said)
            found[address] = found.get(address, "") or name
        return found
