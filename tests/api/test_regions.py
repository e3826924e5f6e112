"""The catalogue answers before anyone signs in, for every region of the country."""

from __future__ import annotations

import pytest
from dirty_equals import IsList
from inline_snapshot import snapshot

from diary_api.regions.service import Catalogue
from diary_api.regions.systems import SYSTEMS
from diary_core import regions
from diary_core.errors import InstanceRetired, RegionNotServed
from diary_core.plugins import installed, load
from tests.api.running import RunningGateway, running, settings_for

pytestmark = pytest.mark.anyio


async def test_every_region_is_there(gate: RunningGateway) -> None:
    """Every subject of the federation by code, each with a titled system, served or not."""
    items = (await gate.client.get("/v1/regions")).json()["items"]
    assert [item["code"] for item in items] == sorted(regions.regions())
    assert [item["code"] for item in items if not item["system"]["title"]["ru"]] == []


def test_a_region_that_cannot_be_linked_names_what_it_uses() -> None:
    """Whether nobody serves it or its diary has left: the system and the address parents need instead."""
    served_by_nobody, left = Catalogue(load({})), Catalogue(load(installed()))
    with pytest.raises(RegionNotServed, match=r"'54', which uses: ElJur, school\.nso\.ru"):
        served_by_nobody.server_for("54", "password")
    with pytest.raises(InstanceRetired, match=r"'66', which uses: My School, .* gosuslugi\.ru/school"):
        left.server_for("66", "password")


def test_every_system_has_a_title() -> None:
    """The catalogue's codes and our titles are the same set."""
    assert {region.system for region in regions.regions().values()} == set(SYSTEMS)


async def test_a_region_nobody_serves(tmp_path_factory: pytest.TempPathFactory) -> None:
    """It is in the catalogue with the system it uses, and honest about the rest."""
    async with running(settings_for(tmp_path_factory.mktemp("none")), plugins=load({})) as gate:
        answer = await gate.client.get("/v1/regions/54")
    assert answer.json() == snapshot(
        {
            "code": "54",
            "name": {"ru": "Новосибирская область", "en": "Novosibirsk Oblast"},
            "zone": "Asia/Novosibirsk",
            "system": {
                "code": "eljur",
                "title": {"ru": "ЭлЖур", "en": "ElJur"},
                "host": "school.nso.ru",
                "earlier": {"ru": "Дневник.ру, БАРС", "en": "Dnevnik.ru, BARS"},
            },
            "served": False,
            "instances": [],
            "access": IsList(length=1),
        }
    )


async def test_every_region_tells_how_to_get_a_login(gate: RunningGateway) -> None:
    """Each of the country, in both languages, down to whom to ask; a region that is not served, too."""
    for code in regions.regions():
        guides = (await gate.client.get(f"/v1/regions/{code}")).json()["access"]
        assert guides
        for guide in guides:
            texts = [guide[name] for name in ("diary", "issuer", "takes", "lasts", "ask")]
            texts += [*guide["papers"], *guide["steps"]]
            texts += [one[word] for one in guide["obstacles"] for word in ("cause", "remedy")]
            assert [text for text in texts if not text["ru"] or not text["en"]] == []


async def test_a_diary_that_is_read_tells_what_its_own_messages_mean(gate: RunningGateway) -> None:
    """The words of Moscow's site are there; region 29 lets in by Gosuslugi alone."""
    (moscow,) = (await gate.client.get("/v1/regions/77")).json()["access"]
    shown = [one["shown"] for one in moscow["obstacles"] if one["shown"]]
    assert "К сожалению, недостаточно данных для доступа к электронному дневнику" in shown
    assert "трёх рабочих дней" in moscow["takes"]["ru"]
    (north,) = (await gate.client.get("/v1/regions/29")).json()["access"]
    assert "только через Госуслуги" in north["issuer"]["ru"]


async def test_an_unknown_region(gate: RunningGateway) -> None:
    """A problem with the code, the value, and where to look."""
    answer = await gate.client.get("/v1/regions/00", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    problem = answer.json()
    assert (problem["code"], problem["detail"], problem["remedy"], problem["field"]) == snapshot(
        ("region_unknown", "no region has the code '00'", "All codes: GET /v1/regions.", "region")
    )
