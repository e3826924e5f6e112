"""`diary link`: it opens the browser, waits, asks for the rest, and says what came of it."""

from __future__ import annotations

import webbrowser
from datetime import timedelta

import httpx2
import pytest
from tests.api.running import EMAIL, PASSWORD, MovableClock
from tests.api.tiny import TinyTown

from diary_api.cli import main


@pytest.fixture
def token(url: str) -> str:
    with httpx2.Client(base_url=url, trust_env=False) as client:
        body = {"email": EMAIL, "password": PASSWORD}
        client.post("/v1/accounts", json=body)
        return client.post("/v1/sessions", json=body).json()["secret"]


def test_it_opens_the_browser_and_waits(
    url: str,
    token: str,
    town: TinyTown,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The link is opened, the browser comes back on its own, and the children are named.

    A second time the same link is signed in to anew; the children keep their ids.
    """

    def play(link: str) -> bool:
        clock.move(timedelta(seconds=20))
        json = {"Accept": "application/json"}
        with httpx2.Client(trust_env=False) as browser:
            gone = browser.get(link, headers=json)
            state = gone.headers["location"].partition("state=")[2]
            query = {"state": state, "code": town.consent("olga")}
            return browser.get(f"{url}/v1/callback", params=query, headers=json).is_success

    def known() -> list[tuple[str, str]]:
        with httpx2.Client(trust_env=False, headers={"Authorization": f"Bearer {token}"}) as client:
            children = client.get(f"{url}/v1/children").json()["items"]
        return [(child["connection_id"], child["id"]) for child in children]

    monkeypatch.setattr(webbrowser, "open", play)
    for again in (False, True):
        before = known()
        with pytest.raises(SystemExit) as ended:
            main(["link", "54", "redirect", "--url", url, "--token", token])
        told = capsys.readouterr()
        assert ended.value.code == 0, told.err
        assert "Подключено" in told.out
        assert "Вера" in told.out
        assert "личность в аккаунте не подтверждена" in told.out
        assert ("Дети и история останутся на месте" in told.err) is again
        assert (known() == before) is again


def test_a_refusal_is_told(
    url: str, token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A way in that is not there ends with the gateway's own words and a status of one."""
    with pytest.raises(SystemExit) as ended:
        main(["link", "54", "gosuslugi", "--url", url, "--token", token])
    assert ended.value.code == 1
    assert "method_unknown" in capsys.readouterr().err
