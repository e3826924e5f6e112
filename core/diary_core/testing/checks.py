"""What the contract checks: each function returns the offenders, so that a failure names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from diary_core.access_guide import AccessGuide
from diary_core.model import (
    AbsenceNotice,
    ClassStanding,
    Day,
    DiaryAverage,
    Event,
    Homework,
    Lesson,
    LessonSlot,
    Mark,
    NewAbsenceNotice,
    NotLoaded,
    StudyPlan,
    Term,
    TermResult,
    Unavailable,
    known,
)
from diary_core.text import filler


def guide_gaps(guide: AccessGuide) -> list[str]:
    """Return what an access guide leaves empty."""
    texts = [guide.diary, guide.issuer, guide.takes, guide.lasts, guide.ask, *guide.papers, *guide.steps]
    texts += [text for obstacle in guide.obstacles for text in (obstacle.cause, obstacle.remedy)]
    gaps = [repr(text) for text in texts if not text.ru.strip() or not text.en.strip()]
    return gaps + ([] if guide.steps else ["no steps"])


def repeated(ids: Iterable[str]) -> list[str]:
    """Return the ids that stand more than once."""
    seen: set[str] = set()
    return [item for item in ids if item in seen or seen.add(item)]


def every_day(since: date, until: date) -> list[date]:
    """Return every day of a span, both ends included."""
    return [since + timedelta(days=number) for number in range((until - since).days + 1)]


def outside(dates: Sequence[date], since: date, until: date) -> list[date]:
    """Return the dates outside the span, and those that stand after a later one."""
    late = [after for before, after in pairwise(dates) if after < before]
    return [day for day in dates if not since <= day <= until] + late


def lesson_faults(day: Day) -> list[str]:
    """Return what is wrong with the lessons of a day."""
    faults = [f"repeated {item!r}" for item in repeated(lesson.id for lesson in day.lessons)]
    starts = [_starts(lesson) for lesson in day.lessons]
    if starts != sorted(starts):
        faults.append("not by starting time")
    for lesson in day.lessons:
        faults += [f"{lesson.id}: {fault}" for fault in _one_lesson(day, lesson)]
    return faults


def _starts(lesson: Lesson) -> time:
    half = lesson.actual or known(lesson.planned)
    return (half and half.starts) or time.min


def _one_lesson(day: Day, lesson: Lesson) -> Iterable[str]:
    if lesson.date != day.date:
        yield "stands on another day"
    half = lesson.actual
    if half and half.starts and half.ends and half.ends <= half.starts:
        yield "ends before it starts"
    for mark in known(lesson.marks) or ():
        if mark.date != day.date:
            yield f"mark {mark.id} has another date"
    for task in known(lesson.homework) or ():
        yield from homework_faults(task)
        if task.due_on != day.date:
            yield f"homework {task.id} is due on another day"


def homework_faults(task: Homework) -> list[str]:
    """Return what is wrong with an assignment."""
    assigned = known(task.assigned_on)
    rules = {
        "is a filler": not known(task.attachments) and filler(task.text),
        "is due before it was given": assigned is not None and assigned > task.due_on,
    }
    return [f"homework {task.id} {rule}" for rule, broken in rules.items() if broken]


def term_faults(terms: Sequence[Term]) -> list[str]:
    """Return what is wrong with a tree of terms."""
    by_id = {term.id: term for term in terms}
    faults = [f"repeated {item!r}" for item in repeated(term.id for term in terms)]
    for term in terms:
        parent = by_id.get(term.parent_id or "")
        if term.until < term.since:
            faults.append(f"{term.title} ends before it begins")
        if term.parent_id is not None and parent is None:
            faults.append(f"{term.title} has a parent that is not there")
        if parent and not parent.since <= term.since <= term.until <= parent.until:
            faults.append(f"{term.title} does not lie inside {parent.title}")
    return faults


def event_faults(event: Event, since: date, until: date, zone: ZoneInfo) -> list[str]:
    """Return what is wrong with an event of a span, by the school's clock."""
    last = event.until or event.date
    starts, ends, link = event.starts_at, event.ends_at, known(event.link)
    rules = {
        "has no title": not event.title,
        "lies outside the span": last < since or event.date > until,
        "says one day twice": event.until is not None and event.until <= event.date,
        "ends without a start": starts is None and ends is not None,
        "starts on another day": starts is not None and starts.astimezone(zone).date() != event.date,
        "ends before it starts": starts is not None and ends is not None and ends < starts,
        "links to no page": link is not None and not link.startswith(("https://", "http://")),
    }
    return [f"event {event.id} {rule}" for rule, broken in rules.items() if broken]


