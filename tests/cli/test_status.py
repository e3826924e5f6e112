"""Parents see in the terminal, too, whose trouble it is; nobody has to sign in for it."""

from __future__ import annotations

import pytest
from tests.api.listening import a_family

from diary_api.cli import main


@pytest.mark.usefixtures("wide")
def test_it_needs_no_token(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The headline, and every part with its owner and its state."""
    with pytest.raises(SystemExit) as ended:
        main(["status", "--url", url])
    assert not ended.value.code
    told = capsys.readouterr().out
    assert "Всё работает." in told
    assert "База данных шлюза" in told


@pytest.mark.usefixtures("wide")
def test_a_parent_sees_what_was_sent_for_them(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With a token, by diary."""
    _, headers = a_family(url)
    with pytest.raises(SystemExit):
        main(["status", "--url", url, "--token", headers["Authorization"].removeprefix("Bearer ")])
    assert "Запросов к дневникам для вас сегодня: 0 (tiny/town 0)" in capsys.readouterr().out
