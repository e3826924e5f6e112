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
from diary_sandbox.world.places import LessonKind
from diary_sandbox.world.school_life import Announcement, AnnouncementKind, Remark, RemarkKind, WeekSignature
from diary_sandbox.world.words.texts import CITY_EVENTS, MEETING, NEWS, REMARKS, SCHOOL_EVENTS

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
        school_id = ids.school_of(class_id)
        on = self._lessons.since + timedelta(days=days[0])
        school = Dice(self._seed, "school news", school_id, week)
        kind = school.weighed(
            ((6, AnnouncementKind.NEWS), (2, AnnouncementKind.SCHOOL_EVENT), (2, AnnouncementKind.CITY_EVENT))
        )
        found = [self._announcement(school, kind, (school_id, None), on)]
        own = Dice(self._seed, "class news", class_id, week)
        if week % 6 == 0 or own.chance(10):
            found.append(self._announcement(own, AnnouncementKind.MEETING, (school_id, class_id), on))
        return tuple(sorted(found, key=lambda announcement: (announcement.published_at, announcement.id)))

    def _announcement(
        self, dice: Dice, kind: AnnouncementKind, audience: tuple[int, int | None], on: date
    ) -> Announcement:
        school_id, class_id = audience
        school = self._lessons.school(class_id or ids.class_id(school_id, 1, 0))
        if kind is AnnouncementKind.MEETING and class_id is not None:
            group = self._staff.class_group(class_id)
            title, text = MEETING[0].format(name=group.name), MEETING[1]
            author = group.class_teacher_id
        else:
            title, text = dice.pick(_EVENTS.get(kind, NEWS))
            author = school.principal_id
        event = kind is not AnnouncementKind.NEWS
        # a gathering is within the fortnight; city events are held in town, the others at school
        home = school.buildings[0].address if kind is not AnnouncementKind.CITY_EVENT else school.city
        return Announcement(
            id=ids.announcement_id(class_id or school_id * 100, week_of(on), _KINDS.index(kind)),
            school_id=school_id,
            class_id=class_id,
            kind=kind,
            title=title,
            text=text,
            author_id=author,
            published_at=datetime.combine(on, time(dice.between(9, 18), dice.below(60)), tzinfo=school.zone),
            edited_at=None,
            event_on=on + timedelta(days=dice.between(3, 12)) if event else None,
            event_at=time(18, 0) if event else None,
            place=home if event else None,
        )
