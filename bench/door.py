"""How fast the ingress says that it has a webhook, beside the least that could say so (`bench.floor`).

`python -m bench.door [--rounds N] [--seconds S]`: each in a process of its own, in turn, and Prometheus' Alertmanager
where it is installed, which keeps alerts in memory. The engine is away meanwhile: what is measured is the door and the
inbox. Prints JSON.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from bench.floor import SECRET, signature
from bench.proc import used
from demo.process import Child, free_port, running

SENDERS = (1, 32)
ALERTMANAGER = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
Server = tuple[int, str, int]
"""Its port, its path and its process."""
ROOT = Path(__file__).parents[1]


@dataclass
class Measured:
    """What was seen of one server under so many senders, over all rounds."""

    spent: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)
    cpu_per_thousand: list[float] = field(default_factory=list)

    def told(self) -> dict[str, float]:
        """The figures."""
        return {
            "p50_ms": round(median(self.spent) * 1000, 2),
            "p99_ms": round(quantiles(self.spent, n=100)[-1] * 1000, 2),
            "per_second": round(median(self.per_second)),
            "cpu_s_per_1000": round(median(self.cpu_per_thousand), 3),
        }


def bodies(unique: bool, path: str) -> Iterator[bytes]:
    """The same alert again and again, or another each time, as who listens there reads it."""
    at, number = datetime.now(UTC).isoformat(), 0
    while True:
        number += unique
        said = {"key": f"bench-{number}", "title": "checkout 5xx", "service": "checkout", "severity": "critical"}
        if path == "/api/v2/alerts":
            yield json.dumps([{"labels": {**said, "alertname": "bench", "pod": "a" * 40}, "startsAt": at}]).encode()
        else:
            yield json.dumps({"kind": "alert", **said, "fired_at": at, "labels": {"pod": "a" * 40}}).encode()


async def send(port: int, path: str, some: Iterator[bytes], until: float) -> list[float]:
    """One sender over one connection: the next request when the last one is answered; how long each took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    spent: list[float] = []
    while time.monotonic() < until:
        if (body := next(some, None)) is None:
            break
        now = str(int(time.time()))
        head = f"POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        request = (
            f"{head}x-standfast-timestamp: {now}\r\nx-standfast-signature: {signature(now, body)}\r\n\r\n".encode()
            + body
        )
        began = time.perf_counter()
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        spent.append(time.perf_counter() - began)
        if b" 20" not in answer[:16]:
            raise RuntimeError(answer.decode())
    writer.close()
    return spent


async def measure(server: Server, seen: Measured, *, senders: int, unique: bool, seconds: float) -> None:
    """One round against one server."""
    port, path, pid = server
    some, before, began = bodies(unique, path), used(pid).cpu, time.monotonic()
    rounds = await asyncio.gather(*(send(port, path, some, began + seconds) for _ in range(senders)))
    spent = [one for each in rounds for one in each]
    seen.spent += spent
    seen.per_second.append(len(spent) / (time.monotonic() - began))
    seen.cpu_per_thousand.append((used(pid).cpu - before) / len(spent) * 1000)


def lonely(folder: Path, port: int) -> Child:
    """The ingress that knows no vendor and no engine, whatever our environment or an .env says: it wakes nobody."""
    settings = {
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "PYTHON_DOTENV_DISABLED": "true",
        "STANDFAST_LISTEN": f"127.0.0.1:{port}",
        "STANDFAST_INBOX": str(folder / "inbox.db"),
        "STANDFAST_DATABASE_URL": f"sqlite:///{folder}/records.db",
        "GENERIC_WEBHOOK_SECRET": SECRET,
        "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
    }
    return Child("ingress", [sys.executable, "-m", "ingress"], folder / "ingress.log", settings, alone_in=folder)


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[dict[str, Server]]:
    """The floor and the ingress, and Alertmanager, each with its port, its path and its process."""
    least, own = free_port(), free_port()
    floor = Child(
        "floor", [sys.executable, "-m", "bench.floor", str(least), str(folder / "f.db")], folder / "floor.log"
    )
    ingress = lonely(folder, own)
    async with running(floor), running(ingress):
        for port in (least, own):
            await listens(port)
        ours = {"floor": (least, "/", floor.pid), "standfast": (own, "/webhooks/generic", ingress.pid)}
        async with alertmanager(folder) as theirs:
            yield ours | theirs


@asynccontextmanager
async def alertmanager(folder: Path) -> AsyncIterator[dict[str, Server]]:
    """Prometheus' own, that tells nobody; nothing where it is not installed."""
    if not ALERTMANAGER:
        yield {}
        return
    port, config = free_port(), folder / "alertmanager.yml"
    config.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
    options = [f"--config.file={config}", f"--storage.path={folder}", f"--web.listen-address=127.0.0.1:{port}"]
    child = Child("alertmanager", [ALERTMANAGER, *options, "--cluster.listen-address="], folder / "alertmanager.log")
    async with running(child):
        await listens(port)
        yield {"alertmanager": (port, "/api/v2/alerts", child.pid)}


async def listens(port: int) -> None:
    """Wait until somebody does."""
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            return writer.close()
    raise RuntimeError(f"nobody listens on port {port}")


async def run(folder: Path, rounds: int, seconds: float) -> dict[str, dict[str, dict[str, float]]]:
    """Every kind of load, the floor and the ingress in turn."""
    loads = {f"{n} sender(s), {kind}": (n, kind == "unique") for n in SENDERS for kind in ("duplicates", "unique")}
    async with served(folder) as servers:
        seen = {load: {name: Measured() for name in servers} for load in loads}
        for _ in range(rounds):
            for load, (senders, unique) in loads.items():
                for name, server in servers.items():
                    await measure(server, seen[load][name], senders=senders, unique=unique, seconds=seconds)
    return {load: {name: one.told() for name, one in each.items()} for load, each in seen.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each load lasts in a round")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="standfast-") as folder:
        print(json.dumps(asyncio.run(run(Path(folder), arguments.rounds, arguments.seconds)), indent=1))


if __name__ == "__main__":
    main()
