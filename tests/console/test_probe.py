"""Each client's cheap question, asked of its stand-in with the right key and with a wrong one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from domain.role import VendorError
from tests.vendors.pagerduty import company
from vendors.jira import client as jira
from vendors.jira.standin import Standin as Jira
from vendors.pagerduty import client as pagerduty
from vendors.serve import serve
from vendors.slack import client as slack
from vendors.slack.standin import Standin as Slack
from vendors.smtp import client as smtp
from vendors.smtp.standin import Standin as Smtp
from vendors.statuspage import client as statuspage
from vendors.statuspage.standin import Standin as Statuspage


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
