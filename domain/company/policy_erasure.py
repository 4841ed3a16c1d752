"""How personal data is erased from what was recorded (SOC-1): by whom, of whom, and where it is not."""

from pydantic import Field

from domain.company.policy_retention import Kept
from domain.value.model import Model, by_default, unsaid


class ErasureRule(Model):
    """Who must agree before anything is erased, who is due without asking for it, and what is held."""

    seconded: bool = True
    """Whether a second person must agree to each erasure."""
    leavers_after: Kept | None = by_default(None)
    """Whoever left the company is due so long after the last incident that knew them; on request alone if not said."""
    held: dict[str, str] = Field(default_factory=dict, exclude_if=unsaid)
    """Incidents under a legal hold, by id, each with the reason: nobody is erased from them."""
