"""Who is played on the stage: each vendor as an account that belongs to this company and takes the stage's secrets."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from domain.company.catalog import Catalog
from standins.confluence.standin import Standin as Confluence
from standins.datadog.standin import Standin as Datadog
from standins.instatus.standin import Standin as Instatus
from standins.jira.standin import Standin as Jira
from standins.linear.standin import Standin as Linear
from standins.notion.standin import Standin as Notion
from standins.opsgenie import account as opsgenie_account
from standins.opsgenie.standin import Standin as Opsgenie
from standins.pagerduty.account import Service, User
from standins.pagerduty.standin import Standin as PagerDuty
from standins.slack.standin import Standin as Slack
from standins.statuspage.standin import Standin as Statuspage

Clock = Callable[[], datetime]
Secrets = Mapping[str, str]
TEMPLATES = {"Investigating": "{hedge}. We are looking into it and will write again {next}."}
HEADINGS = (
    *("Summary", "Impact", "Contributors", "Timeline", "What went well", "What was hard", "Promises"),
    *("Deployments before the alert", "Changes", "Root cause", "Action items", "Lessons", "For customers"),
    "Agenda of the meeting",
)
"""The company's own post-mortem template, in which a generated section finds the heading of its name."""


class Cast:
    """The accounts of one company."""

    def __init__(self, catalog: Catalog, secrets: Secrets, clock: Clock) -> None:
        self._catalog, self._secrets, self._clock = catalog, secrets, clock
        self._people = tuple(catalog.people.values())
        self._components = tuple(part for service in catalog.services.values() for part in service.components)

    def sender(self, address: str) -> str:
        """Who writes to customers: the company, by this address."""
        return f"{self._catalog.company} status <{address}>" if self._catalog.company else address

    def pagerduty(self) -> PagerDuty:
        """Each service pages the levels of its team in turn; the first one takes events."""
        known = [service for service in self._catalog.services.values() if service.at("pagerduty")]
        key, bot = self._secrets["PAGERDUTY_ROUTING_KEY"], self._secrets["PAGERDUTY_FROM"]
        services = [
            Service(one.at("pagerduty"), one.title, self._ladder(one.team, "pagerduty"), "" if number else key)
            for number, one in enumerate(known)
        ]
        users = [User(one.at("pagerduty"), one.name, one.email) for one in self._people if one.at("pagerduty")]
        return PagerDuty(
            token=self._secrets["PAGERDUTY_API_TOKEN"],
            secret=self._secrets["PAGERDUTY_WEBHOOK_SECRETS"],
            users=[*users, User("PSTANDF", "Standfast", bot)],
            services=services,
            clock=self._clock,
        )

    def opsgenie(self) -> Opsgenie:
        """A team for each one that a service names, which pages the levels of its own in turn."""
        teams = {one.at("opsgenie"): self._ladder(one.team, "opsgenie") for one in self._catalog.services.values()}
        return Opsgenie(
            key=self._secrets["OPSGENIE_API_KEY"],
            token=self._secrets["OPSGENIE_WEBHOOK_TOKEN"],
            users=[
                opsgenie_account.User(_uuid(one.id), one.at("opsgenie")) for one in self._people if one.at("opsgenie")
            ],
            teams=[opsgenie_account.Team(_uuid(name), name, ladder) for name, ladder in teams.items() if name],
            clock=self._clock,
        )

    def _ladder(self, team: str, pager: str) -> tuple[str, ...]:
        """A team's people as a pager knows them, level by level."""
        levels = self._catalog.teams[team].levels.values()
        return tuple(self._catalog.people[name].at(pager) for level in levels for name in level.everybody)

    def slack(self) -> Slack:
        """The workspace, with everybody in it."""
        token, secret = self._of("SLACK", "BOT_TOKEN", "SIGNING_SECRET")
        slack = Slack(token, secret, self._clock)
        for person in self._people:
            if person.at("slack"):
                slack.add_user(person.at("slack"), person.name, person.email)
        return slack

    def statuspage(self) -> Statuspage:
        """The page with the company's components and one template."""
        key, page, token = self._of("STATUSPAGE", "API_KEY", "PAGE_ID", "WEBHOOK_TOKEN")
        return Statuspage(key, page, token, self._components, TEMPLATES)

    def instatus(self) -> Instatus:
        """The same page, kept elsewhere."""
        key, page, secret = self._of("INSTATUS", "API_KEY", "PAGE_ID", "WEBHOOK_SECRET")
        return Instatus(key, page, secret, self._components, TEMPLATES)

    def jira(self) -> Jira:
        """The project, in which everybody may be assigned issues."""
        email, token, project, secret = self._of("JIRA", "EMAIL", "API_TOKEN", "PROJECT", "WEBHOOK_SECRET")
        accounts = {one.email: f"account-{one.id}" for one in self._people}
        return Jira(email, token, project, secret, accounts)

    def linear(self) -> Linear:
        """The team, with everybody in it."""
        key, team, secret = self._of("LINEAR", "API_KEY", "TEAM_ID", "WEBHOOK_SECRET")
        users = {one.email: _uuid(one.id) for one in self._people}
        return Linear(key, team, secret, users, self._clock)

    def confluence(self) -> tuple[Confluence, str]:
        """The space, and the number of its template page."""
        email, token, space = self._of("CONFLUENCE", "EMAIL", "API_TOKEN", "SPACE")
        confluence = Confluence(email, token, space, self._clock)
        body = "".join(f"<h2>{heading}</h2><p></p>" for heading in HEADINGS)
        return confluence, confluence.press_create("Post-mortem template", body)

    def notion(self) -> Notion:
        """The workspace, whose data source of post-mortems has a template."""
        token, secret = self._of("NOTION", "TOKEN", "WEBHOOK_TOKEN")
        notion = Notion(token, secret, self._clock)
        notion.workspace.add_template(notion.postmortems, *HEADINGS)
        return notion

    def datadog(self) -> Datadog:
        """The organisation, whose webhook has our template."""
        return Datadog(self._secrets["DATADOG_WEBHOOK_TOKEN"])

    def _of(self, vendor: str, *names: str) -> list[str]:
        return [self._secrets[f"{vendor}_{name}"] for name in names]


def _uuid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))
