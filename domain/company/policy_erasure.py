"""How personal data is erased from what was recorded, on request (SOC-1)."""

from domain.value.model import Model


class ErasureRule(Model):
    """Who must agree before anything is erased."""

    seconded: bool = True
    """Whether a second person must agree to each erasure."""
