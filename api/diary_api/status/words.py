"""States and figures in a few Russian words, for pages and the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Final

from diary_api.status.schemas import Figures, State

STATES: Final[Mapping[State, str]] = {
    State.OK: "работает",
    State.SLOW: "медленно",
    State.FAILING: "с перебоями",
    State.DOWN: "не отвечает",
    State.RESTING: "не отвечает",
    State.MAINTENANCE: "идут работы",
    State.UNKNOWN: "нет данных",
}


def figures_in_words(figures: Figures) -> str | None:
    """Return figures in one line; None where there was no call."""
    if figures.p50_s is None or figures.p95_s is None:
        return None
    asked = f"обращений за {figures.minutes} минут: {figures.calls}"
    if figures.failed_share == 1:
        return f"{asked}, не удалось ни одно"
    failed = f"не удалось {figures.failed_share * 100:.0f}\u00a0%" if figures.failed_share else "все удались"
    usual, slow = _seconds(figures.p50_s), _seconds(figures.p95_s)
    half = "" if usual == slow else f"половина быстрее {usual}, "
    return f"{asked}, {failed}; {half}почти все быстрее {slow}"


def _seconds(seconds: float) -> str:
    """Return a bound in words, rounded up: faster than `0,0 с` nothing is."""
    tenths = max(1, ceil(seconds * 10))
    return f"{tenths / 10:.1f}\u00a0с".replace(".", ",")
