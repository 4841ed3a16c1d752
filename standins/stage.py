"""Every vendor played in this process, on free loopback ports: for the stories, the demo and a company's first look."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.company.catalog import Catalog
from standins.cast import Cast, Clock
from standins.confluence.standin import Standin as Confluence
from standins.datadog.standin import Standin as Datadog
from standins.instatus.standin import Standin as Instatus
from standins.jira.standin import Standin as Jira
from standins.keeping import Keeper, Lasting
from standins.linear.standin import Standin as Linear
from standins.notion.standin import Standin as Notion
from standins.opsgenie.account import Alert
from standins.opsgenie.standin import Standin as Opsgenie
from standins.pagerduty.account import Page
from standins.pagerduty.standin import Standin as PagerDuty
from standins.serve import serve_all
from standins.slack.standin import Standin as Slack
from standins.smtp.standin import Standin as Smtp
from standins.statuspage.standin import Standin as Statuspage
from vendors.door import Request

BOT = "standfast@stage.example"
SECRETS = {
    "PAGERDUTY_API_TOKEN": "stage-pagerduty-token",
    "PAGERDUTY_FROM": BOT,
    "PAGERDUTY_ROUTING_KEY": "0123456789abcdef0123456789abcdef",
    "PAGERDUTY_WEBHOOK_SECRETS": "stage-pagerduty-secret",
    "OPSGENIE_API_KEY": "stage-opsgenie-key",
    "OPSGENIE_WEBHOOK_TOKEN": "stage-opsgenie-door",
    "SLACK_BOT_TOKEN": "xoxb-stage",
    "SLACK_SIGNING_SECRET": "stage-slack-secret",
    "STATUSPAGE_API_KEY": "stage-statuspage-key",
    "STATUSPAGE_PAGE_ID": "stagepage001",
    "STATUSPAGE_WEBHOOK_TOKEN": "stage-statuspage-door",
    "INSTATUS_API_KEY": "stage-instatus-key",
    "INSTATUS_PAGE_ID": "ckstage0000000000000page01",
    "INSTATUS_WEBHOOK_SECRET": "stage-instatus-secret",
    "JIRA_EMAIL": BOT,
    "JIRA_API_TOKEN": "stage-jira-token",
    "JIRA_PROJECT": "OPS",
    "JIRA_WEBHOOK_SECRET": "stage-jira-secret",
    "LINEAR_API_KEY": "stage-linear-key",
    "LINEAR_TEAM_ID": "9e383f51-2629-4f19-97ff-451cc2f0a0ad",
    "LINEAR_WEBHOOK_SECRET": "stage-linear-secret",
    "CONFLUENCE_EMAIL": BOT,
    "CONFLUENCE_API_TOKEN": "stage-confluence-token",
    "CONFLUENCE_SPACE": "OPS",
    "NOTION_TOKEN": "stage-notion-token",
    "NOTION_WEBHOOK_TOKEN": "stage-notion-secret",
    "DATADOG_WEBHOOK_TOKEN": "stage-datadog-token",
    "ALERTMANAGER_WEBHOOK_TOKEN": "stage-alertmanager-token",
    "GENERIC_WEBHOOK_SECRET": "stage-generic-secret",
}
"""What the stand-ins take; it opens nothing else."""


@dataclass(frozen=True)
class Stage:
    """The stand-ins, and the environment that points our clients and doors at them."""

    pagerduty: PagerDuty
    opsgenie: Opsgenie
    slack: Slack
    statuspage: Statuspage
    instatus: Instatus
    jira: Jira
    linear: Linear
    confluence: Confluence
    notion: Notion
    smtp: Smtp
    datadog: Datadog
    environment: dict[str, str]

    def keep(self) -> None:
        """Keep what people did by hand, where a restart is to find it."""
        for one in self.lasting:
            one.keep()

    def press_write(self, rest: str, words: Mapping[str, str] = {}) -> None:
        """Somebody writes under each heading of every post-mortem that there is: its own words, else the rest."""
        for id_, page in tuple(self.confluence.pages.items()):
            if "INC-" in str(page["title"]):
                self.confluence.press_fill(id_, words, rest)
        for id_, page in tuple(self.notion.workspace.pages.items()):
            if "INC-" in str(page["properties"]):
                self.notion.press_fill(id_, words, rest)

    def tracker(self, catalog: Catalog) -> Jira | Linear:
        """Where the company's action items are."""
        return self.linear if catalog.vendors["tracker"] == "linear" else self.jira

    def ringing(self, catalog: Catalog) -> Sequence[Page | Alert]:
        """What rings in the company's pager, the newest last."""
        return self.opsgenie.open_alerts if catalog.vendors["pager"] == "opsgenie" else self.pagerduty.open_pages

    def press_answer(self, catalog: Catalog, page: str, person: str) -> tuple[str, Request]:
        """Somebody says in the pager that they are on it: the door that hears of it, and what it hears."""
        pager = self.opsgenie if catalog.vendors["pager"] == "opsgenie" else self.pagerduty
        return f"/webhooks/{pager.name}", pager.press_acknowledge(page, catalog.people[person].at(pager.name))

    @property
    def lasting(self) -> tuple[Lasting, ...]:
        """Those that hold something a restart may find."""
        people: tuple[Lasting, ...] = (self.pagerduty, self.opsgenie, self.slack, self.statuspage, self.instatus)
        return (*people, self.jira, self.linear, self.confluence, self.notion, self.smtp)


