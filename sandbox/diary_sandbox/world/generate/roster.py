"""Which child of which family sits in which class: the one thing that must be laid out for the whole town."""

from __future__ import annotations

from dataclasses import dataclass

from diary_sandbox.world import ids
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.schools import SKETCHES, TWIN_SCHOOL_ID, sketch_of
from diary_sandbox.world.personas import FAMILIES

LETTERS = "АБВГДЕЖЗ"
_AREAS = (
    (45, "77 school.mos.ru"),
    (15, "50 authedu.mosreg.ru"),
    (20, "53 api.dnevnik.ru"),
    (12, "55 api.dnevnik.ru"),
    (8, "27 api.dnevnik.ru"),
)
_CHILDREN = ((38, 1), (42, 2), (15, 3), (5, 4))
_FULL_CLASS = 32
_CHILDREN_A_SCHOOL = 700


@dataclass(frozen=True, slots=True)
class Seat:
    """Where one child of a family sits."""

    family_id: int
    place: int
    """Among the children of the family, oldest first, from 0."""


class Roster:
    """Seats of all families, laid out in one pass; thousands of families take a fraction of a second."""

    def __init__(self, seed: int, families: int) -> None:
        """Seat the children of all families, the personas' first."""
        self._seed = seed
        self.families = families
        extra = max(0, int(families * 1.9) - len(SKETCHES) * _CHILDREN_A_SCHOOL)
        self.school_ids = range(1, len(SKETCHES) + -(-extra // _CHILDREN_A_SCHOOL) + 1)
        self._letters = 2 if families < 500 else 4
        self._schools: dict[str, list[int]] = {}
        for school_id in self.school_ids:
            self._schools.setdefault(sketch_of(school_id).area, []).append(school_id)
        self._taken: dict[int, int] = {}
        self._seats: dict[int, Seat] = {}
        self._children: list[tuple[int, ...]] = [()]
        for family_id in range(1, families + 1):
            self._children.append(self._seat_family(family_id))

    def children(self, family_id: int) -> tuple[int, ...]:
        """Return the children of a family, oldest first."""
        return self._children[family_id]

    def seat(self, child_id: int) -> Seat | None:
        """Return whose child it is; None for a classmate without a family."""
        return self._seats.get(child_id)

    def class_size(self, class_id: int) -> int:
        """Return how many pupils a class has: families' children first, classmates after them."""
        wanted = Dice(self._seed, "class size", class_id).between(18, 26)
        return max(self._taken.get(class_id, 0), wanted)

    def letters(self, school_id: int, parallel: int) -> int:
        """Return how many classes a grade of a school has."""
        taken = (letter for letter in range(8) if ids.class_id(school_id, parallel, letter) in self._taken)
        return max(2, max(taken, default=0) + 1)

    def _seat_family(self, family_id: int) -> tuple[int, ...]:
        wishes = (
            [(child.school_id, child.parallel, child.letter) for child in FAMILIES[family_id - 1].children]
            if family_id <= len(FAMILIES)
            else self._wishes(family_id)
        )
        return tuple(self._take(Seat(family_id, place), *wish) for place, wish in enumerate(wishes))

    def _wishes(self, family_id: int) -> list[tuple[int, int, int]]:
        dice = Dice(self._seed, "family", family_id)
        area = dice.weighed(_AREAS)
        school_id = dice.pick(self._schools[area])
        wishes: list[tuple[int, int, int]] = []
        parallel = 12
        for left in range(dice.weighed(_CHILDREN), 0, -1):
            parallel = dice.between(left, parallel - 1) if not wishes else dice.between(left, parallel)
            if not dice.chance(75):
                home = area if dice.chance(75) else dice.weighed(_AREAS)
                school_id = dice.pick(self._schools[home])
            if area == _AREAS[0][1] and dice.chance(4):
                school_id = TWIN_SCHOOL_ID
            wishes.append((school_id, parallel, dice.below(self._letters)))
        return wishes

    def _take(self, seat: Seat, school_id: int, parallel: int, letter: int) -> int:
        while self._taken.get(class_id := ids.class_id(school_id, parallel, letter), 0) >= _FULL_CLASS:
            if letter < len(LETTERS) - 1:
                letter += 1
            else:
                school_id, letter = school_id % len(self.school_ids) + 1, 0
        number = self._taken.get(class_id, 0)
        self._taken[class_id] = number + 1
        child_id = ids.child_id(class_id, number)
        self._seats[child_id] = seat
        return child_id
