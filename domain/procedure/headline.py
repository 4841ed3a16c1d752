"""WAR-2: the headline in #incidents; and what else an incident shows of itself: the pinned card, the topic, links."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from domain.company.catalog import Link
from domain.incident.clock import Clock
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.chat import ShowHeadline
from domain.port.message import Button, Message
from domain.procedure import sitrep
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import AddItem
from domain.procedure.changes import RecordChange
from domain.procedure.data_breach import AnswerBreach, must_answer
from domain.procedure.findings import PostFinding
from domain.procedure.postmortem import CompletePostmortem, NameCause, completed_at, is_owed
from domain.procedure.public_update import has_page
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.severity import Declare
from domain.procedure.sitrep import Facts
from domain.procedure.status_page import DraftUpdate
from domain.rule.clause import Clause
from domain.rule.judge import has_room
from domain.rule.ruleset import Ruleset
from domain.value.clip import clipped

WORDS = {
    "alerting": "nobody is on it yet",
    "triage": "somebody looks",
    "active": "being fought",
    "resolved": "over, follow-up",
    "closed": "closed",
}
"""What each phase is called when people read it."""

MORE = Button(act="menu", label="More", asks=True)
"""The menu of what else its reader may do, which the conversation answers."""
ASK_IN = Button(act="ask", label="Ask to join", fields={"asked_act": "add_to_room"})
"""On what everybody sees of a private incident: the conversation asks who is in its room (SCP-3)."""
LONGEST = 150
"""Characters of a title: a header of Slack has no more."""
SOURCES = 10
"""Links of alerts that are shown; a storm brings more than anybody would follow."""


def title(incident: Incident) -> str:
    """The incident in one line; a security incident keeps its subject to itself (SCP-3)."""
    severity = incident.severity or f"{incident.proposal[0]} proposed"
    return clipped(f"{incident.mark}{incident.id} [{severity}] {incident.service.title}: {incident.title}", LONGEST)


def headline(incident: Incident) -> Message:
    """WAR-2: one message per incident in #incidents, kept up to date, with the presses that fit the phase."""
    shown = _shown(incident, f"{incident.title}", sitrep.state(incident), sitrep.outside(incident), _public(incident))
    return shown.model_copy(update={"small": sitrep.why_outside(incident), "buttons": _outside(incident)})


def card(incident: Incident, clocks: Iterable[Clock] | None = None) -> Message:
    """WAR-1: the pinned summary of the war room; with a checklist of those of the clocks that people still owe."""
    text = f"{sitrep.state(incident)}\n{incident.description.inside}".strip()
    left = None if clocks is None else tuple(clocks)
    shown = _shown(incident, incident.title.inside, text, sitrep.inside(incident, left), links(incident), left or ())
    return shown.model_copy(update={"buttons": (*shown.buttons, MORE)}) if incident.phase == "active" else shown


def _shown(
    incident: Incident, about: str, text: str, facts: Facts, places: tuple[Link, ...], left: tuple[Clock, ...] = ()
) -> Message:
    words = " ".join([text, *(value for _, value in facts)])
    phase = {"resolved": "Over", "closed": "Closed"}.get(incident.phase) or incident.severity or ""
    return Message(
        title=clipped(f"{incident.mark}{f'{phase} · ' if phase else ''}{incident.service.title}: {about}", LONGEST),
        text=text,
        facts=facts,
        links=places,
        buttons=_buttons(incident),
        small=sitrep.why(incident),
        moments=sitrep.named(incident, words, left),
    )


def topic(incident: Incident) -> str:
    """WAR-1: severity, phase and commander in one line; what changes more often stands on the card."""
    commander = incident.catalog.short(incident.commander)
    commands = f"{commander} commands" if commander else "nobody commands yet"
    told = (
        incident.severity or "severity not declared",
        WORDS[incident.phase],
        commands,
        incident.policy.board_page(incident.id),
    )
    return incident.mark + " · ".join(filter(None, told))


def links(incident: Incident) -> tuple[Link, ...]:
    """TRI-1, TRI-2: dashboards, logs, deployments, runbooks, what alerts link to; then what grew out of it."""
    service = incident.service
    deployed = tuple(Link(label=one.told, url=one.url) for one in incident.lookups.deployments if one.url)
    grown = {"status page": incident.status_url, "post-mortem": incident.learning.document_url}
    grown |= {f"tracker: {item.ref}": item.url for item in incident.items.values()}
    where = (*service.dashboards, *service.logs, *deployed, *incident.runbooks)
    ours = _known({"Board": incident.policy.board_page(incident.id), "Call": _call(incident)})
    return (*where, *ours, *_sources(incident), *_known(grown))


