"""Edits change the world at its clock, keep history, and refuse what a school would not do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from diary_sandbox import edits
from diary_sandbox.clock import MOSCOW
from diary_sandbox.world import (
    AbsenceKind,
    AbsenceReason,
    Child,
    EditRefused,
    Lesson,
    LessonChange,
    LessonKind,
    Mark,
    MarkStatus,
    PointState,
    WorkKind,
    World,
)

from .towns import AFTER, AUTUMN, FIRST_DAY, LAST_DAY, persona_child, town

_YEAR = (FIRST_DAY, LAST_DAY)
_WEEK = (date(2026, 11, 23), date(2026, 11, 29))
_HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    """A town on Wednesday 25 November, noon."""
    return town(1)


@pytest.fixture
def child(world: World) -> Child:
    """A pupil of grade 8 in a Дневник.ру school."""
    return persona_child(world, "dnevnik_mother")


def past_lesson(world: World, child: Child) -> Lesson:
    """Return a marked lesson this week that is over, not missed and without a mark of the pupil."""
    taken = {mark.lesson_id for mark in world.marks(child.id, *_YEAR)}
    taken |= {absence.lesson_id for absence in world.absences(child.id, *_YEAR)}
    return next(
        lesson
        for lesson in world.lessons(child.id, *_WEEK)
        if lesson.happened and lesson.kind is LessonKind.REGULAR and lesson.id not in taken
    )


def next_lesson(world: World, child: Child, *, skip: int = 0) -> Lesson:
    """Return a lesson of the whole class on a day after today."""
    ahead = [
        lesson
        for lesson in world.lessons(
            child.id, AUTUMN.date() + timedelta(days=1), AUTUMN.date() + timedelta(days=9)
        )
        if lesson.actual and lesson.kind is LessonKind.REGULAR and lesson.subgroup is None
    ]
    return ahead[skip]


def test_a_mark_is_set(world: World, child: Child) -> None:
    """A new mark is there at once, entered now, weighed as the school weighs its form."""
    lesson = past_lesson(world, child)
    mark = edits.SetMark(child_id=child.id, lesson_id=lesson.id, display="5-", form=WorkKind.CONTROL).apply(
        world
    )
    assert mark in world.marks(child.id, lesson.on, lesson.on)
    assert world.mark(mark.id) == mark
    assert (mark.values, mark.weight, mark.entered_at) == ((Decimal(5),), 3, AUTUMN)
    second = edits.SetMark(child_id=child.id, lesson_id=lesson.id, display="4").apply(world)
    assert second.id != mark.id
    assert second.ordinal == 1
    world.clock.advance(-_HOUR)
    assert [m for m in world.marks(child.id, *_YEAR) if m.id in (mark.id, second.id)] == []


def test_a_changed_mark_is_the_same_mark(world: World, child: Child) -> None:
    """A change keeps the id, fills the history and the edit time; before it the old mark is seen."""
    mark = world.marks(child.id, *_YEAR)[-1]
    changed = edits.ChangeMark(mark_id=mark.id, display="2", comment="Списано").apply(world)
    assert (changed.id, changed.display, changed.comment, changed.edited_at) == (
        mark.id,
        "2",
        "Списано",
        AUTUMN,
    )
    assert [version.display for version in changed.history[-1:]] == [mark.display]
    again = edits.ChangeMark(mark_id=mark.id, display="3").apply(world)
    assert [version.display for version in again.history[-2:]] == [mark.display, "2"]
    assert again.comment == "Списано"
    assert world.mark(mark.id) == again
    world.clock.advance(-_HOUR)
    assert world.mark(mark.id) == mark


def test_a_withdrawn_mark_is_gone(world: World, child: Child) -> None:
    """A withdrawn mark is in no list and in no average any more."""
    mark = world.marks(child.id, *_YEAR)[-1]
    edits.WithdrawMark(mark_id=mark.id).apply(world)
    assert mark.id not in {m.id for m in world.marks(child.id, *_YEAR)}
    with pytest.raises(KeyError):
        world.mark(mark.id)
    with pytest.raises(KeyError):
        edits.ChangeMark(mark_id=mark.id, display="5").apply(world)


def test_averages_follow_edits(world: World, child: Child) -> None:
    """The average is the exact weighed mean of what is in the journal now."""
    lesson = past_lesson(world, child)
    span = (lesson.on, lesson.on)
    assert world.average(child.id, lesson.subject_id, *span) is None
    edits.SetMark(child_id=child.id, lesson_id=lesson.id, display="2", form=WorkKind.CONTROL).apply(world)
    edits.SetMark(child_id=child.id, lesson_id=lesson.id, display="5", form=WorkKind.ORAL).apply(world)
    edits.SetMark(child_id=child.id, lesson_id=lesson.id, display="н/а", form=WorkKind.ORAL).apply(world)
    edits.SetMark(child_id=child.id, lesson_id=lesson.id, display="5", form=WorkKind.CORRECTION).apply(world)
    assert world.average(child.id, lesson.subject_id, *span) == Decimal(11) / Decimal(4)
    edits.SetMark(child_id=child.id, lesson_id=lesson.id, display="3/5", form=WorkKind.ORAL).apply(world)
    assert world.average(child.id, lesson.subject_id, *span) == Decimal(19) / Decimal(6)


def test_a_point_by_hand(world: World) -> None:
    """A «точка» set by hand expires by itself, and a change turns it into an ordinary mark."""
    child = persona_child(world, "moscow_mother")
    lesson = past_lesson(world, child)
    order = edits.SetMark(child_id=child.id, lesson_id=lesson.id, display="2", point_due_on=date(2026, 12, 1))
    point = order.apply(world)
    assert not point.counts
    world.clock.set(datetime(2026, 12, 2, 0, 1, tzinfo=MOSCOW))
    expired = world.mark(point.id)
    assert expired.point
    assert expired.point.state is PointState.EXPIRED
    paid = edits.ChangeMark(mark_id=point.id, display="4").apply(world)
    assert paid.point
    assert (paid.point.state, paid.counts) == (PointState.TURNED, True)


def test_homework_is_set_edited_and_withdrawn(world: World, child: Child) -> None:
    """A task appears now, its edit shows text, time and history, and withdrawing takes it away."""
    due = next_lesson(world, child)
    task = edits.AddHomework(due_lesson_id=due.id, text="§ 5", minutes=20, attachments=2).apply(world)
    assert (task.due_on, task.created_at, task.assigned_on) == (due.on, AUTUMN, AUTUMN.date())
    assert task.id in {t.id for t in world.homework(child.id, due.on, due.on)}
    for attachment in task.attachments:
        assert len(world.attachment_bytes(attachment.id)[1]) == attachment.size
    world.clock.advance(_HOUR)
    edited = edits.EditHomework(task_id=task.id, text="§ 6").apply(world)
    assert (edited.text, edited.edited_at) == ("§ 6", AUTUMN + _HOUR)
    assert [(v.text, v.until) for v in edited.history] == [("§ 5", AUTUMN + _HOUR)]
    assert world.task(task.id, child.id).text == "§ 6"
    edits.WithdrawHomework(task_id=task.id).apply(world)
    assert task.id not in {t.id for t in world.homework(child.id, *_YEAR)}
    world.clock.advance(-_HOUR)
    assert world.task(task.id, child.id).text == "§ 5"


def test_generated_homework_is_edited_too(world: World, child: Child) -> None:
    """An edit of a generated task keeps its id and its ticks."""
    task = world.homework(child.id, date(2026, 11, 26), date(2026, 12, 4))[0]
    world.tick_homework(child.id, task.id, done=True)
    edited = edits.EditHomework(task_id=task.id, text="Новое задание").apply(world)
    assert world.task(task.id, child.id).done
    assert edited.history[-1].text == task.text
    assert [t.id for t in world.homework(child.id, task.due_on, task.due_on)].count(task.id) == 1


def test_a_cancelled_lesson(world: World, child: Child) -> None:
    """A cancelled lesson keeps its plan, never happens, and brings nothing later."""
    lesson = next_lesson(world, child)
    cancelled = edits.CancelLesson(lesson_id=lesson.id).apply(world)
    assert (cancelled.actual, cancelled.planned, cancelled.change) == (
        None,
        lesson.planned,
        LessonChange.CANCELLED,
    )
    assert cancelled.changed_at == AUTUMN
    world.clock.set(AFTER)
    assert not world.lesson(lesson.id).happened
    assert [m for m in world.marks(child.id, *_YEAR) if m.lesson_id == lesson.id] == []
    assert [a for a in world.absences(child.id, *_YEAR) if a.lesson_id == lesson.id] == []
    assert [t for t in world.homework(child.id, *_YEAR) if t.assigned_lesson_id == lesson.id] == []
    world.clock.set(AUTUMN - _HOUR)
    assert world.lesson(lesson.id) == lesson


def test_a_replaced_lesson(world: World, child: Child) -> None:
    """A substitute by default; a named subject brings its own teacher."""
    lesson, other = next_lesson(world, child), next_lesson(world, child, skip=1)
    replaced = edits.ReplaceLesson(lesson_id=lesson.id, room="101").apply(world)
    assert replaced.actual
    assert replaced.planned == lesson.planned
    assert replaced.actual.teacher_id != lesson.half.teacher_id
    assert replaced.actual.room == "101"
    taught = edits.ReplaceLesson(lesson_id=other.id, subject_id=lesson.subject_id).apply(world)
    assert taught.subject_id == lesson.subject_id
    assert taught.group_id == lesson.group_id


def test_a_moved_lesson(world: World, child: Child) -> None:
    """A moved lesson stands in its new place only, and its homework is due there."""
    lesson = next_lesson(world, child)
    task = edits.AddHomework(due_lesson_id=lesson.id, text="§ 7").apply(world)
    to = lesson.on + timedelta(days=1)
    moved = edits.MoveLesson(lesson_id=lesson.id, on=to, slot=9).apply(world)
    assert (moved.on, moved.half.slot, moved.planned) == (to, 9, lesson.planned)
    assert lesson.id not in {one.id for one in world.lessons(child.id, lesson.on, lesson.on)}
    assert lesson.id in {one.id for one in world.lessons(child.id, to, to)}
    assert world.task(task.id, child.id).due_on == to


def test_an_added_lesson(world: World, child: Child) -> None:
    """An added lesson has no plan, happens like any other and can bring a mark."""
    on = next_lesson(world, child).on
    subject = next_lesson(world, child).subject_id
    added = edits.AddLesson(class_id=child.class_id, on=on, slot=9, subject_id=subject).apply(world)
    assert (added.planned, added.change, added.happened) == (None, LessonChange.ADDED, False)
    world.clock.set(datetime(on.year, on.month, on.day, 22, 0, tzinfo=MOSCOW))
    assert world.lesson(added.id).happened
    edits.SetTopic(lesson_id=added.id, topic="Повторение").apply(world)
    mark = edits.SetMark(child_id=child.id, lesson_id=added.id, display="4").apply(world)
    seen = next(one for one in world.lessons(child.id, on, on) if one.id == added.id)
    assert seen.topic == "Повторение"
    assert mark in world.marks(child.id, on, on)


def test_absences_are_added_and_taken_back(world: World, child: Child) -> None:
    """Said twice, the second word holds; taken back, it is gone."""
    lesson = past_lesson(world, child)
    first = edits.AddAbsence(child_id=child.id, lesson_id=lesson.id).apply(world)
    assert (first.kind, first.excused, first.entered_at) == (AbsenceKind.ABSENT, False, AUTUMN)
    world.clock.advance(_HOUR)
    again = edits.AddAbsence(child_id=child.id, lesson_id=lesson.id, reason=AbsenceReason.ILLNESS).apply(
        world
    )
    assert (again.id, again.excused) == (first.id, True)
    assert [a for a in world.absences(child.id, *_WEEK) if a.id == first.id] == [again]
    edits.WithdrawAbsence(absence_id=first.id).apply(world)
    assert [a for a in world.absences(child.id, *_WEEK) if a.id == first.id] == []


def test_results_remarks_and_announcements(world: World, child: Child) -> None:
    """A result is set, then changed; remarks and announcements reach those they are for."""
    term = world.terms(child.class_id)[0]
    result = world.results(child.id)[0]
    changed = edits.SetResult(
        child_id=child.id, subject_id=result.subject_id, term_id=term.id, display="5"
    ).apply(world)
    assert (changed.id, changed.edited_at, changed.entered_at) == (result.id, AUTUMN, result.entered_at)
    assert [r.display for r in world.results(child.id) if r.id == result.id] == ["5"]
    lesson = past_lesson(world, child)
    remark = edits.AddRemark(child_id=child.id, lesson_id=lesson.id, text="Молодец").apply(world)
    assert remark in world.remarks(child.id, lesson.on, lesson.on)
    news = edits.Announce(school_id=child.school_id, title="А", text="Б", class_id=child.class_id).apply(
        world
    )
    sibling = persona_child(world, "dnevnik_mother", 1)
    assert news in world.announcements(child.class_id, *_WEEK)
    assert news not in world.announcements(sibling.class_id, *_WEEK)


def test_a_family_writes(world: World, child: Child) -> None:
    """Ticks, notices and signatures are edits too: they stay, and go when the clock goes back."""
    parent_id = world.guardians_of(child.id)[0].parent_id
    on = date(2026, 12, 3)
    notice = world.notify_absence(child.id, parent_id, on, AbsenceReason.FAMILY, comment="Поездка")
    lesson_notice = world.notify_absence(child.id, parent_id, on, AbsenceReason.UNWELL, slot=2)
    assert world.absence_notices(child.id, on, on) == (notice, lesson_notice)
    replaced = world.notify_absence(child.id, parent_id, on, AbsenceReason.ILLNESS)
    assert world.absence_notices(child.id, on, on) == (replaced, lesson_notice)
    assert world.withdraw_notice(child.id, on, 2)
    assert not world.withdraw_notice(child.id, on, 2)
    assert world.absence_notices(child.id, on, on) == (replaced,)
    assert world.notices_told(child.id) == (notice, lesson_notice, replaced)
    monday = date(2026, 11, 23)
    signature = world.sign_week(child.id, parent_id, monday)
    assert world.sign_week(child.id, parent_id, monday) == signature
    assert signature in world.signatures(child.id)
    task = world.homework(child.id, *_YEAR)[-1]
    assert world.tick_homework(child.id, task.id, done=True).done
    assert world.task(task.id, child.id).done
    assert not world.tick_homework(child.id, task.id, done=False).done
    world.clock.advance(-_HOUR)
    assert world.absence_notices(child.id, on, on) == ()
    assert signature not in world.signatures(child.id)


def test_generated_notices_can_be_withdrawn(world: World, child: Child) -> None:
    """A notice the town came with is withdrawn like one made by hand."""
    notice = world.absence_notices(child.id, *_YEAR)[0]
    assert world.withdraw_notice(child.id, notice.on, notice.slot)
    assert notice not in world.absence_notices(child.id, *_YEAR)


Refused = Callable[[World, Child], edits.Edit]
_REFUSED: dict[str, Refused] = {
    "mark ahead": lambda w, c: edits.SetMark(child_id=c.id, lesson_id=next_lesson(w, c).id, display="5"),
    "mark unheard of": lambda w, c: edits.SetMark(child_id=c.id, lesson_id=past_lesson(w, c).id, display="6"),
    "empty mark": lambda w, c: edits.SetMark(child_id=c.id, lesson_id=past_lesson(w, c).id, display=""),
    "another class": lambda w, c: edits.SetMark(
        child_id=w.family(1).child_ids[0], lesson_id=past_lesson(w, c).id, display="5"
    ),
    "cancel the past": lambda w, c: edits.CancelLesson(lesson_id=past_lesson(w, c).id),
    "move to Sunday": lambda w, c: edits.MoveLesson(
        lesson_id=next_lesson(w, c).id, on=date(2026, 11, 29), slot=2
    ),
    "move to the past": lambda w, c: edits.MoveLesson(
        lesson_id=next_lesson(w, c).id, on=date(2026, 11, 24), slot=9
    ),
    "move to a taken slot": lambda w, c: edits.MoveLesson(
        lesson_id=next_lesson(w, c).id,
        on=next_lesson(w, c, skip=1).on,
        slot=next_lesson(w, c, skip=1).half.slot or 0,
    ),
    "no such slot": lambda w, c: edits.MoveLesson(
        lesson_id=next_lesson(w, c).id, on=date(2026, 11, 27), slot=10
    ),
    "subject not taught": lambda w, c: edits.AddLesson(
        class_id=c.class_id, on=date(2026, 11, 27), slot=9, subject_id=2
    ),
    "absence ahead": lambda w, c: edits.AddAbsence(child_id=c.id, lesson_id=next_lesson(w, c).id),
    "topic ahead": lambda w, c: edits.SetTopic(lesson_id=next_lesson(w, c).id, topic="Рано"),
    "homework for the past": lambda w, c: edits.AddHomework(due_lesson_id=past_lesson(w, c).id, text="§ 1"),
    "no such result": lambda w, c: edits.SetResult(child_id=c.id, subject_id=2, term_id=1, display="5"),
    "foreign class": lambda w, c: edits.Announce(school_id=1, class_id=c.class_id, title="А", text="Б"),
}


@pytest.mark.parametrize("refused", _REFUSED.values(), ids=_REFUSED)
def test_what_no_school_would_do_is_refused(world: World, child: Child, refused: Refused) -> None:
    """A refused edit says why and changes nothing."""
    before = (
        world.lessons(child.id, *_YEAR),
        world.marks(child.id, *_YEAR),
        world.homework(child.id, *_YEAR),
    )
    edit = refused(world, child)
    with pytest.raises(EditRefused, match=r"\w"):
        edit.apply(world)
    after = (world.lessons(child.id, *_YEAR), world.marks(child.id, *_YEAR), world.homework(child.id, *_YEAR))
    assert after == before


def test_nobody_is_marked_on_a_missed_lesson_or_missed_on_a_marked_one(world: World, child: Child) -> None:
    """Marks and absences of one lesson shut each other out; late does not."""
    missed = next(
        a
        for a in world.absences(child.id, *_YEAR)
        if a.kind is AbsenceKind.ABSENT and world.subject(world.lesson(a.lesson_id).subject_id).marked
    )
    with pytest.raises(EditRefused):
        edits.SetMark(child_id=child.id, lesson_id=missed.lesson_id, display="5").apply(world)
    marked = world.marks(child.id, *_YEAR)[0]
    with pytest.raises(EditRefused):
        edits.AddAbsence(child_id=child.id, lesson_id=marked.lesson_id).apply(world)
    late = edits.AddAbsence(
        child_id=child.id, lesson_id=marked.lesson_id, absence=AbsenceKind.LATE, minutes_late=5
    ).apply(world)
    assert late.minutes_late == 5


def test_forgetting_edits_brings_the_town_back(world: World, child: Child) -> None:
    """After any edits the town is what its seed made."""
    before = (
        world.lessons(child.id, *_YEAR),
        world.marks(child.id, *_YEAR),
        world.homework(child.id, *_YEAR),
    )
    edits.CancelLesson(lesson_id=next_lesson(world, child).id).apply(world)
    edits.WithdrawMark(mark_id=world.marks(child.id, *_YEAR)[0].id).apply(world)
    edits.AddHomework(due_lesson_id=next_lesson(world, child, skip=2).id, text="§ 9").apply(world)
    world.forget_edits()
    after = (world.lessons(child.id, *_YEAR), world.marks(child.id, *_YEAR), world.homework(child.id, *_YEAR))
    assert after == before


def test_words_written_as_marks(world: World, child: Child) -> None:
    """«зач», «осв», «н/а» and «См» are marks of their own status, without a value."""
    lesson = past_lesson(world, child)
    statuses: dict[str, MarkStatus] = {}
    for word in ("зач", "незач", "осв", "н/а", "См"):
        mark: Mark = edits.SetMark(child_id=child.id, lesson_id=lesson.id, display=word).apply(world)
        assert (mark.values, mark.counts) == ((), False)
        statuses[word] = mark.status
    assert len(set(statuses.values())) == 5
