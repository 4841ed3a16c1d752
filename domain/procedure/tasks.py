"""WAR-8: the tasks of the fight, from their assignment to their end, and what becomes of those that are left."""

from abc import abstractmethod
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from domain.incident.clock import Clock
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.task import TaskAssigned, TaskBlocked, TaskDone, TaskDropped, TaskKept, TasksLeft, TaskTaken
from domain.incident.work import Task
from domain.port.message import Button, Message
from domain.procedure.action_items import item_due_at
from domain.procedure.item_facts import ItemAdded
from domain.rule.act import FOUGHT, Ask, Decision, IncidentAct
from domain.rule.clause import Clause, Promise, always, happened
from domain.rule.deputies import heir
from domain.rule.people import held_by
from domain.rule.refusal import Refusal, settled
from domain.rule.ruleset import Ruleset
from domain.rule.timer import lasting, nth, promised
from domain.value.key import ClockKey
from domain.value.model import LongText, ShortText

LEFT = "left"
"""What a clock is about that waits for what becomes of a task at the end."""


class AssignTask(IncidentAct):
    """Something is to be done now, by somebody or by whoever takes it (WAR-8)."""

    deed = "assign a task"
    makes = (TaskAssigned,)
    label, verb = "Assign a task", "task assign"
    offered_in, usually = ("active",), "commander"
    phases = FOUGHT
    title: Annotated[ShortText, Ask("What is to be done?", "line", example="what is to be done")]
    to: Annotated[str, Ask("Who does it?", "person", "Empty: whoever takes it.")] = ""

    def decide(self, incident: Incident) -> Decision:
        """WAR-8: to somebody of the company, while it is fought."""
        if incident.over:
            return Refusal(f"{incident.id} is {incident.phase}; add an action item, or reopen it")
        person = incident.catalog.person_called(self.to) if self.to else None
        if self.to and person is None:
            return Refusal(f"to: found {self.to!r}, expected one of {', '.join(incident.catalog.people)}")
        number = max(incident.work.tasks, default=0) + 1
        return (TaskAssigned(task=number, title=self.title, to=person.id if person else ""),)


class TaskAct(IncidentAct, abstract=True):
    """Something becomes of a task that is left (WAR-8)."""

    there = "tasks"
    task: Annotated[int, Ask("Which task?", choose="task")]

    def decide(self, incident: Incident) -> Decision:
        """WAR-8: of a task that is there and not ended, until the incident closes."""
        task = _left(incident, self.task)
        return task if isinstance(task, Refusal) else self.about_it(incident, task)

    @abstractmethod
    def about_it(self, incident: Incident, task: Task) -> Decision:
        """What becomes of it."""


class TakeTask(TaskAct):
    """Somebody is at a task from now on, or goes on with one that was blocked (WAR-8)."""

    makes = (TaskTaken,)
    label, verb, style, in_menu = "Take the task", "task take", "primary", False

    def about_it(self, incident: Incident, task: Task) -> Decision:
        """WAR-8: whoever says so has it, also from somebody who does not get to it."""
        if task.to == self.by and task.state == "open":
            return settled(f"task {task.number} is yours already")
        return (TaskTaken(task=task.number, title=task.title, person=self.by),)


class FinishTask(TaskAct):
    """A task is done (WAR-8)."""

    makes = (TaskDone,)
    label, form_title, verb, style, in_menu = "Task done", "A task is done", "task done", "primary", False
    result: Annotated[str, Ask("What came of it?", "text")] = ""

    def about_it(self, incident: Incident, task: Task) -> Decision:
        """WAR-8: anybody may say so, also after the end."""
        return (TaskDone(task=task.number, title=task.title, result=self.result),)


class BlockTask(TaskAct):
    """A task cannot go on, and why (WAR-8)."""

    makes = (TaskBlocked,)
    label, form_title, verb, in_menu = "Blocked", "A task is blocked", "task blocked", False
    reason: Annotated[LongText, Ask("What is in the way?", "text")]

    def about_it(self, incident: Incident, task: Task) -> Decision:
        """WAR-8: its holder is chased no more; the commander is told."""
        return (TaskBlocked(task=task.number, title=task.title, reason=self.reason),)


