"""Traces tell how long everything took, and nothing about whom."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from diary_api.settings import Settings
from diary_core.errors import Misconfigured
from tests.api.households import running_households
from tests.api.running import running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass
class Collector:
    """What has come over loopback, as it came."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list[bytes])

    @property
    def spans(self) -> list[Span]:
        """Return every span, in the order they came."""
        return [
            span
            for body in self.bodies
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@contextmanager
def collecting() -> Generator[Collector]:
    """Run a collector."""
    collector = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library calls it by this name
            collector.bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    collector.url = f"http://127.0.0.1:{server.server_port}/v1/traces"
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def told(span: Span) -> dict[str, str | int]:
    return {
        one.key: one.value.int_value if one.value.HasField("int_value") else one.value.string_value
        for one in span.attributes
    }


async def test_a_request_is_a_span_by_its_template(
    settings: Settings, town: TinyTown, log: io.StringIO
) -> None:
    """With its status and the code of its problem; its id stands in the log line, a stranger's does not."""
    with collecting() as collector:
        traced = settings.model_copy(update={"traces_url": collector.url})
        async with running(traced, tiny_plugins(town)) as gate:
            await gate.client.get("/v1/regions/canary?secret=canary", headers={"traceparent": PARENT})
        (span,) = collector.spans
    assert span.name == "GET /v1/regions/{code}"
    assert told(span) == {
        "http.request.method": "GET",
        "http.route": "/v1/regions/{code}",
        "http.response.status_code": 404,
        "diary.outcome": "region_unknown",
    }
    assert (span.parent_span_id, span.trace_id.hex()) != (b"", PARENT.split("-")[1])
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["trace_id"] for line in lines if line["event"] == "request"] == [span.trace_id.hex()]


async def test_a_trusted_proxys_trace_is_gone_on_with(settings: Settings, town: TinyTown) -> None:
    """Where the operator says so."""
    with collecting() as collector:
        trusting = {"traces_url": collector.url, "traces_from_outside": True}
        async with running(settings.model_copy(update=trusting), tiny_plugins(town)) as gate:
            await gate.client.get("/healthz", headers={"traceparent": PARENT, "tracestate": "canary=1"})
            await gate.client.get("/healthz", headers={"traceparent": "nonsense"})
        first, second = collector.spans
        assert (first.trace_id.hex(), first.parent_span_id.hex()) == tuple(PARENT.split("-")[1:3])
        assert not second.parent_span_id
        assert b"canary" not in b"".join(collector.bodies)


async def test_a_family_leaves_no_name_behind(tmp_path: Path) -> None:
    """Calls to diaries hang on the request they are made for; no byte that is exported is about anybody."""
    with collecting() as collector:
        async with running_households(tmp_path, traces_url=collector.url) as families:
            home = families["dnevnik"]
            await home.read("week")
            await home.ask("homework")
            account = (await home.parent.get("/v1/me")).json()
            shown = (await home.parent.get("/v1/connections")).json()["items"]
            person = home.child.person.name
            secrets = [
                *(person.first, person.last, account["id"], account["email"], home.child_id, shown[0]["id"]),
                *(home.parent.headers["Authorization"].removeprefix("Bearer "), str(home.parent_id)),
                *("access_token", "Bearer", "dgs_", "chd_", "con_", "acc_", "@example.org"),
            ]
        spans, everything = collector.spans, b"".join(collector.bodies)
    calls = [span for span in spans if span.kind == Span.SPAN_KIND_CLIENT]
    assert {told(span)["diary.outcome"] for span in calls} == {"ok"}
    assert {str(told(span)["diary.instance"]).split("/")[0] for span in calls} == {"dnevnik_ru", "mrko"}
    week = next(span for span in spans if span.name == "GET /v1/children/{child_id}/week")
    assert [span for span in calls if span.parent_span_id == week.span_id] != []
    assert [secret for secret in secrets if secret.encode() in everything] == []


async def test_nothing_is_loaded_unless_wanted(tmp_path: Path) -> None:
    """A gateway without a collector has no tracer, and one that wants it says what is missing."""
    async with running(settings_for(tmp_path)) as gate:
        assert "Traced" not in repr(gate.app.user_middleware)


async def test_what_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra, and how to get it."""
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(Misconfigured, match="traces"):
        async with running(settings_for(tmp_path, traces_url="http://127.0.0.1:1/v1/traces")):
            pass
