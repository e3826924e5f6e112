"""A forecast, held against every set of future marks there could be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations_with_replacement
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from tests.core.averages.marks import (
    ALGEBRA,
    ANY,
    LIMITS,
    PHYSICS,
    Simple,
    average,
    averages,
    built,
    mark,
    mean_by_hand,
)

from diary_core.averages import MOST_WAYS, FutureMarks, forecast, future_marks
from diary_core.errors import InvalidInput, ScaleUnknown
from diary_core.model import Forecast, ForecastWay, LessonsLeft, Mark, MarkScale

FEW = 4
"""Every set of so many marks is tried."""
Given = tuple[int, int | None]
"""A future mark: its value and weight."""


class Case(NamedTuple):
    """A forecast and what was asked."""

    simple: list[Simple]
    weights: list[int | None]
    lessons: int
    needed: Fraction
    seen: Forecast

    def sets(self, count: int, weights: Sequence[int | None]) -> Iterator[tuple[Given, ...]]:
        """Yield every set of so many marks of the five-point scale."""
        marks = [(value, weight) for value in range(1, 6) for weight in weights]
        return combinations_with_replacement(marks, count)

    def every_set(self) -> Iterator[tuple[Given, ...]]:
        """Yield every set the lessons left allow, weights mixed."""
        return chain.from_iterable(self.sets(count, self.weights) for count in range(1, self.lessons + 1))

    def reaches(self, marks: Sequence[Given]) -> bool:
        """Tell whether the average is there after such marks, reckoned by hand."""
        after = mean_by_hand([*self.simple, *(((value,), weight) for value, weight in marks)])
        return after is not None and after >= self.needed


def listed(way: ForecastWay) -> tuple[Given, ...]:
    """Write out the marks of a way."""
    return tuple(
        (int(one.value), None if one.weight is None else int(one.weight))
        for one in way.marks
        for _ in range(one.count)
    )


def cost(marks: Sequence[Given]) -> tuple[int, int]:
    return len(marks), sum(value for value, _ in marks)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw marks, what they may weigh in future, a target and few lessons."""
    simple = draw(ANY)
    weighed = draw(st.booleans()) if not simple else simple[0][1] is not None
    weights: list[int | None] = [None]
    if weighed:
        weights = [*sorted(draw(st.sets(st.integers(1, 4), min_size=1, max_size=2)))]
    target, limit = draw(st.integers(2, 5)), draw(LIMITS)
    lessons = draw(st.integers(0, FEW))
    seen = forecast(
        average(built(simple), up_from=limit),
        target=Decimal(target),
        future=FutureMarks(
            MarkScale(kind="five"), tuple(None if one is None else Decimal(one) for one in weights)
        ),
        lessons_left=LessonsLeft(count=lessons, source="given"),
    )
    return Case(simple, weights, lessons, target - 1 + Fraction(limit), seen)


@given(cases())
def test_every_way_reaches_the_target_and_tells_where_it_ends(case: Case) -> None:
    """With marks of one weight, within the lessons left, and with the average it tells."""
    for way in case.seen.ways:
        marks = listed(way)
        assert case.reaches(marks)
        assert len({weight for _, weight in marks}) == 1
        assert way.count == len(marks) <= case.lessons
        after = mean_by_hand([*case.simple, *(((value,), weight) for value, weight in marks)])
        assert after is not None
        assert abs(Fraction(way.average) - after) <= Fraction(1, 20_000)


@given(cases())
def test_no_set_at_all_is_cheaper_than_the_first_way(case: Case) -> None:
    """Not one of all the sets of any marks and weights that the lessons allow."""
    if case.seen.verdict != "possible":
        return
    cheapest = cost(listed(case.seen.ways[0]))
    assert [marks for marks in case.every_set() if cost(marks) < cheapest and case.reaches(marks)] == []


