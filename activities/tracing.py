"""Traces by OpenTelemetry, where its own OTEL_* settings name an endpoint; nothing of it is imported otherwise."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer, TracerProvider

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""Where the exporter looks for its endpoint, the first one first."""
PARENT = "traceparent"
"""The header of the W3C that names a span (https://www.w3.org/TR/trace-context)."""
_tracers: "list[Tracer]" = []
"""The tracer, once there is one."""
_flushes: "list[Callable[[int], bool]]" = []
"""What sends the spans that wait to be sent."""
LAST = 2_000
"""Milliseconds that a process gives its last spans at its end."""


def wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether somebody wants traces."""
    refused = environment.get("OTEL_SDK_DISABLED", "").lower() == "true"
    refused = refused or environment.get("OTEL_TRACES_EXPORTER", "otlp") == "none"
    return not refused and any(environment.get(name) for name in ENDPOINTS)


def set_up(process: str) -> None:
    """Send this process's spans to the endpoint, if there is one; OTEL_SERVICE_NAME may name it otherwise."""
    if not wanted():
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    name = os.environ.get("OTEL_SERVICE_NAME") or f"standfast-{process}"
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    use(provider)
    _flushes.append(provider.force_flush)


def end() -> None:
    """Send what waits: a process of ours ends without the interpreter's own ending."""
    for flush in _flushes:
        flush(LAST)


def use(provider: "TracerProvider | None") -> None:
    """Make spans by this provider from now on; none without one."""
    _tracers[:] = [provider.get_tracer("standfast")] if provider else []


def tracer() -> "Tracer | None":
    """What makes spans; None where nobody wants any."""
    return _tracers[0] if _tracers else None


@contextmanager
def span(name: str, *, kind: str = "INTERNAL", parent: str | None = None, **attributes: Any) -> Iterator[Any]:
    """A span around what is done; a `parent` is a `traceparent`, an empty one begins a trace of its own."""
    if (own := tracer()) is None:
        yield None
        return
    from opentelemetry.context import Context
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = None if parent is None else TraceContextTextMapPropagator().extract({PARENT: parent}, Context())
    with own.start_as_current_span(name, context, kind=SpanKind[kind], attributes=attributes) as begun:
        yield begun


def current() -> dict[str, str]:
    """The header that names the span around us, for whoever goes on with it later."""
    carrier: dict[str, str] = {}
    if tracer() is not None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        TraceContextTextMapPropagator().inject(carrier)
    return {name: value for name, value in carrier.items() if name == PARENT}


def trace_id() -> str:
    """The trace that we are in; empty outside of any."""
    return current().get(PARENT, "").partition("-")[2].partition("-")[0]


class TracedClient(httpx.AsyncClient):
    """A client whose exchanges are spans: whom was asked and what it answered; no path, for some bear a secret."""

    async def send(self, request: httpx.Request, **kwargs: Any) -> httpx.Response:
        """One exchange."""
        asked = {"http.request.method": request.method, "server.address": request.url.host}
        with span(f"{request.method} {request.url.host}", kind="CLIENT", **asked) as exchange:
            response = await super().send(request, **kwargs)
            if exchange is not None:
                exchange.set_attribute("http.response.status_code", response.status_code)
            return response
