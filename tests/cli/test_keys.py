"""Changing the key that seals the database, from the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.api.running import EMAIL, MovableClock, running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins

from diary_api.cli import main


def keys(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(("keys", *arguments))
    return int(ended.value.code or 0)


async def email_after(settings_folder: Path, key: str | None) -> tuple[str, str]:
    """Open the gateway; return the e-mail of its one account, and the key to it."""
    async with running(settings_for(settings_folder), tiny_plugins(TinyTown(MovableClock()))) as gate:
        parent = gate.another_client(Authorization=key) if key else await gate.parent()
        return (await parent.get("/v1/me")).json()["email"], parent.headers["Authorization"]


def test_a_key_is_changed_and_the_old_one_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After add and reseal one key is left, the account still opens, and no key was printed."""
    monkeypatch.chdir(tmp_path)
    _, key = asyncio.run(email_after(tmp_path, None))
    assert keys("add") == 0
    ring = (tmp_path / "diary.keys").read_text()
    assert keys("reseal", "--drop") == 0
    assert keys("show") == 0
    printed = capsys.readouterr().out
    assert printed.count("seals and opens") == 1
    assert [part for part in ring.split('"') if len(part) > 40 and part in printed] == []
    assert asyncio.run(email_after(tmp_path, key)) == (EMAIL, key)


def test_without_a_database_nothing_is_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing database is told, and the keys stay as they are."""
    monkeypatch.chdir(tmp_path)
    assert keys("make") == 0
    ring = (tmp_path / "diary.keys").read_text()
    assert keys("reseal", "--drop") == 2
    assert "misconfigured" in capsys.readouterr().err
    assert (tmp_path / "diary.keys").read_text() == ring
