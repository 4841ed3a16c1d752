"""DET-7: an incident that was opened for the wrong service, team or under the wrong title is corrected, not begun anew.

The right team is paged from its first level and the wrong one is let go; the group of alerts of the right service takes
the incident, and that of before keeps with it the alerts that it was told of.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from domain.company.catalog import Catalog, Service
from domain.company.core_role import CoreRole
from domain.incident.correction import Corrected, CorrectionAsked, CorrectionRefused, Reassigned, brought
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.pages import by_pager, rings_on
from domain.incident.roles import RoleTaken, RoleVacated
from domain.incident.tenure import quiet_since
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.port.internal import FindCompany, ReportToGroup
from domain.port.message import Message
from domain.port.pager import ResolvePages
from domain.procedure.challenge import challenged
from domain.procedure.detection import fitting_runbooks
from domain.procedure.matrix import by_the_matrix
from domain.procedure.retraction import DET_7
from domain.rule.act import Ask, Decision, IncidentAct
from domain.rule.deputies import deputies
from domain.rule.people import held_by
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.model import ShortText, said_count

Named = Annotated[str, StringConstraints(strip_whitespace=True, max_length=250)]
"""What people call something, or nothing."""
LEADS: tuple[CoreRole, ...] = ("on_call", "commander", "manager")


class Correct(IncidentAct):
    """It is another service's or team's, or about something else; the right team is paged (DET-7)."""

    deed = "correct what an incident is about"
    makes = (Corrected, CorrectionAsked)
    label, form_title, verb = "Wrong service or title", "Correct what it is about", "correct"
    submit = "Correct it"
    reason: Annotated[ShortText, Ask("How do you know?", "line", example="what is wrong with it")]
    service: Annotated[Named, Ask("Of which service is it?", choose="service")] = ""
    team: Annotated[Named, Ask("Which team's is it, where not the service's own?", choose="team")] = ""
    title: Annotated[str, Ask("What is it about?", "line")] = ""

    def decide(self, incident: Incident) -> Decision:
        """DET-7: the title counts at once; service and team as soon as the company's catalog has answered."""
        service, title = self._other_service(incident), self.title.strip()[:250]
        team = incident.catalog.team_called(self.team) if self.team.strip() else ""
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed; declare a new incident and name this one")
        if self.team.strip() and not team:
            return Refusal(f"team: found {self.team!r}, expected one of {', '.join(incident.catalog.teams)}")
        if not (self.service.strip() or team or title):
            return Refusal("found nothing to correct, expected a service, a team or a title")
        team = "" if team == incident.service.team and not service else team
        if not service and not team:
            return (Corrected(title=title, reason=self.reason),) if title not in ("", incident.title.inside) else ()
        if incident.opened.drill:
            return Refusal("a drill is its own service's")
        if incident.corrections.waits or incident.relations.merging:
            return Refusal(f"{incident.id} is being corrected or merged just now; try again in a moment")
        corrected = Corrected(service=service, team=team, title=title, reason=self.reason)
        return self._of_another(incident, corrected) or (corrected,)

    def _of_another(self, incident: Incident, wanted: Corrected) -> Refusal | None:
        """Whoever has it in hand and is heard from is not put off it by one person alone, unless that one leads."""
        at = self.at or incident.events[-1].at
        heard_at = quiet_since(incident, incident.policy.role("on_call")) or incident.acknowledged_at
        silent = heard_at is None or at - heard_at >= incident.policy.absence.relief
        leads = (incident.acknowledged_by, *map(incident.holder, LEADS), *deputies(incident, at))
        if incident.over or not incident.acknowledged_at or silent or self.by in leads:
            return None
        asked = CorrectionAsked(service=wanted.service, team=wanted.team, reason=self.reason)
        if _said_before(incident, asked, self.by, at):
            return None
        has = incident.called(incident.holder("on_call") or incident.acknowledged_by)
        return Refusal(
            f"{has} has it in hand; they, who commands, or a second person who says so too correct it", (asked,)
        )

    def _other_service(self, incident: Incident) -> str:
        """What people call another service than the present one; empty where it is that."""
        known = incident.catalog.service_called(self.service)
        return "" if known and known.name == incident.service.name else self.service.strip()


