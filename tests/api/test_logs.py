"""Logs say what happened, and nothing about whom."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
import structlog
from inline_snapshot import snapshot

from diary_api import logs
from diary_api.redaction import MASK, redacted_text
from tests.api.running import RunningGateway, settings_for

pytestmark = pytest.mark.anyio


@pytest.fixture
def written(tmp_path: Path) -> Iterator[io.StringIO]:
    """What the process logs, as JSON lines."""
    stream = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    logs.configure(settings_for(tmp_path), stream)
    yield stream
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def test_a_request_is_one_line_without_its_address(gate: RunningGateway, written: io.StringIO) -> None:
    """The route's template, the status and the time; never an id, a query or an address."""
    answer = await gate.client.get("/v1/regions/77?secret=canary")
    (line,) = lines(written)
    assert (line["route"], line["method"], line["status"], line["outcome"]) == (
        "/v1/regions/{code}",
        "GET",
        200,
        "ok",
    )
    assert line["request_id"] == answer.headers["x-request-id"]
    assert "canary" not in written.getvalue()
    assert "/77" not in written.getvalue()


async def test_a_refused_request_tells_its_code(gate: RunningGateway, written: io.StringIO) -> None:
    """The outcome of a refused request is the code of its problem."""
    await gate.client.get("/v1/me")
    (line,) = lines(written)
    assert (line["status"], line["outcome"]) == (401, "not_signed_in")


async def test_a_fault_is_logged_by_its_places(gate: RunningGateway, written: io.StringIO) -> None:
    """A fault names the error's class and where it was raised, not its message, which may quote data."""

    @gate.app.get("/broken")
    async def broken() -> None:  # pyright: ignore[reportUnusedFunction]  the framework calls it
        try:
            {}["canary-inner"]
        except KeyError as error:
            raise ZeroDivisionError("canary-outer") from error

    await gate.client.get("/broken")
    fault = lines(written)[0]
    assert fault["error"] == "ZeroDivisionError"
    assert "test_logs.py" in str(fault["places"])
    assert "KeyError" in str(fault["places"])
    assert "canary" not in written.getvalue()
    assert [place for place in cast("list[str]", fault["places"]) if "starlette/" in place] == []


def test_of_a_library_the_place_is_told_that_raised(written: io.StringIO) -> None:
    """What lies between a call of ours and its fault would fill a screen."""
    try:
        json.loads("{")
    except ValueError:
        logging.getLogger("diary").exception("a fault")
    (line,) = lines(written)
    error, ours, raised = cast("list[str]", line["places"])
    assert (error, ours.split(":")[0]) == ("JSONDecodeError", "tests/api/test_logs.py")
    assert "raw_decode" in raised


def test_other_libraries_errors_are_logged_the_same_way(written: io.StringIO) -> None:
    """What the standard library's logging gets passes the same censor."""
    try:
        int("canary")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application: olga@example.org")
    (line,) = lines(written)
    assert (line["error"], line["event"]) == ("ValueError", f"Exception in ASGI application: {MASK}")
    assert "canary" not in written.getvalue()


def test_values_are_masked_by_name(written: io.StringIO) -> None:
    """A careless call with a secret by its name logs a mask, at any depth."""
    structlog.get_logger().info(
        "careless",
        password="hunter2",
        refresh_token="abc",
        detail={"snils": "x", "deep": [{"Authorization": "y"}]},
        count=3,
    )
    (line,) = lines(written)
    assert {key: line[key] for key in ("password", "refresh_token", "detail", "count")} == snapshot(
        {
            "password": "•••",
            "refresh_token": "•••",
            "detail": {"snils": "•••", "deep": [{"Authorization": "•••"}]},
            "count": 3,
        }
    )


@pytest.mark.parametrize(
    "secret",
    [
        "112-233-445 95",
        "11223344595",
        "+7 (999) 123-45-67",
        "olga@example.org",
        "dgs_GrGSG64nN1nTUiOaGzlvrDsPtjzbV3CqJKSe0n2nefc",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "Bearer abc.def-ghi",
        "Basic b2xnYTpwYXNz",
    ],
)
def test_values_are_masked_by_looks(secret: str) -> None:
    """СНИЛС, phones, e-mails and tokens are masked wherever they stand in a text."""
    assert redacted_text(f"before {secret} after") == f"before {MASK} after"


def test_queries_are_masked() -> None:
    """Of an address, the path stays."""
    assert redacted_text("GET https://api.example.org/v2/x?token=abc&since=1 failed") == (
        f"GET https://api.example.org/v2/x?{MASK}&{MASK} failed"
    )


@pytest.mark.parametrize("piece", ["a", "1", "?", "?a", "eyJ-", "a@", "+7 ", "Basic ", "dgs_", "a.eyJ"])
def test_a_long_text_is_masked_at_once(piece: str) -> None:
    """A stranger's text of the size of a request: looking at it anew from every letter would take minutes."""
    long = piece * (256 * 1024 // len(piece))
    assert redacted_text(f"{long} olga@example.org").endswith(MASK)
