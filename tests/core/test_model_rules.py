"""The rules of the common diary model, learnt from every unified model that broke."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from itertools import combinations
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

import diary_core.model
from diary_core.abilities import Ability, ReadsAverages
from diary_core.content_key import content_ids
from diary_core.model import (
    NOT_LOADED,
    Answer,
    Attachment,
    AttendanceRecord,
    ClassStanding,
    Day,
    Debt,
    DiaryAverage,
    Homework,
    Lesson,
    LessonHalf,
    Mark,
    MarkPart,
    MarkScale,
    MarkStatus,
    MarkVersion,
    MealAccount,
    Model,
    NotLoaded,
    Reason,
    Source,
    Subject,
    Term,
    TermResult,
    Unavailable,
)
from diary_core.notation import read_mark
from diary_core.testing.checks import term_faults

ALGEBRA = Subject(id="101", name="Алгебра")
DAY = date(2026, 9, 16)
HALF = LessonHalf(subject=ALGEBRA, starts=time(8, 30), ends=time(9, 15))
STATUSES: tuple[MarkStatus, ...] = get_args(MarkStatus)


def _mark(**changes: object) -> Mark:
    plain: dict[str, object] = {
        "id": "m1",
        "subject": ALGEBRA,
        "date": DAY,
        "display": "5",
        "value": Decimal(5),
        "status": "graded",
        "scale": MarkScale(kind="five"),
        "counts": True,
    }
    return Mark.model_validate(plain | changes)


def _lesson(**changes: object) -> Lesson:
    plain: dict[str, object] = {
        "id": "l1",
        "date": DAY,
        "kind": "lesson",
        "planned": HALF,
        "actual": HALF,
        "change": "none",
    }
    return Lesson.model_validate(plain | changes)


def _entities() -> list[type[Model]]:
    exported = (getattr(diary_core.model, name) for name in diary_core.model.__all__)
    return [thing for thing in exported if isinstance(thing, type) and issubclass(thing, Model)]


def _fields() -> Iterator[tuple[str, Any]]:  # pydantic's own type of an annotation
    for entity in _entities():
        for name, field in entity.model_fields.items():
            yield f"{entity.__name__}.{name}", field


def test_rule_01_a_mark_is_what_the_school_wrote_and_nothing_is_invented() -> None:
    """A mark always shows something; weight zero is shown and not counted; nothing stands in for nothing."""
    assert _mark(weight=Decimal(0), counts=False).weight == 0
    assert _mark().weight == NOT_LOADED
    invented: list[dict[str, object]] = [
        {"display": " "},
        {"weight": Decimal(0)},
        {"status": "absent", "display": "Н", "value": Decimal(0), "counts": False},
        {"status": "exempt", "display": "осв", "value": Decimal(5), "counts": False},
        {"status": "not_submitted", "display": "н/а", "value": Decimal(1), "counts": False},
        {"display": "зач", "value": None},
        {"status": "invented"},
    ]
    for changes in invented:
        with pytest.raises(ValidationError):
            _mark(**changes)
    required = {name for name, field in Mark.model_fields.items() if field.is_required()}
    assert required >= {"display", "value", "scale", "status", "counts"}


def test_rule_01_the_statuses_are_these_nine() -> None:
    """The closed set a client may switch on."""
    written = "graded absent exempt not_submitted passed failed pending annulled info"
    assert list(STATUSES) == written.split()


@pytest.mark.parametrize(
    "changes",
    [
        {"display": " "},
        {"display": "н/а", "status": "not_submitted", "value": Decimal(2)},
        {"kind": "year", "term_id": "q1"},
        {"kind": "week"},
    ],
)
def test_rule_01_a_result_that_contradicts_itself_cannot_be_made(changes: dict[str, object]) -> None:
    """It shows what the school wrote, a word is worth no number, and only a term's own mark closes a term."""
    plain: dict[str, object] = {
        "id": "r1",
        "subject": ALGEBRA,
        "kind": "term",
        "title": "1 четверть",
        "term_id": "q1",
        "display": "5",
        "value": Decimal(5),
        "status": "graded",
    }
    assert TermResult.model_validate(plain).entered_at == NOT_LOADED
    with pytest.raises(ValidationError):
        TermResult.model_validate(plain | changes)


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "graded"])
def test_rule_02_only_a_graded_mark_counts(status: MarkStatus) -> None:
    """A «точка» least of all, whatever provisional number stands in it."""
    with pytest.raises(ValidationError):
        _mark(status=status)


