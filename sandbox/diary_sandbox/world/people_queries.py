"""Questions about families, pupils, teachers and logins."""

from __future__ import annotations

from diary_sandbox.world import ids
from diary_sandbox.world.foundation import Foundation
from diary_sandbox.world.people import Child, Family, Guardian, Login, LoginKind, MrkoAccount, Parent, Teacher


class PeopleQueries(Foundation):
    """Who is who. Unknown ids raise `KeyError`."""

    def families(self) -> int:
        """Return how many families the town has; their ids are 1 to that number."""
        return self._roster.families

    def family(self, family_id: int) -> Family:
        """Return a family."""
        return self._census.family(family_id)

    def parent(self, parent_id: int) -> Parent:
        """Return an adult of a family."""
        return self._census.parent(parent_id)

    def parent_by_uuid(self, uuid: str) -> Parent | None:
        """Return the adult with this person id, or None."""
        number = ids.number_of(uuid)
        if number is None or not ids.ADULTS < number < ids.TEACHERS:
            return None
        try:
            parent = self.parent(number)
        except KeyError:
            return None
        return parent if parent.person.uuid == uuid else None

    def login(self, kind: LoginKind, username: str) -> Login | None:
        """Find a login by what the user typed (city logins: e-mail, phone or СНИЛС too)."""
        return self._census.login(kind, username)

    def parents_by_snils(self, snils: str) -> tuple[Parent, ...]:
        """Return the adults a school has under a written СНИЛС (`NNN-NNN-NNN NN`), by id."""
        return self._census.by_snils(snils)

    def mrko_account(self, login: str) -> MrkoAccount | None:
        """Find a МРКО account by its digits."""
        return self._census.mrko_account(login)

    def child(self, child_id: int) -> Child:
        """Return a pupil, classmates without a family included."""
        return self._census.child(child_id)

    def child_by_uuid(self, uuid: str) -> Child | None:
        """Return the pupil with this person id, or None."""
        number = ids.number_of(uuid)
        if number is None or number >= ids.ADULTS:
            return None
        try:
            child = self.child(number)
        except KeyError:
            return None
        return child if child.person.uuid == uuid else None

    def children_of(self, parent_id: int, host: str | None = None) -> tuple[Child, ...]:
        """Return the children an adult sees, oldest first: on any host, or those on one upstream host."""
        family = self._census.family(ids.family_of(parent_id))
        if parent_id not in family.parent_ids:
            raise KeyError(parent_id)
        return tuple(
            self._census.child(child_id)
            for child_id in family.child_ids
            for guardian in self._census.guardians(child_id)
            if guardian.parent_id == parent_id
            and (guardian.hosts if host is None else host in guardian.hosts)
        )

    def guardians_of(self, child_id: int) -> tuple[Guardian, ...]:
        """Return the adults of a child, by place in the family; classmates without a family have none."""
        return self._census.guardians(child_id)

    def pupils(self, class_id: int) -> tuple[Child, ...]:
        """Return the pupils of a class, by id."""
        self._staff.class_group(class_id)
        size = self._roster.class_size(class_id)
        return tuple(self._census.child(ids.child_id(class_id, seat)) for seat in range(size))

    def teacher(self, teacher_id: int) -> Teacher:
        """Return a teacher."""
        return self._staff.teacher(teacher_id)

    def teachers(self, school_id: int) -> tuple[Teacher, ...]:
        """Return the teachers of a school, by id, the principal first."""
        self._places.school(school_id)
        return self._staff.teachers(school_id)
