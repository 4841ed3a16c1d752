"""The doctor's examinations: each looks at one part of the house and says what it saw."""

import re
from datetime import UTC, datetime
from typing import Any

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.client import Client
from temporalio.service import RPCError

from activities.attribute import ATTRIBUTES
from activities.poller import pollers
from activities.trouble import look_around, stranded
from config.company import InvalidFile, load
from config.company import Settings as CompanySettings
from config.fit import examine
from console import retention
from console.check import CheckResult as CheckResult
from console.database import HINT
from console.heartbeats import heartbeats
from console.inbox import Settings as InboxSettings
from console.releases import releases
from console.vendor_check import chosen
from domain.check import Finding, remarks
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.value.model import said_count
from ingress.webhook.inbox import Inbox, InboxUnavailable
from ingress.webhook.waiting import progress
from records.grant import owning
from records.key import public, read_key
from records.migration import NEWEST, version_of
from records.place import lacking_file
from records.refusal import RecordsUnavailable, RecordsUnready, SettingRefused
from records.setting import Settings as RecordSettings
from records.store import Records
from workflows.connection import EngineAway, connect

WORKER = "start `standfast worker` with the same STANDFAST_TASK_QUEUE and TEMPORAL_* settings"
NOBODY = "nobody asks for work there"
SINCE = (1, 31)
"""The oldest server on which what is open reaches the next release."""
CLOUD = (".tmprl.cloud", "api.temporal.io")
"""Where Temporal Cloud answers."""


async def company() -> list[CheckResult]:
    """Policy and catalog load, and their promises can be kept."""
    settings, seen, loaded = CompanySettings(), list[CheckResult](), list[Any]()
    for name, file, model in (
        ("policy", settings.standfast_policy, Policy),
        ("catalog", settings.standfast_catalog, Catalog),
    ):
        try:
            loaded.append(load(file, model))
            seen.append(CheckResult(what=name, said=str(file)))
        except InvalidFile as unfit:
            do = f"mend {file}, or set STANDFAST_{name.upper()}"
            seen.append(CheckResult(what=name, state="failed", said="; ".join(unfit.findings)[:500], do=do))
    findings = examine(*loaded) if len(loaded) == 2 else []
    if findings:
        said = f"{said_count(len(findings), 'finding')}, the first: {findings[0]}"
        seen.append(CheckResult(what="promises", state="failed", said=said, do="run `standfast policy check`"))
    if len(loaded) == 2:
        policy, catalog = loaded
        found = remarks(policy, catalog, datetime.now(UTC).date())
        seen += [_to_see_to(found)] if found else []
    return seen


def _to_see_to(found: list[Finding]) -> CheckResult:
    """Approvals that lack or are overdue, and what the procedure presupposes."""
    said, do = f"{len(found)} to be seen to, the first: {found[0]}", "run `standfast policy check`"
    return CheckResult(what="approvals and prerequisites", state="warn", said=said[:500], do=do)


async def engine(queue: str) -> list[CheckResult]:
    """Temporal answers, its namespace knows our search attributes, and workers ask for work."""
    try:
        client = await connect()
    except EngineAway as away:
        return [CheckResult(what="Temporal", state="failed", said=away.said, do=away.do)]
    except ValueError as unfit:
        return [CheckResult(what="Temporal", state="failed", said=str(unfit), do="mend the setting that this names")]
    where = f"namespace {client.namespace} at {client.service_client.config.target_host}"
    try:
        seen = [await _server(client, where), await _attributes(client), *await _workers(client, queue)]
        seen += [*await releases(client, queue), *await heartbeats(client, queue)]
        return [*seen, *await retention.histories(client), *await _standing_still(client, queue)]
    except RPCError as error:
        do = "set TEMPORAL_NAMESPACE to one that exists and lets you in"
        return [CheckResult(what="Temporal", state="failed", said=f"{where}: {error.message}", do=do)]


async def _server(client: Client, where: str) -> CheckResult:
    """Which server answers, and whether it is too old."""
    info = await client.workflow_service.get_system_info(GetSystemInfoRequest())
    return server(info.server_version, where, client.service_client.config.target_host)


def server(version: str, where: str, address: str) -> CheckResult:
    """What is said of a server; on an old one open incidents may not reach a new release. Cloud numbers its own."""
    said, numbers = f"{where}, server {version}", tuple(map(int, re.findall(r"\d+", version)[:2]))
    if numbers >= SINCE or address.partition(":")[0].endswith(CLOUD):
        return CheckResult(what="Temporal", said=said)
    do = "upgrade it to 1.31 or later, or set STANDFAST_VERSIONED=false (docs/operations.md)"
    return CheckResult(what="Temporal", state="warn", said=f"{said}: open incidents may not reach a new release", do=do)


async def _standing_still(client: Client, queue: str) -> list[CheckResult]:
    """What a workflow's own task says of it, where nothing else would."""
    now = datetime.now(UTC)
    found = [one for one in await look_around(client, queue, now) if one.kind != "unpolled"]
    found += await stranded(client, queue, now)
    seen = [CheckResult(what=one.workflow, state="failed", said=one.said, do=one.do) for one in found]
    return seen or [CheckResult(what="open workflows", said="none stands still")]


async def _attributes(client: Client) -> CheckResult:
    wanted = ListSearchAttributesRequest(namespace=client.namespace)
    listed = await client.operator_service.list_search_attributes(wanted)
    lacking = [key.name for key in ATTRIBUTES if key.name not in listed.custom_attributes]
    if not lacking:
        return CheckResult(what="search attributes", said=f"all {len(ATTRIBUTES)} are there")
    do = "start the worker once, which adds them, or run `sh deploy/temporal/setup.sh namespace`"
    return CheckResult(what="search attributes", state="failed", said=f"missing: {', '.join(lacking)}", do=do)


