"""Round trips are told from the times of calls alone."""

from __future__ import annotations

import pytest
from benchmarks.critical_path import round_trips
from benchmarks.town import Call


@pytest.mark.parametrize(
    ("times", "trips"),
    [
        ([], 0),
        ([(0, 1)], 1),
        ([(0, 1), (0, 1), (0.5, 1.5)], 1),
        ([(0, 1), (1, 2), (2, 3)], 3),
        ([(2, 3), (0, 1), (0.5, 1.5), (1.2, 2.2)], 2),
    ],
    ids=["none", "one", "side by side", "one after the other", "in any order"],
)
def test_only_calls_that_waited_for_others_count(times: list[tuple[float, float]], trips: int) -> None:
    """A call that began before another had ended did not wait for it."""
    assert round_trips([Call(came, left, "") for came, left in times]) == trips
