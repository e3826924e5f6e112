"""The week page in its last markup, that of 2015 to 2017, as rows of text.

Source: `docs/sources.md`, МЭШ: scrapers of 2013 to 2017.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bs4 import BeautifulSoup, Tag

from diary_core.errors import RegionChanged

_DATE: Final = re.compile(r"\s*(\d{1,2})\.(\d{1,2})\s*")
_COLUMNS: Final = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One lesson of a day; an empty slot has an empty subject."""

    number: str
    subject: str
    homework: str
    marks: str
    comment: str


@dataclass(frozen=True, slots=True)
class Column:
    """One day of the page, which names no year."""

    day: int
    month: int
    rows: tuple[Row, ...]


def read_week(page: str) -> Sequence[Column]:
    """Return the days of a week page, in its order.

    Raises:
        RegionChanged: It is no week page; `field` is the class that is missing.
    """
    body = BeautifulSoup(page, "html.parser").select_one("div.b-diary-st__body")
    if body is None:
        raise RegionChanged("the week page has another markup", field="b-diary-st__body")
    return [_column(column) for column in body.select("div.b-diary-week__column")]


def _column(column: Tag) -> Column:
    title = column.select_one("span.b-diary-date")
    written = _DATE.fullmatch(title.get_text() if title else "")
    if written is None:
        raise RegionChanged("a day of the week page has no date", field="b-diary-date")
    rows = tuple(_row(row) for row in column.select("div.b-dl-table__list"))
    return Column(day=int(written[1]), month=int(written[2]), rows=rows)


def _row(row: Tag) -> Row:
    cells = row.select("div.b-dl-td_column")
    if len(cells) != _COLUMNS:
        raise RegionChanged("a lesson of the week page has other columns", field="b-dl-td_column")
    number, subject, homework, marks, comment = (cell.get_text("\n", strip=True) for cell in cells)
    return Row(number=number, subject=subject, homework=homework, marks=marks, comment=comment)