def _known(places: Mapping[str, str]) -> tuple[Link, ...]:
    return tuple(Link(label=label, url=url) for label, url in places.items() if url)


def _call(incident: Incident) -> str:
    return incident.catalog.teams[incident.service.team].call


def _sources(incident: Incident) -> tuple[Link, ...]:
    """Where the alerts came from: monitors, and the customers' tickets, of those that joined too (DET-2, DET-4)."""
    joined = (link for alert in incident.alerts.values() for link in alert.links)
    return tuple(dict.fromkeys([*incident.opened.links, *joined]))[:SOURCES]


def _public(incident: Incident) -> tuple[Link, ...]:
    return () if incident.secret else links(incident)


def _outside(incident: Incident) -> tuple[Button, ...]:
    """Who reads #incidents is led to where it is fought, and offered the way back once it is over.

    Without a war room it is fought right here. A private room lets nobody in by its address, but who asks (SCP-3).
    """
    led = incident.policy.room.leads_in and incident.open_room
    if not led or incident.phase not in ("active", "resolved"):
        return _buttons(incident)
    if incident.phase == "resolved":
        return (Reopen.button(), *_places(incident, {"Board": incident.policy.board_page(incident.id)}))
    first = () if incident.acknowledged_at else (Acknowledge.button(),)
    inside = {} if incident.secret else {f"Join #{incident.room_name}": incident.room_url, "Call": _call(incident)}
    asks = (ASK_IN,) if incident.secret else ()
    return (*first, *asks, *_places(incident, inside | {"Board": incident.policy.board_page(incident.id)}))


def _places(incident: Incident, places: Mapping[str, str]) -> tuple[Button, ...]:
    """Presses that lead somewhere, the first of them the one that is meant."""
    known = {label: url for label, url in places.items() if url}
    return tuple(
        Button(label=label, url=url, style="primary" if url == incident.room_url else "plain")
        for label, url in known.items()
    )


def _buttons(incident: Incident) -> tuple[Button, ...]:
    """The acts that fit the phase."""
    declare = [
        Declare.at_once(name, "plain" if rank else "danger")
        for rank, name in enumerate(incident.policy.severities)
        if not incident.policy.lower(name, incident.likely)
    ]
    first = () if incident.acknowledged_at else (Acknowledge.button(),)
    if incident.phase in ("alerting", "triage"):
        return (*first, *declare, Declare.button("Another severity"))
    if incident.phase == "active":
        public = (DraftUpdate.button(),) if has_page(incident) else ()
        change = () if first else (RecordChange.button(),)  # five at most, the menu among them
        return (*first, PostFinding.button(), *public, *change, Resolve.button())
    return _afterwards(incident) if incident.phase == "resolved" else ()


def _afterwards(incident: Incident) -> tuple[Button, ...]:
    """What the follow-up still asks for, and the way back."""
    wanted = is_owed(incident) and not completed_at(incident)
    lessons = (
        (NameCause.button(), AddItem.button(), CompletePostmortem.button("Complete", "primary"))
        if wanted
        else (AddItem.button(),)
    )
    breach = (AnswerBreach.button("Was data touched?"),) if must_answer(incident) else ()
    return (*breach, *lessons, Reopen.button())


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """WAR-2: the headline, for every incident."""
    shown = incident.shown.get("headline")
    duty = ShowHeadline(
        key=f"headline/{shown.count if shown else 0}",
        incident=incident.id,
        clause=WAR_2.id,
        summary="keep the headline in #incidents up to date",
        ref=shown.ref if shown else "",
        message=headline(incident),
        not_before=quiet_until(incident, "headline"),
    )
    if not shown or shown.digest != duty.digest:
        yield duty


def quiet_until(incident: Incident, lane: str) -> datetime | None:
    """Edits of one message are coalesced."""
    shown = incident.shown.get(lane)
    return shown.at + incident.policy.room.edit_every if shown else None


def _stands(incident: Incident) -> bool | None:
    return "headline" in incident.shown if has_room(incident) else None


WAR_2 = Clause(
    "WAR-2",
    "#incidents carries one message per incident, kept up to date.",
    still=True,
    judged_by="the headline stands in #incidents",
    judge=_stands,
)
RULES = Ruleset(clauses=(WAR_2,), duties=duties)
