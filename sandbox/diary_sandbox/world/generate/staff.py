"""Teachers, who teaches what in which class, and the classes themselves."""

from __future__ import annotations

from datetime import date, timedelta

from diary_sandbox.world import ids
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.roster import LETTERS, Roster
from diary_sandbox.world.generate.schools import sketch_of
from diary_sandbox.world.memo import Memo
from diary_sandbox.world.people import Name, Person, Sex, Teacher
from diary_sandbox.world.places import ClassGroup, StudyGroup
from diary_sandbox.world.words.names import MEN, SURNAMES, WOMEN, latin
from diary_sandbox.world.words.subjects import (
    CLUBS,
    ENGLISH,
    HISTORY,
    HORIZONS,
    HOURS,
    PRIMARY,
    PROFILES,
    RUSSIAN,
    SATURDAY_HOURS,
    SPORT,
    SUBGROUPED,
    SUBJECTS,
    TALKS,
)

_A_SUBJECT = 4
"""Teachers of one subject in one school."""
_PRIMARY_FIRST = 500
_HEADS = (RUSSIAN, ENGLISH, HISTORY, SPORT)


class Staff:
    """The teachers and classes of the town."""

    def __init__(self, seed: int, year_start: int, roster: Roster) -> None:
        """Know the classes of a roster."""
        self._seed = seed
        self._start = year_start
        self._roster = roster
        self.teacher = Memo(self._teacher, 20_000)
        self.class_group = Memo(self._class_group, 20_000)
        self.groups = Memo(self._groups, 2_000)

    def classes(self, school_id: int) -> tuple[ClassGroup, ...]:
        """Return the classes of a school, by parallel and letter."""
        return tuple(
            self.class_group(ids.class_id(school_id, parallel, letter))
            for parallel in HOURS
            for letter in range(self._roster.letters(school_id, parallel))
        )

    def teachers(self, school_id: int) -> tuple[Teacher, ...]:
        """Return the teachers of a school, the principal first."""
        numbers = [0]
        numbers += [
            1 + subject * 10 + place
            for subject in SUBJECTS
            if subject not in CLUBS
            for place in range(_A_SUBJECT)
        ]
        numbers += [1 + subject * 10 for subject in CLUBS]
        numbers += [
            _PRIMARY_FIRST + parallel * 8 + letter
            for parallel in range(1, 5)
            for letter in range(self._roster.letters(school_id, parallel))
        ]
        return tuple(self.teacher(ids.teacher_id(school_id, number)) for number in sorted(numbers))

    def hours(self, class_id: int) -> dict[int, int]:
        """Return the weekly lessons of a class by subject, extra-curricular ones left out."""
        parallel = ids.class_key(class_id)[1]
        hours = dict(HOURS[parallel])
        if sketch_of(ids.school_of(class_id)).weekdays == 6:
            for subject, more in SATURDAY_HOURS[parallel].items():
                if more:
                    hours[subject] = hours.get(subject, 0) + more
        return hours

    def extras(self, class_id: int) -> tuple[int, ...]:
        """Return the extra-curricular subjects of a class."""
        return (TALKS, HORIZONS) if ids.class_key(class_id)[1] >= 6 else (TALKS,)

    def clubs(self, class_id: int) -> tuple[int, ...]:
        """Return the clubs pupils of a class may go to; schools on two systems have none on the wire."""
        hosts = sketch_of(ids.school_of(class_id)).hosts
        return CLUBS if "api.dnevnik.ru" not in hosts else ()

    def teacher_of(self, class_id: int, subject_id: int, group: int, *, other: int = 0) -> int:
        """Return who teaches a subject in a class or subgroup; `other` counts the substitutes."""
        school_id, parallel, letter = ids.class_key(class_id)
        if subject_id in CLUBS:
            return ids.teacher_id(school_id, 1 + subject_id * 10)
        if subject_id == TALKS and not other:
            return self.class_group(class_id).class_teacher_id
        if parallel <= 4 and subject_id in PRIMARY and not other:
            return ids.teacher_id(school_id, _PRIMARY_FIRST + parallel * 8 + letter)
        place = (parallel + letter + max(group - 1, 0) + other) % _A_SUBJECT
        return ids.teacher_id(school_id, 1 + subject_id * 10 + place)

    def _groups(self, class_id: int) -> tuple[StudyGroup, ...]:
        group = self.class_group(class_id)
        found: list[StudyGroup] = []
        taught = (*self.hours(class_id), *self.extras(class_id), *self.clubs(class_id))
        for subject_id in sorted(taught):
            split = group.subgroups == 2 and subject_id in SUBGROUPED
            for number in (1, 2) if split else (0,):
                title = f"{SUBJECTS[subject_id].name} {group.name}"
                found.append(
                    StudyGroup(
                        id=ids.group_id(class_id, subject_id, number),
                        class_id=class_id,
                        subject_id=subject_id,
                        teacher_id=self.teacher_of(class_id, subject_id, number),
                        subgroup=number or None,
                        name=f"{title}, подгруппа {number}" if number else title,
                    )
                )
        return tuple(found)

    def _class_group(self, class_id: int) -> ClassGroup:
        school_id, parallel, letter = ids.class_key(class_id)
        exists = school_id in self._roster.school_ids and 1 <= parallel <= 11
        if not exists or letter >= self._roster.letters(school_id, parallel):
            raise KeyError(class_id)
        dice = Dice(self._seed, "class", class_id)
        head = 1 + dice.pick(_HEADS) * 10 + (parallel + letter) % _A_SUBJECT
        return ClassGroup(
            id=class_id,
            uuid=ids.uuid(self._seed, 3_000_000 + class_id),
            school_id=school_id,
            parallel=parallel,
            letter=LETTERS[letter],
            class_teacher_id=ids.teacher_id(
                school_id, _PRIMARY_FIRST + parallel * 8 + letter if parallel <= 4 else head
            ),
            building_id=school_id * 10 + (2 if parallel <= 4 else 1),
            subgroups=1 if parallel == 1 or (letter > 1 and dice.chance(15)) else 2,
            profile=dice.pick(PROFILES) if parallel >= 10 else None,
        )

    def _teacher(self, teacher_id: int) -> Teacher:
        school_id, number = divmod(teacher_id - ids.TEACHERS, 1000)
        subjects = self._subjects_of(number)
        if school_id not in self._roster.school_ids or subjects is None:
            raise KeyError(teacher_id)
        dice = Dice(self._seed, "teacher", teacher_id)
        sex = Sex.MALE if dice.chance(20) else Sex.FEMALE
        male = sex is Sex.MALE
        last = dice.pick(SURNAMES)[0 if male else 1]
        first = dice.pick(MEN)[0] if male else dice.pick(WOMEN)
        middle = dice.pick(MEN)[1 if male else 2]
        return Teacher(
            id=teacher_id,
            person=Person(
                id=teacher_id,
                uuid=ids.uuid(self._seed, teacher_id),
                name=Name(last, first, middle if dice.chance(97) else None),
                sex=sex,
                born=date(self._start - 26, 1, 1) - timedelta(days=dice.below(13000)),
                snils=ids.snils(teacher_id),
                phone=None,
                email=f"{latin(last)}.{teacher_id}@example.test",
            ),
            school_id=school_id,
            subject_ids=subjects,
            position="Директор" if number == 0 else "Учитель",
            room=f"{dice.between(1, 4)}{dice.between(1, 20):02d}",
        )

    def _subjects_of(self, number: int) -> tuple[int, ...] | None:
        if number == 0:
            return ()
        if number >= _PRIMARY_FIRST:
            parallel, letter = divmod(number - _PRIMARY_FIRST, 8)
            return (*sorted(PRIMARY), TALKS) if 1 <= parallel <= 4 and letter < 8 else None
        subject, place = divmod(number - 1, 10)
        limit = 1 if subject in CLUBS else _A_SUBJECT
        return (subject,) if subject in SUBJECTS and place < limit else None
