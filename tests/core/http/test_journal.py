"""The log tells enough to find a fault, and nothing that opens a door or names a person."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

import httpx2
import pytest
from dirty_equals import IsInt
from structlog.testing import capture_logs

from diary_core.errors import DiaryError
from diary_core.http import read
from diary_core.http.journal import template

if TYPE_CHECKING:
    from .conftest import OpenDoor, Upstream


@pytest.mark.anyio
async def test_a_call_is_one_line(upstream: Upstream, open_door: OpenDoor) -> None:
    """Method, host, path without ids, status, duration and size, however many attempts it took."""
    upstream.answers(upstream.says(b"", status=503), upstream.says(b"{}"))
    http = await open_door()
    with capture_logs() as lines:
        await http.get(f"{upstream.url}/v2/persons/1000012345/marks?access_token=CANARY")
    assert lines == [
        {
            "event": "upstream call",
            "log_level": "info",
            "instance": "invented/town",
            "method": "GET",
            "host": "127.0.0.1",
            "path": "/v2/persons/{}/marks",
            "status": 200,
            "bytes": 2,
            "duration_ms": IsInt(ge=0),
        }
    ]


@pytest.mark.anyio
async def test_a_failed_call_is_logged_with_its_code(upstream: Upstream, open_door: OpenDoor) -> None:
    """An error stands where the status would."""
    upstream.answers(upstream.hangs_up())
    http = await open_door()
    with capture_logs() as lines, pytest.raises(DiaryError):
        await http.post(upstream.url)
    assert lines[0]["error"] == "region_down"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/api/family/web/v1/homeworks", "/api/family/web/v1/homeworks"),
        ("/v2.0/users/me/context", "/v2.0/users/me/context"),
        ("/v2/lessons/2026-09-16/2026-09-20", "/v2/lessons/{}/{}"),
        ("/person/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/person/{}"),
        ("/school/%D0%98%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2", "/school/{}"),
        ("/token/eyJhbGciOiJIUzI1NiJ9.e30.abc", "/token/{}"),
        ("/a/abcdefghijklmnopqrstuvwxyzabcdef", "/a/{}"),
        ("/IvanovaMaria", "/{}"),
        ("/", "/"),
        ("", ""),
    ],
)
def test_a_path_keeps_its_plain_words_alone(path: str, written: str) -> None:
    """Ids, dates, names and tokens are left out."""
    assert template(path) == written


@pytest.mark.anyio
async def test_canaries_are_nowhere(
    upstream: Upstream, open_door: OpenDoor, caplog: pytest.LogCaptureFixture
) -> None:
    """Secrets put into every part of a call and its answer are in no log line and in no error.

    The loggers of httpx2 and httpcore2 are listened to as well: left alone they print addresses and headers.
    """
    caplog.set_level(logging.DEBUG)
    answers = {
        "good": upstream.says(b'"CANARY"', headers={"Set-Cookie": "s=CANARY", "X-Token": "CANARY"}),
        "shape": upstream.says(b'{"CANARY": "CANARY"}'),
        "broken": upstream.says(b"CANARY {"),
        "page": upstream.says(b"<p>CANARY", kind="text/html"),
        "refused": upstream.says(b"CANARY", status=401),
        "moved": upstream.says(status=302, headers={"Location": "https://x.test/?code=CANARY"}),
        "down": upstream.says(b"CANARY", status=500),
        "short": upstream.says(b"CANARY", length=100),
        "dropped": upstream.hangs_up(),
        "silent": upstream.drips(every_s=30),
    }
    http = await open_door(read_timeout_s=0.05, failures_max=100)
    told: list[str] = []
    with capture_logs() as lines:
        for answer in answers.values():
            upstream.answers(answer)
            told += await _call(http, upstream.url)
        told += await _call(http, "http://CANARY:CANARY@stranger.test")
    assert len(lines) == len(answers) + 1
    assert [text for text in [*map(str, lines), *told, caplog.text] if "CANARY" in text.upper()] == []


async def _call(http: httpx2.AsyncClient, url: str) -> list[str]:
    """Make one call full of secrets and return what its error says, with everything it was raised from."""
    try:
        answer = await http.post(
            f"{url}/v1/CANARY1?access_token=CANARY",
            headers={"Authorization": "Bearer CANARY", "Cookie": "s=CANARY", "Auth-Token": "CANARY"},
            data={"password": "CANARY"},
        )
        read(answer, int)
    except DiaryError as error:
        return ["".join(traceback.format_exception(error)), repr(vars(error))]
    return []
