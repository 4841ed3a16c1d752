"""What a person can do instead, while a vendor can't be reached: said in the war room with the failure."""

from domain.port.any_duty import Duty
from domain.port.chat import InvitePeople, OpenRoom
from domain.port.followup import OpenItem, SendInvitation
from domain.port.notebook import OpenDocument
from domain.port.pager import Page
from domain.port.status_page import PublishUpdate, SendMail
from domain.port.support import TellTicket


def by_hand(duty: Duty) -> str:
    """Plain words, with the text to paste where there is one; empty when nothing useful can be done by hand."""
    match duty:
        case Page(level=level, people=people, title=title):
            who = ", ".join(f"{person.name} <{person.email}>" for person in people) or f"the {level} on-call"
            return f"reach {who} and say: {title}"
        case OpenRoom(name=name):
            return f"talk in any channel; call it #{name} when the chat is back"
        case InvitePeople(people=people):
            return f"invite {', '.join(person.name for person in people)}"
        case PublishUpdate(title=title, status=status, body=body):
            return f"post on the status page as {status}, titled {title!r}:\n{body}"
        case OpenItem(title=title, due_at=due_at):
            return f"open an issue {title!r}, due {due_at:%d %b}"
        case OpenDocument(title=title):
            return f"write a page {title!r}; the timeline is in the incident"
        case SendInvitation(person=person, title=title, starts_at=starts_at):
            return f"invite {person.name} to {title!r} at {starts_at:%d %b %H:%M} UTC"
        case SendMail(account=account, subject=subject, body=body):
            return f"write to {account.email}, subject {subject!r}:\n{body}"
        case TellTicket(ticket=ticket, body=body):
            return f"note on ticket {ticket}: {body}"
    return ""
