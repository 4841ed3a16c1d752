"""Each client's cheap question, asked of its stand-in with the right key and with a wrong one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from domain.port.duty import VendorError
from standins.confluence.standin import Standin as Confluence
from standins.instatus.standin import Standin as Instatus
from standins.jira.standin import Standin as Jira
from standins.linear.standin import Standin as Linear
from standins.notion.standin import Standin as Notion
from standins.serve import serve
from standins.slack.standin import Standin as Slack
from standins.smtp.standin import Standin as Smtp
from standins.statuspage.standin import Standin as Statuspage
from tests.vendors.opsgenie import company as genie
from tests.vendors.pagerduty import company
from vendors.confluence import client as confluence
from vendors.instatus import client as instatus
from vendors.jira import client as jira
from vendors.linear import client as linear
from vendors.notion import client as notion
from vendors.opsgenie import client as opsgenie
from vendors.pagerduty import client as pagerduty
from vendors.slack import client as slack
from vendors.smtp import client as smtp
from vendors.statuspage import client as statuspage


@asynccontextmanager
async def reaching(app: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        yield http


@pytest.mark.parametrize(("key", "good"), [("statuspage-key", True), ("wrong", False)])
async def test_statuspage(key: str, good: bool) -> None:
    page = Statuspage()
    settings = {"statuspage_api_url": "http://page/v1", "statuspage_api_key": key, "statuspage_page_id": page.page_id}
    async with reaching(page.app) as http:
        asked = statuspage.Client(statuspage.Settings.model_validate(settings), http).probe()
        await answers(asked, good)


@pytest.mark.parametrize(("token", "good"), [("xoxb-test", True), ("xoxb-wrong", False)])
async def test_slack(token: str, good: bool) -> None:
    async with serve(Slack("xoxb-test", "secret").app) as url:
        settings = slack.Settings.model_validate({"slack_api_url": f"{url}/api/", "slack_bot_token": token})
        await answers(slack.Client(settings).probe(), good)


@pytest.mark.parametrize(("token", "good"), [("jira-token", True), ("wrong", False)])
async def test_jira(token: str, good: bool) -> None:
    async with serve(Jira(email="a@b.example", api_token="jira-token", project="OPS").app) as url:  # noqa: S106
        named = {"jira_url": url, "jira_email": "a@b.example", "jira_api_token": token, "jira_project": "OPS"}
        await answers(jira.Client(jira.Settings.model_validate(named)).probe(), good)


def opsgenie_at(**wrong: str) -> tuple[Any, Any]:
    named = {"opsgenie_api_url": "http://pager", "opsgenie_api_key": genie.KEY} | wrong
    return genie.standin(), (opsgenie, named)


def instatus_at(**wrong: str) -> tuple[Any, Any]:
    page = Instatus()
    named = {"instatus_api_url": "http://page", "instatus_api_key": page.api_key, "instatus_page_id": page.page_id}
    return page, (instatus, named | wrong)


def linear_at(**wrong: str) -> tuple[Any, Any]:
    team = Linear()
    named = {"linear_api_url": "http://tracker/graphql", "linear_api_key": team.key, "linear_team_id": team.team}
    return team, (linear, named | wrong)


def confluence_at(**wrong: str) -> tuple[Any, Any]:
    site = Confluence()
    named = {"confluence_url": "http://wiki/wiki", "confluence_email": "bot@example.com", "confluence_space": "OPS"}
    return site, (confluence, named | {"confluence_api_token": "confluence-token"} | wrong)


def notion_at(**wrong: str) -> tuple[Any, Any]:
    site = Notion()
    named = {"notion_api_url": "http://notion", "notion_token": site.token, "notion_postmortems": site.postmortems}
    return site, (notion, named | {"notion_runbooks": site.library} | wrong)


FOUND = {
    opsgenie_at: "reads alerts",
    instatus_at: "the page Status",
    linear_at: "the team Operations",
    confluence_at: "the space OPS",
    notion_at: "the place of the post-mortems",
}
WRONG: tuple[tuple[Any, dict[str, str], str, str], ...] = (
    (opsgenie_at, {"opsgenie_api_key": "wrong"}, "401", "OPSGENIE_API_URL=https://api.eu.opsgenie.com"),
    (instatus_at, {"instatus_api_key": "wrong"}, "401", "set INSTATUS_API_KEY"),
    (instatus_at, {"instatus_page_id": "other"}, "no page other", "ckf01fonve9i40a32oas5b0uw (Status)"),
    (linear_at, {"linear_api_key": "Bearer lin_api_key"}, "401", "without Bearer"),
    (linear_at, {"linear_team_id": "OPS"}, "no team OPS", "9e383f51-2629-4f19-97ff-451cc2f0a0ad (Operations)"),
    (confluence_at, {"confluence_api_token": "wrong"}, "401", "set CONFLUENCE_EMAIL and CONFLUENCE_API_TOKEN"),
    (confluence_at, {"confluence_url": "http://wiki"}, "404", "as in https://example.atlassian.net/wiki"),
    (confluence_at, {"confluence_space": "DEV"}, "no space 'DEV'", "CONFLUENCE_SPACE"),
    (confluence_at, {"confluence_template": "9"}, "404", "set CONFLUENCE_TEMPLATE"),
    (confluence_at, {"confluence_parent": "9"}, "404", "set CONFLUENCE_PARENT"),
    (notion_at, {"notion_token": "wrong"}, "401", "set NOTION_TOKEN"),
    (notion_at, {"notion_postmortems": "gone"}, "NOTION_POSTMORTEMS: the integration cannot see", "Connections"),
    (notion_at, {"notion_runbooks": "gone"}, "NOTION_RUNBOOKS: the integration cannot see", "Connections"),
)


async def asked(at: Any, wrong: dict[str, str]) -> str:
    played, (module, settings) = at(**wrong)
    async with reaching(played.app) as http:
        said: str = await module.Client(module.Settings.model_validate(settings), http).probe()
        assert {call.method for call in played.calls} <= {"GET", "POST" if at is linear_at else "GET"}
        return said


@pytest.mark.parametrize("at", FOUND)
async def test_what_is_set_up_well_is_found(at: Any) -> None:
    assert FOUND[at] in await asked(at, {})


@pytest.mark.parametrize(("at", "wrong", "said", "do"), WRONG)
async def test_what_is_set_up_wrong_is_said_with_what_to_do(at: Any, wrong: dict[str, str], said: str, do: str) -> None:
    with pytest.raises(VendorError) as found:
        await asked(at, wrong)
    assert (said in found.value.said, do in found.value.do, found.value.retryable) == (True, True, False)


async def test_a_data_source_without_the_key_property_is_told_what_it_misses() -> None:
    site, (module, settings) = notion_at()
    del site.workspace.sources[site.postmortems]["Incident key"]
    async with reaching(site.app) as http:
        said = await module.Client(module.Settings.model_validate(settings), http).probe()
    assert "without a text property 'Incident key'" in said


async def test_pagerduty() -> None:
    assert "token" in await company.client(company.standin()).probe()
    async with httpx.AsyncClient() as http:
        assert "Events API only" in await pagerduty.Client(pagerduty.Settings(), http).probe()


async def test_smtp() -> None:
    async with Smtp() as post:
        for url, good in ((post.url, True), (post.url.replace("smtp-password", "wrong"), False)):
            settings = smtp.Settings.model_validate({"smtp_url": url, "mail_from": "a@b.example"})
            await answers(smtp.Client(settings).probe(), good)
        assert post.messages == []


async def answers(asked: Any, good: bool) -> None:
    if good:
        assert await asked
    else:
        with pytest.raises(VendorError):
            await asked
