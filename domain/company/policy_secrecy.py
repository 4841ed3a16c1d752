"""Who reads what a security incident keeps to itself (SCP-3)."""

from collections.abc import Collection, Mapping

from domain.value.model import Model, Slug


class SecrecyRule(Model):
    """Who reads title, words, links and timeline of a security incident on the board, beside what everybody sees."""

    roles: tuple[Slug, ...] | None = None
    """The roles whose holder reads it; every role where none are named."""
    managers: bool = True
    """Whether the managers of its team read it."""
    people: tuple[Slug, ...] = ()
    """Who reads every one, as a security officer does."""

    def reads(self, person: str, holders: Mapping[str, str], managers: Collection[str]) -> bool:
        """Whether somebody reads an incident, by who holds which role in it and who manages its team."""
        held = any(holder == person for role, holder in holders.items() if self.roles is None or role in self.roles)
        return held or person in self.people or (self.managers and person in managers)
