"""Before the first incident Slack says what the app may not do, where it cannot speak, and whom it does not know."""

from pathlib import Path

import pytest

from domain.company.catalog import Catalog
from standins.slack.standin import Standin
from tests import yaml
from vendors.slack.client import Client
from vendors.slack.foresight import SCOPES

MANIFEST = Path(__file__).parents[3] / "deploy" / "slack.yaml"


def team(**people: str) -> Catalog:
    return Catalog.model_validate({"people": {id_: {"name": id_, "slack": slack} for id_, slack in people.items()}})


def test_the_scopes_that_are_asked_for_are_those_of_the_manifest() -> None:
    assert set(SCOPES) == set(yaml.safe_load(MANIFEST.read_text())["oauth_config"]["scopes"]["bot"])


@pytest.mark.sop("WAR-1")
async def test_an_app_that_may_do_everything_lacks_nothing(client: Client) -> None:
    assert await client.lacks(team(ada="UADA", bob="UBOB", eve="")) == ()


@pytest.mark.sop("WAR-1")
async def test_a_scope_that_the_token_lacks_is_said_with_what_is_missing_without_it(
    client: Client, slack: Standin
) -> None:
    slack.scopes = tuple(scope for scope in SCOPES if scope not in ("pins:write", "im:write"))
    said = {lack.said: lack.fails for lack in await client.lacks(team())}
    assert said == {
        "nobody could be told alone: the token lacks im:write": True,
        "the card would not be pinned: the token lacks pins:write": False,
    }


@pytest.mark.sop("WAR-2")
@pytest.mark.parametrize("what", ["archived", "left"])
async def test_a_channel_in_which_nothing_can_be_said_fails(client: Client, slack: Standin, what: str) -> None:
    channel = slack.workspace.rooms[0]
    channel.archived = what == "archived"
    if what == "left":
        channel.members.clear()
    [lack] = await client.lacks(team())
    assert (lack.fails, "archived" in lack.said) == (True, what == "archived")


@pytest.mark.sop("WAR-1")
async def test_accounts_that_are_none_or_deactivated_are_named(client: Client, slack: Standin) -> None:
    slack.workspace.users["UBOB"].deleted = True
    [lack] = await client.lacks(team(ada="UADA", bob="UBOB", zoe="UNONE"))
    assert lack.said.endswith("deactivated: bob, zoe")
