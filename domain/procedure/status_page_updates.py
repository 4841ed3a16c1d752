"""COM-1, COM-2, COM-3, COM-6 towards the page: updates are drafted from its templates and leave one at a time."""

from collections.abc import Iterator
from datetime import datetime

from domain.company.status_template import UpdateStatus
from domain.incident.effects import Done
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.outward import Mail
from domain.incident.tenure import is_vacant
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.port.message import Button, Message
from domain.port.status_page import DraftFromTemplate, PublishUpdate
from domain.procedure import final_update as final
from domain.procedure import update_clocks
from domain.procedure.mail_accounts import greeted, written_to
from domain.procedure.mail_draft import with_update
from domain.procedure.page_components import adoptable_since, shown_states
from domain.procedure.public_update import (
    UpdateDrafted,
    asked,
    fresh_status,
    is_away,
    next_number,
    on_page,
    on_the_page,
    outbox,
    pending,
    published,
    superseded,
)
from domain.procedure.public_words import (
    addressed,
    filled,
    green_since,
    impact,
    inside,
    named,
    named_in,
    read_as,
    values,
)
from domain.procedure.status_page import ApproveUpdate, UpdatePosted
from domain.rule.deputies import comms
from domain.rule.people import held_by
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth
from domain.value.clip import clipped
from domain.value.key import ClockKey, DutyKey
from domain.value.model import said_count, said_outcome
from domain.value.moment import clock_time


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """The next draft, and the next approved update."""
    if _wants_draft(incident):
        yield _draft(incident)
    yield from _publish(incident)


def settle(incident: Incident) -> tuple[Fact, ...]:
    """What is not to leave any more is dropped; the policy's words are the draft while the page gives no template."""
    dropped = tuple(superseded(incident))
    if dropped or not _wants_draft(incident):
        return dropped
    away = _draft_key(incident) in incident.failures or (incident.policy.updates.away_at_once and is_away(incident))
    return follow(incident, _draft(incident), Outcome()) if away else ()


def _wants_draft(incident: Incident) -> bool:
    """COM-3: the first draft and one of a reopening at once, others when their reminder went out, one at the end."""
    if not on_page(incident) or incident.closed_at or pending(incident):
        return False
    if incident.over:
        return incident.resolved_at is not None and not final.is_said(incident)
    shown = on_the_page(incident)
    if not shown or shown.status == "resolved":
        return not outbox(incident) and bool(asked(incident) or shown)
    running = {clock.key for clock in update_clocks.clocks(incident) if clock.running}
    anew = any(ClockKey(key).about.startswith(update_clocks.REOPENED) for key in running)
    return not outbox(incident) and bool(anew or running & (incident.reminded.keys() | incident.missed.keys()))


def _draft_key(incident: Incident) -> str:
    turn = nth(len(incident.reopenings))
    return "/".join(part for part in (f"draft/{next_number(incident)}", turn, "end" * incident.over) if part)


def _draft(incident: Incident) -> DraftFromTemplate:
    number, status, rule = next_number(incident), fresh_status(incident), incident.policy.updates
    words, text = _texts(incident, status)
    return DraftFromTemplate(
        key=_draft_key(incident),
        incident=incident.id,
        clause="COM-6" if incident.over else "COM-3",
        summary=f"draft status page update {number}",
        number=number,
        status=status,
        template=rule.template(words, incident.service.components),
        fallback=filled(incident, text),
        values=values(incident),
    )


def _texts(incident: Incident, status: UpdateStatus) -> tuple[str, str]:
    """By which word the page's template is looked up, and the policy's text where the page has none."""
    rule, shown = incident.policy.updates, on_the_page(incident)
    green = green_since(incident) is not None
    words = rule.follows(status, shown.status, green=green) if shown else status
    known = rule.knows(status, green=green, impact=bool(impact(incident)))
    return words, rule.draft(known if words == status else words)


def _publish(incident: Incident) -> Iterator[AnyDuty]:
    """Approved updates, one after the other, so that customers read them in order."""
    for update in outbox(incident)[:1]:
        end = update.status == "resolved"
        impact = incident.policy.severities[incident.likely].impact
        yield PublishUpdate.model_validate(
            {
                "key": f"publish/{update.number}",
                "incident": incident.id,
                "clause": "COM-6" if end else "COM-2" if published(incident) else "COM-1",
                "summary": f"publish status page update {update.number} ({update.status})",
                "number": update.number,
                "ref": incident.status_ref,
                "status": update.status,
                "title": clipped(f"{read_as(incident)}: {incident.policy.severities[incident.likely].title}", 250),
                "body": update.body,
                "impact": impact,
                "components": shown_states(incident, update),
                "before": (shown.shown or {}) if (shown := on_the_page(incident)) else {},
                "subject": read_as(incident),
                "adopts": adoptable_since(incident) if not incident.status_ref else None,
                "tried": any(DutyKey(key).name == "publish" for key in incident.failures),
            }
        )


def follow(incident: Incident, duty: AnyDuty, outcome: Outcome) -> tuple[Fact, ...]:
    """COM-3: a fetched template becomes the draft, unless somebody has written meanwhile or it has come too late."""
    if duty.kind != "draft_from_template" or duty.number in incident.updates:
        return ()
    if not _wants_draft(incident) or (duty.status == "resolved") != incident.over:
        return ()
    text = outcome.text or duty.fallback
    return (UpdateDrafted(clause=duty.clause, number=duty.number, status=duty.status, body=text),)