async def _workers(client: Client, queue: str) -> list[CheckResult]:
    """One for each task queue that this company's incidents use."""
    workflow, activity = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
    queues = [(queue, workflow), *((f"{queue}-{name}", activity) for name in ("engine", "records", *chosen()))]
    seen = [await _polled(client, name, kind) for name, kind in queues]
    said = f"nobody asks for work on {queue}, nor on any other of its {len(seen)} task queues"
    none = [CheckResult(what="workers", state="failed", said=said, do=WORKER)]
    return seen if any(one.said != NOBODY for one in seen) else none


async def _polled(client: Client, queue: str, kind: Any) -> CheckResult:
    """Who asks for work there; one that fell silent is named beside those who do."""
    what, now = f"worker on {queue}", datetime.now(UTC)
    listed = await pollers(client, queue, kind)
    if not listed:
        return CheckResult(what=what, state="failed", said=NOBODY, do=WORKER)
    living = sorted({one.identity for one in listed if one.lives(now)})
    if not living:
        said = f"nobody has asked for work there since {max(one.at for one in listed):%H:%M:%S} UTC"
        return CheckResult(what=what, state="failed", said=said, do=WORKER)
    silent = sorted({one.identity for one in listed if one.silent} - {*living})
    if silent:
        said = f"{', '.join(living)}; silent: {', '.join(silent)}"
        return CheckResult(what=what, state="warn", said=said, do="it was killed or hangs: see its log, start it again")
    return CheckResult(what=what, said=", ".join(living))


async def records() -> list[CheckResult]:
    """The database of the records opens and has its tables."""
    url = RecordSettings().standfast_database_url.get_secret_value()
    try:
        if lacking := lacking_file(url):
            return [CheckResult(what="records", state="failed", said=f"there is no {lacking}", do=HINT)]
        async with await Records.open(url) as store:
            await store.incidents(limit=1)
            async with store.engine.connect() as connection:
                owner, version = await owning(connection), await connection.run_sync(version_of)
    except RecordsUnready as error:
        said = f"{error.where}: {error.said}"
        return [CheckResult(what="records", state="failed", said=said, do=error.then)]
    except (RecordsUnavailable, SettingRefused) as error:
        return [CheckResult(what="records", state="failed", said=str(error), do=HINT)]
    later = f", made by a later release ({version}): this one goes on with what it knows" if version > NEWEST else ""
    if not owner:
        return [CheckResult(what="records", said=f"{store.where}{later}")]
    said = f"{store.where}{later}: {owner} owns them, so that whoever runs as it could alter the evidence"
    do = "run deploy/postgres/roles.sh as the superuser, then `standfast audit grant ROLE` as the owner (docs/soc2.md)"
    return [CheckResult(what="records", state="warn", said=said, do=do)]


async def evidence() -> list[CheckResult]:
    """There is a key to sign evidence with."""
    setting = RecordSettings().standfast_signing_key
    if setting is None:
        do = "run `standfast audit key --new FILE` and set STANDFAST_SIGNING_KEY; until then no checkpoint is signed"
        return [CheckResult(what="signing key", state="absent", said="not set: STANDFAST_SIGNING_KEY", do=do)]
    try:
        said = f"its public half is {public(read_key(setting.get_secret_value()))}"
    except SettingRefused as error:
        do = "run `standfast audit key --new FILE`"
        return [CheckResult(what="signing key", state="failed", said=str(error), do=do)]
    return [CheckResult(what="signing key", said=said), *await _stamps(RecordSettings().standfast_tsa_url)]


async def _stamps(authority: str) -> list[CheckResult]:
    """Whether the authority has put the time to the newest checkpoint."""
    if not authority:
        return []
    url = RecordSettings().standfast_database_url.get_secret_value()
    try:
        if lacking_file(url):
            return []
        async with await Records.open(url) as store:
            waiting = await store.unstamped()
    except (RecordsUnavailable, SettingRefused):
        return []  # `records` says it
    if waiting is None:
        return [CheckResult(what="time stamps", said=f"the newest checkpoint is stamped by {authority}")]
    number, at = waiting.checkpoint.number, waiting.checkpoint.at
    said = f"checkpoint {number} of {at:%d %b %H:%M} UTC is not stamped: {authority} gave nothing"
    do = "see what the run of the schedule `checkpoints` says in Temporal; the next checkpoint asks again"
    return [CheckResult(what="time stamps", state="warn", said=said, do=do)]


async def inbox() -> list[CheckResult]:
    """The inbox can be written, and everything in it could be read."""
    where = InboxSettings().standfast_inbox
    kept = Inbox(where)
    said = kept.database.url.render_as_string(hide_password=True)
    try:
        await kept.probe()
        count = await kept.count()
        stuck = progress(count, *await kept.trouble(), datetime.now(UTC))
        aside = count.rows.get("unreadable", 0)
    except InboxUnavailable as error:
        to = "a path that can be written, or to the records' PostgreSQL"
        return [CheckResult(what="inbox", state="failed", said=str(error), do=f"set STANDFAST_INBOX to {to}")]
    finally:
        await kept.close()
    if stuck.said:
        since = f" since {stuck.since:%d %b %H:%M:%S} UTC" if stuck.since else ""
        do = "mend what this names; start an ingress where nobody relays. What was taken waits and is kept"
        return [CheckResult(what="relay", state="failed", said=f"{stuck.said}{since}"[:500], do=do)]
    if aside:
        said = f"{said_count(aside, 'webhook')} could not be read"
        do = "see `standfast inbox list`, mend, then `standfast inbox retry ROW` or `--all`"
        return [CheckResult(what="inbox", state="failed", said=said, do=do)]
    return [CheckResult(what="inbox", said=said), *retention.webhooks()]
