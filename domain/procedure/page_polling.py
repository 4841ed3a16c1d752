"""ACK-1: the pager is asked how its pages stand, because a webhook that would have told us may be lost.

What it answers is what its webhook would have said: the same acts, the same states of alerts, whichever comes first.

It is asked every `asks.pages_every` at first, then at growing pauses, and just before we climb a level (ACK-3). After
the acknowledgement two kinds of pages have news left: the source's own, that the alert is over, and those of a call for
somebody else that nobody has answered. They are asked about ever more rarely, some seventy times in a fortnight, some
ninety while such a call is open, from each new call on; and never after the end. Where nobody is rung yet, or at all,
because the page waits for its hour or the severity wakes nobody (ACK-6), the source's own is asked about as rarely.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.alerting.alert import Alert
from domain.incident.effects import Done
from domain.incident.entry import CALM, Polling
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.office import PAGES
from domain.incident.pages import by_pager, pager_of, rings_on
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome, PageState
from domain.port.pager import ReadPages
from domain.procedure import acknowledgement
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.calls import unanswered
from domain.procedure.paging import PageEscalated, known, on_call, pages_of_ladder, vendor_paged
from domain.rule.ruleset import Ruleset
from domain.value.act import Act

MOST = 20
"""Pages asked about at once, the newest; each costs the pager a question."""
SHORTLY = timedelta(seconds=10)
"""How long before a level is reached the pager is asked."""
SLOWER, RARER, GROWTH = 5, 10, 10
"""The longest pause while it rings and the first one while nobody is rung, in times of the policy's, and the part of
the time that has passed which a pause grows to."""


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """One question to each pager about every page that may have news; the answer of the first counts."""
    every = incident.policy.asks.pages_every
    pages = () if every is None or incident.over else tuple(by_pager(incident, _pages(incident)))
    for which, vendor, its in reversed(pages):
        yield ReadPages(
            key=f"read_pages/{incident.polling.count + 1}{which}",
            incident=incident.id,
            clause="ACK-1",
            summary="ask the pager how its pages stand",
            vendor=vendor,
            refs=its,
            not_before=_next_at(incident, every) if every else None,
        )


def _pages(incident: Incident) -> tuple[str, ...]:
    """The pages of this ringing and the source's own; once acknowledged, those of alerts that still fire."""
    theirs = [alert.page for alert in incident.alerts.values() if alert.page and alert.state not in CALM]
    since, called = incident.rounds[-1].started_at, {step.name for step in unanswered(incident)}
    ringing = not incident.acknowledged_at
    ours = [
        one.ref
        for name, one in incident.pages.items()
        if (name in called if rings_on(name) else ringing and one.at >= since)
        and not incident.corrections.is_released(name)
    ]
    return tuple(dict.fromkeys(ref for ref in (*theirs, *ours) if ref))[-MOST:]


def _next_at(incident: Incident, every: timedelta) -> datetime:
    called = [step.started_at for step in unanswered(incident) if not step.number]
    since, rings = _since(incident)
    begun_at = max([since, *called])
    last_at = max(incident.polling.at or begun_at, begun_at)
    pause = max((last_at - begun_at) / GROWTH, every)
    if rings:
        pause = min(pause, every * SLOWER)
    elif not called:
        pause = max(pause, every * RARER)
    return min([last_at + pause, *(at for at in _awaited(incident, every) if at > last_at)])


def _since(incident: Incident) -> tuple[datetime, bool]:
    """Since when it has been as it was at the last question: somebody was rung, or nobody was or had to be."""
    start, rings_from = incident.rounds[-1].started_at, _rings_from(incident)
    if incident.acknowledged_at:
        return incident.acknowledged_at, False
    if rings_from and max(incident.polling.at or start, start) >= rings_from:
        return rings_from, True
    return start, False


def _rings_from(incident: Incident) -> datetime | None:
    """From when on somebody is rung in this ringing: at once, or at the hour of its page; None where nobody is."""
    start = incident.rounds[-1].started_at
    if not incident.policy.asks.rests:
        return start
    call = on_call(incident, len(incident.rounds) - 1)
    return max(call.started_at, start) if call else None


def _awaited(incident: Incident, every: timedelta) -> Iterator[datetime]:
    """ACK-3: shortly before a level is reached, and before a page that waits leaves; a while after ringing begins."""
    if incident.acknowledged_at:
        return
    rings_from = _rings_from(incident)
    if rings_from:
        yield rings_from + every
    ladder = (clock for clock in acknowledgement.clocks(incident) if clock.running and clock.clause in PAGES)
    yield from (clock.due_at - SHORTLY for clock in ladder if "page-" not in clock.key)
    waiting = (page.not_before for page in pages_of_ladder(incident))
    yield from (at - SHORTLY for at in waiting if at)


def heard(incident: Incident, outcome: Outcome) -> Iterator[Act | Alert]:
    """What the answer says, as the pager's webhook would have said it."""
    if incident.over:
        return
    for page in outcome.pages:
        yield from _escalation(incident, page)
    for page in outcome.pages:
        yield from _acknowledgement(incident, page)
    for page in outcome.pages:
        yield from _recoveries(incident, page)


def _escalation(incident: Incident, page: PageState) -> Iterator[Act]:
    """ACK-3: somebody has the page whom neither we nor, as far as we know, the pager had woken in this ringing."""
    ours = [name for sent in incident.pages.values() for name in sent.people]
    woken = {*known(incident, ours), *vendor_paged(incident)}
    people = known(incident, page.people)
    if page.state in CALM or set(people) <= woken:
        return
    pager = pager_of(incident, page.ref)
    mark = f"{pager}:{page.ref}:{len(incident.rounds)}:{','.join(people)}"
    yield PageEscalated(id=mark, by=pager, via=pager, people=people)


def _acknowledgement(incident: Incident, page: PageState) -> Iterator[Act]:
    """ACK-1: a person has taken the page, in this ringing, or answered a call for somebody else."""
    name = next((name for name, sent in incident.pages.items() if sent.ref == page.ref), "")
    before = len(incident.rounds) > 1 and page.at is not None and page.at < incident.rounds[-1].started_at
    known = name in incident.reach.answered if rings_on(name) else incident.acknowledged_at or before
    if page.state != "acknowledged" or not page.by or known:
        return
    pager, at = pager_of(incident, page.ref), page.at.isoformat() if page.at else ""
    yield Acknowledge(
        id=f"{pager}:{page.ref}:{page.by}:{at}",
        by=page.by,
        via=pager,
        at=page.at,
        page=name if rings_on(name) or incident.corrections.is_released(name) else "",
    )


def _recoveries(incident: Incident, page: PageState) -> Iterator[Alert]:
    """DET-5: the source's own page is over, so its alert is."""
    for alert in incident.alerts.values() if page.state in CALM else ():
        if alert.page == page.ref and alert.state not in CALM:
            at = max(page.at or alert.at, alert.at)
            said = {"source": incident.opened.source, "state": page.state, "fired_at": alert.at, "at": at}
            yield Alert.model_validate({**alert.model_dump(include={"key", "episode", "title", "page"}), **said})


def _read(incident: Incident, event: Event, done: Done) -> None:
    if done.about == str(incident.polling.count + 1):
        incident.polling = Polling(incident.polling.count + 1, event.at)


RULES = Ruleset(duties=duties, brings_about={ReadPages: _read}, hears={ReadPages: heard})
