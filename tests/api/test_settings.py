"""Settings come from the environment, and each is documented."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import BaseModel, ValidationError

from diary_api.app import create_app
from diary_api.settings import Freshness, Settings, read_settings
from diary_core.errors import Misconfigured
from diary_core.plugins import load
from tests.api.running import running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio


def test_every_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The prefix, the nesting, JSON values and durations work as the page says."""
    given = {
        "DIARY_OPTIONS__mrko__client_id": "abc",
        "DIARY_FRESHNESS__days": "60",
        "DIARY_UPSTREAM__CALLS_PER_S": "3",
        "DIARY_UPSTREAM_HOSTS": '{"https://school.mos.ru": "http://127.0.0.1:8702"}',
        "DIARY_PLUGINS_OFF": '["mrko"]',
        "DIARY_PUBLIC_URL": "https://diary.example.org/",
        "DIARY_SESSION_LIFETIME": "PT1H",
        "DIARY_SANDBOX_URL": "",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.options["mrko"]["client_id"].get_secret_value() == "abc"
    assert (settings.freshness.days, settings.freshness.marks) == (60, 600)
    assert settings.upstream.calls_per_s == 3
    assert settings.upstream_hosts == {"https://school.mos.ru": "http://127.0.0.1:8702"}
    assert settings.plugins_off == {"mrko"}
    assert settings.public_url == "https://diary.example.org"
    assert settings.session_lifetime == timedelta(hours=1)
    assert settings.sandbox_url is None


@pytest.mark.parametrize("model", [Settings, Freshness])
def test_every_setting_is_documented(model: type[BaseModel]) -> None:
    """No setting is without a word about it."""
    assert [name for name, field in model.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("url", ["diary.example.org", "ftp://x", "https://x/?a=1", "https://"])
def test_an_address_that_is_none(url: str) -> None:
    """A public address browsers cannot use is refused at start."""
    with pytest.raises(ValidationError):
        Settings(public_url=url)


def test_a_duration_that_is_none_says_how_one_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare number could be anything: the sentence shows the forms that do, and not the value."""
    monkeypatch.setenv("DIARY_DRAIN", "7349")
    with pytest.raises(Misconfigured, match=r"^DIARY_DRAIN: .*PT10M") as caught:
        read_settings()
    assert "7349" not in str(caught.value)


async def test_a_plugin_can_be_switched_off(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is switched off is not loaded; of our own plugins that is the invented diary, until asked for."""
    folder = tmp_path_factory.mktemp("off")
    for off, brought in ({"plugins_off": {"mrko"}}, {"example"}), ({}, {"mrko"}):
        async with running(settings_for(folder, **off)) as gate:
            loaded = set((await gate.client.get("/readyz")).json()["plugins"])
        assert loaded & {"example", "mrko"} == brought


async def test_a_sandbox_that_is_not_there(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A named sandbox that does not answer stops the start with one clear sentence."""
    settings = settings_for(
        tmp_path_factory.mktemp("sandbox"),
        sandbox_url="http://127.0.0.1:9",
        upstream={"attempts_max": 1, "call_timeout_s": 2},
    )
    with pytest.raises(Misconfigured, match=r"the sandbox at http://127.0.0.1:9 does not answer"):
        async with running(settings, plugins=load({})):
            pass


async def test_hosts_may_stand_elsewhere(tmp_path_factory: pytest.TempPathFactory, town: TinyTown) -> None:
    """A moved host is used for calls and for redirects alike."""
    settings = settings_for(
        tmp_path_factory.mktemp("moved"), upstream_hosts={"https://tiny.example.org": "http://127.0.0.1:8702"}
    )
    async with running(settings, tiny_plugins(town)) as gate:
        parent = await gate.parent()
        link = (await parent.post("/v1/connections", json={"region": "54", "method": "redirect"})).json()
        sent = await gate.client.get(link["pending"]["step"]["url"], headers={"Accept": "application/json"})
    assert sent.headers["location"].startswith("http://127.0.0.1:8702/sign-in?")


def test_making_an_application_opens_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Before its lifespan begins there is no database and no key file."""
    folder = tmp_path_factory.mktemp("nothing")
    nothing = {"database_url": f"sqlite+aiosqlite:///{folder}/diary.db", "key_file": folder / "diary.keys"}
    create_app(Settings.model_validate(nothing), plugins=load({}))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"public_url": "javascript://x"},
        {"public_url": "file:///etc/passwd"},
        {"sandbox_url": "gopher://127.0.0.1"},
        {"sandbox_url": "http://user:word@127.0.0.1"},
        {"sandbox_url": "http://:80"},
        {"upstream_hosts": {"https://school.mos.ru": "ftp://127.0.0.1"}},
        {"upstream_hosts": {"https://school.mos.ru": "http://user@127.0.0.1"}},
        {"upstream_hosts": {"school.mos.ru": "http://127.0.0.1"}},
    ],
)
def test_addresses_of_odd_kinds_are_refused(changed: dict[str, object]) -> None:
    """Only http and https, without anybody's name and password in it."""
    with pytest.raises(ValidationError):
        Settings.model_validate(changed)


def test_a_part_that_is_no_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """In words for an operator, not in the validator's own."""
    monkeypatch.setenv("DIARY_RETENTION__UPSTREM", "P3D")
    with pytest.raises(Misconfigured, match="DIARY_RETENTION__UPSTREM: There is no such setting"):
        read_settings()