@given(cases())
def test_impossible_is_impossible_and_possible_is_possible(case: Case) -> None:
    """The verdict is what trying every set says."""
    now = mean_by_hand(case.simple)
    if now is not None and now >= case.needed:
        truth = "reached"
    else:
        truth = "possible" if any(map(case.reaches, case.every_set())) else "impossible"
    assert case.seen.verdict == truth
    assert bool(case.seen.ways) == (truth == "possible")


@given(cases())
def test_the_ways_are_the_frontier_of_all_sets(case: Case) -> None:
    """Of each weight and number of marks the least sum that does, unless some mark of it can be left out."""
    if case.seen.verdict != "possible":
        return
    expected: list[tuple[int, int, int]] = []
    for weight in case.weights:
        least: dict[int, int] = {}
        for count in range(1, case.lessons + 1):
            sums = [cost(marks)[1] for marks in case.sets(count, [weight]) if case.reaches(marks)]
            if sums:
                least[count] = min(sums)
        frontier = [
            (count, total, weight or 0)
            for count, total in least.items()
            if not _needless(case, count, total, weight) and _of_target_and_above(case, count, total)
        ]
        expected += frontier[:MOST_WAYS]
    seen = [(*cost(listed(way)), listed(way)[0][1] or 0) for way in case.seen.ways]
    assert seen == sorted(expected)


def _needless(case: Case, count: int, total: int, weight: int | None) -> bool:
    """Tell whether of the most even set of this sum a mark can be left out."""
    lower, higher = divmod(total, count)
    even: list[Given] = [(lower + 1, weight)] * higher + [(lower, weight)] * (count - higher)
    return count > 1 and case.reaches(even[:-1])


def _of_target_and_above(case: Case, count: int, total: int) -> bool:
    return total >= count * case.seen.target


@given(cases())
def test_no_mark_of_a_way_can_be_left_out_or_lowered(case: Case) -> None:
    """Whatever can be spared is not asked for."""
    for way in case.seen.ways:
        marks = listed(way)
        for place, (value, weight) in enumerate(marks):
            without = [*marks[:place], *marks[place + 1 :]]
            assert not case.reaches(without)
            assert not case.reaches([*without, (value - 1, weight)])


@given(cases())
def test_ways_stand_cheapest_first(case: Case) -> None:
    """By number of marks, then by their sum, then the lighter ones first."""
    keys = [(*cost(listed(way)), listed(way)[0][1] or 0) for way in case.seen.ways]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys))


@given(ANY, st.integers(2, 5), LIMITS)
def test_without_a_bound_only_the_unreachable_is_impossible(
    simple: list[Simple], target: int, limit: str
) -> None:
    """When nobody knows the lessons left, "impossible" means that no number of the best marks is enough."""
    seen = forecast(
        average(built(simple), up_from=limit),
        target=Decimal(target),
        future=future_marks(average(built(simple)), ()),
        lessons_left=None,
    )
    now = mean_by_hand(simple)
    flawless = target == 5 and limit == "1" and now is not None and now < 5
    assert (seen.verdict == "impossible") == flawless
    for way in seen.ways:
        marks: list[Simple] = [((value,), weight) for value, weight in listed(way)]
        after = mean_by_hand([*simple, *marks])
        assert after is not None
        assert after >= target - 1 + Fraction(limit)


def ask(
    marks: list[Mark], target: int, *, lessons: int | None = None, weights: Sequence[int] = ()
) -> Forecast:
    seen = average(marks)
    return forecast(
        seen,
        target=Decimal(target),
        future=future_marks(seen, averages(marks)),
        lessons_left=None if lessons is None else LessonsLeft(count=lessons, source="timetable"),
        weights=[Decimal(weight) for weight in weights],
    )


def spoken(seen: Forecast) -> list[str]:
    return [
        " + ".join(
            f"{one.count} × {one.value}" + (f" (вес {one.weight})" if one.weight else "") for one in way.marks
        )
        + f" → {way.average}"
        for way in seen.ways
    ]


