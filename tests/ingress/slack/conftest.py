"""The shipped company in a Slack stand-in that is served on a port, with our door before it."""

from collections.abc import AsyncIterator

import pytest

from config.company import Company
from config.company import Settings as CompanySettings
from standins.serve import serve
from standins.slack.standin import Standin
from tests.ingress.slack.scene import STRANGER, Scene
from tests.vendors.slack.contract import call_faults
from vendors.slack.client import Settings

BOT, APP, SECRET = "xoxb-scene", "xapp-scene", "scene-secret"


@pytest.fixture(scope="module")
def company() -> Company:
    return Company(CompanySettings())


@pytest.fixture
async def scene(company: Company) -> AsyncIterator[Scene]:
    """A scene; in the end every request to Slack is held against Slack's published types."""
    slack = Standin(BOT, SECRET, clock=lambda: place.now, app_token=APP)
    for person in company.catalog.people.values():
        slack.add_user(person.at("slack"), person.name, person.email)
    slack.add_user(STRANGER, "who")
    slack.workspace.rooms[0].members |= set(slack.workspace.users)
    async with serve(slack.app) as url:
        settings = {"slack_bot_token": BOT, "slack_app_token": APP, "slack_signing_secret": SECRET}
        place = Scene(slack, Settings.model_validate({**settings, "slack_api_url": f"{url}/api/"}), company)
        yield place
        await place.door.conversation.asking.stop()
    assert [fault for call in slack.calls for fault in call_faults(call)] == []
