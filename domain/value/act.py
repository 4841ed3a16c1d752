"""The root of everything that people and vendors do to an incident: who acts, how it reached us, and when."""

from domain.value.kind import Kinded
from domain.value.model import Moment, Word


class Act(Kinded):
    """Who acts, how it reached us, and when.

    `id` is the sender's: the same id twice is one act. `by` is a person of the catalog, or the vendor's word for
    somebody the catalog does not know. Without `at` the moment of arrival counts.
    """

    id: str = ""
    by: str
    via: Word = "temporal"
    at: Moment | None = None