def plan_faults(plan: StudyPlan) -> list[str]:
    """Return what is wrong with a study plan."""
    faults = [f"repeated {name!r}" for name in repeated(line.subject.name for line in plan.subjects)]
    for line in plan.subjects:
        hours = (line.hours_total, line.hours_passed, line.hours_a_week_least, line.hours_a_week_most)
        if any(number is not None and number < 0 for number in hours):
            faults.append(f"{line.subject.name} has hours below zero")
    modules = known(plan.modules) or ()
    faults += [f"repeated module {item!r}" for item in repeated(module.id for module in modules)]
    return faults + [
        f"{module.title} ends before it begins" for module in modules if module.until < module.since
    ]


def notice_faults(notice: AbsenceNotice, told: NewAbsenceNotice) -> list[str]:
    """Return in what a notice differs from what was just told by the signed-in person."""
    rules = {
        "day": notice.date != told.date,
        "lesson": notice.lesson_id not in (told.lesson_ids or (None,)),
        "reason": notice.reason is None or notice.reason.code != told.reason_code,
        "comment": notice.comment != told.comment,
        "told_by": notice.told_by == "other",
    }
    return [rule for rule, broken in rules.items() if broken]


def bell_faults(bells: Sequence[LessonSlot]) -> list[str]:
    """Return what is wrong with the bells of a day."""
    faults = [f"bell {bell.number} rings off before it rings" for bell in bells if bell.ends <= bell.starts]
    for before, after in pairwise(bells):
        if after.number <= before.number:
            faults.append(f"bell {after.number} stands after bell {before.number}")
        if after.starts < before.ends:
            faults.append(f"bell {after.number} rings within bell {before.number}")
    return faults


def mark_faults(found: Mark, listed: Mark) -> list[str]:
    """Return what a mark in depth tells otherwise than the list, or has forgotten."""
    told = {name: getattr(listed, name) for name in Mark.model_fields}
    return [
        name
        for name, value in told.items()
        if not isinstance(value, NotLoaded | Unavailable) and getattr(found, name) != value
    ]


def result_faults(results: Sequence[TermResult]) -> list[str]:
    """Return what is wrong with the results of a year."""
    names = [result.subject.name for result in results]
    faults = [f"repeated {item!r}" for item in repeated(result.id for result in results)]
    faults += [f"{result.id} has no title" for result in results if not result.title.strip()]
    return faults if names == sorted(names) else [*faults, "not by subject"]


def standing_faults(standings: Sequence[ClassStanding]) -> list[str]:
    """Return what is wrong with a child's places in the class."""
    names = ["" if one.subject is None else one.subject.name for one in standings]
    faults = [] if names == sorted(names) else ["not by subject, all of them together first"]
    faults += [f"repeated {name!r}" for name in repeated(names)]
    sized = [(one.place, size) for one in standings if (size := known(one.class_size)) is not None]
    return faults + [f"place {place} of {size}" for place, size in sized if place > size]


def average_faults(averages: Sequence[DiaryAverage], term_id: str) -> list[str]:
    """Return what is wrong with the averages of a term."""
    names = [average.subject.name for average in averages]
    faults = [
        f"repeated {item!r}" for item in repeated(one.subject.id or one.subject.name for one in averages)
    ]
    for average in averages:
        if average.term_id != term_id:
            faults.append(f"{average.subject.name} is of another term")
        if average.value is not None and average.value <= 0:
            faults.append(f"{average.subject.name} has an average of nothing")
    return faults if names == sorted(names) else [*faults, "not by subject"]
