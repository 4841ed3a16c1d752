"""A PostgreSQL of the tests' own: one cluster for a run, on a socket that only it uses."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from records.store import Records
from tests.tables import migrate

OWNER = "postgres"
"""Whom the cluster belongs to where the tests run as root, which PostgreSQL refuses."""

ROLES = Path(__file__).parents[1] / "deploy/postgres/roles.sh"
ODD = "p@ss:w/rd'\"$ %"
"""A password that no URL could hold as it is."""

ITSELF = ("records/test_store.py", "records/test_evidence.py", "records/test_roles.py", "ingress/test_inbox.py")
"""What is about the database itself is tried on PostgreSQL as a whole by `make test`."""


def shorten(items: Iterable[pytest.Item]) -> None:
    """Of every other file the first of its tests is tried there, and by `make proof` all; the rest are slow."""
    begun = set[Path]()
    for item in items:
        chosen = getattr(item, "callspec", None)
        if not chosen or "postgresql" not in chosen.params.values() or str(item.path).endswith(ITSELF):
            continue
        if item.path in begun:
            item.add_marker(pytest.mark.slow)
        begun.add(item.path)


class Cluster:
    """A running PostgreSQL, and a fresh database for whoever asks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count, self._tables = 0, ""

    def url(self, database: str, user: str = "owner") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}"

    async def fresh(self) -> str:
        """The URL of a new, empty database."""
        return await self._made("template1")

    async def migrated(self) -> str:
        """The URL of a new database with the tables of the records; they are made once, and copied."""
        if not self._tables:
            self._tables = await self._made("template1")
            await migrate(self._tables)
        return await self._made(str(make_url(self._tables).database))

    async def _made(self, like: str) -> str:
        self._count += 1
        name = f"records{self._count}"
        await self.run("postgres", f"CREATE DATABASE {name} TEMPLATE {like}")
        return self.url(name)

    def make_roles(self) -> None:
        """Run deploy/postgres/roles.sh as the superuser would; again it makes nothing new."""
        if not shutil.which("psql"):
            pytest.skip("no psql here")
        place = {"PATH": os.environ["PATH"], "PGHOST": str(self.folder), "PGUSER": "owner"}
        words = {"STANDFAST_DB_PASSWORD": ODD, "STANDFAST_OWNER_PASSWORD": "a third", "TEMPORAL_DB_PASSWORD": "another"}
        done = subprocess.run(["sh", ROLES], env=place | words, capture_output=True, text=True, check=False)  # noqa: S603, S607
        assert (done.returncode, done.stderr) == (0, "")
        self.folder.chmod(0o711)  # who has a role may come to the socket, whatever their rights here

    async def granted(self) -> str:
        """The URL of worker and ingress, once all is done that the deploy files have done before these start."""
        self.make_roles()
        async with await Records.open(self.url("standfast", user="standfast_owner")) as owner:
            await owner.grant("standfast")
        return self.url("standfast", user="standfast")

    async def run(self, database: str, *statements: str) -> None:
        """Run statements as the owner, outside any transaction."""
        url = self.url(database).replace("postgresql", "postgresql+psycopg", 1)
        engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
        await engine.dispose()


@contextmanager
def running() -> Iterator[Cluster]:
    """A cluster that is there for a block, or a skip with the reason."""
    programs, as_owner = _programs(), _as_owner()
    folder = Path(tempfile.mkdtemp(prefix="standfast-"))
    data = str(folder / "data")
    if as_owner:
        shutil.chown(folder, OWNER)
    ctl = [*as_owner, str(programs / "pg_ctl"), "-D", data, "-s", "-w"]
    unsafe = "-c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off"
    options = f"-k {folder} -c listen_addresses='' {unsafe}"
    try:
        _run([*as_owner, str(programs / "initdb"), "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8"])
        _run([*ctl, "-l", str(folder / "log"), "-o", options, "start"])
        yield Cluster(folder)
    finally:
        subprocess.run([*ctl, "-m", "immediate", "stop"], check=False, stderr=subprocess.DEVNULL)  # noqa: S603 ours
        shutil.rmtree(folder)


def _programs() -> Path:
    """Where the server's programs are: on the path, or where Debian keeps them off it."""
    found = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if usable := next((folder for folder in found if (folder / "postgres").exists()), None):
        return usable
    pytest.skip("no PostgreSQL programs here: initdb is neither on the path nor under /usr/lib/postgresql")


def _as_owner() -> list[str]:
    if os.geteuid() != 0:
        return []
    if not shutil.which("runuser"):
        pytest.skip("PostgreSQL refuses root, and there is no runuser to be somebody else with")
    return ["runuser", "-u", OWNER, "--"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)  # noqa: S603 ours
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


class Wire:
    """A way to a cluster by TCP that can fall silent: it takes every word, of whoever comes anew too, and says none."""

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.open = asyncio.Event()
        self.open.set()
        self.linked = 0
        """How many connections came this way."""


@asynccontextmanager
async def wired(cluster: Cluster) -> AsyncIterator[Wire]:
    """A wire to a cluster, for a block."""
    links: list[asyncio.StreamWriter] = []

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while words := await reader.read(65536):
            await wire.open.wait()
            writer.write(words)
        writer.close()

    async def link(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire.linked += 1
        there, back = await asyncio.open_unix_connection(cluster.folder / ".s.PGSQL.5432")
        links.extend((writer, back))
        with suppress(ConnectionError):
            await asyncio.gather(carry(reader, back), carry(there, writer))

    server = await asyncio.start_server(link, "127.0.0.1", 0)
    wire = Wire(server.sockets[0].getsockname()[1])
    try:
        yield wire
    finally:
        wire.open.set()
        server.close()
        for one in links:
            one.close()
