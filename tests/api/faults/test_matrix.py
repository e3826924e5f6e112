"""Whatever the diaries do: right answers, last known ones marked stale, or a problem the description names.

Every breakage × every route that reads × nothing known, all fresh, all old; two families of each at once.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncGenerator, Callable, Sequence

import pytest
import structlog

from diary_api import logs
from diary_api.settings import Settings
from diary_sandbox.faults import FaultKind
from tests.api.faults.agreeing import Told, first_strength, weaker
from tests.api.faults.breaking import BREAKAGES
from tests.api.faults.families import CALM_AT_ONCE, HASTY, Household, Stage, described_codes, staged

pytestmark = [
    pytest.mark.anyio,
    # The client's pool closes what it has too much of behind a shield that only anyio's own cancellation
    # respects: a deadline that falls into that moment leaves the rest to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed (transport )?<:ResourceWarning"),
]

ALL_AT_ONCE = 200


@pytest.fixture(scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stage]:
    """One town and one gateway that does not say much."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    logs.configure(Settings(log_level="error"), io.StringIO())
    async with staged(tmp_path_factory.mktemp("matrix")) as one:
        yield one
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def test_every_fault_of_the_control_door_is_tried() -> None:
    """A new kind of fault finds its way here."""
    assert {fault.kind for one in BREAKAGES.values() for fault in one.faults} == set(FaultKind)


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_calm_and_the_commonest_breakages(stage: Stage) -> None:
    """Calm, nothing fails but what a diary cannot do, nothing is stale, and no two families agree."""
    stage.sparing = True
    calm = await stage.calm()
    assert {(told.status, told.code) for told in calm.values()} == {(200, None), (409, "not_supported")}
    assert [key for key, told in calm.items() if told.body.get("stale")] == []
    weeks = [str(told.plain) for (_, route), told in calm.items() if route.endswith("/week")]
    assert len(weeks) == len(set(weeks)) == 4
    wrong = [why for name, one in BREAKAGES.items() if one.in_short for why in await tried(stage, name)]
    assert "\n".join(wrong) == ""


@pytest.mark.proof
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", list(BREAKAGES))
async def test_a_breakage(name: str, stage: Stage) -> None:
    """The same of every one, and of every question."""
    if stage.sparing:
        await stage.begin_anew()
    assert "\n".join(await tried(stage, name)) == ""


async def tried(stage: Stage, name: str) -> list[str]:
    """Break the town and ask for everything; return what was answered wrongly."""
    breakage, calm, wrong = BREAKAGES[name], await stage.calm(), list[str]()
    at_once = CALM_AT_ONCE if breakage.gentle else ALL_AT_ONCE

    async def check(
        when: str, homes: Sequence[Household], agreed: Callable[[Told, Told], bool], many: int = at_once
    ) -> bool:
        """Note what is wrong; tell whether the diaries have said anything new."""
        answers = await stage.ask_all(homes, at_once=many)
        wrong.extend(
            f"{name}, {when}: {home} {route}: {told.status} {told.code} {told.body.get('stale_reason')}"
            f" {first_strength(told.plain, calm[home, route].plain)}"
            for (home, route), told in answers.items()
            if not (_described(route, told) and agreed(told, calm[home, route]))
        )
        return any(
            told.status == calm[key].status == 200 and "as_of" in told.body and not told.body["stale"]
            for key, told in answers.items()
        )

    cold, warm = await stage.cold(), await stage.warm()
    no_news = _anything if breakage.believed else _same if breakage.gentle else _same_or_trouble
    at_last = _anything if breakage.believed else _trouble_or_known if breakage.ends_sessions else _known
    stage.at_first()
    with stage.broken(breakage.faults):
        learnt = await check("nothing known", cold, no_news)
        before = await stage.quiet()
        await check("fresh", warm, _same)
        if stage.upstream_calls() != before:
            wrong.append(f"{name}, fresh: the diaries were called")
        stage.later()
        renewed = await check("old", warm, at_last)
    await asyncio.sleep(2 * HASTY.rest_s)
    if not breakage.ends_sessions:
        wrong += [f"{name}, mended: {home}" for home in await stage.unmended([*cold, *warm])]
    if learnt or breakage.ends_sessions or breakage.believed:
        await stage.forget_cold()
    if renewed or breakage.ends_sessions or breakage.believed:
        await stage.forget_warm()
    return wrong


def _described(route: str, told: Told) -> bool:
    """Tell whether the description knows such an answer; a hang and a fault of ours it does not."""
    return told.status == 200 or told.code in described_codes(route).get(told.status, ())


def _anything(told: Told, calm: Told) -> bool:
    """Leave it at what the description knows."""
    return True


def _same(told: Told, calm: Told) -> bool:
    return told.plain == calm.plain and not told.body.get("stale")


def _known(told: Told, calm: Told) -> bool:
    """Tell whether it is the calm answer, or one that lacks what is said to be unavailable."""
    return told.status == calm.status and weaker(told.plain, calm.plain)


def _same_or_trouble(told: Told, calm: Told) -> bool:
    return told.status >= 400 or weaker(told.plain, calm.plain)


def _trouble_or_known(told: Told, calm: Told) -> bool:
    """Tell the same of a diary whose session may be over; what is our own is listed all the same."""
    ours = not told.body.get("items") and told.body.get("stale_reason") == "login_required"
    return told.status >= 400 or ours or _known(told, calm)