def test_rule_02_a_point_has_a_deadline_and_unpaid_is_a_debt() -> None:
    """A deadline belongs to a pending mark alone, and only a pending mark can be owed."""
    point = _mark(status="pending", display="3", value=Decimal(3), counts=False, due_on=DAY)
    assert Debt(mark=point, overdue_since=DAY).mark.due_on == DAY
    with pytest.raises(ValidationError):
        _mark(due_on=DAY)
    with pytest.raises(ValidationError):
        Debt(mark=_mark(), overdue_since=DAY)


def test_rule_03_a_split_mark_has_parts_and_a_sign_is_a_modifier() -> None:
    """`3/5` is two halves without a number of its own; `4-` is a four; words are statuses."""
    split = read_mark("3/5")
    assert split.value is None
    assert split.parts == (MarkPart(display="3", value=Decimal(3)), MarkPart(display="5", value=Decimal(5)))
    assert _mark(display="3/5", value=None, parts=split.parts).counts
    minus = read_mark("4-")
    assert (minus.value, minus.modifier) == (Decimal(4), "-")
    assert _mark(display="4-", value=minus.value, modifier=minus.modifier).display == "4-"
    words = ("н/а", "зач", "осв")
    assert [read_mark(word).status for word in words] == ["not_submitted", "passed", "exempt"]


def test_rule_04_an_edited_mark_is_the_same_mark() -> None:
    """It keeps its id, and what it was stands in its history."""
    before = MarkVersion(display="4", until=datetime(2026, 9, 17, 9, tzinfo=UTC))
    edited = _mark().model_copy(update={"display": "5", "history": (before,)})
    assert edited.id == _mark().id
    assert edited.history == (before,)


def test_rule_04_without_an_id_identity_is_content_and_ordinal() -> None:
    """Equal things are told apart by their order; a thing that appears or vanishes elsewhere renames none."""
    algebra, physics = (
        ("mark", "child-1", "2026-09-16", "Алгебра"),
        ("mark", "child-1", "2026-09-16", "Физика"),
    )
    once = content_ids([algebra, physics, algebra])
    assert len(set(once)) == 3
    assert content_ids([physics, algebra, algebra]) == (once[1], once[0], once[2])
    assert content_ids([algebra]) == once[:1]
    assert content_ids([("a", "b")]) != content_ids([("ab",)]) != content_ids([("a", "", "b")])


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 9, 15, 21, 0, tzinfo=UTC),
        datetime(2026, 9, 16, tzinfo=UTC),
        datetime(2026, 9, 16),
        "2026-09-16T00:00:00Z",
        "2026-09-16T00:00:00",
        1789516800,
        1789516800.0,
        "1789516800",
    ],
)
def test_rule_05_no_date_is_cut_from_an_instant(instant: object) -> None:
    """Midnight in UTC is another day in most of Russia, so not even midnight passes for a date."""
    for cut in (lambda: _mark(date=instant), lambda: _lesson(date=instant)):
        with pytest.raises(ValidationError):
            cut()


def test_rule_05_times_are_wall_times_in_the_schools_zone() -> None:
    """A time with a zone of its own is refused; the zone stands on the day and is a real one."""
    with pytest.raises(ValidationError):
        LessonHalf(subject=ALGEBRA, starts=time(8, 30, tzinfo=timezone(timedelta(hours=3))), ends=None)
    Day(date=DAY, zone="Asia/Kamchatka", lessons=())
    for zone in ("MSK+3", "Europe/Nowhere", "../../etc/passwd", ""):
        with pytest.raises(ValidationError):
            Day(date=DAY, zone=zone, lessons=())


def test_rule_05_every_date_and_time_of_the_model_is_guarded() -> None:
    """No entity has a field of a bare date, time or datetime, which would take what the rule forbids."""
    forbidden: dict[str, object] = {
        r"datetime\.date\b": datetime(2026, 9, 16, tzinfo=UTC),
        r"datetime\.datetime\b": datetime(2026, 9, 16),
        r"datetime\.time\b": time(8, tzinfo=UTC),
    }
    guarded = [
        (name, TypeAdapter[object](field.rebuild_annotation()), sample)
        for name, field in _fields()
        for kind, sample in forbidden.items()
        if re.search(kind, str(field.rebuild_annotation()))
    ]
    assert len(guarded) > 20
    assert [name for name, adapter, sample in guarded if _takes(adapter, sample)] == []


