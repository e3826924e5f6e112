"""What a parent may read: the own children, their classes and schools, and nothing of other families.

A foreign child or class is refused with 403; a number of another kind (a user id where a person id is
due) is no error and simply finds nothing.
"""

from dataclasses import dataclass

from diary_sandbox.dnevnik.errors import WireError
from diary_sandbox.dnevnik.wire_ids import Space, read_past_class_id, world_id
from diary_sandbox.world import DNEVNIK_HOST, Child, ClassGroup, Lesson, School, StudyGroup, World


@dataclass(frozen=True, slots=True)
class Reach:
    """The part of the world one parent sees through this system."""

    world: World
    children: tuple[Child, ...]

    def child(self, person: int) -> Child | None:
        """Return an own child by person id; None when the number is no pupil's person id.

        Raises:
            WireError: It is somebody else's child.
        """
        number = world_id(Space.PUPIL_PERSON, person)
        if number is None or not self._enrolled_here(number):
            return None
        for child in self.children:
            if child.id == number:
                return child
        raise WireError("systemForbidden", "Access to this person is forbidden")

    def classmate(self, person: int) -> Child | None:
        """Return a pupil of an own child's class; None when the number is no pupil's person id.

        Raises:
            WireError: The pupil is of another class.
        """
        number = world_id(Space.PUPIL_PERSON, person)
        if number is None or not self._enrolled_here(number):
            return None
        pupil = self.world.child(number)
        if pupil.class_id not in self._class_ids():
            raise WireError("systemForbidden", "Access to this person is forbidden")
        return pupil

    def group(self, group: int) -> ClassGroup | StudyGroup | None:
        """Return an own child's class or a subgroup of it; None when the number is no group's.

        Raises:
            WireError: It is a group of another class.
        """
        number = world_id(Space.STUDY_GROUP, group)
        if number is not None:
            return self._subgroup(number)
        number = world_id(Space.CLASS, group)
        found = next((one for one in self._classes() if one.id == number), None)
        if found is None and number is not None:
            raise WireError("systemForbidden", "Access to this group is forbidden")
        return found

    def past_class(self, group: int) -> tuple[int, int] | None:
        """Return an own child's class and how many years ago it is meant; None when the number is none's.

        Raises:
            WireError: It is another class.
        """
        found = read_past_class_id(group)
        if found is not None and found[0] not in self._class_ids():
            raise WireError("systemForbidden", "Access to this group is forbidden")
        return found

    def school(self, school: int) -> School | None:
        """Return a school of an own child; None when the number is no school's.

        Raises:
            WireError: No own child goes there.
        """
        number = world_id(Space.SCHOOL, school)
        if number is None:
            return None
        if number not in {child.school_id for child in self.children}:
            raise WireError("systemForbidden", "Access to this school is forbidden")
        return self.world.school(number)

    def lesson(self, lesson: int) -> Lesson | None:
        """Return a lesson of an own child's class; None when the number is no lesson's.

        Raises:
            WireError: It is a lesson of another class.
        """
        number = world_id(Space.LESSON, lesson)
        return None if number is None else self.world_lesson(number)

    def world_lesson(self, lesson_id: int) -> Lesson | None:
        """Return a lesson by the world's number, under the same rules as `lesson`."""
        try:
            found = self.world.lesson(lesson_id)
        except KeyError:
            return None
        if found.class_id not in self._class_ids():
            raise WireError("notOwner", "Access to this lesson is forbidden")
        return found

    def children_in(self, class_id: int) -> tuple[Child, ...]:
        """Return the own children of a class, oldest first."""
        return tuple(child for child in self.children if child.class_id == class_id)

    def _subgroup(self, number: int) -> StudyGroup | None:
        try:
            found = self.world.study_group(number)
        except KeyError:
            return None
        if found.class_id not in self._class_ids():
            raise WireError("systemForbidden", "Access to this group is forbidden")
        return found if found.subgroup is not None else None

    def _classes(self) -> tuple[ClassGroup, ...]:
        return tuple(self.world.class_group(number) for number in sorted(self._class_ids()))

    def _class_ids(self) -> frozenset[int]:
        return frozenset(child.class_id for child in self.children)

    def _enrolled_here(self, child_id: int) -> bool:
        try:
            return self.world.school(self.world.child(child_id).school_id).served_by(DNEVNIK_HOST)
        except KeyError:
            return False
