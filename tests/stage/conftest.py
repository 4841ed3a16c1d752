"""The stage in memory: the shipped company's stand-ins, our Slack door before an engine in memory, and a guest."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from config.company import Company
from config.company import Settings as CompanySettings
from ingress.act_sender import ActSender
from ingress.patience import Patience
from stage.open import application, play
from stage.page import Links
from stage.play import Play
from standins.stage import Stage, stage
from tests.ingress.slack.scene import START, Scene
from vendors.slack.client import Settings

OWN = "http://127.0.0.1"
LONG = timedelta(minutes=5)
EASE = Patience(deciding=LONG, leaving=LONG, keeping=LONG, opening=LONG)


@dataclass
class Visit:
    """Somebody who looks at the stage and presses what they see."""

    on: Stage
    scene: Scene
    playing: Play
    http: httpx.AsyncClient

    async def looks(self, path: str = "/stage", **asked: str) -> str:
        answer = await self.http.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def does(self, act: str, **filled: str) -> httpx.Response:
        """Send a form of the stage with the word that its pages carry."""
        found = re.search(r'name="word" value="([^"]+)"', await self.looks())
        assert found
        answer = await self.http.post(f"/stage/{act}", data={"word": found[1], **filled})
        await self.scene.door.conversation.asking.finish()
        return answer

    def room(self, name: str = "incidents") -> str:
        """The id of a room."""
        return self.on.slack.rooms[name].id


@pytest.fixture
async def visit(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Visit]:
    """A guest on the stage; nothing on the way is too slow for this machine."""
    monkeypatch.setattr("stage.outlook.WITHIN", LONG.total_seconds())
    monkeypatch.setattr("stage.desk.WITHIN", LONG.total_seconds())
    monkeypatch.setattr("ingress.chat.forms.FORMING", LONG)
    monkeypatch.setattr("ingress.chat.forms.PREFILLING", LONG)
    company = Company(CompanySettings())
    async with stage(company.catalog, lambda: START, site=f"{OWN}/stage") as on:
        scene = Scene(on.slack, _settings(on.environment), company)
        scene.door.conversation.asking = ActSender(scene.engine, patience=EASE)
        doors = httpx.ASGITransport(Starlette(routes=scene.door.routes()))
        async with httpx.AsyncClient(transport=doors, base_url="http://door.test") as there:
            playing = play(on, company.catalog, there)
            shown = httpx.ASGITransport(application(playing, Links(OWN), scene.engine))
            async with httpx.AsyncClient(transport=shown, base_url=OWN, follow_redirects=True) as http:
                yield Visit(on, scene, playing, http)
        await playing.troubles.stop()
        await scene.door.conversation.asking.stop()


def _settings(environment: Mapping[str, str]) -> Settings:
    names = ("slack_bot_token", "slack_signing_secret", "slack_api_url")
    return Settings.model_validate({name: environment[name.upper()] for name in names})
