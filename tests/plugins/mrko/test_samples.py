"""The sample bodies lose nothing that the wire models name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import BaseModel, TypeAdapter

from diary_mrko.wire.absences import Attendance
from diary_mrko.wire.city import Balance, PassDay
from diary_mrko.wire.family import FamilyProfile, SchoolInfo
from diary_mrko.wire.homework import Homework
from diary_mrko.wire.lessons import Events, LessonDetails, ShortDay
from diary_mrko.wire.marks import ListedMark, MarkDetails, SubjectMarks
from diary_mrko.wire.rating import PupilRank
from diary_mrko.wire.results import FinalMarks
from diary_mrko.wire.session import MobileAuthentication, Profile
from diary_mrko.wire.values import Listed
from diary_mrko.wire.year import CalendarDay

from .bodies import payload, read, sample

_SHAPES: list[tuple[str, object]] = [
    ("acl_profile_info", TypeAdapter(tuple[Profile, ...])),
    ("attendance", TypeAdapter(Attendance)),
    ("auth_sudir_auth", TypeAdapter(MobileAuthentication)),
    ("eventcalendar_events", TypeAdapter(Events)),
    ("family_profile", TypeAdapter(FamilyProfile)),
    ("homeworks", TypeAdapter(Listed[Homework])),
    ("final_marks_v2", TypeAdapter(FinalMarks)),
    ("lesson_schedule_item", TypeAdapter(LessonDetails)),
    ("mark_details", TypeAdapter(MarkDetails)),
    ("marks", TypeAdapter(Listed[ListedMark])),
    ("meals_balance", TypeAdapter(Listed[Balance])),
    ("periods_schedules", TypeAdapter(tuple[CalendarDay, ...])),
    ("rating_rank_class", TypeAdapter(tuple[PupilRank, ...])),
    ("schedule_short", TypeAdapter(Listed[ShortDay])),
    ("school_info", TypeAdapter(SchoolInfo)),
    ("subject_marks", TypeAdapter(Listed[SubjectMarks])),
    ("visit_durations", TypeAdapter(Listed[PassDay])),
]
_WRAPPED = {"homeworks", "marks", "schedule_short", "subject_marks", "visit_durations"}


@pytest.mark.parametrize(("name", "shape"), _SHAPES, ids=[name for name, _ in _SHAPES])
def test_a_sample_parses_without_loss(name: str, shape: TypeAdapter[object]) -> None:
    """Every value that a wire model names and the body holds is there after reading."""
    raw = payload(name) if name in _WRAPPED else sample(name)
    assert list(_lost(read(shape, raw), raw, name)) == []


def _lost(seen: object, raw: object, path: str) -> Iterator[str]:
    """Yield the paths of values that are in the raw body and not in the model."""
    if isinstance(seen, BaseModel) and isinstance(raw, dict):
        for field, about in type(seen).model_fields.items():
            yield from _lost(getattr(seen, field), raw.get(about.alias or field), f"{path}.{field}")  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]  JSON
    elif isinstance(seen, tuple) and isinstance(raw, list):
        if len(seen) != len(raw):  # pyright: ignore[reportUnknownArgumentType]  JSON
            yield f"{path}: {len(raw)} became {len(seen)}"  # pyright: ignore[reportUnknownArgumentType]  JSON
        for one, other in zip(seen, raw, strict=False):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  JSON
            yield from _lost(one, other, path)  # pyright: ignore[reportUnknownArgumentType]  JSON
    elif raw not in (None, "", "-", [], False) and seen in (None, (), "", False):
        yield path