def test_a_forecast_reads_like_a_parents_question_answered() -> None:
    """With 3, 4 and a control work for 3 that weighs 2: what makes a four, and what a five."""
    marks = [mark(0, "3", Decimal(1)), mark(1, "4", Decimal(1)), mark(2, "3", Decimal(2))]
    assert spoken(ask(marks, 4, lessons=20)) == snapshot(
        ["1 × 5 (вес 1) → 3.6", "1 × 5 (вес 2) → 3.8333", "2 × 4 (вес 2) → 3.625", "3 × 4 (вес 1) → 3.5714"]
    )
    assert spoken(ask(marks, 5, lessons=20)) == snapshot(
        ["6 × 5 (вес 2) → 4.5625", "11 × 5 (вес 1) → 4.5333"]
    )
    assert spoken(ask(marks, 5, lessons=5)) == snapshot([])
    assert ask(marks, 5, lessons=2).verdict == "impossible"


def test_a_forecast_from_nothing_is_one_mark() -> None:
    """A subject without marks needs the target once, and a lesson to get it in."""
    assert spoken(ask([], 5)) == ["1 × 5 → 5"]
    assert ask([], 5, lessons=0).verdict == "impossible"


def test_a_subject_without_marks_follows_the_others() -> None:
    """Its marks will weigh what marks weigh in this school, on the scale of this school."""
    others = [mark(0, "9", Decimal(2), subject=PHYSICS, scale=MarkScale(kind="ten"))]
    seen = ask(others, 8)
    assert seen.average.subject == ALGEBRA
    assert spoken(seen) == ["1 × 8 (вес 2) → 8"]


def test_a_long_scale_is_reckoned_at_once() -> None:
    """A hundred points and a hundred lessons: sets are reckoned, not tried."""
    hundred = MarkScale(kind="hundred")
    marks = [mark(number, "40", Decimal(1), scale=hundred) for number in range(50)]
    assert spoken(ask(marks, 85, lessons=400)) == snapshot(
        [
            "139 × 100 (вес 1) + 5 × 99 (вес 1) → 84.5103",
            "125 × 100 (вес 1) + 20 × 99 (вес 1) → 84.5128",
            "110 × 100 (вес 1) + 36 × 99 (вес 1) → 84.5102",
        ]
    )


def test_weights_may_be_asked_for() -> None:
    """A kind of work that has not been marked yet is reckoned with, each weight once."""
    marks = [mark(0, "3", Decimal(1))]
    assert spoken(ask(marks, 4, weights=[4, 2, 4])) == snapshot(
        ["1 × 4 (вес 2) → 3.6667", "1 × 4 (вес 4) → 3.8"]
    )


@pytest.mark.parametrize(
    ("marks", "target", "weights", "field"),
    [
        ([mark(0, "3")], 6, [], "target"),
        ([mark(0, "3")], 0, [], "target"),
        ([mark(0, "3")], 5, [2], "weights"),
        ([mark(0, "3", Decimal(1))], 5, [0], "weights"),
        ([mark(0, "3", Decimal(1)), mark(1, "3")], 5, [2], "weights"),
    ],
)
def test_what_makes_no_sense_is_refused(
    marks: list[Mark], target: int, weights: list[int], field: str
) -> None:
    """A target off the scale, and weights where none are used, known, or above zero."""
    with pytest.raises(InvalidInput) as refused:
        ask(marks, target, weights=weights)
    assert refused.value.field == field


def test_half_a_mark_is_no_target() -> None:
    """A term ends with a whole mark."""
    with pytest.raises(InvalidInput):
        forecast(average([]), target=Decimal("4.5"), future=future_marks(average([]), ()), lessons_left=None)


def test_a_scale_without_a_known_end_has_no_forecast() -> None:
    """Nobody can tell what the best mark is."""
    with pytest.raises(ScaleUnknown):
        ask([mark(0, "6", scale=MarkScale(kind="other", raw="seven"))], 5)
