"""The tools for plugin authors: the contract cannot be quietly bent, cassettes keep only what is allowed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import httpx2
import pytest

from diary_core.testing import Allowed, DiaryContract, cassette
from diary_example import ExampleProvider

SPAN = (date(2026, 9, 14), date(2026, 9, 20))


def test_a_contract_test_is_not_replaced_in_silence() -> None:
    """Overriding without an xfail reason is refused when the class is made."""
    with pytest.raises(TypeError, match="test_marks_keep_the_rules"):

        class Bent(DiaryContract):  # pyright: ignore[reportUnusedClass]  making it is the test
            provider = ExampleProvider()
            span = SPAN

            async def test_marks_keep_the_rules(self) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]  on purpose
                """Bent."""


def test_a_contract_without_a_span_is_told_so() -> None:
    """What the author has forgotten is named when the class is made."""
    with pytest.raises(TypeError, match="Spanless must name its span"):

        class Spanless(DiaryContract):  # pyright: ignore[reportUnusedClass]  making it is the test
            provider = ExampleProvider()


def test_an_exception_to_the_contract_is_seen() -> None:
    """An override that is marked as expected to fail, with a reason, is let through."""

    class Honest(DiaryContract):
        provider = ExampleProvider()
        span = SPAN

        @pytest.mark.xfail(reason="this region shows no marks in summer")
        async def test_marks_keep_the_rules(self) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]  on purpose
            """Excused."""

    assert Honest.provider.slug == "example"


def test_tests_of_missing_abilities_are_left_out() -> None:
    """The example has days and no terms, so only the tests of days are there to run."""

    class Some(DiaryContract):
        provider = ExampleProvider()
        span = SPAN

    assert callable(Some.test_days_cover_the_span_in_order)
    assert Some.test_terms_form_a_tree is None


def _upstream(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(
        200,
        headers={
            "set-cookie": "CANARY-COOKIE",
            "x-trace": "CANARY-HEADER",
            "content-type": "application/json",
        },
        json={
            "marks": [{"value": "5", "comment": "CANARY-TEXT", "pupil": {"snils": "CANARY-SNILS", "age": 9}}]
        },
    )


async def _ask(transport: httpx2.AsyncBaseTransport) -> httpx2.Response:
    async with httpx2.AsyncClient(transport=transport) as http:
        return await http.post(
            "http://127.0.0.1:9/v1/marks?day=1&token=CANARY-QUERY",
            headers={"Authorization": "CANARY-TOKEN"},
            data={"login": "CANARY-LOGIN", "day": "1"},
        )


@pytest.mark.anyio
async def test_a_cassette_keeps_only_what_is_allowed(tmp_path: Path) -> None:
    """Everything not named is replaced, keys and types stay, and the real host stands in the file."""
    allowed = Allowed(fields=frozenset({"day", "value"}))
    real = {"http://127.0.0.1:9": "https://diary.example.test"}
    with cassette(tmp_path / "marks.yaml", allowed, real_hosts=real, record=True):
        await _ask(httpx2.MockTransport(_upstream))
    written = (tmp_path / "marks.yaml").read_text("utf-8")
    assert "CANARY" not in written
    assert "https://diary.example.test/v1/marks?day=1&token=SCRUBBED" in written
    assert '"value": "5"' in written
    assert '"age": 0' in written


@pytest.mark.anyio
async def test_a_cassette_replays_without_a_server(tmp_path: Path) -> None:
    """What was recorded comes back, and a request that is not there fails instead of going out."""
    allowed = Allowed(fields=frozenset({"day", "value"}))
    with cassette(tmp_path / "marks.yaml", allowed, record=True):
        await _ask(httpx2.MockTransport(_upstream))

    def nobody(request: httpx2.Request) -> httpx2.Response:
        raise AssertionError("a replay sends nothing")

    with cassette(tmp_path / "marks.yaml", allowed):
        answer = await _ask(httpx2.MockTransport(nobody))
        assert answer.json()["marks"][0]["value"] == "5"
        with pytest.raises(Exception, match="cassette"):
            await _ask(httpx2.MockTransport(nobody))
