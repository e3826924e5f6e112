"""The tutorial's plugin keeps the contract."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import date

import httpx2
import pytest
from pydantic import SecretStr

from diary_core.abilities import Diary
from diary_core.credentials import Credentials
from diary_core.testing import DiaryContract, MemoryStore, fixed_clock, open_diary
from diary_example import ExampleProvider


class TestExample(DiaryContract):
    """The invented family."""

    provider = ExampleProvider()
    span = (date(2026, 9, 14), date(2026, 9, 27))

    @pytest.fixture
    async def diary(self) -> AsyncGenerator[Diary]:
        """Open the diary with the credentials a sign-in would have given."""
        store = MemoryStore(Credentials(secrets={"token": SecretStr("example")}))
        async with httpx2.AsyncClient() as http:
            town = self.provider.instance("town")
            yield open_diary(self.provider, town, "password", store, http=http, now=fixed_clock())
