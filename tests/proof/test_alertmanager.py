"""A real Alertmanager, where one is installed: what it fires opens an incident, what it resolves ends it or is told."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.process import Child, free_port, running
from standins.stage import SECRETS
from tests.proof.house import House, house

PROGRAM = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
CONFIG = """
route: {{receiver: standfast, group_by: [alertname], group_wait: 1s, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: standfast
    webhook_configs:
      - url: {url}/webhooks/alertmanager
        send_resolved: true
        http_config: {{authorization: {{credentials: {token}}}}}
"""

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Alertmanager is installed on this machine")


class Alertmanager:
    """The program, and how Prometheus speaks to it."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self._url, self._http = url, http

    async def hears(self, summary: str, labels: dict[str, str], *, ended: bool = False) -> None:
        """Prometheus says that an alert fires, or that it has ended."""
        now = datetime.now(UTC)
        alert: dict[str, Any] = {"labels": labels, "annotations": {"summary": summary}}
        alert["startsAt"] = (now - timedelta(seconds=30)).isoformat()
        alert["endsAt"] = (now if ended else now + timedelta(minutes=5)).isoformat()
        (await self._http.post(f"{self._url}/api/v2/alerts", json=[alert])).raise_for_status()

    async def ready(self) -> None:
        """Wait until it answers."""
        for _ in range(3000):
            try:
                if (await self._http.get(f"{self._url}/-/ready")).is_success:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
        raise AssertionError("Alertmanager did not start")


@asynccontextmanager
async def alertmanager(folder: Path, home: House) -> AsyncIterator[Alertmanager]:
    """A real Alertmanager that posts to our door."""
    config = folder / "alertmanager.yml"
    config.write_text(CONFIG.format(url=home.running.url, token=SECRETS["ALERTMANAGER_WEBHOOK_TOKEN"]))
    port = free_port()
    command = [str(PROGRAM), f"--config.file={config}", f"--storage.path={folder / 'data'}"]
    command += [f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="]
    async with running(Child("Alertmanager", command, folder / "alertmanager.log")), httpx.AsyncClient() as http:
        started = Alertmanager(f"http://127.0.0.1:{port}", http)
        await started.ready()
        yield started


@pytest.mark.slow
@pytest.mark.sop("DET-1", "DET-5")
async def test_a_real_alertmanager_opens_an_incident_and_its_resolve_ends_it_or_is_told(tmp_path: Path) -> None:
    async with house(tmp_path) as home, alertmanager(tmp_path, home) as monitor:
        labels = {"alertname": "HighErrorRate", "service": "checkout", "severity": "critical", "env": "production"}
        await monitor.hears("5xx above 5 %", labels)
        incident = await home.opened("checkout")
        await home.paged(incident, 1)
        await monitor.hears("5xx above 5 %", labels, ended=True)
        await home.happens(incident, "recovered")
        untouched = {"by": "mira", "breach": False, "reason": "Nothing personal was touched."}
        await home.running.client.get_workflow_handle(incident).signal("answer_breach", untouched)
        await home.happens(incident, "closed")
        assert {page.status for page in home.pages(incident)} == {"resolved"}

        labels |= {"service": "billing", "alertname": "SlowInvoices"}
        await monitor.hears("invoices wait", labels)
        second = await home.opened("billing")
        await home.running.client.get_workflow_handle(second).signal("acknowledge", {"by": "dana"})
        await home.happens(second, "acknowledged")
        await monitor.hears("invoices wait", labels, ended=True)
        await home.happens(second, "recovered")
        assert (await home.view(second)).phase in ("triage", "active")
        assert await home.incidents("checkout") == [incident]
