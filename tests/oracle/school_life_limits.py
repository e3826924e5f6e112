"""What each system cannot show of what surrounds lessons: the truth, seen through its wire."""

from __future__ import annotations

from datetime import date, timedelta

from tests.oracle import limits, school_life, truth

from diary_core.model import Address, Announcement, Remark, School, StudyGroup, Teacher
from diary_sandbox import world as town
from diary_sandbox.world import MOSCOW_HOST, AnnouncementKind, Child, Gathering, LessonKind, World


def mesh_news(world: World, parent_id: int, child: Child) -> list[Announcement]:
    """Return the news of МЭШ: those of all the parent's children at once; a channel speaks, no person.

    Meetings and events are no news there: they stand in the calendar.
    """
    del child  # whose news they are, the diary does not say
    classes = [one.class_id for one in world.children_of(parent_id, MOSCOW_HOST)]
    return [
        school_life.announcement(world, one).model_copy(
            update={"author": world.school(one.school_id).short_name}
        )
        for one in school_life.told(world, classes, {AnnouncementKind.NEWS})
    ]


def dnevnik_news(world: World, parent_id: int, child: Child) -> list[Announcement]:
    """Return the posts of Дневник.ру: events are among them, with when and where in a line of their words."""
    del parent_id  # posts are of one child's school
    found: list[Announcement] = []
    for one in school_life.told(world, [child.class_id], set(AnnouncementKind)):
        news = school_life.announcement(world, one)
        lines = [one.text, *([_line(one.gathering)] if one.gathering else [])]
        found.append(news.model_copy(update={"text": "\n".join(lines)}))
    return found


def dnevnik_remarks(world: World, child_id: int, since: date, until: date) -> list[Remark]:
    """Return the comments of the lesson log: a remark to a missed lesson shares the one of the absence."""
    missed = {one.lesson_id: one for one in world.absences(child_id, since, until)}
    remarked = {one.lesson_id: one for one in world.remarks(child_id, since, until)}
    found: list[Remark] = []
    for lesson_id, absence in missed.items():
        said = remarked.get(lesson_id)
        shown = limits.dnevnik_attendance(truth.attendance(world, absence), said.text if said else None)
        if shown and isinstance(shown.comment, str):
            found.append(
                Remark(
                    id="",
                    date=absence.on,
                    subject=shown.subject,
                    lesson_id="",
                    text=shown.comment,
                    entered_at=absence.entered_at,
                )
            )
    alone = school_life.remarks(world, child_id, since, until)
    numbers = [one.lesson_id for one in world.remarks(child_id, since, until)]
    found += [one for one, number in zip(alone, numbers, strict=True) if number not in missed]
    return found


def dnevnik_school(world: World, child_id: int) -> School:
    """Return the school by its passport, and who teaches the class these weeks, with all they teach."""
    child = world.child(child_id)
    own, today = world.school(child.school_id), world.now.date()
    lessons = world.class_lessons(child.class_id, today - timedelta(days=7), today + timedelta(days=30))
    teachers = {one.half.teacher_id for one in lessons if one.kind is not LessonKind.ADDITIONAL}
    group = world.class_group(child.class_id)
    return school_life.school(world, child_id).model_copy(
        update={
            "phone": f"+7{own.phone}",
            "hours": "08:00 - 18:00",
            "addresses": tuple(Address(text=house.address) for house in own.buildings),
            "class_teachers": (_of_staff(world, group.class_teacher_id),),
            "teachers": tuple(_of_staff(world, number) for number in teachers),
            "study_groups": tuple(
                StudyGroup(id="", name=_subgroup(world, one))
                for one in world.study_groups(child_id)
                if one.subgroup is not None
            ),
        }
    )


def _subgroup(world: World, group: town.StudyGroup) -> str:
    """Return a subgroup by its class, its subject in short and its number: the sandbox's own way."""
    pupils = world.class_group(group.class_id)
    subject = world.subject(group.subject_id).name[:4].lower()
    return f"{pupils.parallel}{pupils.letter} ({subject}. {group.subgroup})"


def _of_staff(world: World, teacher_id: int) -> Teacher:
    member = world.teacher(teacher_id)
    subjects = tuple(world.subject(number).name for number in member.subject_ids)
    return school_life.teacher(world, teacher_id).model_copy(
        update={"subjects": subjects, "position": member.position}
    )


def _line(gathering: Gathering) -> str:
    days = [f"{day:%d.%m.%Y}" for day in (gathering.on, gathering.until) if day]
    hour = [f"{gathering.at:%H:%M}"] if gathering.at else []
    return f"{', '.join([' – '.join(days), *hour])}. {gathering.organiser}, {gathering.place}"
