"""Traces are made where an endpoint is set, and cost nothing where none is."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import httpx
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from activities import tracing
from activities.logs import LINE, Within

SET = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}


@pytest.fixture
def collector() -> Iterator[tuple[str, list[str]]]:
    """What takes traces: its address, and which paths were asked."""
    asked: list[str] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        (SET, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}, True),
        ({**SET, "OTEL_SDK_DISABLED": "true"}, False),
        ({**SET, "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_they_are_wanted_as_opentelemetry_says_it(environment: dict[str, str], wanted: bool) -> None:
    assert tracing.wanted(environment) is wanted


def test_nothing_of_opentelemetry_is_loaded_where_no_endpoint_is_set() -> None:
    code = "import sys, worker, ingress.serve; from activities import tracing; tracing.set_up('worker'); "
    code += "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={})  # noqa: S603
    assert told.stdout == "[]\n"


async def test_an_exchange_with_a_vendor_tells_whom_was_asked_and_never_the_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracers", [provider.get_tracer("test")])
    transport = httpx.MockTransport(lambda request: httpx.Response(429))
    async with tracing.TracedClient(transport=transport) as http:
        await http.get("https://hooks.example.com/services/T0KEN?key=s3cret", headers={"authorization": "s3cret"})
    [exchange] = exporter.get_finished_spans()
    assert (exchange.name, dict(exchange.attributes or {})) == (
        "GET hooks.example.com",
        {"http.request.method": "GET", "server.address": "hooks.example.com", "http.response.status_code": 429},
    )
    assert "s3cret" not in exchange.to_json()


def test_a_line_within_a_trace_names_it_and_another_line_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "_tracers", [TracerProvider().get_tracer("test")])
    formatter = logging.Formatter(LINE)

    def line() -> str:
        record = logging.makeLogRecord({"msg": "paged", "name": "standfast", "levelname": "INFO"})
        Within().filter(record)
        return formatter.format(record)

    with tracing.span("webhook", parent=""):
        assert line().endswith(f"INFO paged trace={tracing.trace_id()}")
        assert len(tracing.trace_id()) == 32
    assert line().endswith("INFO paged")


def test_what_waits_is_sent_by_otlp_before_a_process_ends(collector: tuple[str, list[str]]) -> None:
    url, asked = collector
    code = "import os; from activities import tracing; tracing.set_up('worker')\n"
    code += "with tracing.span('webhook', parent=''): pass\ntracing.end(); os._exit(0)"
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": url}
    subprocess.run([sys.executable, "-c", code], env=settings, check=True)  # noqa: S603
    assert asked == ["/v1/traces"]