def _said_before(incident: Incident, asked: CorrectionAsked, by: str, at: datetime) -> bool:
    """Whether somebody else has said the same, not too long ago."""
    lasts, meant = incident.policy.absence.request, (asked.service.casefold(), asked.team)
    return any(
        event.by != by and at - event.at <= lasts and (fact.service.casefold(), fact.team) == meant
        for event, fact in incident.all(CorrectionAsked)
    )


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """The catalog is asked; then the group of before hears of it, and the pages of the wrong team are taken back."""
    corrections = incident.corrections
    if corrections.waits:
        yield _ask(incident)
    left = [incident.opened.group, *corrections.groups[:-1]] if corrections.groups else []
    for number, group in enumerate(left, 1):
        if group and group != corrections.group(""):
            yield ReportToGroup(
                key=f"report/aside-{number}",
                incident=incident.id,
                clause=DET_7.id,
                summary="tell the alert group that the incident is another one's",
                group=group,
                phase=incident.phase,
                at=corrections.moved_at[number - 1],
                aside=True,
            )
    yield from _releases(incident)


def _releases(incident: Incident) -> Iterator[ResolvePages]:
    """Released pages are taken back where they were sent; what was under way by then, once it is there."""
    released = incident.corrections.released
    known = {about: release.names for about, release in released.items()}
    late = {name for name in incident.pages if incident.corrections.is_released(name)}.difference(*known.values())
    for about, names in (known | {f"late-{name}": (name,) for name in sorted(late)}).items():
        release = released.get(about) or list(released.values())[-1]
        refs = [sent.ref for name in names if (sent := incident.pages[name]).ref]
        for which, vendor, its in by_pager(incident, refs):
            yield ResolvePages(
                key=f"release_pages/{about}{which}",
                incident=incident.id,
                clause=release.clause,
                summary=f"take back {said_count(len(its), 'page')} {release.of}",
                vendor=vendor,
                refs=its,
                reason=release.reason or f"{incident.id} is {incident.service.title}'s",
            )


def _ask(incident: Incident) -> FindCompany:
    asked = incident.corrections.wanted[incident.corrections.answered]
    number = incident.corrections.answered + 1
    return FindCompany(
        key=f"find_company/{number}",
        incident=incident.id,
        clause=DET_7.id,
        summary=f"look up {asked.service or asked.team}",
        service=asked.service or incident.service.name,
        team=asked.team,
        environment=incident.opened.environment,
        ladder=tuple(dict.fromkeys(incident.policy.ladder)),
        moves=not incident.over,
    )


def follow(incident: Incident, duty: AnyDuty, outcome: Outcome) -> Iterator[Fact]:
    """What the catalog answered: whose it is now, or that it has no such service."""
    if not isinstance(duty, FindCompany):
        return
    asked = incident.events[incident.corrections.wanted[incident.corrections.answered].number - 1]
    reason = getattr(asked.what, "reason", "")
    if outcome.catalog is None:
        yield CorrectionRefused(by=asked.by, reason=outcome.text)
        return
    [service], before = outcome.catalog.services.values(), incident.service
    moved = service.team != before.team
    rings = moved and not incident.over and not _is_in_hand(incident, outcome.catalog, service)
    yield Reassigned(
        service=service.name,
        team=service.team,
        before=before.name,
        before_team=before.team,
        rings=rings,
        released=_let_go(incident) if rings else (),
        reason=reason,
    )
    yield from _roles(incident, outcome.catalog, service, reason, rings=rings)
    yield from _challenge(incident, service)


def _is_in_hand(incident: Incident, company: Catalog, service: Service) -> bool:
    """Whether who has it is on call for the right team as well."""
    first = company.teams[service.team].levels[incident.policy.ladder[0]].on_call(incident.events[-1].at)
    return incident.acknowledged_at is not None and incident.acknowledged_by in first


def _let_go(incident: Incident) -> tuple[str, ...]:
    """Who had it for the team of before: who took it, or who is being paged for it."""
    ours = (sent for name, sent in incident.pages.items() if not rings_on(name))
    paged = [person for sent in ours for person in sent.people]
    have = [incident.acknowledged_by, incident.holder("on_call")] if incident.acknowledged_at else paged
    return tuple(dict.fromkeys(person.id for person in incident.people(filter(None, have))))


