"""The ingress takes what is proved and durable, and turns everything else away with the right answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from ingress.body import LARGEST, BodyMemory, Turned
from ingress.webhook.app import app
from ingress.webhook.inbox import Inbox
from tests.ingress.setting import START, Clock, MemoryEngine, doors, monitor, relay_of, sender
from vendors.door import Request


def client_of(inbox: Inbox, clock: Clock) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app(inbox, doors(), now=clock))
    return httpx.AsyncClient(transport=transport, base_url="http://standfast")


@pytest.fixture
async def http(inbox: Inbox, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(inbox, clock) as client:
        yield client


async def post(http: httpx.AsyncClient, door: str, request: Request) -> httpx.Response:
    return await http.post(f"/webhooks/{door}", content=request.body, headers=request.headers)


@pytest.mark.sop("DET-6")
async def test_ten_deliveries_of_one_webhook_are_ten_rows_and_one_alert(
    http: httpx.AsyncClient, inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    request = monitor().press_fire(START, alertname="Errors", service="checkout")
    answers = await asyncio.gather(*(post(http, "alertmanager", request) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {202}
    assert [row.row for row in await inbox.unrelayed(20)] == sorted(answer.json()["row"] for answer in answers)
    await relay_of(inbox, engine, clock).step()
    assert [(digest.count, len(digest.alerts)) for digest in engine.taken] == [(10, 1)]


async def test_a_wrong_proof_is_turned_away_without_a_word(http: httpx.AsyncClient, inbox: Inbox) -> None:
    for proof in (b"", b"Bearer", b"Bearer guess", b"Bearer \xff"):
        answer = await http.post("/webhooks/alertmanager", content=b"{}", headers=[(b"authorization", proof)])
        assert (answer.status_code, answer.content) == (401, b"")
    forged = sender().press_fire(START, "disk", "Disk full")
    answer = await post(http, "generic", forged.model_copy(update={"body": forged.body + b" "}))
    assert (answer.status_code, answer.content) == (401, b"")
    assert not await inbox.unrelayed(10)


async def test_a_recording_is_turned_away(http: httpx.AsyncClient, clock: Clock) -> None:
    request = sender().press_fire(START, "disk", "Disk full")
    assert (await post(http, "generic", request)).status_code == 202
    clock.passes(301)
    assert (await post(http, "generic", request)).status_code == 401


async def test_a_door_without_a_secret_and_a_door_nobody_built_do_not_exist(http: httpx.AsyncClient) -> None:
    request = monitor().press_fire(START, alertname="Errors")
    assert (await post(http, "closed", request)).status_code == 404
    assert (await post(http, "nobody", request)).status_code == 404
    assert (await http.get("/webhooks/alertmanager")).status_code == 405


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"[]", b"null", b"{" * 5000])
async def test_garbage_of_a_proved_vendor_is_taken_kept_and_shown(
    http: httpx.AsyncClient, inbox: Inbox, clock: Clock, engine: MemoryEngine, body: bytes
) -> None:
    proved = monitor().press_fire(START, alertname="Errors").model_copy(update={"body": body})
    answer = await post(http, "alertmanager", proved)
    assert answer.status_code == 202
    await relay_of(inbox, engine, clock).step()
    assert [(row.row, row.request.body) for row in await inbox.unreadable()] == [(answer.json()["row"], body)]
    [[alarm]] = [digest.alerts for digest in engine.asked]
    assert (alarm.title, alarm.service) == ("alertmanager said something that could not be read", "")


async def test_a_body_of_our_own_webhook_that_makes_no_sense_is_told_and_shown(
    http: httpx.AsyncClient, inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    answer = await post(
        http, "generic", sender().sign(START, {"kind": "alert", "key": "disk", "title": "Disk", "state": "odd"})
    )
    assert answer.status_code == 400
    told = answer.json()
    assert (told["path"], told["found"]) == ("alert.state", "'odd'")
    await relay_of(inbox, engine, clock).step()
    assert [row.row for row in await inbox.unreadable()] == [told["row"]]


async def test_a_storm_of_two_thousand_alerts_is_taken_and_heard(
    http: httpx.AsyncClient, inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    request = monitor().press_fire(START, alertname="PodDown", service="checkout", severity="critical")
    body = json.loads(request.body)
    [one] = body["alerts"]
    labels = ({**one["labels"], "pod": f"pod-{n}", "why": "x" * 800} for n in range(2000))
    body["alerts"] = [{**one, "labels": told, "fingerprint": f"{n:x}"} for n, told in enumerate(labels)]
    storm = request.model_copy(update={"body": json.dumps(body).encode()})
    assert len(storm.body) > 2 * 1024 * 1024
    assert (await post(http, "alertmanager", storm)).status_code == 202
    await relay_of(inbox, engine, clock).step()
    [digest] = engine.asked
    assert (digest.count, len(digest.alerts) + digest.more) == (2000, 2000)


async def test_a_storm_that_is_too_large_rings_as_one_when_its_sender_is_proved(
    http: httpx.AsyncClient, inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    proved = monitor().press_fire(START, alertname="Errors")
    storm = proved.model_copy(update={"body": b'{"alerts": [' + b" " * LARGEST})
    assert (await post(http, "alertmanager", storm)).status_code == 202
    await relay_of(inbox, engine, clock).step()
    [[alarm]] = [digest.alerts for digest in engine.asked]
    assert alarm.title == "alertmanager said a storm that could not be read whole"
    [row] = await inbox.unreadable()
    assert len(row.request.body) <= 64 * 1024


async def test_a_body_too_large_of_anybody_else_is_turned_away(http: httpx.AsyncClient) -> None:
    unknown = monitor().press_fire(START, alertname="Errors").model_copy(update={"headers": {}})
    assert (await post(http, "alertmanager", unknown)).status_code == 401
    signed = sender().press_fire(START, "disk", "Disk full")
    large = signed.model_copy(update={"body": b" " * (LARGEST + 1)})
    assert (await post(http, "generic", large)).status_code == 413


async def test_nobody_can_say_that_a_body_was_cut(http: httpx.AsyncClient, inbox: Inbox, clock: Clock) -> None:
    request = monitor().press_fire(START, alertname="Errors")
    forged = request.model_copy(update={"headers": {**request.headers, "x-standfast-cut": "9"}})
    assert (await post(http, "alertmanager", forged)).status_code == 202
    [row] = await inbox.unrelayed(9)
    assert "x-standfast-cut" not in row.request.headers


def test_large_bodies_share_what_memory_there_is() -> None:
    room = BodyMemory(100)
    with room.guest() as take, room.guest() as also:
        take(60)
        also(40)
        with pytest.raises(Turned) as turned:
            also(1)
        assert turned.value.status == 503
    with room.guest() as take:
        take(100)


async def test_an_endless_body_is_cut_off_at_the_limit(http: httpx.AsyncClient, inbox: Inbox, clock: Clock) -> None:
    pulled = 0

    async def receive() -> Message:
        nonlocal pulled
        pulled += 1
        return {"type": "http.request", "body": b"x" * 65536, "more_body": True}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    path = "/webhooks/alertmanager"
    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b"", "root_path": ""}
    await app(inbox, doors(), now=clock)(scope, receive, send)
    assert sent[0]["status"] == 413
    assert pulled == LARGEST // 65536 + 1


async def test_a_chunked_body_is_taken_whole(http: httpx.AsyncClient, inbox: Inbox) -> None:
    proved = monitor().press_fire(START, alertname="Errors")

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(proved.body), 7):
            yield proved.body[start : start + 7]

    answer = await http.post("/webhooks/alertmanager", content=chunks(), headers=proved.headers)
    assert answer.status_code == 202
    assert [row.request.body for row in await inbox.unrelayed(10)] == [proved.body]


async def test_an_inbox_that_cannot_be_written_asks_senders_to_come_back(tmp_path: Path, clock: Clock) -> None:
    writable = Inbox(str(tmp_path / "inbox.db"))
    await writable.probe()
    read_only = Inbox(f"sqlite:///file:{tmp_path}/inbox.db?mode=ro&uri=true")
    async with client_of(read_only, clock) as http:
        answer = await post(http, "alertmanager", monitor().press_fire(START, alertname="Errors"))
        assert (answer.status_code, answer.headers["retry-after"], answer.content) == (503, "5", b"")
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert "readonly" in ready.json()["reason"]
        assert (await http.get("/healthz")).status_code == 200
        metrics = await http.get("/metrics")
        assert "standfast_inbox_up 0.0" in metrics.text
        assert 'standfast_webhooks_answered_total{door="alertmanager",status="503"} 1.0' in metrics.text
    await read_only.close()
    await writable.close()


async def test_answers_rows_and_lag_are_shown_as_numbers(http: httpx.AsyncClient, inbox: Inbox, clock: Clock) -> None:
    await post(http, "alertmanager", monitor().press_fire(START, alertname="Errors"))
    await http.post("/webhooks/alertmanager", content=b"{}")
    await http.post("/webhooks/guess-42", content=b"{}")
    row = (await inbox.unrelayed(1))[0].row
    clock.passes(30)
    shown = (await http.get("/metrics")).text.splitlines()
    assert 'standfast_webhooks_answered_total{door="alertmanager",status="202"} 1.0' in shown
    assert 'standfast_webhooks_answered_total{door="alertmanager",status="401"} 1.0' in shown
    assert 'standfast_webhooks_answered_total{door="unknown",status="404"} 1.0' in shown
    assert 'standfast_inbox_rows{state="new"} 1.0' in shown
    assert "standfast_relay_lag_seconds 30.0" in shown
    await inbox.mark_relayed([row])
    assert "standfast_relay_lag_seconds 0.0" in (await http.get("/metrics")).text.splitlines()


async def test_an_ingress_that_can_write_is_alive_and_ready(http: httpx.AsyncClient) -> None:
    assert (await http.get("/healthz")).json() == {"alive": True}
    assert (await http.get("/readyz")).json() == {"ready": True, "pages": True}


async def test_a_relay_that_does_not_get_on_shows_in_readyz_and_metrics_and_webhooks_are_taken_all_the_same(
    http: httpx.AsyncClient, inbox: Inbox, clock: Clock
) -> None:
    await inbox.note_trouble("the relay starts again: ValueError: half a character")
    clock.passes(5)
    ready = await http.get("/readyz")
    said = {"stuck": "the relay starts again: ValueError: half a character", "since": START.isoformat()}
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "pages": False, "relay": said})
    assert "standfast_relay_stuck_seconds 5.0" in (await http.get("/metrics")).text.splitlines()
    await inbox.note_trouble("")
    assert "standfast_relay_stuck_seconds 0.0" in (await http.get("/metrics")).text.splitlines()


async def test_a_file_of_the_company_that_went_bad_shows_in_readyz_and_metrics(inbox: Inbox) -> None:
    transport = httpx.ASGITransport(app(inbox, {}, unfit=lambda: ["catalog.yaml: not YAML"]))
    async with httpx.AsyncClient(transport=transport, base_url="http://standfast") as http:
        ready = (await http.get("/readyz")).json()
        assert ready["company"] == {"unfit": ["catalog.yaml: not YAML"], "means": "what was read before goes on"}
        assert "standfast_company_unfit 1.0" in (await http.get("/metrics")).text.splitlines()


async def test_other_floors_may_add_their_routes(inbox: Inbox) -> None:
    async def board(request: object) -> PlainTextResponse:
        return PlainTextResponse("the board")

    transport = httpx.ASGITransport(app(inbox, {}, extra_routes=[Route("/", board)]))
    async with httpx.AsyncClient(transport=transport, base_url="http://standfast") as http:
        assert (await http.get("/")).text == "the board"


async def test_the_relay_runs_while_the_application_does(where: str, clock: Clock, engine: MemoryEngine) -> None:
    inbox = Inbox(where, now=clock)
    application = app(inbox, doors(), relay_of(inbox, engine, clock), now=clock)
    async with application.router.lifespan_context(application):
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url="http://standfast") as http, asyncio.timeout(300):
            await post(http, "alertmanager", monitor().press_fire(START, alertname="Errors"))
            await engine.told.wait()
    after = Inbox(where, now=clock)
    assert await after.hold("another", START.replace(second=1) - START)
    await after.close()
