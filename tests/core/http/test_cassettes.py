"""vcrpy records and replays through every layer of the door."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from vcr.errors import CannotOverwriteExistingCassetteException

from diary_core.errors import PluginBroken
from diary_core.http import read
from diary_core.testing import Allowed, cassette

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import OpenDoor, Upstream

pytestmark = pytest.mark.anyio

SHOWN = Allowed(fields=frozenset({"value"}))


async def test_a_replay_passes_the_whole_door(
    upstream: Upstream, open_door: OpenDoor, tmp_path: Path
) -> None:
    """A packed answer behind a trouble is recorded, and replayed with its retry, without the server."""
    packed = gzip.compress(b'{"value": 5}')
    upstream.answers(
        upstream.says(b"", status=503), upstream.says(packed, headers={"Content-Encoding": "gzip"})
    )
    http = await open_door()
    with cassette(tmp_path / "mark.yaml", SHOWN, record=True):
        recorded = read(await http.get(f"{upstream.url}/mark"), dict[str, int])
    assert recorded == {"value": 5}
    upstream.calls.clear()
    with cassette(tmp_path / "mark.yaml", SHOWN):
        assert read(await http.get(f"{upstream.url}/mark"), dict[str, int]) == recorded
        with pytest.raises(PluginBroken):
            await http.get("https://stranger.test/mark")
    assert upstream.calls == []


async def test_a_call_that_is_not_on_the_cassette_fails(
    upstream: Upstream, open_door: OpenDoor, tmp_path: Path
) -> None:
    """It neither goes out, nor passes for trouble of the diary."""
    http = await open_door()
    (tmp_path / "empty.yaml").write_text("interactions: []\nversion: 1\n", "utf-8")
    with cassette(tmp_path / "empty.yaml", SHOWN), pytest.raises(CannotOverwriteExistingCassetteException):
        await http.get(upstream.url)
    assert upstream.calls == []
