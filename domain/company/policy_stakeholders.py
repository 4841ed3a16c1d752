"""Who inside the company is told of an incident without taking part in it."""

from domain.value.model import Model, Severity, Slug


class StakeholderRule(Model):
    """Whom the digest goes to, at declaration, at each change of severity and at the end; nobody unless named."""

    severities: tuple[Severity, ...] = ("P1", "P2")
    """From which on they are told; who was told of one is told of its end too."""
    people: tuple[Slug, ...] = ()
    """By a direct message in the room's vendor."""
    rooms: tuple[str, ...] = ()
    """Channels of the room's vendor, by id."""
    mail: tuple[str, ...] = ()
    """Addresses."""

    @property
    def anybody(self) -> bool:
        """Whether somebody is told at all."""
        return bool(self.people or self.rooms or self.mail)
