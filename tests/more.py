"""More of the same: the first cases of a test are tried always, the others by `make test-slow`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import pytest
from _pytest.mark import ParameterSet


def quick_first(cases: Iterable[object], *, quick: int = 1) -> list[ParameterSet]:
    """Return all the cases of a test, and mark all but the first few as slow.

    Args:
        cases: The values of a case, in a tuple if there are several.
        quick: So many are not slow.
    """
    return [_case(case, is_slow=number >= quick) for number, case in enumerate(cases)]


def short_and_long(short: int, long: int) -> list[ParameterSet]:
    """Return how much is tried: a little by the slow tests, all of it by the proof's own target."""
    return [pytest.param(short, marks=pytest.mark.slow), pytest.param(long, marks=pytest.mark.proof)]


def _case(case: object, *, is_slow: bool) -> ParameterSet:
    values = cast("tuple[Any, ...]", case) if isinstance(case, tuple) else (case,)  # of what, nobody has said
    return pytest.param(*values, marks=pytest.mark.slow if is_slow else ())