def _takes(adapter: TypeAdapter[object], sample: object) -> bool:
    try:
        adapter.validate_python(sample)
    except ValidationError:
        return False
    return True


def test_rule_05_a_span_has_both_its_ends() -> None:
    """Wherever an ability takes a span, it is `since` and `until`; a single day is a span."""
    calls = {f"{ability.__name__}.{method}": set(given.parameters) for ability, method, given in _calls()}
    assert [call for call, given in calls.items() if len(given & {"since", "until"}) == 1] == []


def test_rule_06_terms_form_a_tree_and_may_share_a_day() -> None:
    """A day lies in a year, a half-year and a quarter at once; a term names its parent."""
    span: dict[str, date] = {"since": date(2026, 9, 1), "until": date(2027, 8, 31)}
    year = Term(id="y", parent_id=None, kind="year", number=None, title="2026/27", **span)
    quarter = year.model_copy(
        update={"id": "q1", "parent_id": "y", "kind": "quarter", "number": 1, "until": date(2026, 10, 25)}
    )
    assert [term.id for term in (year, quarter) if term.since <= DAY <= term.until] == ["y", "q1"]
    assert term_faults([year, quarter]) == []
    assert term_faults([quarter]) != []


def test_rule_06_an_ability_takes_the_id_of_a_term() -> None:
    """A date does not name a term, so it is never asked by one."""
    assert list(inspect.signature(ReadsAverages.averages).parameters) == ["self", "enrolment_id", "term_id"]


@pytest.mark.parametrize(
    "changes",
    [
        {"actual": None},
        {"change": "cancelled"},
        {"planned": None},
        {"change": "added"},
        {"actual": None, "planned": None, "change": "cancelled"},
    ],
)
def test_rule_07_the_halves_of_a_lesson_fit_its_change(changes: dict[str, object]) -> None:
    """Only a cancelled lesson has no actual half, only an added one no planned half."""
    with pytest.raises(ValidationError):
        _lesson(**changes)


def test_rule_07_a_lesson_tells_what_was_planned_and_what_is() -> None:
    """All five changes can be told, and two groups may have their lessons in one slot."""
    for change in ("none", "replaced", "moved"):
        assert _lesson(change=change).planned == HALF
    assert _lesson(change="cancelled", actual=None).planned == HALF
    assert _lesson(change="added", planned=None).actual == HALF
    day = Day(date=DAY, zone="Europe/Moscow", lessons=(_lesson(slot=2), _lesson(id="l2", slot=2)))
    assert [lesson.slot for lesson in day.lessons] == [2, 2]


def test_rule_08_homework_tells_all_this() -> None:
    """When it was given and is due, for whom, whether it must be done and is, how long, when edited."""
    told = {"assigned_on", "due_on", "scope", "required", "done", "attachments", "edited_at", "minutes"}
    assert told - set(Homework.model_fields) == set()
    task = Homework(id="h", subject=ALGEBRA, due_on=DAY, text="№ 112", required=None)
    assert task.required is None
    assert task.done == NOT_LOADED


def test_rule_08_an_attachment_has_no_raw_link() -> None:
    """A link with a token in it has no place to travel in."""
    assert [
        name for name in Attachment.model_fields if "url" in name or "link" in name or "href" in name
    ] == []
    with pytest.raises(ValidationError):
        Attachment.model_validate({"id": "a", "name": "f.pdf", "kind": "file", "url": "https://x.test/?t=1"})


def test_rule_09_attendance_tells_its_sides_apart() -> None:
    """What happened, whether it is excused, whether it counts, why, and who says so are five fields."""
    assert {"kind", "excused", "counted", "reason", "noted_by"} - set(AttendanceRecord.model_fields) == set()
    from_a_cell = AttendanceRecord(
        id="a",
        date=DAY,
        lesson_id="l1",
        subject=ALGEBRA,
        kind="absent",
        display="Н",
        counted=True,
        noted_by="mark_cell",
    )
    assert from_a_cell.excused == NOT_LOADED
    assert read_mark("Н").status == "absent"


