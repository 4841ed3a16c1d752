"""Everybody who sends us webhooks, as one signed request of each, and the setting that proves it."""

from collections.abc import Callable

from config.company import SHIPPED, load
from domain.company.catalog import Catalog
from standins.alertmanager.standin import Standin as Alertmanager
from standins.cast import Cast
from standins.datadog.standin import Monitor
from standins.generic.standin import Standin as Generic
from standins.github.standin import Standin as GitHub
from standins.grafana.standin import Rule
from standins.grafana.standin import Standin as Grafana
from standins.sentry.standin import Standin as Sentry
from standins.stage import SECRETS
from standins.zendesk.standin import Standin as Zendesk
from tests.vendors.delivery import NOW
from vendors.door import Request

KEY = "a-secret"
PROVED_BY = {
    "pagerduty": "PAGERDUTY_WEBHOOK_SECRETS",
    "opsgenie": "OPSGENIE_WEBHOOK_TOKEN",
    "slack": "SLACK_SIGNING_SECRET",
    "statuspage": "STATUSPAGE_WEBHOOK_TOKEN",
    "instatus": "INSTATUS_WEBHOOK_SECRET",
    "jira": "JIRA_WEBHOOK_SECRET",
    "linear": "LINEAR_WEBHOOK_SECRET",
    "notion": "NOTION_WEBHOOK_TOKEN",
    "alertmanager": "ALERTMANAGER_WEBHOOK_TOKEN",
    "datadog": "DATADOG_WEBHOOK_TOKEN",
    "grafana": "GRAFANA_WEBHOOK_SECRET",
    "zendesk": "ZENDESK_WEBHOOK_SECRET",
    "github": "GITHUB_WEBHOOK_SECRET",
    "generic": "GENERIC_WEBHOOK_SECRET",
    "sentry": "SENTRY_WEBHOOK_SECRET",
}
BY_CERTIFICATE = {"cloudwatch"}
"""Whose proof needs Amazon's certificates: tests/vendors/cloudwatch."""
UNSIGNED = {"opsgenie", "statuspage", "alertmanager", "datadog"}
"""Who offers no signature: a token proves them, whatever the body."""
TIMED = {"slack": 300, "linear": 60, "zendesk": 300, "generic": 300}
"""Who signs the time, and for how many seconds it is believed."""
CAST = Cast(load(SHIPPED / "catalog.yaml", Catalog), SECRETS, lambda: NOW)
SAM = "sam@harbourline.example"


def secret(name: str) -> str:
    """What proves this sender here."""
    return SECRETS.get(PROVED_BY[name], KEY)


def slack() -> Request:
    workspace = CAST.slack()
    return workspace.command("list", "U02SAM", "#incidents")


def jira() -> Request:
    site = CAST.jira()
    return site.press_move(site.press_open("By hand"), "Done", SAM)


def linear() -> Request:
    team = CAST.linear()
    return team.press_move(team.press_open("By hand"), "Done", SAM)


def statuspage() -> Request:
    page = CAST.statuspage()
    return page.press_update(page.press_open("By hand"), "resolved", "Over.")


def instatus() -> Request:
    page = CAST.instatus()
    return page.press_update(page.press_open("By hand"), "RESOLVED", "Over.")


SENDERS: dict[str, Callable[[], Request]] = {
    "pagerduty": lambda: CAST.pagerduty().press_trigger("PSVCCHK", "Checkout 5xx"),
    "opsgenie": lambda: CAST.opsgenie().press_create("Checkout 5xx"),
    "slack": slack,
    "statuspage": statuspage,
    "instatus": instatus,
    "jira": jira,
    "linear": linear,
    "notion": lambda: CAST.notion().press_subscribe(),
    "alertmanager": lambda: Alertmanager(secret("alertmanager")).press_fire(NOW, alertname="Errors"),
    "datadog": lambda: CAST.datadog().press_trigger(NOW, Monitor(1, "Errors")),
    "grafana": lambda: Grafana(KEY).press_fire(NOW, Rule("r1", "Errors")),
    "zendesk": lambda: Zendesk(KEY).press_escalate(NOW, "7", "Cannot pay"),
    "github": lambda: GitHub(KEY).press_ping(NOW),
    "sentry": lambda: Sentry(secret("sentry")).press_metric(NOW),
    "generic": lambda: Generic(secret("generic")).press_fire(NOW, "disk", "Disk full"),
}
