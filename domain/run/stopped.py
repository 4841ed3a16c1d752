"""What is said of a promise that was kept, in time or late: who did what when."""

from datetime import datetime
from itertools import takewhile

from domain.incident.clocks import Kept, Missed
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.port.message import Message
from domain.procedure.sop import PROCEDURE
from domain.rule.clause import Promise, always
from domain.rule.names import ToPeople
from domain.value.line import in_words
from domain.value.moment import clock_time


def asking(clause: str, says: str) -> Promise:
    """What asks for it; of a clause that promises nothing by itself it is what the clock says."""
    return PROCEDURE.promises.get(clause) or Promise(says, counted_from="", asked_by=always(""))


def tell_stopped(incident: Incident, event: Event, what: Kept | Missed) -> Message:
    """When it was done, and by how much early or late, as its line has it."""
    stopped_at = what.stopped_at or what.due_at
    became = what.line(ToPeople(incident)).words.removeprefix("kept").removeprefix(", ")
    who, did = _stopped_by(incident, stopped_at), asking(what.clause, what.says).did(what.says)
    said = f"*{who} {did}* at" if who and did else "Done at"
    done = ", ".join(part for part in (f"{said} {clock_time(stopped_at, event.at)}", became) if part)
    return Message(text=f"{done}." if who and did else f"{done}: {in_words(what.says)}.", moments=(stopped_at,))


def _stopped_by(incident: Incident, at: datetime) -> str:
    """Who did what stopped a clock then, by name; empty where nobody of the company did."""
    then = takewhile(lambda event: event.at >= at, reversed(incident.events))
    by = next((event.by for event in then if event.at == at and event.by in incident.catalog.people), "")
    return incident.catalog.short(by) if by else ""
