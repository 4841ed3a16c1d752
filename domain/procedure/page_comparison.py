"""COM-7: what the page shows is compared with what was published, until it shows the end."""

from collections.abc import Iterator
from datetime import datetime

from domain.incident.clock import Clock
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.message import Message
from domain.port.status_page import ReadStatus
from domain.procedure.public_update import on_the_page, published
from domain.procedure.status_page import DraftUpdate
from domain.rule.clause import ON_PAGE, Clause, Promise
from domain.rule.judge import was_done
from domain.rule.people import held_by
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth, numbered, spells, wait
from domain.value.key import ClockKey, DutyKey


def clocks(incident: Incident) -> Iterator[Clock]:
    """From time to time while it is active, and after the end until the page shows it."""
    posts = published(incident)
    for number, (begin, end) in enumerate(spells(incident, posts[0] if posts else None)):
        yield from _while_active(incident, begin, end, nth(number))
    yield from _after_the_end(incident)


def _while_active(incident: Incident, start: datetime, until: datetime | None, run: str) -> Iterator[Clock]:
    """Each wait begins when the one before it rang: `COM-7/1`, `COM-7/2`, ... The last two."""
    begin, count = start, 1
    while True:
        about, following = numbered(count, run), numbered(count + 1, run)
        rang = incident.rung.get(ClockKey.of(COM_7.id, about))
        if rang is None or ClockKey.of(COM_7.id, following) not in incident.rung:
            yield from wait(incident, COM_7, start=begin, until=until, about=about)
        if rang is None:
            return
        begin, count = rang, count + 1


def _after_the_end(incident: Incident) -> Iterator[Clock]:
    shown = on_the_page(incident)
    rule = incident.policy.clocks.get(COM_7.id)
    span = rule.span(incident.likely) if rule else None
    if span is None or not shown or not shown.published_at or shown.status != "resolved" or not incident.resolved_at:
        return
    start, about, times = shown.published_at, f"end-{len(incident.resolutions)}-{shown.number}", 1
    while (rang_at := incident.rung.get(ClockKey.of(COM_7.id, f"{about}-{times}"))) is not None:
        start, times = rang_at, times + 1
    seen = incident.outward.agreed_at is not None and incident.outward.agreed_at >= shown.published_at
    if not seen and incident.phase == "resolved":
        key = ClockKey.of(COM_7.id, f"{about}-{times}")
        yield Clock(COM_7.id, key, "compare the status page", "standfast", start, start + span * times, None, wait=True)


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """What the page shows, compared with what was published last."""
    last = on_the_page(incident)
    checks = [key for key in map(ClockKey, incident.rung) if key.clause == COM_7.id]
    if not last or not checks or incident.closed_at:
        return
    if incident.over and not (last.status == "resolved" and "/end-" in checks[-1]):
        return
    yield ReadStatus.model_validate(
        {
            "key": DutyKey.of("read", checks[-1].rest),
            "incident": incident.id,
            "clause": "COM-7",
            "summary": "compare the status page with the incident",
            "ref": incident.status_ref,
            "status": last.status,
            "body": last.body,
            "components": last.shown or {},
        }
    )


def _agrees(incident: Incident, event: Event, done: Done) -> None:
    if not done.outcome.text:
        incident.outward.agreed_at = _asked_at(incident, done)


def _asked_at(incident: Incident, done: Done) -> datetime | None:
    return incident.rung.get(ClockKey.of(COM_7.id, done.about))


def _tell_difference(incident: Incident, event: Event, done: Done) -> Message | None:
    """A difference, unless the page was updated while the answer was on its way: then it is none."""
    asked_at = _asked_at(incident, done)
    meanwhile = any(asked_at and asked_at < at <= event.at for at in published(incident))
    if not done.outcome.text or meanwhile:
        return None
    text = f"COM-7 The status page differs: {done.outcome.text}"
    correct = (DraftUpdate.button("Correct the page"),) if not incident.over else ()
    return Message(text=text, to=held_by(incident, "comms", "commander"), buttons=correct)


def _was_read_back(incident: Incident) -> bool | None:
    checks = any(ClockKey(key).clause == COM_7.id for key in incident.rung)
    return was_done(incident, "read") if checks else None


COM_7 = Clause(
    "COM-7",
    "The status page is a contractual record: what it shows is compared with the incident's state while "
    "it is active, and a difference is reported.",
    promise=Promise(
        "compare the status page",
        then="The status page agrees",
        counted_from="the first update, and again and again while it is open",
        asked_by=ON_PAGE,
        explained_as="compare the status page with the incident",
    ),
    still=True,
    judged_by="the page was read back when that was due",
    judge=_was_read_back,
)
RULES = Ruleset(
    clauses=(COM_7,),
    clocks=clocks,
    duties=duties,
    brings_about={ReadStatus: _agrees},
    tell={ReadStatus: _tell_difference},
)
