"""Who has approved a part of the policy, and until when that holds: the severity matrix, what customers read."""

from datetime import date
from typing import Literal

from pydantic import Field

from domain.value.model import Model, ShortText, unsaid

ApprovedPart = Literal["matrix", "templates"]
"""What is approved: how severity is proposed, and every text that customers read."""


class Approval(Model):
    """One approval, as a person gave it."""

    by: ShortText
    at: date
    review_by: date
    """It is looked at again by then."""
    of: str = Field(default="", exclude_if=unsaid)
    """The mark of what was approved, by which it is seen that it has changed since."""

    def overdue(self, today: date) -> bool:
        """Whether it should have been looked at again."""
        return today > self.review_by

    @property
    def told(self) -> str:
        """The approval in words."""
        return f"by {self.by} on {self.at:%d %b %Y}, to be looked at by {self.review_by:%d %b %Y}"
