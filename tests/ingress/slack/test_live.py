"""Through the door to a real engine: an incident is fought from Slack, and what is kept meanwhile is decided."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from temporalio.testing import WorkflowEnvironment

import worker
from activities.starting import start_incident
from client.temporal import TemporalIncidents
from config.company import Company
from config.company import Settings as CompanySettings
from domain.exchange import OpenIncidentRequest
from domain.procedure.acknowledgement import Acknowledge
from domain.report.view import View
from ingress.act_sender import ActSender, Said
from ingress.chat.endpoint import Chat
from ingress.patience import Patience
from tests.ingress.slack.scene import BRIEF, DANA, JONAS
from tests.stories.story import Story, alert, told
from vendors import door
from vendors.slack.client import Settings
from vendors.slack.talk import Talk

AT_EASE = Patience(*[timedelta(minutes=1)] * len(Patience()))
"""For where it is not the time that an answer takes that is asked."""


class People:
    """The people of a story, at our door."""

    def __init__(self, story: Story, chat: Chat) -> None:
        self.story = story
        self._app = Starlette(routes=chat.routes())

    async def deliver(self, request: door.Request) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://standfast.test") as http:
            first = await http.post("/slack/events", content=request.body, headers=request.headers)
            second = await http.post("/slack/events", content=request.body, headers=request.headers)
        assert (first.status_code, first.content) == (second.status_code, second.content)
        return second

    async def command(self, words: str, user: str) -> str:
        """Somebody types a command in #incidents, delivered twice; answers the words of the answer."""
        standin = self.story.stage.slack
        response = await self.deliver(standin.command(words, user, standin.rooms["incidents"].id))
        return str(response.json()["text"]) if response.content else ""


@asynccontextmanager
async def people(live_engine: WorkflowEnvironment, folder: Path) -> AsyncIterator[People]:
    async with told(live_engine, folder) as story:
        settings = Settings.model_validate({name.lower(): value for name, value in story.stage.environment.items()})
        now = datetime.now(UTC)  # stands still, so that what is read twice is read the same
        asking = ActSender(story.ingress, patience=AT_EASE)
        chat = Chat(Talk(settings), story.ingress, Company(CompanySettings()), now=lambda: now, asking=asking)
        async with chat.running():
            yield People(story, chat)


@pytest.mark.sop("DET-2", "RES-1")
async def test_an_incident_is_declared_fought_and_resolved_from_slack(
    live_engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with people(live_engine, tmp_path) as at:
        answer = await at.command("declare checkout P1 customers cannot pay", JONAS)
        at.story.incident = incident = answer.split()[0]
        assert answer.startswith(f"{incident} is open. Jonas declared P1: customers cannot pay. ")
        await at.story.settles()
        assert (await at.command(f"{incident} ack", DANA)).startswith("Dana is on it. ")
        refused = await at.command(f"{incident} resolve it is over", DANA)
        assert refused == "Only Jonas may resolve, as incident commander"
        assert incident in await at.command("list", DANA)
        assert "COM-1" in await at.command(f"due {incident}", DANA)
        room = at.story.stage.slack.rooms[(await at.story.view()).room]
        form = await resolve_form(at, room.id)
        sent = await at.deliver(at.story.stage.slack.submit(form, {"summary": "Rolled back."}, JONAS))
        assert (sent.status_code, sent.content) == (200, b"")
        view = await at.story.view()
        assert (view.phase, view.commander, view.roles["on_call"]) == ("resolved", "jonas", "dana")
        assert len(await at.story.events("severity_declared", "acknowledged", "refused", "resolved")) == 4


async def resolve_form(at: People, room: str) -> str:
    """The commander asks for the form in the war room; answers its id."""
    await at.deliver(at.story.stage.slack.command("resolve", JONAS, room))
    return list(at.story.stage.slack.views)[-1]


@pytest.mark.sop("ACK-1")
async def test_what_is_pressed_while_nobody_works_is_kept_by_the_engine_and_answered(
    live_engine: WorkflowEnvironment,
) -> None:
    company, queue = Company(CompanySettings()), "people-without-workers"
    engine = TemporalIncidents(company, queue, client=live_engine.client)
    asking = ActSender(engine, patience=BRIEF)
    heard: list[str] = []

    async def tell(said: Said) -> None:
        heard.append(said.text)

    now = datetime.now(UTC)
    order = OpenIncidentRequest(group="", service="checkout", alerts=(alert(),), seed=queue, by="jonas")
    incident = await start_incident(live_engine.client, company, queue, order)
    act = Acknowledge(by="dana", via="slack", id="kept-while-nobody-worked", at=now)
    said = await asking.ask(incident, act, tell)
    assert (said.accepted, said.decided) == (True, False)
    assert said.text.startswith("Noted. The engine has it")
    async with worker.deciders(live_engine.client, queue, []):
        await asking.finish()
        view: View = await engine.view(incident)
        assert view.acknowledged_at is not None
        [told] = heard  # done already where the signal was first; else by the update, which the server had kept
        answers = f'Your "I\'m on it" in {incident}: '
        assert told.startswith((f"{answers}That was done already.", f"{answers}Dana is on it. "))
        events = await engine.timeline(incident)
        assert [event.by for event in events if event.what.kind == "acknowledged"] == ["dana"]
    await live_engine.client.get_workflow_handle(incident).terminate("the story is over")
