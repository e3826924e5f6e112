"""Turnstile passes and the meal account of one pupil."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from diary_sandbox.world import ids
from diary_sandbox.world.attendance import AbsenceKind, Visit
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.attendance import Attendance
from diary_sandbox.world.generate.lessons import Lessons, week_of
from diary_sandbox.world.lessons import Lesson
from diary_sandbox.world.memo import Memo
from diary_sandbox.world.school_life import MealDish, MealEntry, MealKind
from diary_sandbox.world.words.texts import DISHES

_LUNCH = 16_000
_TOP_UP = 50_000


class Comings:
    """Who came, who ate."""

    def __init__(
        self,
        seed: int,
        lessons: Lessons,
        attendance: Attendance,
        rich: frozenset[int],
        debtors: frozenset[int],
    ) -> None:
        """Know who is at school.

        Args:
            seed: Of the world.
            lessons: For the schools.
            attendance: Who is there.
            rich: Pupils with an incomplete pass every week.
            debtors: Pupils whose account was topped up only once; they soon owe.
        """
        self._seed = seed
        self._lessons = lessons
        self._attendance = attendance
        self._rich = rich
        self._debtors = debtors
        self.visits = Memo(self._visits, 10_000)
        self.meals = Memo(self._meals, 500)

    def _present(self, child_id: int, week: int) -> list[list[Lesson]]:
        """Return the lessons a pupil was on, day by day; days missed altogether are left out."""
        missed = {
            absence.lesson_id
            for absence in self._attendance.week((child_id, week))
            if absence.kind is AbsenceKind.ABSENT
        }
        days: dict[int, list[Lesson]] = {}
        for lesson in self._attendance.lessons(child_id, week):
            if lesson.id not in missed:
                days.setdefault(lesson.on.toordinal(), []).append(lesson)
        return list(days.values())

    def _late(self, child_id: int, week: int) -> dict[int, int]:
        """Return how many minutes late a pupil was, by lesson."""
        return {
            absence.lesson_id: absence.minutes_late
            for absence in self._attendance.week((child_id, week))
            if absence.minutes_late
        }

    def _visits(self, key: tuple[int, int]) -> tuple[Visit, ...]:
        child_id, week = key
        found: list[Visit] = []
        for number, lessons in enumerate(self._present(child_id, week)):
            first, last = lessons[0], lessons[-1]
            dice = Dice(self._seed, "visit", child_id, first.on.toordinal())
            school = self._lessons.school(first.class_id)
            lost = (child_id in self._rich and number == 0) or dice.chance(3)
            late = self._late(child_id, week).get(first.id)
            came = _shifted(first.half.starts, late - 1 if late else -dice.between(5, 25))
            left = None if lost else _shifted(last.half.ends, dice.between(3, 40))
            found.append(
                Visit(
                    id=first.on.toordinal() * 10_000_000 + child_id,
                    child_id=child_id,
                    on=first.on,
                    came=came,
                    left=left,
                    building_id=first.half.building_id or school.buildings[0].id,
                )
            )
        return tuple(found)

    def _meals(self, child_id: int) -> tuple[MealEntry, ...]:
        table = self._lessons.timetable(ids.class_of(child_id))
        zone = self._lessons.school(ids.class_of(child_id)).zone
        days = [self._lessons.since + timedelta(days=day) for day in table.days]
        entries: list[MealEntry] = []
        balance = 0
        for week in sorted({week_of(on) for on in days}):
            for lessons in self._present(child_id, week):
                on = lessons[0].on
                dice = Dice(self._seed, "meals", child_id, on.toordinal())
                paid: list[tuple[MealKind, time, int, tuple[MealDish, ...]]] = []
                if balance < _LUNCH * 2 and (child_id not in self._debtors or not entries):
                    paid.append((MealKind.TOP_UP, time(7, dice.below(60)), _TOP_UP, ()))
                paid += self._orders(child_id, dice, in_debt=balance < 0)
                for place, (kind, at, amount, dishes) in enumerate(paid):
                    entries.append(
                        MealEntry(
                            id=(on.toordinal() * 1_000_000 + child_id) * 10 + place,
                            child_id=child_id,
                            at=datetime.combine(on, at, tzinfo=zone),
                            kind=kind,
                            amount=amount,
                            balance_before=balance,
                            dishes=dishes,
                        )
                    )
                    balance += amount
        return tuple(entries)

    def _orders(
        self, child_id: int, dice: Dice, *, in_debt: bool
    ) -> list[tuple[MealKind, time, int, tuple[MealDish, ...]]]:
        orders: list[tuple[MealKind, time, int, tuple[MealDish, ...]]] = []
        small = ids.class_key(ids.class_of(child_id))[1] <= 4
        if small:
            breakfast = MealDish(90, "Завтрак льготный", 1, 0)
            orders.append((MealKind.BREAKFAST, time(9, 20), 0, (breakfast,)))
        if dice.chance(45) and not in_debt:
            chosen = sorted({dice.below(len(DISHES)), dice.below(len(DISHES))})
            dishes = tuple(MealDish(number + 1, DISHES[number][0], 1, DISHES[number][1]) for number in chosen)
            cost = sum(dish.price * dish.amount for dish in dishes)
            orders.append((MealKind.BUFFET, time(10, 20), -cost, dishes))
        if dice.chance(60) and not in_debt:
            orders.append((MealKind.LUNCH, time(12, 40), -_LUNCH, (MealDish(91, "Обед", 1, _LUNCH),)))
        return orders


def _shifted(at: time, minutes: int) -> time:
    moved = datetime.combine(date(1, 1, 1), at) + timedelta(minutes=minutes)  # a wall time, no zone
    return moved.time()
