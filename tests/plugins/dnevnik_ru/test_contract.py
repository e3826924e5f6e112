"""The plugin keeps the contract."""

from __future__ import annotations

from datetime import date

import pytest

from diary_core.abilities import Diary
from diary_core.testing import DiaryContract
from diary_dnevnik_ru import DnevnikRuProvider

from .town import Town


class TestDnevnikRu(DiaryContract):
    """The family of Novgorod oblast, against the running sandbox."""

    provider = DnevnikRuProvider()
    span = (date(2026, 11, 9), date(2026, 11, 22))

    @pytest.fixture
    async def diary(self, town: Town) -> Diary:
        """Open the diary after a sign-in by password."""
        return await town.diary()
