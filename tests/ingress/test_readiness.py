"""SOC-1: an ingress whose alerts would wake nobody says so, and stays in service to keep them."""

from datetime import datetime
from pathlib import Path

import httpx
import pytest

from activities.trouble import Trouble
from client.port import EngineUnavailable
from ingress.readiness import Readiness
from ingress.webhook.app import app
from ingress.webhook.inbox import Inbox
from tests.ingress.setting import Clock


class Engine:
    """What is heard of it."""

    def __init__(self) -> None:
        self.refuses, self.unpolled = "", False

    async def polled(self, now: datetime) -> tuple[Trouble, ...]:
        if self.refuses:
            raise EngineUnavailable(self.refuses)
        said = {"workflow": "standfast", "kind": "unpolled", "said": "no worker asks for work", "do": "start one"}
        return (Trouble.model_validate(said),) if self.unpolled else ()


@pytest.mark.sop("SOC-1")
async def test_who_is_refused_by_the_engine_keeps_alerts_and_says_that_they_wake_nobody(
    tmp_path: Path, clock: Clock
) -> None:
    engine, inbox = Engine(), Inbox(str(tmp_path / "inbox.db"))
    readiness = Readiness(engine.polled, clock)
    served = app(inbox, {}, unready=readiness.unready)

    async def ready() -> tuple[int, bool, bool, str]:
        await readiness.look()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://ingress.test") as http:
            answer = await http.get("/readyz")
        said = answer.json()
        return answer.status_code, said["ready"], said["pages"], said.get("engine", {}).get("said", "")

    assert await ready() == (200, True, True, "")
    engine.refuses = "Request unauthorized: token is expired"
    assert await ready() == (200, True, False, "Request unauthorized: token is expired")
    engine.refuses, engine.unpolled = "", True
    assert await ready() == (200, True, False, "no worker asks for work")
    engine.unpolled = False
    assert await ready() == (200, True, True, "")
    await inbox.close()
