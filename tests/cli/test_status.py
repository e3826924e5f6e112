"""Parents see in the terminal, too, whose trouble it is; nobody has to sign in for it."""

from __future__ import annotations

import pytest

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
