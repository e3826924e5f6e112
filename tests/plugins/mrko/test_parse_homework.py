"""Homework of the list: small JSON in, model out."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from inline_snapshot import snapshot

from diary_core.errors import RegionChanged
from diary_core.model import UNSUPPORTED, Attachment, Homework, known
from diary_mrko.parse.homework import homework
from diary_mrko.wire import homework as wire

from .bodies import HOMEWORK, MOSCOW, payload, rows


def _all(*changes: dict[str, object]) -> tuple[Homework, ...]:
    return homework(rows(wire.Homework, [{**HOMEWORK, **change} for change in changes]), MOSCOW)


def _one(**changes: object) -> Homework:
    (task,) = _all(changes)
    return task


def test_the_sample_list_comes_through_by_due_date() -> None:
    """Texts, ticks, files and times of edit of the sample body stand in the model."""
    found = homework(rows(wire.Homework, payload("homeworks")), MOSCOW)
    assert [
        (task.id, str(task.due_on), task.text, task.done, str(task.edited_at)) for task in found
    ] == snapshot(
        [
            (
                "1435000301",
                "2026-09-14",
                "§ 3, № 112 (а, б), № 118",
                False,
                "2026-09-12 09:05:00+03:00",
            ),
            ("1435000302", "2026-09-14", "Unit 1, слова наизусть", True, "2026-09-10 16:20:00+03:00"),
            (
                "1435000303",
                "2026-09-15",
                "Параграф 2, составить схему",
                False,
                "2026-09-08 14:00:00+03:00",
            ),
        ]
    )
    assert found[0].attachments == (
        Attachment(id="77001", name="Тест: степени", kind="digital"),
        Attachment(id="88001", name="Памятка.pdf", kind="file"),
    )


@pytest.mark.parametrize("text", ["Не задано", "не задано.", "-", "", None])
def test_a_filler_is_no_homework(text: str | None) -> None:
    """«Не задано» and its kin are left out."""
    assert _all({"description": text, "homework": text}) == ()


def test_a_filler_with_a_file_is_homework_without_words() -> None:
    """A file alone is homework; its filler text is not shown."""
    task = _one(description="-", homework="-", materials=[{"id": 1, "title": "а.pdf", "type": "attachments"}])
    assert (task.text, len(known(task.attachments) or ())) == ("", 1)


@pytest.mark.parametrize("materials", [None, [], {"count_execute": 1, "count_learn": 0}])
def test_materials_may_be_a_list_null_or_counts(materials: object) -> None:
    """All three are seen on the wire; only a list holds files."""
    assert _one(materials=materials).attachments == ()


def test_an_unedited_task_has_no_time_of_edit() -> None:
    """The diary repeats the time of creation; that is no edit."""
    assert _one().edited_at is None
    assert _one(homework_updated_at="2026-09-12T08:00:00").edited_at == datetime(
        2026, 9, 12, 8, tzinfo=MOSCOW
    )


def test_whether_a_task_is_required_is_not_on_the_wire() -> None:
    """The diary of today does not tell required from voluntary, and we do not guess."""
    assert _one().required == UNSUPPORTED


@pytest.mark.parametrize(
    "written", ["2026-09-15T00:00:00", "2026-09-14T21:00:00Z", "2026-09-15", "2026-09-15T00:00:00+03:00"]
)
def test_a_due_day_is_the_schools_own(written: str) -> None:
    """Without a plain date the moment tells the day, in Moscow and never in UTC."""
    assert _one(date=None, date_prepared_for=written).due_on == date(2026, 9, 15)


def test_a_task_without_a_due_day_is_not_passed_over() -> None:
    """Its day is indispensable."""
    with pytest.raises(RegionChanged) as caught:
        _one(date=None)
    assert caught.value.field == "payload.[].date"


def test_markup_and_invisible_signs_are_cleaned() -> None:
    """Teachers paste from pages; parents read plain text with its lines."""
    assert _one(description="<p>§&nbsp;5</p><p>№\u200b 7</p>").text == "§ 5\n№ 7"
