"""WAR-7: what waits for a manager or a communications lead who leaves is asked of who may answer now."""

from collections.abc import Iterator

from domain.company.person import Person
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.port.message import Button, Message
from domain.procedure import customer_mail, mail_draft, public_postmortem, public_postmortem_duties, status_page_updates
from domain.procedure.bypass import asks, unanswered
from domain.procedure.changes import answers_to_bypass
from domain.procedure.public_update import UpdateDrafted, pending
from domain.rule.deputies import deputies

Asked = tuple[tuple[Person, ...], str, tuple[Button, ...]]
"""Who is asked, what is said of it, and its answers."""


def left_open(incident: Incident, event: Event, role: str) -> Asked:
    """What waits for the answer of a role that is vacant now; nothing where the policy does not ask on."""
    if incident.policy.absence.asks_on and role == incident.policy.role("manager"):
        return _bypass(incident, event)
    if incident.policy.absence.asks_on and role == incident.policy.role("comms"):
        return _words(incident, event)
    return (), "", ()


def _bypass(incident: Incident, event: Event) -> Asked:
    """FIX-2: who stands in now for what a manager left unanswered."""
    change = unanswered(incident)
    if not change:
        return (), "", ()
    others = [name for name in deputies(incident, event.at) if name != change.by]
    asked = incident.people(others[:1])
    said = f"{incident.catalog.short(change.by)} {asks(change.change)}: {change.description}"
    return asked, f" Still without an answer: {said}.", answers_to_bypass(str(change.number)) if asked else ()


def _words(incident: Incident, event: Event) -> Asked:
    """COM-3, COM-5, COM-8: who approves now what customers are to read, with the words that wait."""
    waiting = tuple(_drafts(incident, event))
    if not waiting:
        return (), "", ()
    several = len(waiting) > 1
    texts = [message.text.partition(" ")[2] for message in waiting]
    said = "".join(f"\n{number}. {text}" for number, text in enumerate(texts, 1)) if several else f" {texts[0]}"
    people = dict.fromkeys(person for message in waiting for person in message.to)
    buttons = [(number, button) for number, message in enumerate(waiting, 1) for button in message.buttons]
    named = (button.model_copy(update={"label": f"{number}: {button.label}"}) for number, button in buttons)
    answers = tuple(named) if several else tuple(button for _, button in buttons)
    return tuple(people), f" Still without an answer:{said}", answers


def _drafts(incident: Incident, event: Event) -> Iterator[Message]:
    """Each text that waits, asked as it was at first, of who may approve it now."""
    update = pending(incident)
    drafted = (fact for _, fact in incident.all(UpdateDrafted) if update and fact.number == update.number)
    for draft in [*drafted][-1:]:
        yield status_page_updates.tell_draft(incident, event, draft)
    mail = mail_draft.waiting(incident)
    if mail and not incident.retracted and not (update and mail_draft.with_update(incident)):
        mails = (fact for _, fact in incident.all(mail_draft.MailDrafted) if fact.number == mail.number)
        yield from (customer_mail.ask(incident, event, one) for one in mails)
    if account := public_postmortem.waiting(incident):
        yield public_postmortem_duties.tell_draft(incident, event, account)
