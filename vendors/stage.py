"""Every vendor played in this process, on free loopback ports: for the stories, the demo and a company's first look."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.catalog import Catalog, Person
from vendors.jira.standin import Standin as Jira
from vendors.pagerduty.account import Service, User
from vendors.pagerduty.standin import Standin as PagerDuty
from vendors.serve import serve_all
from vendors.slack.standin import Standin as Slack
from vendors.smtp.standin import Standin as Smtp
from vendors.statuspage.standin import Standin as Statuspage

ROUTING_KEY = "0123456789abcdef0123456789abcdef"
BOT = "standfast@stage.example"
SECRETS = {
    "PAGERDUTY_API_TOKEN": "stage-pagerduty-token",
    "PAGERDUTY_FROM": BOT,
    "PAGERDUTY_ROUTING_KEY": ROUTING_KEY,
    "PAGERDUTY_WEBHOOK_SECRETS": "stage-pagerduty-secret",
    "SLACK_BOT_TOKEN": "xoxb-stage",
    "SLACK_SIGNING_SECRET": "stage-slack-secret",
    "STATUSPAGE_API_KEY": "stage-statuspage-key",
    "STATUSPAGE_PAGE_ID": "stagepage001",
    "STATUSPAGE_WEBHOOK_TOKEN": "stage-statuspage-door",
    "JIRA_EMAIL": BOT,
    "JIRA_API_TOKEN": "stage-jira-token",
    "JIRA_PROJECT": "OPS",
    "JIRA_WEBHOOK_SECRET": "stage-jira-secret",
    "MAIL_FROM": BOT,
    "ALERTMANAGER_WEBHOOK_TOKEN": "stage-alertmanager-token",
    "GENERIC_WEBHOOK_SECRET": "stage-generic-secret",
}
"""What the stand-ins take; it opens nothing else."""
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Stage:
    """The stand-ins, and the environment that points our clients and doors at them."""

    pagerduty: PagerDuty
    slack: Slack
    statuspage: Statuspage
    jira: Jira
    smtp: Smtp
    environment: dict[str, str]


@asynccontextmanager
async def stage(catalog: Catalog, clock: Clock = lambda: datetime.now(UTC)) -> AsyncIterator[Stage]:
    """Play the vendors for this company until the block ends."""
    people = tuple(catalog.people.values())
    pagerduty, slack = _pagerduty(catalog, people, clock), _slack(people, clock)
    components = tuple(part for service in catalog.services.values() for part in service.components)
    statuspage = Statuspage(
        SECRETS["STATUSPAGE_API_KEY"],
        SECRETS["STATUSPAGE_PAGE_ID"],
        SECRETS["STATUSPAGE_WEBHOOK_TOKEN"],
        components,
        {"Investigating": "We are investigating a problem with {service}."},
    )
    accounts = {person.email: f"account-{person.id}" for person in people}
    jira = Jira(BOT, SECRETS["JIRA_API_TOKEN"], SECRETS["JIRA_PROJECT"], SECRETS["JIRA_WEBHOOK_SECRET"], accounts)
    apps = (pagerduty.app, slack.app, statuspage.app, jira.app)
    async with Smtp() as smtp, serve_all(*apps) as urls:
        names = ("PAGERDUTY_API_URL", "SLACK_API_URL", "STATUSPAGE_API_URL", "JIRA_URL")
        ends = ("", "/api/", "/v1", "")
        places = {name: url + end for name, url, end in zip(names, urls, ends, strict=True)}
        places["PAGERDUTY_EVENTS_URL"] = places["PAGERDUTY_API_URL"]
        environment = {**SECRETS, **places, "SMTP_URL": smtp.url}
        yield Stage(pagerduty, slack, statuspage, jira, smtp, environment)


def _pagerduty(catalog: Catalog, people: tuple[Person, ...], clock: Clock) -> PagerDuty:
    """The company's PagerDuty: each service pages the levels of its team in turn."""
    services = [
        Service(service.pagerduty, service.title, _policy(catalog, service.team), ROUTING_KEY if not number else "")
        for number, service in enumerate(one for one in catalog.services.values() if one.pagerduty)
    ]
    users = [User(person.pagerduty, person.name, person.email) for person in people if person.pagerduty]
    return PagerDuty(
        token=SECRETS["PAGERDUTY_API_TOKEN"],
        secret=SECRETS["PAGERDUTY_WEBHOOK_SECRETS"],
        users=[*users, User("PSTANDF", "Standfast", BOT)],
        services=services,
        clock=clock,
    )


def _policy(catalog: Catalog, team: str) -> tuple[str, ...]:
    names = [name for level in catalog.teams[team].levels.values() for name in level.people]
    return tuple(catalog.people[name].pagerduty for name in names)


def _slack(people: tuple[Person, ...], clock: Clock) -> Slack:
    slack = Slack(SECRETS["SLACK_BOT_TOKEN"], SECRETS["SLACK_SIGNING_SECRET"], clock)
    for person in people:
        if person.slack:
            slack.add_user(person.slack, person.name, person.email)
    return slack
