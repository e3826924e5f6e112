"""Who misses what: one pupil's week at a time."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from diary_sandbox.world import ids
from diary_sandbox.world.attendance import Absence, AbsenceKind, AbsenceNotice, AbsenceReason
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.lessons import Lessons, final
from diary_sandbox.world.generate.people import Census
from diary_sandbox.world.lessons import Lesson
from diary_sandbox.world.memo import Memo
from diary_sandbox.world.places import LessonKind
from diary_sandbox.world.words.texts import LATE_COMMENT, NOTICE_COMMENTS

_RARE = (
    AbsenceReason.UNWELL,
    AbsenceReason.FAMILY,
    AbsenceReason.PARENTS_APPLICATION,
    AbsenceReason.INDIVIDUAL_PLAN,
)


class Attendance:
    """Absences of every pupil."""

    def __init__(self, seed: int, lessons: Lessons, census: Census, rich: frozenset[int]) -> None:
        """Know the lessons and who sits in them.

        Args:
            seed: Of the world.
            lessons: What can be missed.
            census: Who is in which subgroup.
            rich: Pupils to whom everything happens in turn.
        """
        self._seed = seed
        self._lessons = lessons
        self._census = census
        self._rich = rich
        self.week = Memo(self._week, 20_000)

    def lessons(self, child_id: int, week: int) -> tuple[Lesson, ...]:
        """Return the lessons a pupil's week really has, clubs left out, by day and time."""
        subgroup = self._census.child(child_id).subgroup
        found = [final(line) for line in self._lessons.week((ids.class_of(child_id), week))]
        return tuple(
            sorted(
                (
                    lesson
                    for lesson in found
                    if lesson.subgroup in (None, subgroup)
                    and lesson.actual is not None
                    and lesson.kind is not LessonKind.ADDITIONAL
                ),
                key=lambda lesson: (lesson.on, lesson.half.starts),
            )
        )

    def notices(self, child_id: int, week: int) -> tuple[AbsenceNotice, ...]:
        """Return what a parent said in advance: every day missed for the family's reasons was announced."""
        told = {
            absence.on: absence.reason
            for absence in self.week((child_id, week))
            if absence.reason in (AbsenceReason.FAMILY, AbsenceReason.PARENTS_APPLICATION)
        }
        legal = [guardian.parent_id for guardian in self._census.guardians(child_id) if guardian.legal]
        zone = self._lessons.school(ids.class_of(child_id)).zone
        return tuple(
            AbsenceNotice(
                id=ids.cell_id(ids.CellKey(child_id, (on - self._lessons.since).days, 0, 0)),
                child_id=child_id,
                parent_id=legal[0],
                on=on,
                slot=None,
                reason=reason,
                comment=Dice(self._seed, "notice", child_id, on.toordinal()).pick((*NOTICE_COMMENTS, None)),
                created_at=datetime.combine(on - timedelta(days=2), time(20, 15), tzinfo=zone),
            )
            for on, reason in told.items()
            if legal and reason
        )

    def _week(self, key: tuple[int, int]) -> tuple[Absence, ...]:
        child_id, week = key
        lessons = self.lessons(child_id, week)
        if not lessons:
            return ()
        dice = Dice(self._seed, "attendance", child_id, week)
        days = sorted({lesson.on for lesson in lessons})
        by_day = [[lesson for lesson in lessons if lesson.on == on] for on in days]
        if child_id in self._rich:
            return self._rich_week(dice, child_id, week, by_day)
        throw = dice.below(100)
        if throw < 5:
            first = dice.below(len(by_day))
            missed = [lesson for day in by_day[first:] for lesson in day]
            return self._missed(child_id, missed, AbsenceReason.ILLNESS)
        if throw < 8:
            return self._missed(child_id, dice.pick(by_day), dice.pick(_RARE))
        if throw < 10:
            return self._missed(child_id, dice.pick(by_day)[-2:], AbsenceReason.UNWELL)
        if throw < 12:
            return self._missed(child_id, [dice.pick(lessons)], None)
        if throw < 16:
            return (self._late(child_id, dice.pick(by_day)[0], dice),)
        return ()

    def _rich_week(
        self, dice: Dice, child_id: int, week: int, by_day: list[list[Lesson]]
    ) -> tuple[Absence, ...]:
        """Give one of four weeks: a partial day, an ill day, a lesson missed for nothing, an excused day."""
        late = (self._late(child_id, by_day[-2][0], dice),) if len(by_day) > 1 else ()
        turn = week % 4
        if turn == 0:
            return (*late, *self._missed(child_id, by_day[-1][-2:], AbsenceReason.UNWELL))
        if turn == 1:
            return (*late, *self._missed(child_id, by_day[-1], AbsenceReason.ILLNESS))
        if turn == 2:
            return (*late, *self._missed(child_id, by_day[-1][-1:], None))
        return (*late, *self._missed(child_id, by_day[-1], AbsenceReason.PARENTS_APPLICATION))

    def _missed(
        self, child_id: int, lessons: list[Lesson], reason: AbsenceReason | None
    ) -> tuple[Absence, ...]:
        return tuple(
            Absence(
                id=_cell(child_id, lesson),
                child_id=child_id,
                lesson_id=lesson.id,
                on=lesson.on,
                kind=AbsenceKind.ABSENT,
                reason=reason,
                excused=reason is not None and reason.excused,
                minutes_late=None,
                comment=None,
                entered_at=self._entered(lesson),
            )
            for lesson in lessons
        )

    def _late(self, child_id: int, lesson: Lesson, dice: Dice) -> Absence:
        minutes = dice.between(2, 20)
        return Absence(
            id=_cell(child_id, lesson),
            child_id=child_id,
            lesson_id=lesson.id,
            on=lesson.on,
            kind=AbsenceKind.LATE,
            reason=None,
            excused=False,
            minutes_late=minutes,
            comment=LATE_COMMENT.format(minutes=minutes) if dice.chance(50) else None,
            entered_at=self._entered(lesson),
        )

    def _entered(self, lesson: Lesson) -> datetime:
        zone = self._lessons.school(lesson.class_id).zone
        return datetime.combine(lesson.on, lesson.half.starts, tzinfo=zone) + timedelta(minutes=25)


def _cell(child_id: int, lesson: Lesson) -> int:
    key = ids.lesson_key(lesson.id)
    return ids.cell_id(ids.CellKey(child_id, key.day, key.slot, 0))
