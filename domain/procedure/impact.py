"""TRI-6: how far the harm reaches, reported by anybody; what exceeds the severity in force challenges it."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from domain.company.impact_rule import weighed
from domain.incident.entry import Challenge
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.lifecycle import unresolved_end
from domain.incident.severity import SeverityChallenged, outage_began
from domain.incident.work import Impact
from domain.procedure.challenge import challenged
from domain.rule.act import FOUGHT, Ask, Decision, IncidentAct
from domain.rule.refusal import Refusal, final, yet_to_come
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Instant, parse_list, unsaid

HOUR = timedelta(hours=1)


class ImpactReported(Fact):
    """How far the harm reaches by what is known now (TRI-6)."""

    told, sign_of_life = True, True
    step = "reported the impact"
    clause: ClauseId = "TRI-6"
    customers: int | None = None
    regions: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    since: Instant | None = None
    blocks: str = ""
    corrects: bool = Field(default=False, exclude_if=unsaid)
    """Whether it takes back what the same person's word before it proposed."""

    def apply(self, incident: Incident, event: Event) -> None:
        """The newest word counts, also on the moment since which somebody is hit."""
        for one in _own(incident, event.by) if self.corrects else ():
            one.answered_at = one.withdrawn_at = event.at
        incident.work.impact = Impact(self.customers, self.regions, self.since, self.blocks)

    def line(self, names: Names) -> Line:
        words = "corrected the impact" if self.corrects else "reported the impact"
        return Line(words, _said(Impact(self.customers, self.regions, self.since, self.blocks)))


def _number(words: object) -> object:
    """A count as somebody writes it: "4,000", or nothing."""
    if not isinstance(words, str):
        return words
    return words.replace(",", "").replace(" ", "") or None


class ReportImpact(IncidentAct):
    """How far the harm reaches: what customers cannot do, how many, where, since when (TRI-6)."""

    deed = "report the impact"
    makes = (ImpactReported,)
    label, form_title, verb = "Report impact", "Report the impact", "impact"
    offered_in = ("active",)
    phases = FOUGHT
    blocks: Annotated[str, Ask("What can customers not do?", "line", example="what customers cannot do")] = ""
    customers: Annotated[
        Annotated[int, Field(ge=0)] | None, BeforeValidator(_number), Ask("How many customers?", "line")
    ] = None
    regions: Annotated[tuple[str, ...], BeforeValidator(parse_list), Ask("Where?", "line", "Such as: eu, us")] = ()
    since: Annotated[Instant | None, Ask("Since when?", "moment")] = None

    def decide(self, incident: Incident) -> Decision:
        """TRI-6: what is said is added to what was; above the severity to reckon with it challenges it."""
        if incident.closed_at:
            return final(incident)
        now = self.at or incident.events[-1].at
        if self.since and self.since > now:
            return yet_to_come("since", self.since)
        before = incident.work.impact or Impact()
        after = Impact(
            before.customers if self.customers is None else self.customers,
            self.regions or before.regions,
            self.since or before.since,
            self.blocks.strip() or before.blocks,
        )
        if after == before:
            return Refusal("say how many customers, in which regions, since when, or what they cannot do")
        found, own = _weighed(incident, after), _own(incident, self.by)
        most = incident.policy.worst([one.severity for one in own]) if own else ""
        reported = ImpactReported(
            customers=after.customers,
            regions=after.regions,
            since=after.since,
            blocks=after.blocks,
            corrects=bool(most) and (found is None or incident.policy.lower(found[0], most)),
        )
        return (reported, *(challenged(incident, *found, but=own if reported.corrects else ()) if found else ()))


def _weighed(incident: Incident, impact: Impact) -> tuple[str, str] | None:
    policy, customers = incident.policy, impact.customers or 0
    regions, blocks = len(impact.regions), impact.blocks
    return weighed(policy.impact, list(policy.severities), customers=customers, regions=regions, blocks=blocks)


def _own(incident: Incident, by: str) -> list[Challenge]:
    """What somebody's own words on the impact proposed, and nobody has answered yet; a slip of theirs is theirs."""
    if not incident.policy.absence.own_slip:
        return []
    asked = zip(incident.all(SeverityChallenged), incident.challenges, strict=True)
    words = [(incident.events[event.number - 2], one) for (event, _), one in asked if one.answered_at is None]
    return [one for before, one in words if before.by == by and isinstance(before.what, ImpactReported)]


def _said(impact: Impact) -> str:
    count = f"{impact.customers:,} customers" if impact.customers is not None else ""
    since = f"since {impact.since:%d %b %H:%M} UTC" if impact.since else ""
    return " · ".join(one for one in (count, impact.blocks, ", ".join(impact.regions), since) if one)


def told(incident: Incident) -> str:
    """The impact in one line, with what it costs by the catalog's figures; empty where nothing is known."""
    impact = incident.work.impact
    return " · ".join(one for one in (_said(impact), _cost(incident)) if one) if impact else ""


def _cost(incident: Incident) -> str:
    """What an hour of it costs while it lasts, and what it has cost once it is over: words that stay true unedited."""
    ended_at = incident.resolved_at or unresolved_end(incident)
    cost, each = (cost_at(incident, ended_at), "") if ended_at else (cost_of_an_hour(incident), " an hour")
    return f"about {cost:,.0f} {incident.catalog.currency}".strip() + each if cost else ""


def cost_at(incident: Incident, moment: datetime) -> float:
    """What it has cost by a moment, from the one since which somebody is hit, else from its beginning."""
    since = (incident.work.impact.since if incident.work.impact else None) or outage_began(incident)
    return max(moment - since, timedelta()) / HOUR * cost_of_an_hour(incident)


def cost_of_an_hour(incident: Incident) -> float:
    """The service's figure for an hour, and for a customer in an hour."""
    impact, service = incident.work.impact, incident.service
    customers = (impact.customers if impact else None) or 0
    return service.cost_per_hour + customers * service.cost_per_customer_hour


RULES = Ruleset()
