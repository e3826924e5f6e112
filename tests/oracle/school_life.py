"""What surrounds lessons, told by the world itself: news, events, remarks, signatures, the school, its plan.

As in `truth.py` everything is filled in, ids are empty, and the world's types are never the model's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from diary_core.model import (
    Address,
    Announcement,
    Event,
    PlanModule,
    Remark,
    School,
    StudyGroup,
    StudyPlan,
    StudyPlanSubject,
    Subject,
    Teacher,
    WeekSignature,
)
from diary_core.people import PersonName
from diary_sandbox import world as town
from diary_sandbox.world import AnnouncementKind, World

_LENGTH = timedelta(minutes=90)
"""How long everything in the town takes."""


def told(
    world: World, class_ids: Iterable[int], kinds: Collection[AnnouncementKind]
) -> list[town.Announcement]:
    """Return what was announced to some classes in the year, each once."""
    found = {
        one.id: one
        for class_id in class_ids
        for one in world.announcements(class_id, world.year.since, world.year.until)
        if one.kind in kinds
    }
    return list(found.values())


def announcement(world: World, one: town.Announcement) -> Announcement:
    """Return an announcement as a diary should show it, by the person who wrote it."""
    return Announcement(
        id="",
        title=one.title,
        text=one.text,
        published_at=one.published_at,
        edited_at=one.edited_at,
        author=world.teacher(one.author_id).person.name.full,
    )


def events(world: World, child_id: int, since: date, until: date) -> list[Event]:
    """Return the meetings and events that reach into a span."""
    child = world.child(child_id)
    return [
        event
        for one in told(world, [child.class_id], set(AnnouncementKind))
        if (event := _event(world, one)) and event.date <= until and (event.until or event.date) >= since
    ]


def remarks(world: World, child_id: int, since: date, until: date) -> list[Remark]:
    """Return teachers' remarks to lessons of a span."""
    return [
        Remark(
            id="",
            date=one.on,
            subject=_subject(world, world.lesson(one.lesson_id).subject_id),
            lesson_id="",
            text=one.text,
            author=teacher(world, one.teacher_id),
            entered_at=one.entered_at,
        )
        for one in world.remarks(child_id, since, until)
    ]


def signatures(world: World, child_id: int, since: date, until: date) -> list[WeekSignature]:
    """Return every week of a span, from its Monday, by who signed it first."""
    signed = {one.week: one.signed_at for one in world.signatures(child_id)}
    weeks = (until - since).days // 7 + 1
    return [
        WeekSignature(week=week, signed=week in signed, signed_at=signed.get(week))
        for week in (since + timedelta(weeks=number) for number in range(weeks))
    ]


def study_plan(world: World, child_id: int) -> StudyPlan:
    """Return the plan of the child's class with a module for each subject and term."""
    group = world.class_group(world.child(child_id).class_id)
    plan = world.study_plan(group.id)
    level = "НОО" if group.parallel < 5 else "ООО" if group.parallel < 10 else "СОО"
    return StudyPlan(
        id="",
        title=plan.title,
        profile=plan.profile,
        level=level,
        form="Очная",
        days_a_week=world.school(group.school_id).weekdays,
        adapted=False,
        hours_total=sum(line.total_hours for line in plan.subjects),
        subjects=tuple(
            StudyPlanSubject(
                subject=Subject(id=None, name=world.subject(line.subject_id).name),
                area=world.subject(line.subject_id).area,
                hours_total=line.total_hours,
                hours_passed=line.passed_hours,
                hours_a_week_least=line.hours_a_week,
                hours_a_week_most=line.hours_a_week,
            )
            for line in plan.subjects
        ),
        modules=tuple(
            PlanModule(
                id="",
                title=f"{subject.name}: {term.name}",
                subject=Subject(id=None, name=subject.name),
                since=term.since,
                until=term.until,
            )
            for subject in world.subjects(group.id)
            if subject.kind is town.LessonKind.REGULAR
            for term in world.terms(group.id)[:-1]
        ),
    )


def school(world: World, child_id: int) -> School:
    """Return the school of a child with all of its own people and places."""
    child = world.child(child_id)
    own, group = world.school(child.school_id), world.class_group(child.class_id)
    return School(
        id="",
        name=own.name,
        short_name=own.short_name,
        zone=own.zone.key,
        principal=world.teacher(own.principal_id).person.name.full,
        phone=own.phone,
        email=own.email,
        website=own.website,
        district=own.district,
        addresses=tuple(
            Address(text=one.address, main=one.main, name=one.name, own=one.id == group.building_id)
            for one in own.buildings
        ),
        class_teachers=(teacher(world, group.class_teacher_id),),
        teachers=tuple(
            teacher(world, teacher_id).model_copy(update={"subjects": names})
            for teacher_id, names in _taught(world, group.id).items()
        ),
        study_groups=tuple(
            StudyGroup(id="", name=one.name)
            for one in world.study_groups(child.id)
            if world.subject(one.subject_id).kind is town.LessonKind.REGULAR
        ),
    )


def _taught(world: World, class_id: int) -> dict[int, tuple[str, ...]]:
    """Return which subjects each teacher of a class teaches to it."""
    found: dict[int, dict[str, None]] = {}
    for group in world.class_study_groups(class_id):
        found.setdefault(group.teacher_id, {})[world.subject(group.subject_id).name] = None
    return {teacher_id: tuple(names) for teacher_id, names in found.items()}


def teacher(world: World, teacher_id: int) -> Teacher:
    """Return a teacher by name."""
    name = world.teacher(teacher_id).person.name
    return Teacher(id=None, name=PersonName(last=name.last, first=name.first, middle=name.middle))


def _event(world: World, one: town.Announcement) -> Event | None:
    gathering = one.gathering
    if gathering is None:
        return None
    school = world.school(one.school_id)
    starts = datetime.combine(gathering.on, gathering.at, school.zone) if gathering.at else None
    ends = None
    if gathering.at:
        ends = datetime.combine(gathering.until or gathering.on, gathering.at, school.zone) + _LENGTH
    city = one.kind is AnnouncementKind.CITY_EVENT
    return Event(
        id="",
        kind=gathering.sort.value,
        title=one.title,
        text=one.text,
        date=gathering.on,
        until=gathering.until,
        starts_at=starts,
        ends_at=ends,
        place=gathering.place,
        address=None if city else school.buildings[0].address,
        subject=_subject(world, gathering.subject_id),
        organiser=gathering.organiser,
        link=f"{school.website}/event/{one.id}",
        cancelled=False,
    )


def _subject(world: World, subject_id: int | None) -> Subject | None:
    return None if subject_id is None else Subject(id=None, name=world.subject(subject_id).name)
