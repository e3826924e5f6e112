"""The contract every diary keeps, for Moscow and for a regional node."""

from __future__ import annotations

from datetime import date

import pytest

from diary_core.abilities import Diary
from diary_core.sign_in import SignedIn
from diary_core.testing import DiaryContract
from diary_mrko.diary import MrkoDiary
from diary_mrko.provider import MrkoProvider

from .town import Town

AUTUMN = (date(2026, 11, 9), date(2026, 11, 22))


class TestMoscow(DiaryContract):
    """School.mos.ru, through the city's page."""

    provider = MrkoProvider()
    span = AUTUMN

    @pytest.fixture
    async def diary(self, town: Town) -> Diary:
        """Return the diary of a family with two children."""
        diary, _ = town.open(await town.credentials())
        return diary


class TestNode(DiaryContract):
    """A regional node, through its own page: no turnstiles and no canteen are on its wire."""

    provider = MrkoProvider()
    opens = MrkoDiary
    span = AUTUMN

    @pytest.fixture
    async def diary(self, town: Town) -> Diary:
        """Return the diary of a family with one child."""
        step = await town.sign_in("node", "tikhomirova", "sandbox-node", "moscow_oblast")
        assert isinstance(step, SignedIn)
        diary, _ = town.open(step.credentials, slug="moscow_oblast")
        return diary
