"""The root of everything that can have happened to an incident."""

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from domain.value.kind import Kinded
from domain.value.line import Line, Names
from domain.value.model import ClauseId

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class Fact(Kinded, abstract=True):
    """One thing that happened, with what is true of every such thing said on its class."""

    clause: ClauseId
    """The clause of the SOP it belongs to."""
    sign_of_life: ClassVar[bool] = False
    """It shows that somebody is at work (ACK-5)."""
    voice: ClassVar[bool] = True
    """Whoever it is by was heard from with it, and is there."""
    told: ClassVar[bool] = False
    """People are told of it in its line; where that is not enough its ruleset says whom, with which answers."""
    minor: ClassVar[bool] = False
    """Of no interest later: the post-mortem leaves it out."""
    step: ClassVar[str] = ""
    """A step of the procedure whose first time a debrief tells, in words."""
    long: ClassVar[bool] = False
    """Its texts may be cut where the records have them whole."""

    asks: ClassVar[bool] = False
    """It asks something anew, though what was asked before may stand there still."""
    answered_by: ClassVar[tuple[type["Fact"], ...]] = ()
    """A question to the room is answered by the first of these after it; of a role, by what is said of the same one."""

    @property
    def place(self) -> str:
        """What its message is about, where an ask and its answer share one: the answer takes the place of the ask."""
        return ""

    def may_tell(self) -> bool:
        """Whether people may have to be told of it; not every one of some kinds."""
        return self.told

    @property
    def upkeep(self) -> bool:
        """Whether it only says that something else was told or shown."""
        return False

    def apply(self, incident: "Incident", event: "Event") -> None:
        """Let it change the reading of an incident; most facts only stand in the list."""

    def moves(self) -> bool:
        """Whether clocks, or what the state asks for, may hang on it; not on every one of some kinds."""
        return True

    def ticks(self) -> bool:
        """Whether clocks, or what settles by itself, may hang on it; not on everything that moves."""
        return self.moves()

    @property
    def remark(self) -> str:
        """What whoever did it is told beside that it is noted."""
        return ""

    @abstractmethod
    def line(self, names: Names) -> Line:
        """It in words: a predicate whose subject is the event's `by`."""
