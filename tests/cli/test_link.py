"""`diary link`: it opens the browser, waits, asks for the rest, and says what came of it."""

from __future__ import annotations

import webbrowser

import httpx2
import pytest
from tests.api.running import EMAIL, PASSWORD
from tests.api.tiny import TinyTown

from diary_api.cli import main


@pytest.fixture
def token(url: str) -> str:
    with httpx2.Client(base_url=url, trust_env=False) as client:
        body = {"email": EMAIL, "password": PASSWORD}
        client.post("/v1/accounts", json=body)
        return client.post("/v1/sessions", json=body).json()["secret"]


def test_it_opens_the_browser_and_waits(
    url: str, token: str, town: TinyTown, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The link is opened, the browser comes back on its own, and the children are named."""

    def play(link: str) -> bool:
        json = {"Accept": "application/json"}
        with httpx2.Client(trust_env=False) as browser:
            gone = browser.get(link, headers=json)
            state = gone.headers["location"].partition("state=")[2]
            query = {"state": state, "code": town.consent("olga")}
            return browser.get(f"{url}/v1/callback", params=query, headers=json).is_success

    monkeypatch.setattr(webbrowser, "open", play)
    with pytest.raises(SystemExit) as ended:
        main(["link", "54", "redirect", "--url", url, "--token", token])
    told = capsys.readouterr()
    assert ended.value.code == 0, told.err
    assert "Подключено" in told.out
    assert "Вера" in told.out
    assert "личность в аккаунте не подтверждена" in told.out


def test_a_refusal_is_told(
    url: str, token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A way in that is not there ends with the gateway's own words and a status of one."""
    with pytest.raises(SystemExit) as ended:
        main(["link", "54", "gosuslugi", "--url", url, "--token", token])
    assert ended.value.code == 1
    assert "method_unknown" in capsys.readouterr().err
