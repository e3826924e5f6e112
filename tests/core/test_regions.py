"""Every region of the country is in the catalogue, served or not."""

from __future__ import annotations

import re

import pytest

from diary_core.errors import RegionUnknown
from diary_core.regions import region, regions


def test_the_catalogue_is_whole() -> None:
    """Regions stand by two-digit code, in order, each with both its names and the system it uses."""
    found = regions()
    assert len(found) >= 85
    assert list(found) == sorted(found)
    assert [code for code, one in found.items() if not re.fullmatch(r"\d\d", code) or one.code != code] == []
    assert [code for code, one in found.items() if not (one.name.ru and one.name.en and one.system)] == []
    histories = [one.history for one in found.values() if one.history]
    assert [history for history in histories if not (history.ru and history.en) or "_" in history.ru] == []
    names = [one.name.ru for one in found.values()]
    assert len(set(names)) == len(names)


def test_regions_lie_in_many_zones() -> None:
    """Eleven zones, each known to Python, from Kaliningrad to Kamchatka."""
    zones = {one.zone for one in regions().values()}
    assert {"Europe/Kaliningrad", "Europe/Moscow", "Asia/Kamchatka"} <= zones


def test_one_region_is_found_by_its_code() -> None:
    """Moscow is 77."""
    assert region("77").name.ru == "Москва"


@pytest.mark.parametrize("code", ["", "00", "7", "077", "77 ", "moscow", "٧٧"])
def test_an_unknown_code_is_said(code: str) -> None:
    """With the field that is wrong."""
    with pytest.raises(RegionUnknown) as caught:
        region(code)
    assert caught.value.field == "region"


def test_the_catalogue_cannot_be_changed() -> None:
    """It is one for the whole process."""
    with pytest.raises(TypeError):
        regions()["77"] = region("50")  # type: ignore[index]  that it is refused is the test
