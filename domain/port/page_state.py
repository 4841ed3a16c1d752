"""How a page stands at the pager that sent it, as the pager says when it is asked."""

from typing import Literal

from domain.value.model import Moment, Shape


class PageState(Shape):
    """One page, in the pager's names: `by` is the person who acknowledged it, `people` who has it now."""

    ref: str
    state: Literal["ringing", "acknowledged", "resolved", "merged"]
    by: str = ""
    at: Moment | None = None
    """Since when it stands so; the pager may not say."""
    people: tuple[str, ...] = ()
