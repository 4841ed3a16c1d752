"""The ways in which the records say no."""


class RecordConflict(Exception):
    """A number was recorded before with other content. Trying again cannot help: somebody writes a second history."""

    def __init__(self, incident: str, number: int, field: str) -> None:
        super().__init__(
            f"{incident} record {number}: {field} differs from what is recorded; expected the same event again. "
            f"Compare with the recorded one: nothing was written."
        )
        self.incident, self.number, self.field = incident, number, field


class RecordGap(Exception):
    """An event came whose predecessor is not recorded; the caller must send from `expected` on."""

    def __init__(self, incident: str, expected: int, found: int) -> None:
        super().__init__(f"{incident}: found record {found}, expected {expected}; send the events from {expected} on")
        self.incident, self.expected, self.found = incident, expected, found


class RecordsUnavailable(Exception):
    """The records cannot be reached or are held by another writer at the moment; the same call may be made again."""

    then = "try again"

    def __init__(self, where: str, said: str) -> None:
        super().__init__(f"records at {where}: {said}; {self.then}")
        self.where, self.said = where, said


class RecordsUnready(RecordsUnavailable):
    """The records have no tables for us, or do not let us at them: the same call may be made once that is mended."""

    then = "a worker makes the tables when it starts, or their owner by `standfast audit grant ROLE`"


class Unremembered(Exception):
    """The records are not as what is anchored outside remembers them; nothing is signed over that."""


class SettingRefused(Exception):
    """A setting cannot be used: which one, what was found (never a secret), what is expected."""

    def __init__(self, name: str, found: str, expected: str) -> None:
        super().__init__(f"{name}: found {found}, expected {expected}")
        self.name, self.found, self.expected = name, found, expected


class NotStamped(Exception):
    """A time-stamp authority gave no stamp, or what is there is none; work goes on without it."""


class NotErased(Exception):
    """Personal data is not erased: what must be done first."""
