"""Known marks as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from diary_api.own_data.schemas import Export, KnownAnswer
from diary_api.school.readings import Kind
from diary_api.school.schemas import ChildShown, DayAnswer, MarkAnswer
from diary_core.model import Mark, known

_HEAD = ("Ребёнок", "Класс", "Дата", "Предмет", "Отметка", "Значение", "Вес", "За что", "Комментарий")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def marks_csv(export: Export) -> str:
    """Return every known mark, each once, by child and date; in UTF-8 as Excel wants it."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(_HEAD)
    for child in export.children:
        for enrolment in child.enrolments:
            answers = [one for one in export.answers if one.enrolment_id == enrolment.id]
            group = known(enrolment.group)
            for mark in sorted(_marks(answers), key=lambda mark: (mark.date, mark.subject.name, mark.id)):
                writer.writerow(map(_harmless, _row(_called(child), group.name if group else "", mark)))
    return "\N{BYTE ORDER MARK}" + table.getvalue()


def _marks(answers: Iterable[KnownAnswer]) -> Iterable[Mark]:
    """Return marks by id; what was asked later knows better."""
    found: dict[str, Mark] = {}
    for answer in sorted(answers, key=lambda answer: answer.asked_at):
        found |= {mark.id: mark for mark in _in(answer)}
    return found.values()


def _in(answer: KnownAnswer) -> Iterator[Mark]:
    match answer.kind:
        case Kind.MARKS:
            yield from MarkAnswer.model_validate(answer.answer).items
        case Kind.DAYS:
            for day in DayAnswer.model_validate(answer.answer).items:
                for lesson in day.lessons:
                    yield from known(lesson.marks) or ()
        case _:
            return


def _called(child: ChildShown) -> str:
    name = known(child.name)
    return " ".join(filter(None, (name.last, name.first))) if name else child.label or child.id


def _row(child: str, group: str, mark: Mark) -> Iterator[str]:
    yield child
    yield group
    yield mark.date.isoformat()
    yield mark.subject.name
    yield mark.display
    yield "" if mark.value is None else str(mark.value)
    weight = known(mark.weight)
    yield "" if weight is None else str(weight)
    yield known(mark.form) or ""
    yield known(mark.comment) or ""


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Source: OWASP, "CSV Injection".
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
