"""The root of everything that people and vendors do to an incident: who acts, how it reached us, and when."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from domain.value.kind import Kinded
from domain.value.model import Instant, Slug, unsaid

LONGEST = 300
"""Characters, more than any vendor's name of a person has; what is longer would fill every list, and is cut."""
Name = Annotated[str, AfterValidator(lambda name: name[:LONGEST])]
WAYS = {
    "slack": "signed request",
    "cli": "Temporal identity",
    "temporal": "Temporal identity",
    "board": "trusted proxy",
    "oidc": "OIDC sign-in",
}
"""The ways by which people act, each with the proof of who it is; what came another way a vendor's webhook told."""


class Act(Kinded, abstract=True):
    """Who acts, how it reached us, and when.

    `id` is the sender's: the same id twice is one act. `by` is a person of the catalog, or the vendor's word for
    somebody the catalog does not know. Without `at` the moment of arrival counts.
    """

    afterwards: ClassVar[str] = ""
    """What whoever wants it done does once the incident has ended, where that is more than to declare a new one."""
    id: Name = ""
    by: Name
    via: Slug = "temporal"
    at: Instant | None = None
    proof: str = Field(default="", exclude_if=unsaid)
    """By which proof it is theirs, where the way it came does not say enough."""

    @property
    def proved_by(self) -> str:
        """By which proof it is theirs (SOC-1)."""
        return self.proof or WAYS.get(self.via, "webhook")
