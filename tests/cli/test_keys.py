"""Changing the key that seals the database, from the command line."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.api.running import EMAIL, MovableClock, running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins

from diary_api.cli import main
from diary_api.storage.key_file import load, turn


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
    """After a rotation one key is left, the account still opens, and no key was printed."""
    monkeypatch.chdir(tmp_path)
    _, key = asyncio.run(email_after(tmp_path, None))
    assert keys("add") == 0
    ring = (tmp_path / "diary.keys").read_text()
    assert keys("rotate", "--keep", "--settle", "0.01") == 0
    assert load(tmp_path / "diary.keys").keys[0].id in ring
    assert keys("rotate", "--settle", "0.01") == 0
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
    assert keys("reseal") == 2
    assert "misconfigured" in capsys.readouterr().err
    assert (tmp_path / "diary.keys").read_text() == ring


def test_keys_by_environment_are_resealed_but_not_rotated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A process cannot be given another environment: the two steps are the operator's, resealing is ours."""
    monkeypatch.chdir(tmp_path)
    asyncio.run(email_after(tmp_path, None))
    turned = turn(tmp_path / "diary.keys", datetime.now(UTC))
    (tmp_path / "diary.keys").unlink()
    monkeypatch.setenv("DIARY_KEYS", turned.model_dump_json())
    assert keys("rotate") == 2
    assert "DIARY_KEYS" in capsys.readouterr().err
    assert keys("reseal") == 0
    assert "Nothing needs the older keys" in capsys.readouterr().out


def test_what_cannot_be_sealed_anew_keeps_the_older_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a value that does not open nothing is thrown away, and the command fails."""
    monkeypatch.chdir(tmp_path)
    asyncio.run(email_after(tmp_path, None))
    with closing(sqlite3.connect(tmp_path / "diary.db")) as database, database:
        database.execute("UPDATE accounts SET password_sealed = email_sealed")
    assert keys("rotate", "--settle", "0") == 2
    assert "do not open" in capsys.readouterr().err.replace("\n", " ")
    assert len(load(tmp_path / "diary.keys").keys) == 2