class DropTask(TaskAct):
    """A task is not needed any more, and why (WAR-8)."""

    makes = (TaskDropped,)
    label, verb, in_menu = "Drop the task", "task drop", False
    reason: Annotated[LongText, Ask("Why is it not needed?", "text")]

    def about_it(self, incident: Incident, task: Task) -> Decision:
        """WAR-8: only with a reason."""
        return (TaskDropped(task=task.number, title=task.title, reason=self.reason),)


class KeepTask(TaskAct):
    """A task that is left at the end becomes an action item (WAR-8, ACT-1)."""

    makes = (TaskKept,)
    label, verb, in_menu = "Make it an action item", "task keep", False

    def about_it(self, incident: Incident, task: Task) -> Decision:
        """WAR-8: with its holder as owner, due when the policy says."""
        return _kept(incident, task)


def _left(incident: Incident, number: int) -> Task | Refusal:
    task, left = incident.work.tasks.get(number), incident.work.left
    if incident.closed_at:
        return Refusal(f"{incident.id} is closed; nothing is left to be done in it")
    if task is None:
        known = ", ".join(str(one.number) for one in left) or "none: there are none"
        return Refusal(f"task: found {number}, expected one of {known}")
    return task if task.left else settled(f"task {number} is {_WORDS[task.state]} already")


_WORDS = {"done": "done", "dropped": "dropped", "item": "an action item"}


def _kept(incident: Incident, task: Task) -> tuple[Fact, ...]:
    """An action item of its own kind: it is no lesson that a post-mortem could ask for."""
    at = incident.events[-1].at
    owner, due = _keeper(incident, task.to, at), item_due_at(incident, at)
    item = ItemAdded(
        item=f"task-{task.number}",
        title=f"Task {task.number} of {incident.id}" if incident.secret else task.title,
        body=_body(incident, task),
        owner=owner,
        due_at=due,
        before=task.to if task.to != owner and incident.policy.absence.items_there else "",
    )
    return (TaskKept(task=task.number, title=task.title), item)


def _keeper(incident: Incident, name: str, at: datetime) -> str:
    """Whose the action item is: its holder's, or of somebody who is there in their place (WAR-7)."""
    if incident.policy.absence.items_there:
        return heir(incident, name, at)
    return _owner(incident, name) or incident.holder("manager")


def _body(incident: Incident, task: Task) -> str:
    """What the tracker reads of it; a security incident keeps its words to itself (SCP-3)."""
    if incident.secret:
        return "See the incident."
    return f"Task {task.number} of {incident.id}, left open at its end. {task.reason}".strip()


def _owner(incident: Incident, name: str) -> str:
    """Whose it is; nobody's once they have left the company (WAR-7)."""
    person = incident.catalog.person_called(name) if name else None
    return name if person and not person.left else ""


def clocks(incident: Incident) -> Iterator[Clock]:
    """Each task is done in time by its holder; of what is left at the end somebody says what becomes of it."""
    for task in incident.work.tasks.values():
        yield from _turns(incident, task)
        yield from _after_the_end(incident, task)


def _turns(incident: Incident, task: Task) -> Iterator[Clock]:
    """Whoever takes it has the whole time, whatever became of it before."""
    stop = task.ended_at if task.state == "done" else None
    gone = task.ended_at if task.state in ("dropped", "item") else None
    for number, turn in enumerate(task.turns):
        last = turn is task.turns[-1]
        yield from promised(
            incident,
            WAR_8,
            start=turn.at,
            stop=stop if last else None,
            until=turn.ended_at or (gone if last else None),
            about=f"task-{task.number}",
            runs=(nth(number, "s"),),
            what=f"do task {task.number}",
            owner=_owner(incident, turn.to),
        )


