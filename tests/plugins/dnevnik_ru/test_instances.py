"""The regions: who uses the system, who left, and what is told about it."""

from __future__ import annotations

import pytest

from diary_core.errors import InstanceRetired
from diary_core.provider import Instance, InstanceStatus
from diary_core.regions import region
from diary_core.sign_in import Callback
from diary_dnevnik_ru import DnevnikRuProvider

from .town import a_channel

PROVIDER = DnevnikRuProvider()
IN_USE = ["01", "08", "15", "17", "20", "27", "29", "37", "38", "53", "55", "64", "68"]
SEEDED = ["02", "05", "10", "28", "30", "36", "47", "52", "54", "56", "66", "70", "78", "87", "91", "92"]
RETIRED = [one for one in PROVIDER.instances() if one.status is InstanceStatus.RETIRED]


def codes(status: InstanceStatus) -> list[str]:
    return [code for one in PROVIDER.instances() if one.status is status for code in one.regions]


def test_thirteen_regions_are_in_use() -> None:
    """Exactly the regions the catalogue names are served, and Petersburg in part."""
    assert codes(InstanceStatus.ACTIVE) == IN_USE
    assert codes(InstanceStatus.PARTIAL) == ["78"]
    assert [code for code in IN_USE if region(code).system != PROVIDER.slug] == []


def test_every_region_that_left_is_there_with_its_story() -> None:
    """A parent who looks for the old diary reads in both languages where it went."""
    told = {*codes(InstanceStatus.RETIRED), *codes(InstanceStatus.PARTIAL)}
    assert [code for code in [*SEEDED, "43", "50", "79"] if code not in told] == []
    left = [one for one in PROVIDER.instances() if one.status is not InstanceStatus.ACTIVE]
    assert [one.slug for one in left if one.note is None or one.note.ru == one.note.en] == []


def test_the_place_of_what_came_next_is_the_catalogues() -> None:
    """The host a note names is the one the catalogue of regions has."""
    left = [one for one in PROVIDER.instances() if one.status is not InstanceStatus.ACTIVE]
    stale = [
        one.slug
        for one in left
        if (host := region(one.regions[0]).host) and one.note and host not in one.note.ru
    ]
    assert stale == []


def test_all_regions_share_one_api_but_the_white_label() -> None:
    """The region is no part of the address; only the oblast had servers of its own."""
    own = [one.slug for one in PROVIDER.instances() if one.hosts["api"] != "https://api.dnevnik.ru"]
    assert own == ["moscow_oblast"]


def test_zones_are_the_regions_own() -> None:
    """Khabarovsk does not live by Moscow's clock."""
    zones = {one.slug: one.zone for one in PROVIDER.instances()}
    assert (zones["khabarovsk"], zones["omsk"], zones["tuva"], zones["novgorod"]) == (
        "Asia/Vladivostok",
        "Asia/Omsk",
        "Asia/Krasnoyarsk",
        "Europe/Moscow",
    )


@pytest.mark.anyio
@pytest.mark.parametrize("retired", RETIRED, ids=lambda one: one.slug)
async def test_a_region_that_left_lets_nobody_in(retired: Instance) -> None:
    """Its ways in are gone, and saying so costs no call."""
    async with a_channel(retired) as channel:
        with pytest.raises(InstanceRetired):
            await PROVIDER.begin(channel, "password", Callback(url="https://gateway.test/cb", state="s"))
