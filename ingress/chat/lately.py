"""What is remembered of a chat for a while, and no longer than that: there is no end of rooms, people and messages."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Name = TypeVar("Name", bound=Hashable)
Known = TypeVar("Known")


class Lately(Generic[Name, Known]):
    """Values by name, each for the same span since it was put there; what is older is gone."""

    def __init__(self, span: timedelta, now: Callable[[], datetime]) -> None:
        self._span, self._now = span, now
        self._put: dict[Name, tuple[datetime, Known]] = {}

    def __contains__(self, name: Name) -> bool:
        self._forget()
        return name in self._put

    def __getitem__(self, name: Name) -> Known:
        return self._put[name][1]

    def __setitem__(self, name: Name, value: Known) -> None:
        self._forget()
        self._put.pop(name, None)
        self._put[name] = self._now(), value

    def __len__(self) -> int:
        self._forget()
        return len(self._put)

    def pop(self, name: Name) -> None:
        """Forget one, where it is known."""
        self._put.pop(name, None)

    def _forget(self) -> None:
        """The first put are the first to go: a look costs nothing where none has."""
        latest = self._now() - self._span
        while self._put and self._put[oldest := next(iter(self._put))][0] <= latest:
            del self._put[oldest]
