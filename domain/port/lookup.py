"""Duties at the opening: what the engineer is to be handed when they acknowledge."""

from typing import Literal

from domain.company.catalog import Service
from domain.port.duty import Effect, Outcome
from domain.value.model import Moment


class FindRunbooks(Effect):
    """Look in the notebook's library for the runbooks that the alert's words are about (TRI-2); `links` of the outcome.

    The library is searched here: the words of an incident go to no vendor.
    """

    role = "notebook"
    unseen = True
    kind: Literal["find_runbooks"] = "find_runbooks"
    service: str
    words: str

    @classmethod
    def is_told(cls, outcome: Outcome) -> bool:
        """What was found."""
        return True


class FindDeployments(Effect):
    """Look for the service's last deployments before the alert (TRI-1); `deployments` of the outcome."""

    role = "archive"
    unseen = True
    kind: Literal["find_deployments"] = "find_deployments"
    service: Service
    until: Moment
    limit: int

    @classmethod
    def is_told(cls, outcome: Outcome) -> bool:
        """What was found."""
        return True
