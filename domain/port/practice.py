"""What a vendor would answer in practice: nothing leaves the house, and every duty counts as done."""

from domain.port.any_duty import Duty
from domain.port.duty import Outcome


def answered(duty: Duty, ref: str) -> Outcome:
    """The outcome of a duty that was done the moment it was asked; `ref` names what came to be."""
    match duty.kind:
        case "open_room":
            return Outcome(ref=ref, text=duty.name)
        case "page" | "invite":
            return Outcome(ref=ref, people=tuple(person.id for person in duty.people))
        case "read_item":
            return Outcome(text="open")
        case "draft_from_template" | "read_status":
            return Outcome()
        case "publish_update" | "show_card" | "show_headline":
            return Outcome(ref=duty.ref or ref)
    return Outcome(ref=ref)
