"""What a diary says is drawn as it is, whatever it looks like."""

from __future__ import annotations

from datetime import date, time

import pytest
from rich.console import Console
from rich.text import Text
from tests.core.averages.marks import mark

from diary_api.cli import paper
from diary_api.cli.client import Gateway, Problem, Refused
from diary_api.cli.remedies import REMEDIES
from diary_api.cli.screen import show_problem
from diary_api.problems import PROBLEMS
from diary_api.school.schemas import Children
from diary_core.model import UNSUPPORTED, Day, Lesson, LessonHalf, Subject

MONDAY = date(2026, 9, 14)
MARKUP = "[/bold] [red]7-А[/] [link=https://example.org]"


def test_a_class_named_like_markup_is_drawn_as_named() -> None:
    """Square brackets in the name of a class or a school neither colour the drawing nor break it."""
    screen = Console(width=100, record=True)
    screen.print(paper.week(MARKUP, MARKUP, [], width=90))
    assert screen.export_text().count(MARKUP) == 2


def test_signs_are_explained_where_they_stand() -> None:
    """What changed, what may still be mended and what nobody knows, each in words; and no word too many."""
    half = LessonHalf(subject=Subject(id="1", name="Алгебра"), starts=time(8, 30), ends=time(9, 15))
    plain = Lesson(
        id="1", date=MONDAY, kind="lesson", planned=half, actual=half, change="none", marks=(), homework=()
    )
    signs = {
        "⇄ замена": plain.model_copy(update={"change": "replaced"}),
        "• «точка»": plain.model_copy(update={"marks": (mark(0, "2", status="pending", counts=False),)}),
        "· дневник": plain.model_copy(update={"marks": UNSUPPORTED}),
    }
    for told, lesson in signs.items():
        screen = Console(width=100, record=True)
        day = Day(date=MONDAY, zone="Europe/Moscow", lessons=(plain, lesson))
        screen.print(paper.week("Вера", "Школа № 1", [day], width=90))
        shown = screen.export_text()
        assert [sign for sign in signs if sign in shown] == [told]


def test_a_box_has_room_for_where_it_comes_from() -> None:
    """As of when something is true is never cut off, however little there is to show."""
    screen = Console(width=80, record=True)
    screen.print(paper.framed("Вера", "Школа № 1 · tiny/town · данные на 16.09 12:00", [Text("5")]))
    assert "· данные на 16.09 12:00 " in screen.export_text()


def test_a_problem_worded_like_markup_is_shown_as_worded(capsys: pytest.CaptureFixture[str]) -> None:
    """The words of a gateway, which may quote a name, are printed as they came."""
    show_problem(Problem(code="child_unclear", title=MARKUP, detail=MARKUP, remedy=MARKUP))
    assert capsys.readouterr().err.count(MARKUP) == 3


def test_an_answer_of_another_kind_is_no_crash(url: str) -> None:
    """Whatever answers at the address, of another version or no gateway, a parent reads what to do."""
    bare = url.removeprefix("http://")
    with Gateway(bare) as gateway, pytest.raises(Refused) as refused:
        gateway.get("/openapi.json", Children)
    assert "--url" in (refused.value.problem.remedy or "")


def test_remedies_of_a_terminal_are_for_problems_there_are() -> None:
    """A code that changes its name takes its words along."""
    assert sorted(set(REMEDIES) - set(PROBLEMS)) == []
