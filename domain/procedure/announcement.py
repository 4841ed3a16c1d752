"""WAR-2: who reads #incidents is rung when an incident gets a war room, and when that fight is over.

The headline is edited, and nobody hears of an edit; so it is said under it, and shown in the channel.
"""

from collections.abc import Iterator

from domain.incident.effects import Done
from domain.incident.entry import STANDFAST, SaidAt
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.lifecycle import Resolved
from domain.port.any_duty import AnyDuty
from domain.port.chat import EVERYBODY, Say
from domain.port.message import Message
from domain.procedure import sitrep
from domain.procedure.resolution import Reopen
from domain.rule.names import ToPeople
from domain.rule.news import is_news
from domain.rule.ruleset import Ruleset
from domain.value.key import DutyKey

VEILED = "veiled"


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """WAR-2: that it is so bad, once for each severity with a war room in each fight; that it is over, once."""
    headline = incident.shown.get("headline")
    if not headline or not incident.severities:
        return
    if incident.secret:
        yield from _veils(incident, headline.ref)
        return
    declared_at, severity = incident.severities[-1]
    fight, ended_at = len(incident.reopenings), incident.resolved_at or incident.closed_at
    if incident.phase == "active" and incident.policy.severities[severity].war_room:
        if is_news(incident, max([declared_at, *incident.reopenings[-1:]])):
            yield _said(incident, headline.ref, f"{fight}/{severity}", _bad(incident, severity))
    elif incident.over and ended_at and is_news(incident, ended_at) and _told(incident, fight):
        yield _said(incident, headline.ref, f"{fight}/over", sitrep.state(incident))


def _told(incident: Incident, fight: int) -> bool:
    """Whether everybody was told how bad this fight is."""
    return any(DutyKey(key).under(f"{EVERYBODY}/{fight}") for key in incident.said)


def _bad(incident: Incident, severity: str) -> str:
    who = sitrep.people(incident) or "Nobody is on it"
    again = "It is reopened, and it is" if incident.reopenings else "It is"
    page, hedge = incident.policy.severities[severity].status_page, incident.service.hedge.rstrip(". ")
    felt = f" {hedge}." if page and hedge else ""
    return f"*{again} {severity}*: {incident.service.title}, {incident.title}.{felt} {who}."


def _tell_over(incident: Incident, event: Event, over: Resolved) -> Message:
    """RES-1: who ended it, after how long, and what is owed now; of an end that was taken back since its line alone."""
    who = "" if event.by == STANDFAST else incident.catalog.short(event.by)
    if event.at != incident.resolved_at:
        return Message(text=over.line(ToPeople(incident)).said_by(who or "Standfast"))
    more = "; ".join(filter(None, [over.remark, over.despite]))
    more = f"\n{more[:1].upper()}{more[1:]}." if more else ""
    text = sitrep.ended(incident, who, over.summary)
    said = f"{event.clause} {text}{more}"
    return Message(text=said, buttons=(Reopen.button(),), moments=sitrep.named(incident, text))


def _veils(incident: Incident, thread: str) -> Iterator[Say]:
    """SCP-3: what everybody was told before it was marked says no more what it is about."""
    for key, stands in incident.said.items():
        told = DutyKey(key)
        if told.under(EVERYBODY) and stands.ref:
            about = "/".join(told.parts[1:])
            text = f"{incident.service.title}: {incident.title}. What stood here is told in its private room."
            yield _said(incident, thread, f"{VEILED}/{about}", text, ref=stands.ref)


def _said(incident: Incident, thread: str, about: str, text: str, *, ref: str = "") -> Say:
    return Say(
        key=DutyKey.of(EVERYBODY, about),
        incident=incident.id,
        clause="SCP-3" if ref else "WAR-2",
        summary=f"{'veil' if ref else 'tell everybody in #incidents'}: {about}",
        thread=thread,
        broadcast=not ref,
        ref=ref,
        message=Message(
            text=f"{incident.mark}{text}",
            small=f"{incident.id} · {'SCP-3' if ref else 'WAR-2'}",
            moments=sitrep.named(incident, text),
        ),
    )


def _stands(incident: Incident, event: Event, done: Done) -> None:
    """Where it stands is kept: the end is told where the beginning was, and a secret is veiled there."""
    if done.key.under(EVERYBODY) and not done.key.under(f"{EVERYBODY}/{VEILED}"):
        incident.said[done.key] = SaidAt(done.outcome.ref, event.at)


RULES = Ruleset(duties=duties, brings_about={Say: _stands}, tell={Resolved: _tell_over})
