"""What schools tell homes: remarks, announcements, and the weeks parents sign."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from diary_sandbox.world import ids
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.attendance import Attendance
from diary_sandbox.world.generate.lessons import Lessons, week_of
from diary_sandbox.world.generate.people import Census
from diary_sandbox.world.generate.staff import Staff
from diary_sandbox.world.memo import Memo
from diary_sandbox.world.places import ClassGroup, LessonKind, School
from diary_sandbox.world.school_life import (
    Announcement,
    AnnouncementKind,
    Gathering,
    GatheringSort,
    Remark,
    RemarkKind,
    WeekSignature,
)
from diary_sandbox.world.words.texts import (
    CITY_EVENTS,
    MEETING,
    NEWS,
    REMARKS,
    SCHOOL_EVENTS,
    Happening,
)

_EVENTS = {AnnouncementKind.SCHOOL_EVENT: SCHOOL_EVENTS, AnnouncementKind.CITY_EVENT: CITY_EVENTS}
_KINDS = tuple(AnnouncementKind)


class Correspondence:
    """Remarks, announcements and signatures, a week at a time."""

    def __init__(
        self,
        seed: int,
        lessons: Lessons,
        attendance: Attendance,
        *,
        census: Census,
        staff: Staff,
        rich: frozenset[int],
    ) -> None:
        """Know the lessons, the people and the pupils with a remark every week."""
        self._seed = seed
        self._lessons = lessons
        self._attendance = attendance
        self._census = census
        self._staff = staff
        self._rich = rich
        self.remarks = Memo(self._remarks, 10_000)
        self.announcements = Memo(self._announcements, 2_000)

    def signature(self, child_id: int, monday: date) -> WeekSignature | None:
        """Return the signature of one week, None when nobody signed or the week had no lessons."""
        child = self._census.child(child_id)
        week = week_of(monday)
        dice = Dice(self._seed, "signature", child_id, week)
        if child.family_id is None or not self._lessons.days(child.class_id, week) or not dice.chance(60):
            return None
        legal = [guardian.parent_id for guardian in self._census.guardians(child_id) if guardian.legal]
        zone = self._lessons.school(child.class_id).zone
        signed = datetime.combine(monday + timedelta(days=6), time(19, dice.below(60)), tzinfo=zone)
        return WeekSignature(child_id, legal[0], monday, signed) if legal else None

    def _remarks(self, key: tuple[int, int]) -> tuple[Remark, ...]:
        child_id, week = key
        dice = Dice(self._seed, "remarks", child_id, week)
        lessons = [
            lesson for lesson in self._attendance.lessons(child_id, week) if lesson.kind is LessonKind.REGULAR
        ]
        if not lessons or not (child_id in self._rich or dice.chance(10)):
            return ()
        lesson = dice.pick(lessons)
        kind = dice.pick(tuple(RemarkKind))
        zone = self._lessons.school(lesson.class_id).zone
        number = ids.lesson_key(lesson.id)
        return (
            Remark(
                id=ids.cell_id(ids.CellKey(child_id, number.day, number.slot, 0)),
                child_id=child_id,
                lesson_id=lesson.id,
                on=lesson.on,
                teacher_id=lesson.half.teacher_id,
                kind=kind,
                text=dice.pick(REMARKS[kind]),
                entered_at=datetime.combine(lesson.on, lesson.half.ends, tzinfo=zone) + timedelta(minutes=3),
            ),
        )

    def _announcements(self, key: tuple[int, int]) -> tuple[Announcement, ...]:
        class_id, week = key
        days = self._lessons.days(class_id, week)
        if not days:
            return ()
        school = self._lessons.school(class_id)
        first = self._lessons.since + timedelta(days=days[0])
        # The school speaks on one day to all its classes, also to those that learn later in the week.
        monday = max(first - timedelta(days=first.weekday()), self._lessons.since)
        found = [self._of_school(school, monday)]
        own = Dice(self._seed, "class news", class_id, week)
        if week % 6 == 0 or own.chance(10):
            found.append(self._meeting(own, school, self._staff.class_group(class_id), first))
        return tuple(sorted(found, key=lambda announcement: (announcement.published_at, announcement.id)))

    def _of_school(self, school: School, on: date) -> Announcement:
        dice = Dice(self._seed, "school news", school.id, week_of(on))
        kind = dice.weighed(
            ((6, AnnouncementKind.NEWS), (2, AnnouncementKind.SCHOOL_EVENT), (2, AnnouncementKind.CITY_EVENT))
        )
        published = _published(dice, school, on)
        number = ids.announcement_id(school.id * 100, week_of(on), _KINDS.index(kind))
        if kind is AnnouncementKind.NEWS:
            title, text = dice.pick(NEWS)
            gathering = None
        else:
            happening = dice.pick(_EVENTS[kind])
            title, text = happening.title, happening.text
            gathering = _gathering(dice, school, happening, on)
        return Announcement(
            number, school.id, None, kind, title, text, school.principal_id, published, None, gathering
        )

    def _meeting(self, dice: Dice, school: School, group: ClassGroup, on: date) -> Announcement:
        """Return a meeting of a class, at school, within the fortnight."""
        published = _published(dice, school, on)
        teacher = self._staff.teacher(group.class_teacher_id)
        gathering = Gathering(
            sort=GatheringSort.MEETING,
            on=on + timedelta(days=dice.between(3, 12)),
            until=None,
            at=time(18, 0),
            place=school.buildings[0].address,
            organiser=teacher.person.name.full,
        )
        kind = AnnouncementKind.MEETING
        return Announcement(
            id=ids.announcement_id(group.id, week_of(on), _KINDS.index(kind)),
            school_id=school.id,
            class_id=group.id,
            kind=kind,
            title=MEETING[0].format(name=group.name),
            text=MEETING[1],
            author_id=group.class_teacher_id,
            published_at=published,
            edited_at=None,
            gathering=gathering,
        )


def _published(dice: Dice, school: School, on: date) -> datetime:
    return datetime.combine(on, time(dice.between(9, 18), dice.below(60)), tzinfo=school.zone)


def _gathering(dice: Dice, school: School, happening: Happening, announced: date) -> Gathering:
    """Return when and where an event is: within the fortnight, in town when the town organises it."""
    first = announced + timedelta(days=dice.between(3, 12))
    return Gathering(
        sort=GatheringSort(happening.sort),
        on=first,
        until=first + timedelta(days=happening.days - 1) if happening.days > 1 else None,
        at=None if happening.all_day else time(dice.between(10, 18), 30 * dice.below(2)),
        place=school.city if happening.organiser else school.buildings[0].address,
        organiser=happening.organiser or school.short_name,
        subject_id=happening.subject_id,
    )