def test_rule_10_the_four_kinds_of_nothing_are_told_apart_everywhere() -> None:
    """Every field that may have a gap keeps each kind of it through JSON, unlike every other kind."""
    gaps = [NOT_LOADED, *(Unavailable(reason=reason) for reason in Reason)]
    maybes = [(name, field) for name, field in _fields() if NotLoaded in get_args(field.annotation)]
    assert len(maybes) > 30
    for name, field in maybes:
        adapter: TypeAdapter[object] = TypeAdapter(field.rebuild_annotation())
        for gap in gaps:
            assert adapter.validate_json(adapter.dump_json(gap)) == gap, name
        for one, other in combinations(gaps, 2):
            assert adapter.dump_json(one) != adapter.dump_json(other)
        if type(None) in get_args(field.annotation):
            assert adapter.validate_json("null") is None, name


def test_rule_10_the_reasons_are_these_five() -> None:
    """Why something is unavailable."""
    written = "unsupported not_permitted disabled_by_school upstream_error needs_action"
    assert [reason.value for reason in Reason] == written.split()


def test_rule_10_what_nobody_asked_for_is_not_loaded() -> None:
    """A gap is the default of no field but as "not loaded": "there is none" has to be said."""
    said = [
        name
        for name, field in _fields()
        if NotLoaded in get_args(field.annotation) and not field.is_required() and field.default != NOT_LOADED
    ]
    assert said == []


def test_rule_11_every_call_names_a_child() -> None:
    """The enrolment comes first in every call of every ability and has no default."""
    offenders = [
        f"{ability.__name__}.{method}"
        for ability, method, signature in _calls()
        if (first := list(signature.parameters.values())[1]).name != "enrolment_id"
        or first.default is not inspect.Parameter.empty
    ]
    assert offenders == []


def test_rule_11_an_answer_speaks_of_one_connection() -> None:
    """So that one that fails hides nothing of the others."""
    assert Answer.model_fields["source"].annotation is Source
    assert Answer.model_fields["source"].is_required()


def test_rule_12_money_and_averages_are_decimal() -> None:
    """No field of any entity is a float, and a decimal stays exact through JSON."""
    assert [name for name, field in _fields() if "float" in str(field.rebuild_annotation())] == []
    account = MealAccount(id="1", balance=Decimal("-12.10"))
    assert str(MealAccount.model_validate_json(account.model_dump_json()).balance) == "-12.10"
    average = DiaryAverage(subject=ALGEBRA, term_id="q1", value=Decimal("4.40"))
    assert str(DiaryAverage.model_validate_json(average.model_dump_json()).value) == "4.40"


def test_rule_12_ids_are_opaque_strings() -> None:
    """Every id is text, also when the diary's is a number: `007` and `7` are two things."""
    ids = [(name, field) for name, field in _fields() if name.endswith((".id", "_id", "_ids"))]
    assert len(ids) > 20
    assert [name for name, field in ids if "int" in str(field.rebuild_annotation())] == []
    with pytest.raises(ValidationError):
        _mark(id=7)


def test_rule_12_an_unknown_code_is_kept_raw() -> None:
    """A scale nobody has heard of is `other`, with the diary's own word; an unreadable mark is only shown."""
    assert MarkScale(kind="other", raw="seven-point").raw == "seven-point"
    shown = read_mark("УДВ")
    assert (shown.status, shown.value) == ("info", None)


def test_rule_13_only_named_fields_pass() -> None:
    """No entity takes a field it does not know, so nothing upstream sends travels along unseen."""
    assert [entity.__name__ for entity in _entities() if entity.model_config.get("extra") != "forbid"] == []
    assert [entity.__name__ for entity in _entities() if not entity.model_config.get("frozen")] == []
    with pytest.raises(ValidationError):
        _mark(classmates=["Иванов"])


def test_rule_13_nothing_tells_of_classmates() -> None:
    """There is no place for a rank, a class average or another child but in the answer a parent asks for."""
    forbidden = ("rank", "class_average", "classmate", "rating", "snils", "phone_number", "passport")
    found = [name for name, _ in _fields() if any(word in name.lower() for word in forbidden)]
    assert found == ["ClassStanding.class_average"]


def test_rule_13_of_the_class_a_number_and_a_mean_are_told() -> None:
    """What is told of a child's place has no list in it: nobody else could stand there."""
    told = set(ClassStanding.model_fields)
    assert told == {"subject", "place", "average", "class_size", "class_average"}


def _calls() -> Iterator[tuple[type[Ability], str, inspect.Signature]]:
    found = [kind for kind in Ability.__subclasses__() if kind.__module__ == "diary_core.abilities"]
    assert len(found) >= 19
    for ability in found:
        for name in sorted(ability.__abstractmethods__):
            yield ability, name, inspect.signature(getattr(ability, name))