@asynccontextmanager
async def stage(
    catalog: Catalog, clock: Clock = lambda: datetime.now(UTC), *, site: str = "", keeper: Keeper | None = None
) -> AsyncIterator[Stage]:
    """Play the vendors for this company until the block ends.

    `site` is where people read what the vendors hold, and where their links lead then; `keeper` keeps it all.
    """
    on = _accounts(Cast(catalog, SECRETS, clock))
    if keeper:
        keeper.recall(*on.lasting)
    places = {
        "PAGERDUTY_API_URL": (on.pagerduty.app, ""),
        "OPSGENIE_API_URL": (on.opsgenie.app, ""),
        "SLACK_API_URL": (on.slack.app, "/api/"),
        "STATUSPAGE_API_URL": (on.statuspage.app, "/v1"),
        "INSTATUS_API_URL": (on.instatus.app, ""),
        "JIRA_URL": (on.jira.app, ""),
        "LINEAR_API_URL": (on.linear.app, "/graphql"),
        "CONFLUENCE_URL": (on.confluence.app, "/wiki"),
        "NOTION_API_URL": (on.notion.app, ""),
    }
    async with on.smtp as smtp, serve_all(*(app for app, _ in places.values())) as urls:
        at = {name: url + end for (name, (_, end)), url in zip(places.items(), urls, strict=True)}
        at |= {"PAGERDUTY_EVENTS_URL": at["PAGERDUTY_API_URL"], "SMTP_URL": smtp.url}
        at |= {"NOTION_POSTMORTEMS": on.notion.postmortems, "NOTION_RUNBOOKS": on.notion.library}
        on.environment.update(at | (_read_at(site, on, at) if site else {}))
        yield on


def _accounts(cast: Cast) -> Stage:
    """Every vendor's account, not served yet."""
    confluence, template = cast.confluence()
    return Stage(
        pagerduty=cast.pagerduty(),
        opsgenie=cast.opsgenie(),
        slack=cast.slack(),
        statuspage=cast.statuspage(),
        instatus=cast.instatus(),
        jira=cast.jira(),
        linear=cast.linear(),
        confluence=confluence,
        notion=cast.notion(),
        smtp=Smtp(),
        datadog=cast.datadog(),
        environment={**SECRETS, "CONFLUENCE_TEMPLATE": template, "MAIL_FROM": cast.sender(BOT)},
    )


def _read_at(site: str, on: Stage, at: dict[str, str]) -> dict[str, str]:
    """People follow links to the site; calls go where they went."""
    on.pagerduty.account.site, on.statuspage.site = f"{site}/pagerduty/", f"{site}/status/"
    on.slack.state.site = f"{site}/slack/"
    return {
        "JIRA_URL": f"{site}/jira",
        "JIRA_API_URL": at["JIRA_URL"],
        "CONFLUENCE_URL": f"{site}/wiki",
        "CONFLUENCE_API_URL": at["CONFLUENCE_URL"],
    }
