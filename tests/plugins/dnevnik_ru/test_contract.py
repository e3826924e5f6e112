"""The plugin keeps the contract, in a region of each zone and cut of the year."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import date

import pytest

from diary_core.abilities import Diary
from diary_core.testing import DiaryContract
from diary_dnevnik_ru import DnevnikRuProvider

from .town import a_town


class TestDnevnikRu(DiaryContract):
    """The family of Novgorod oblast, against the running sandbox."""

    provider = DnevnikRuProvider()
    span = (date(2026, 11, 9), date(2026, 11, 22))

    @pytest.fixture
    async def diary(self) -> AsyncGenerator[Diary]:
        """Open the diary after a sign-in by password."""
        async with a_town() as town:
            yield await town.diary()
