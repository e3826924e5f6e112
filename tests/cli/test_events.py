"""`diary events`: a parent sees what was done with the account, in Russian."""

from __future__ import annotations

import httpx2
import pytest
from tests.api.running import EMAIL, PASSWORD

from diary_api.cli import main


def test_what_was_done_is_told(url: str, wide: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Newest first, with the way, the network and the name; a count where there is one; no secret."""
    body = {"email": EMAIL, "password": PASSWORD}
    with httpx2.Client(base_url=url, trust_env=False) as client:
        client.post("/v1/accounts", json=body)
        for _ in range(2):
            client.post("/v1/sessions", json={**body, "password": "not the password"})
        secret = client.post("/v1/sessions", json=body).json()["secret"]
        client.headers["Authorization"] = f"Bearer {secret}"
        token = client.post("/v1/tokens", json={"name": "Кухня", "scopes": ["account:manage"]}).json()
    with pytest.raises(SystemExit) as ended:
        main(["events", "--url", url, "--token", token["secret"]])
    printed = capsys.readouterr().out
    assert ended.value.code == 0
    for words in ("Аккаунт создан", "Неудачный вход ×2", "по паролю, из сети 127.0.0.0/24", "«Кухня»"):
        assert words in printed
    assert token["secret"] not in printed
    with pytest.raises(SystemExit) as refused:
        main(["events", "--url", url, "--token", "dgt_nobody"])
    assert refused.value.code == 1
    assert capsys.readouterr().err != ""


@pytest.mark.parametrize("command", ["events", "class-standing"])
def test_the_help_names_the_right_that_is_needed(
    command: str, wide: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """A token made as the help says does not come back with `scope_missing`."""
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert "account:manage" in capsys.readouterr().out
