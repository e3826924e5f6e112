"""An answer becomes a typed model or a typed error, and the error holds none of its data."""

from __future__ import annotations

import contextlib
import traceback
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

from diary_core.errors import (
    DiaryError,
    LoginRequired,
    NotFound,
    NotPermitted,
    RegionBusy,
    RegionChanged,
    RegionDown,
    RegionMaintenance,
    RegionSlow,
    TryLater,
)
from diary_core.http import read, refuse

if TYPE_CHECKING:
    from .conftest import OpenDoor, Upstream

PAGE = "<!DOCTYPE html><html><body><p>В дневнике технические работы</p></body></html>".encode()
STOCK = b"<html>\r\n<head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
SECRET = "CANARY-Иванов"


class Cell(BaseModel):
    """A mark on the wire."""

    value: int


class Week(BaseModel):
    """A body on the wire."""

    cells: list[Cell]
    by_name: dict[str, Cell] = {}


def _said(body: bytes | str, *, status: int = 200, kind: str = "application/json") -> httpx2.Response:
    content = body.encode() if isinstance(body, str) else body
    return httpx2.Response(status, content=content, headers={"Content-Type": kind})


def test_a_good_body_becomes_a_model() -> None:
    """By a type or by an adapter made once."""
    body = _said('{"cells": [{"value": 5}]}')
    assert read(body, Week) == Week(cells=[Cell(value=5)])
    assert read(_said('[{"value": 5}]'), TypeAdapter(list[Cell])) == [Cell(value=5)]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'\xef\xbb\xbf{"value": 5}', "application/json"),
        ('{"value": 5}'.encode("cp1251"), "application/json; charset=windows-1251"),
        (b'{"value": 5}', "text/html"),
        (b'{"value": 5}', "text/plain"),
        (b'{"value": 5}', ""),
    ],
)
def test_json_is_known_by_its_body(body: bytes, kind: str) -> None:
    """A byte order mark, another encoding or a wrong content type make it no less JSON."""
    assert read(_said(body, kind=kind), Cell) == Cell(value=5)


def test_another_encoding_keeps_its_letters() -> None:
    """Russian letters of a declared encoding are read as such."""
    body = '"Алгебра"'.encode("cp1251")
    assert read(_said(body, kind="application/json; charset=windows-1251"), str) == "Алгебра"


@pytest.mark.parametrize(
    "body", ["", " \r\n", "{", '{"value": 5', "nonsense", '{"value": 5}{', "[" * 100_000]
)
def test_what_is_no_json_is_a_change(body: str) -> None:
    """Empty, cut short, malformed or absurdly deep."""
    with pytest.raises(RegionChanged):
        read(_said(body), Cell)


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json", ""])
def test_a_page_with_200_is_maintenance(kind: str) -> None:
    """A page where JSON should be, whatever it calls itself."""
    with pytest.raises(RegionMaintenance):
        read(_said(PAGE, kind=kind), Cell)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"cells": [{"value": 5}, {"value": "CANARY-Иванов"}]}', "cells.[].value"),
        ('{"cells": [], "by_name": {"CANARY-Иванов": {"value": "x"}}}', "by_name.*.value"),
        ('{"cells": {"CANARY-Иванов": 1}}', "cells"),
        ('"CANARY-Иванов"', None),
    ],
)
def test_another_shape_is_named_by_its_path_alone(body: str, field: str | None) -> None:
    """The path says where; neither the error nor anything it was raised from holds what stood there."""
    with pytest.raises(RegionChanged) as caught:
        read(_said(body), Week)
    assert caught.value.field == field
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert SECRET not in "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_body_makes_anything_but_a_model_or_a_typed_error(body: bytes) -> None:
    """Whatever bytes come."""
    with contextlib.suppress(DiaryError):
        read(_said(body), Week)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b"", LoginRequired),
        (403, b"{}", NotPermitted),
        (404, PAGE, NotFound),
        (400, b"{}", RegionChanged),
        (405, b"{}", RegionChanged),
        (405, PAGE, RegionMaintenance),
        (302, b"", RegionChanged),
        (429, b"", RegionBusy),
        (433, b"", RegionBusy),
        (500, b"{}", RegionDown),
        (500, PAGE, RegionMaintenance),
        (502, STOCK, RegionDown),
        (504, b"", RegionSlow),
        (504, PAGE, RegionMaintenance),
        (550, PAGE, RegionMaintenance),
    ],
)
def test_every_other_status_has_its_error(status: int, body: bytes, error: type[DiaryError]) -> None:
    """`refuse` and `read` agree; a page a proxy made of a status is no maintenance page."""
    answer = _said(body, status=status, kind="text/html" if body.startswith(b"<") else "application/json")
    for reading in (lambda: refuse(answer), lambda: read(answer, Cell)):
        with pytest.raises(DiaryError) as caught:
            reading()
        assert type(caught.value) is error


@pytest.mark.anyio
async def test_trouble_of_the_server_is_raised_by_the_call_itself(
    upstream: Upstream, open_door: OpenDoor
) -> None:
    """A plugin need not look for it; what is its own to judge is returned."""
    http = await open_door(failures_max=100, attempts_max=1, hold_max_s=1e-9)
    troubles = {500: RegionDown, 502: RegionDown, 504: RegionSlow, 429: RegionBusy, 433: RegionBusy}
    for status, trouble in troubles.items():
        upstream.answers(upstream.says(b"", status=status, headers={"Retry-After": "60"}))
        with pytest.raises(TryLater) as caught:
            await http.post(upstream.url)
        assert (type(caught.value), caught.value.retry_after) == (trouble, timedelta(minutes=1))
    for status in (302, 400, 401, 403, 404, 418):
        upstream.answers(upstream.says(b"", status=status))
        assert (await http.post(upstream.url)).status_code == status
    upstream.answers(upstream.says(PAGE, status=503, kind="text/html"))
    with pytest.raises(RegionMaintenance):
        await http.post(upstream.url)


@pytest.mark.anyio
async def test_bodies_from_a_real_server(upstream: Upstream, open_door: OpenDoor) -> None:
    """The same through the wire: a page, nothing, and malformed JSON, each with 200."""
    http = await open_door()
    for body, error in ((PAGE, RegionMaintenance), (b"", RegionChanged), (b'{"cells": [', RegionChanged)):
        upstream.answers(upstream.says(body, kind="text/html" if body == PAGE else "application/json"))
        with pytest.raises(error):
            read(await http.get(upstream.url), Week)