def _roles(incident: Incident, company: Catalog, service: Service, reason: str, *, rings: bool) -> Iterator[Fact]:
    """The on-call engineer and the manager are the right team's; who commands or tells customers goes on."""
    on_call, manager = incident.policy.role("on_call"), incident.policy.role("manager")
    managers, at = company.teams[service.team].managers, incident.events[-1].at
    rule = incident.policy.roles.get(manager)
    replaced = rule and rule.starts_with == "team_manager" and incident.holders.get(manager) not in managers
    for role in ([on_call] if rings else []) + ([manager] if replaced else []):
        if role in incident.holders:
            yield RoleVacated(role=role, person=incident.holders[role], how="moved", reason=reason)
    if replaced:
        yield RoleTaken(role=manager, person=min(managers, key=lambda name: company.people[name].is_away(at)))


def _challenge(incident: Incident, service: Service) -> tuple[Fact, ...]:
    """TRI-6: what the matrix says of the same alerts of the right service, where that is worse."""
    known = (incident.opened.remembered(seen) for seen in incident.alerts.values() if seen.severity)
    alerts = tuple(alert.model_copy(update={"service": service.name}) for alert in known)
    if not alerts:
        return ()
    severity, because, _ = by_the_matrix(incident, *alerts, service=service)
    return challenged(incident, severity, f"{because}, now that it is {service.title}'s")


def _found(incident: Incident, event: Event, done: Done) -> None:
    """From now on this service; of the company of before stays who is known by name, and who plays a vendor's part."""
    corrections, company = incident.corrections, done.outcome.catalog
    asked = corrections.wanted[corrections.answered]
    corrections.answered += 1
    if company is None:
        return
    before, known, [service] = incident.service, incident.catalog, company.services.values()
    left = {name: person for name, person in known.people.items() if name not in company.people}
    incident.adopted = brought(incident, company.without(left))
    corrections.service, corrections.team, corrections.moves = service.name, asked.team, corrections.moves + 1
    if incident.status_ref:
        corrections.components = tuple(dict.fromkeys((*corrections.components, *before.components)))
        corrections.read_as = corrections.read_as or before.public or before.title
    corrections.runbooks = fitting_runbooks(incident.opened, service.name, company)
    if done.outcome.ref not in ("", corrections.group(incident.opened.group)):
        corrections.groups.append(done.outcome.ref)
        corrections.moved_at.append(event.at)
        incident.relations.groups.append(done.outcome.ref)
    if incident.outward.felt is None and before.customer_facing != service.customer_facing:
        incident.outward.felt = (event.at if service.customer_facing else incident.opened_at, True)


def _tell_asked(incident: Incident, event: Event, asked: CorrectionAsked) -> Message:
    named = " ".join(word for word in (asked.service, asked.team) if word)
    text = f"DET-7 {incident.called(event.by)} says that it is {named}'s: {asked.reason}. Correct it, if it is."
    second = Correct.button("It is", asks=False, service=asked.service, team=asked.team, reason=asked.reason)
    return Message(text=text, to=held_by(incident, "on_call", "commander"), buttons=(second,))


def _tell_corrected(incident: Incident, event: Event, corrected: Corrected) -> Message | None:
    return Message(text=f"DET-7 it is about: {incident.title}. {corrected.reason}") if corrected.title else None


def _tell_reassigned(incident: Incident, event: Event, moved: Reassigned) -> Message:
    team, why = incident.catalog.teams[incident.service.team].name, f": {moved.reason}." if moved.reason else "."
    gone = ", ".join(map(incident.called, moved.released))
    rings = (
        f" The call goes to {team}{f'; {gone} may let go, and help if asked' if gone else ''}." if moved.rings else ""
    )
    page = " The status page names what it was before: write an update." if incident.status_ref else ""
    asked = incident.people([*moved.released, *([incident.holder("comms")] if page else [])])
    return Message(
        text=f"DET-7 it is about {incident.service.title}, with {team}, from now on{why}{rings}{page}", to=asked
    )


def _tell_refused(incident: Incident, event: Event, refused: CorrectionRefused) -> Message:
    text = f"DET-7 it goes on as it was: {refused.reason}"
    return Message(text=text, to=incident.people([refused.by]))


RULES = Ruleset(
    duties=duties,
    done=follow,
    brings_about={FindCompany: _found},
    tell={
        CorrectionAsked: _tell_asked,
        Corrected: _tell_corrected,
        Reassigned: _tell_reassigned,
        CorrectionRefused: _tell_refused,
    },
)