def _after_the_end(incident: Incident, task: Task) -> Iterator[Clock]:
    role = incident.policy.role("commander")
    for number, (ended, _) in enumerate(incident.resolutions):
        reopened = incident.reopenings[number] if number < len(incident.reopenings) else incident.closed_at
        if task.at > ended or (not task.left and task.ended_at and task.ended_at <= ended):
            continue
        stop, what = None if task.left else task.ended_at, f"say what becomes of task {task.number}"
        about, runs = f"{LEFT}-{task.number}", (nth(number),)
        yield from lasting(
            incident, WAR_8, start=ended, stop=stop, gone=reopened, about=about, runs=runs, what=what, owner=role
        )


def expired(incident: Incident, key: ClockKey) -> tuple[Fact, ...]:
    """What nobody says anything about becomes an action item."""
    if key.clause != WAR_8.id or key.topic != LEFT:
        return ()
    task = incident.work.tasks[int(key.number)]
    return _kept(incident, task) if task.left and incident.phase == "resolved" else ()


def settle(incident: Incident) -> tuple[Fact, ...]:
    """At the end it is asked once what becomes of what is left."""
    left, asked = incident.work.left, incident.work.ends_asked >= len(incident.resolutions)
    if incident.phase != "resolved" or not left or asked:
        return ()
    return (TasksLeft(tasks=tuple(task.number for task in left)),)


def _ask_what_becomes(incident: Incident, event: Event, left: TasksLeft) -> Message:
    """The commander is asked; the room has the words, a thread that anybody reads has them too."""
    tasks = [incident.work.tasks[number] for number in left.tasks]
    said = "\n".join(f"{task.number}. {task.title} is still open" for task in tasks)
    buttons = tuple(button for task in tasks[:5] for button in _ends(task))
    text = f"WAR-8 what becomes of it? It is made an action item if nobody says so.\n{said}"
    return Message(text=text, to=held_by(incident, "commander", "manager"), buttons=buttons)


def _ends(task: Task) -> tuple[Button, ...]:
    number = str(task.number)
    return (
        KeepTask.button(f"Action item {number}", asks=False, task=number),
        DropTask.button(f"Drop {number}", asks=True, task=number),
        FinishTask.button(f"Done {number}", asks=False, task=number),
    )


def _tell_assigned(incident: Incident, event: Event, task: TaskAssigned) -> Message:
    number, whom = str(task.task), f" for {incident.called(task.to)}" if task.to else ", who takes it?"
    take = TakeTask.button(asks=False, task=number)
    done, blocked = FinishTask.button("Done", asks=False, task=number), BlockTask.button(asks=True, task=number)
    buttons = (done, blocked) if task.to else (take,)
    return Message(text=f"WAR-8 task {number}{whom}: {task.title}", to=incident.people([task.to]), buttons=buttons)


def _tell_blocked(incident: Incident, event: Event, task: TaskBlocked) -> Message:
    text = f"WAR-8 task {task.task} is blocked, {task.title}: {task.reason}"
    take = TakeTask.button(asks=False, task=str(task.task))
    return Message(text=text, to=held_by(incident, "commander"), buttons=(take,))


def _answers(key: ClockKey) -> tuple[Button, ...]:
    number = key.number
    if key.topic == LEFT:
        return (KeepTask.button(asks=False, task=number), DropTask.button("Drop", asks=True, task=number))
    return (FinishTask.button("Done", asks=False, task=number), BlockTask.button(asks=True, task=number))


WAR_8 = Clause(
    "WAR-8",
    "Tasks of the fight are assigned, taken, done or blocked, and chased; what is open at the end becomes an action"
    " item or is dropped with a reason.",
    promise=Promise(
        "do the task",
        counted_from="its assignment, and again when somebody takes it",
        asked_by=always("every task starts it"),
        explained_as="do each task (its own holder first)",
        kept_by=FinishTask,
        unlisted=True,
        optional=True,
        answers=_answers,
    ),
    judged_by="its clocks, one for each task and one for what is left at the end",
    judge=happened(TaskDone, TaskBlocked, TaskDropped, TaskKept),
)
RULES = Ruleset(
    clauses=(WAR_8,),
    clocks=clocks,
    settle=settle,
    expired=expired,
    tell={TaskAssigned: _tell_assigned, TaskBlocked: _tell_blocked, TasksLeft: _ask_what_becomes},
)
