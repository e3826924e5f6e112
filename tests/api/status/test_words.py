"""Figures of a diary, as a parent reads them."""

from __future__ import annotations

import pytest

from diary_api.status.schemas import Figures
from diary_api.status.words import figures_in_words


@pytest.mark.parametrize(
    ("p50_s", "p95_s", "told"),
    [
        (0.004, 0.06, "почти все быстрее 0,1\u00a0с"),
        (0.12, 0.41, "половина быстрее 0,2\u00a0с, почти все быстрее 0,5\u00a0с"),
        (2.0, 9.31, "половина быстрее 2,0\u00a0с, почти все быстрее 9,4\u00a0с"),
    ],
)
def test_a_bound_is_a_bound(p50_s: float, p95_s: float, told: str) -> None:
    """Nothing is faster than nothing, nor than what it took."""
    figures = Figures(
        minutes=10,
        calls=11,
        failed_share=0,
        p50_s=p50_s,
        p95_s=p95_s,
        last_success=None,
        last_failure=None,
        last_failure_code=None,
    )
    assert figures_in_words(figures) == f"обращений за 10 минут: 11, все удались; {told}"
