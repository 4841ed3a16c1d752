"""What becomes of the tasks of the fight (WAR-8)."""

from typing import TYPE_CHECKING

from domain.incident.fact import Fact
from domain.incident.work import State, Task, TaskTurn
from domain.value.line import Line, Names
from domain.value.model import ClauseId

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class _OfTask(Fact, abstract=True):
    """Something becomes of a task (WAR-8)."""

    told, sign_of_life = True, True
    clause: ClauseId = "WAR-8"
    task: int
    title: str


class TaskAssigned(_OfTask):
    """Something is to be done, by somebody or by whoever takes it (WAR-8)."""

    to: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        turns = [TaskTurn(event.at, self.to)]
        incident.work.tasks[self.task] = Task(self.task, self.title, event.by, event.at, turns)

    def line(self, names: Names) -> Line:
        whom = f" to {names.person(self.to)}" if self.to else ""
        return Line(f"assigned task {self.task}{whom}", self.title)


class TaskTaken(_OfTask):
    """Somebody is at a task from now on (WAR-8)."""

    person: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        task = incident.work.tasks[self.task]
        task.turns[-1].ended_at = task.turns[-1].ended_at or event.at
        task.turns.append(TaskTurn(event.at, self.person))
        task.state, task.ended_at, task.reason = "open", None, ""

    def line(self, names: Names) -> Line:
        return Line(f"took task {self.task}", self.title)


class TaskDone(_OfTask):
    """A task is done (WAR-8)."""

    result: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        _end(incident, event, self.task, "done", self.result)

    def line(self, names: Names) -> Line:
        return Line(f"did task {self.task}", _detail(self.title, self.result), "good")


class TaskBlocked(_OfTask):
    """A task cannot go on (WAR-8)."""

    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        _end(incident, event, self.task, "blocked", self.reason)
        turn = incident.work.tasks[self.task].turns[-1]
        turn.ended_at = turn.ended_at or event.at

    def line(self, names: Names) -> Line:
        return Line(f"cannot go on with task {self.task}", _detail(self.title, self.reason), "warn")


class TaskDropped(_OfTask):
    """A task is not needed any more (WAR-8)."""

    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        _end(incident, event, self.task, "dropped", self.reason)

    def line(self, names: Names) -> Line:
        return Line(f"dropped task {self.task}", _detail(self.title, self.reason))


class TaskKept(_OfTask):
    """A task that was left is an action item from now on (WAR-8, ACT-1)."""

    sign_of_life = False

    def apply(self, incident: "Incident", event: "Event") -> None:
        _end(incident, event, self.task, "item")

    def line(self, names: Names) -> Line:
        return Line(f"made an action item of task {self.task}", self.title)


def _end(incident: "Incident", event: "Event", number: int, state: State, reason: str = "") -> None:
    task = incident.work.tasks[number]
    task.state, task.ended_at, task.reason = state, event.at, reason or task.reason


def _detail(title: str, reason: str) -> str:
    return f"{title}; {reason}" if reason else title


class TasksLeft(Fact):
    """It ended while tasks were open: somebody says what becomes of them (WAR-8)."""

    told = True
    minor = True
    clause: ClauseId = "WAR-8"
    tasks: tuple[int, ...]

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.work.ends_asked = len(incident.resolutions)

    def line(self, names: Names) -> Line:
        return Line("open at the end", ", ".join(f"task {number}" for number in self.tasks), "warn", alone=True)
