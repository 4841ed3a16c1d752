"""What a real Alertmanager says of seventy alerts, of a peer, of a pause of Prometheus and after a restart."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from demo.process import Child, free_port, running
from domain.alerting import grouping
from domain.alerting.unseen import unpacked
from ingress.webhook.digest import Digests
from tests.domain.group import Group
from tests.domain.story import START
from tests.proof.test_alertmanager import PROGRAM, Alertmanager
from vendors.alertmanager.webhook import read
from vendors.door import Request

CONFIG = """
route: {{receiver: standfast, group_by: [service], group_wait: 1s, group_interval: 1s, repeat_interval: 1s}}
receivers: [{{name: standfast, webhook_configs: [{{url: '{url}', send_resolved: true}}]}}]
"""
CHECKOUT = grouping.Group("checkout/production", "checkout", "production")
LATER, PAUSE = timedelta(minutes=5), timedelta(seconds=5)

pytestmark = [pytest.mark.slow, pytest.mark.skipif(PROGRAM is None, reason="no Alertmanager is installed here")]


class Ear:
    """Hears what Alertmanagers post, and waits for what is expected."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.url, self.bodies = f"http://127.0.0.1:{server.server_port}", list[tuple[str, bytes]]()

    async def hears(self, path: str, states: dict[str, int], since: int = 0) -> Request:
        """A message at a path of which so many alerts are in each state, after so many messages."""
        while True:
            for at, body in self.bodies[since:]:
                found = [one["status"] for one in json.loads(body)["alerts"]]
                if at == path and {state: found.count(state) for state in found} == states:
                    return Request(headers={}, body=body, received_at=datetime.now(UTC))
            await asyncio.sleep(0.05)


@contextmanager
def ear() -> Iterator[Ear]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.bodies.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    heard = Ear(server)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()


class Prometheus:
    """Tells an Alertmanager what fires, with its start."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self._url, self._http = url, http
        self.began = datetime.now(UTC) - timedelta(seconds=30)

    async def says(self, names: range, *, ends: timedelta = LATER) -> None:
        """That alerts fire until then, unless it is said again; with a span that is over, that they have ended."""
        until = (datetime.now(UTC) + ends).isoformat()
        told = [
            {
                "labels": {"alertname": "Down", "service": "checkout", "instance": f"web-{name}"},
                "startsAt": self.began.isoformat(),
                "endsAt": until,
                "generatorURL": "http://prometheus.example/graph?g0.expr=up",
            }
            for name in names
        ]
        (await self._http.post(f"{self._url}/api/v2/alerts", json=told)).raise_for_status()


@asynccontextmanager
async def prometheus(folder: Path, to: str) -> AsyncIterator[Prometheus]:
    """A Prometheus with an Alertmanager of its own, whose memory is in the folder."""
    port, config = free_port(), folder / f"alertmanager-{to.rpartition('/')[2]}.yml"
    config.write_text(CONFIG.format(url=to))
    command = [str(PROGRAM), f"--config.file={config}", f"--storage.path={config.with_suffix('.data')}"]
    command += [f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="]
    async with running(Child("Alertmanager", command, config.with_suffix(".log"))), httpx.AsyncClient() as http:
        url = f"http://127.0.0.1:{port}"
        await Alertmanager(url, http).ready()
        yield Prometheus(url, http)


def tell(group: Group, message: Request, after: timedelta = timedelta()) -> Group:
    """The message as the ingress tells it to its group, so long after it really came."""
    digests, now = Digests(), message.received_at + after
    group.row += 1
    digests.hear(CHECKOUT, group.row, read(message).alerts, (), now)
    (digest,) = digests.due(now)
    return group._next(*group.watch.read(digest, now))


def minutes(message: Request, after: timedelta = timedelta()) -> float:
    return (message.received_at + after - START) / timedelta(minutes=1)


def firing(group: Group) -> int:
    """How many alerts fire, whether they are followed one by one or counted."""
    return sum(not one.calm for one in group.watch.known.values()) + len(unpacked(group.watch.unseen))


@pytest.mark.sop("DET-3", "DET-5")
async def test_of_seventy_alerts_all_fire_until_the_last_of_them_has_ended(tmp_path: Path) -> None:
    group = Group()
    with ear() as heard:
        async with prometheus(tmp_path, f"{heard.url}/a") as source:
            await source.says(range(70))
            tell(group, await heard.hears("/a", {"firing": 70}))
            assert (group.opens, firing(group)) == (1, 70)
            await source.says(range(50), ends=timedelta())
            tell(group, await heard.hears("/a", {"firing": 20, "resolved": 50}))
            assert firing(group) == 20
            since = len(heard.bodies)
            await source.says(range(50, 70), ends=timedelta())
            tell(group, await heard.hears("/a", {"resolved": 20}, since))
    assert (group.opens, firing(group)) == (1, 0)


@pytest.mark.sop("DET-3")
async def test_what_a_peer_repeats_of_what_has_ended_does_nothing(tmp_path: Path) -> None:
    group = Group()
    with ear() as heard:
        async with (
            prometheus(tmp_path, f"{heard.url}/a") as source,
            prometheus(tmp_path, f"{heard.url}/b") as peer,
        ):
            peer.began = source.began
            await source.says(range(1))
            await peer.says(range(1))
            tell(group, await heard.hears("/a", {"firing": 1}))
            await source.says(range(1), ends=timedelta())
            over = await heard.hears("/a", {"resolved": 1})
            tell(group, over).reports("closed", at=minutes(over))
            echo = await heard.hears("/b", {"firing": 1}, len(heard.bodies))
            assert tell(group, echo).steps == []
            await peer.says(range(1), ends=timedelta())
            assert tell(group, await heard.hears("/b", {"resolved": 1})).steps == []
    assert (group.opens, group.watch.doubted) == (1, {})


@pytest.mark.sop("DET-3", "RES-3")
async def test_after_a_pause_of_prometheus_what_fires_on_is_heard_inside_the_window_and_after_it(
    tmp_path: Path,
) -> None:
    soon, late = Group(), Group()
    with ear() as heard:
        async with prometheus(tmp_path, f"{heard.url}/a") as source:
            await source.says(range(1), ends=PAUSE)
            began = await heard.hears("/a", {"firing": 1})
            over = await heard.hears("/a", {"resolved": 1})
            since = len(heard.bodies)
            await source.says(range(1))
            again = await heard.hears("/a", {"firing": 1}, since)
    for group in (soon, late):
        tell(tell(group, began), over).reports("resolved", until=minutes(over) + 60, at=minutes(over))
    tell(soon, again, timedelta(minutes=20))
    assert (soon.opens, [state for _, state in soon.told()]) == (1, ["firing"])
    assert tell(late, again, timedelta(minutes=90)).opens == 2


@pytest.mark.sop("DET-3", "DET-5")
async def test_after_a_restart_what_fires_on_is_no_news_and_its_end_is_heard(tmp_path: Path) -> None:
    group = Group()
    with ear() as heard:
        async with prometheus(tmp_path, f"{heard.url}/a") as source:
            began = source.began
            await source.says(range(1))
            tell(group, await heard.hears("/a", {"firing": 1}))
        since = len(heard.bodies)
        async with prometheus(tmp_path, f"{heard.url}/a") as source:
            source.began = began
            await source.says(range(1))
            assert tell(group, await heard.hears("/a", {"firing": 1}, since)).steps == []
            await source.says(range(1), ends=timedelta())
            over = tell(group, await heard.hears("/a", {"resolved": 1}))
            assert [state for _, state in over.told()] == ["resolved"]
    assert group.opens == 1
