"""Averages of an invented child, for the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from pydantic import BaseModel

from diary_api.school.examples import MARK, QUARTER, SUBJECT, said
from diary_core.averages import averages_of, forecast, future_marks, progress_of, what_if
from diary_core.model import DiaryAverage, ForecastMark, LessonsLeft

_MARKS = tuple(
    MARK.model_copy(
        update={
            "id": f"mk-{number}",
            "date": date(2026, 9, number),
            "value": Decimal(value),
            "weight": Decimal(weight),
        }
    )
    for number, value, weight in ((3, 4, 1), (7, 5, 1), (10, 3, 1), (11, 4, 1), (14, 5, 1), (16, 4, 2))
)
_SHOWN = DiaryAverage(
    subject=SUBJECT, term_id=QUARTER.id, value=Decimal("4.14"), rounds_up_from=Decimal("0.51")
)
_AVERAGE = averages_of(_MARKS, QUARTER, shown=[_SHOWN])[0]
_FUTURE = future_marks(_AVERAGE, ())
_FORECAST = forecast(
    _AVERAGE,
    target=Decimal(5),
    future=_FUTURE,
    lessons_left=LessonsLeft(count=22, source="timetable"),
)
_TWO_FIVES = ForecastMark(value=Decimal(5), weight=Decimal(2), count=2)

AVERAGES: Final[Mapping[str, BaseModel]] = {
    "read_averages": said(_AVERAGE),
    "read_progress": said(progress_of(_AVERAGE)),
    "read_forecast": said(_FORECAST),
    "ask_what_if": said(what_if(_AVERAGE, [_TWO_FIVES], future=_FUTURE)),
}
"""Good answers by the name of the operation."""
