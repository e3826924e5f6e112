"""Problem codes explain themselves, to programs and to people."""

from __future__ import annotations

import re

import pluggy
import pytest
from fastapi import APIRouter
from inline_snapshot import snapshot

from diary_api.app import create_app
from diary_api.problems import PROBLEMS
from diary_core import hookspecs
from diary_core.errors import PluginBroken
from diary_core.hookspecs import hookimpl
from diary_core.plugins import Plugins
from tests.api.running import RunningGateway, running, settings_for

pytestmark = pytest.mark.anyio


async def test_the_type_of_a_problem_leads_to_its_page(gate: RunningGateway) -> None:
    """Opening a problem's `type` in a browser shows what it means and what to do."""
    problem = (await gate.client.get("/v1/regions/00")).json()
    page = await gate.client.get(problem["type"], headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert [
        text for text in ("region_unknown", problem["title"], problem["remedy"]) if text not in page.text
    ] == []


async def test_every_code_explains_itself(gate: RunningGateway) -> None:
    """All codes are listed, each with two languages, a status, who acts and when to retry."""
    items = (await gate.client.get("/problems")).json()["items"]
    assert [item["code"] for item in items] == sorted(PROBLEMS)
    assert len(items) >= 25
    one = await gate.client.get("/problems/region_down", headers={"Accept": "application/json"})
    assert one.json() == snapshot(
        {
            "code": "region_down",
            "status": 502,
            "title": {"ru": "Дневник региона не отвечает", "en": "The region's diary is down"},
            "remedy": {"ru": "Попробуйте через несколько минут.", "en": "Try again in a few minutes."},
            "actor": "diary",
            "retry": "later",
        }
    )


async def test_an_unknown_code(gate: RunningGateway) -> None:
    """A code that is none is a problem itself."""
    answer = await gate.client.get("/problems/nonsense")
    assert (answer.status_code, answer.json()["field"]) == (404, "code")


async def test_the_description_is_a_page_of_this_machine(gate: RunningGateway) -> None:
    """What the page needs is served here, whole and typed; its policy lets it ask nobody else."""
    page = await gate.client.get("/docs")
    parts = re.findall(r'(?:src|href)="(/docs/[^"]+)"', page.text)
    assert len(parts) == 4
    for part in parts:
        answer = await gate.client.get(part)
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (
            200,
            "text/css" if part.endswith(".css") else "text/javascript",
        )
        assert answer.content
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert (await gate.client.get("/docs/redoc.standalone.js")).json()["code"] == "not_found"


class Bringing:
    """A plugin that brings whatever it is given."""

    def __init__(self, *things: object) -> None:
        self.things = things

    @hookimpl
    def register_routers(self) -> tuple[object, ...]:
        return self.things


def bringing(*things: object) -> Plugins:
    manager = pluggy.PluginManager("diary")
    manager.add_hookspecs(hookspecs)
    manager.register(Bringing(*things), name="extra")
    return Plugins(hooks=manager.hook, names=("extra",), providers={}, identity_providers={})


async def test_a_plugins_routes_stand_below_its_name(tmp_path_factory: pytest.TempPathFactory) -> None:
    """They are served to whoever is signed in, and described with the others."""
    router = APIRouter()

    @router.get("/hello")
    async def hello() -> str:  # pyright: ignore[reportUnusedFunction]  the framework calls it
        return "hello"

    async with running(settings_for(tmp_path_factory.mktemp("plugin")), bringing(router)) as gate:
        assert (await gate.client.get("/v1/plugins/extra/hello")).status_code == 401
        assert (await (await gate.parent()).get("/v1/plugins/extra/hello")).json() == "hello"
        assert "/v1/plugins/extra/hello" in gate.app.openapi()["paths"]


def test_a_plugin_that_brings_no_router(tmp_path_factory: pytest.TempPathFactory) -> None:
    """It is named at start."""
    settings = settings_for(tmp_path_factory.mktemp("plugin"))
    with pytest.raises(PluginBroken, match="extra"):
        create_app(settings, plugins=bringing("a string"))


async def test_the_first_address_shows_the_way(gate: RunningGateway) -> None:
    """The root leads to the description, the catalogue and the problem codes, and each is there."""
    found = (await gate.client.get("/")).json()
    ways = [found[name] for name in ("description", "regions", "problems")]
    assert [way for way in ways if (await gate.client.get(way)).status_code != 200] == []
    page = await gate.client.get("/", headers={"Accept": "text/html"})
    assert [way for way in ways if f'href="{way}"' not in page.text] == []
