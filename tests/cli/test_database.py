"""Bringing the database up from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.api.databases import in_a_loop_of_its_own
from tests.ports import free_ports
from tests.services import Postgres

from diary_api.cli import main


def upgrade() -> int:
    with pytest.raises(SystemExit) as ended:
        main(("database", "upgrade"))
    return int(ended.value.code or 0)


@pytest.mark.parametrize("base", ["sqlite", "postgresql"])
def test_an_empty_database_is_brought_up_once(
    base: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What was done is told; the second time there is nothing left."""
    monkeypatch.chdir(tmp_path)
    if base == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        monkeypatch.setenv("DIARY_DATABASE_URL", server.url(in_a_loop_of_its_own(server.fresh())))
    assert upgrade() == 0
    assert "Done: " in capsys.readouterr().out
    assert upgrade() == 0
    assert "Nothing to do" in capsys.readouterr().out


def test_a_database_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told in two sentences, not by a traceback."""
    monkeypatch.setenv("DIARY_DATABASE_URL", f"postgresql+asyncpg://x:kestrel@127.0.0.1:{free_ports(1)}/x")
    assert upgrade() == 2
    told = capsys.readouterr().err
    assert "gateway_busy" in told
    assert "DIARY_DATABASE_URL" in told
    assert "kestrel" not in told