def _post(incident: Incident, event: Event, done: Done) -> None:
    update = incident.updates[int(done.about)]
    if named(incident) in update.body:
        incident.corrections.read_as = ""
    update.dropped_at = None
    if update.published_at is None:
        update.published_at, update.shown = event.at, shown_states(incident, update)
        incident.status_ref, incident.status_url = done.outcome.ref, done.outcome.url or incident.status_url


def _by_hand(incident: Incident, event: Event, number: int) -> UpdatePosted | None:
    """How somebody posted the update while the page's answer was on its way; None where nobody did."""
    posted = (fact for one, fact in incident.all(UpdatePosted) if one.number < event.number and fact.number == number)
    return next(posted, None)


def tell_draft(incident: Incident, event: Event, draft: UpdateDrafted) -> Message:
    """The draft with its answers, each of which is about this very text, and by when customers are to read it."""
    number = str(draft.number)
    publish = ApproveUpdate.button("Publish", "primary", asks=False, number=number)
    yes, mailed = ((publish,), "") if (mail := with_update(incident)) is None else _both(incident, number, mail)
    edit = ApproveUpdate.button("Edit", asks=True, number=number, status=draft.status, body=draft.body)
    due_at = min((one.due_at for one in update_clocks.clocks(incident) if one.running), default=None)
    by = f" by {clock_time(due_at, event.at)}" if due_at and due_at > event.at else ""
    text = f"{draft.clause} May customers read this{by}?\n{_reads(incident, draft.number)}"
    states = shown_states(incident, incident.updates[draft.number])
    shown = ", ".join(f"{name} {state.replace('_', ' ')}" for name, state in states.items())
    text += f"\nComponents: {shown}" if draft.components else ""
    named, kept = ", ".join(person.name for person in named_in(incident, draft.body)), inside(incident, draft.body)
    warning = f"\nIt names {named}: customers are to read what happened, not who. Edit it." if named else ""
    warning = warning or (f"\nEdit it: {kept}." if kept else "")
    role = incident.policy.role("comms")
    takes = role in incident.policy.roles and incident.policy.roles[role].by_press and is_vacant(incident, role)
    return Message(
        text=text + mailed + warning,
        to=comms(incident, event.at),
        buttons=(edit,) if warning else (*yes, edit),
        small=f"{'Who publishes writes to customers from now on · ' if takes else ''}Draft {number}",
        moments=(due_at,) if by and due_at else (),
    )


def _both(incident: Incident, number: str, mail: Mail) -> tuple[tuple[Button, ...], str]:
    """COM-5: the presses that publish with the mail and without it, and what the mail says."""
    accounts = written_to(incident, mail)
    whom, also = said_count(len(mail.accounts), "account"), str(mail.number)
    both = ApproveUpdate.button(f"Publish and mail {whom}", "primary", asks=False, number=number, mail=also)
    only = ApproveUpdate.button("Publish only", "plain", asks=False, number=number)
    names = ", ".join(account.name for account in accounts)
    return (both, only), f"\nBy mail to {names}:\n*{mail.subject}*\n{addressed(mail.body, greeted(accounts)).strip()}"


def _reads(incident: Incident, number: int) -> str:
    """What customers read: the service as they know it, its state, the words."""
    update = incident.updates[number]
    return f"*{read_as(incident)} · {update.status.capitalize()}*\n{update.body}"


def _in_time(incident: Incident, at: datetime) -> str:
    """By how much the promise that was kept at a moment was early or late; empty where none was."""
    due = (one.due_at for one in update_clocks.clocks(incident) if one.stopped_at == at and not one.void)
    return next((f", {said_outcome(by - at).removeprefix('kept, ')}" for by in due), "")


def _tell_published(incident: Incident, event: Event, done: Done) -> Message | None:
    """What customers read now; that the last words left stands on card and headline (COM-6)."""
    if incident.updates[int(done.about)].status == "resolved" and incident.open_room:
        return None
    update, url = incident.updates[int(done.about)], f"\n{done.outcome.url}" if done.outcome.url else ""
    if by_hand := _by_hand(incident, event, update.number):
        return _tell_twice(incident, done, by_hand)
    who = "Standfast" if update.approved_by in ("", STANDFAST) else incident.catalog.short(update.approved_by)
    text = f"{event.clause} *{who} told customers* at {clock_time(event.at)}{_in_time(incident, event.at)}."
    mailed = any(update.approved_at == one.at for one in incident.outward.mails.values())
    text = f"{text[:-1]}, on the page and by mail." if mailed else text
    text = f"{text}\n{_reads(incident, update.number)}{url}"
    return Message(text=text, moments=(event.at,), small=f"Update {update.number}")


def _tell_twice(incident: Incident, done: Done, by_hand: UpdatePosted) -> Message | None:
    """Where the page took an update after all that somebody had posted by hand in another place."""
    stands, ours = done.outcome.url or done.outcome.ref, (done.outcome.ref, done.outcome.url.rpartition("/")[2])
    if by_hand.url.rstrip("/").rpartition("/")[2] in ours:
        return None
    text = (
        f"COM-3 the status page took update {done.about} after all: it stands twice, at {by_hand.url} and at {stands}."
    )
    text += " Standfast goes on with the first; delete the second by hand, or end it."
    return Message(text=text, to=held_by(incident, "comms", "commander"))


RULES = Ruleset(
    duties=duties,
    settle=settle,
    done=follow,
    brings_about={PublishUpdate: _post},
    tell={UpdateDrafted: tell_draft, PublishUpdate: _tell_published},
)
