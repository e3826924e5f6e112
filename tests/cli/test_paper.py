"""What a diary says is drawn as it is, whatever it looks like."""

from __future__ import annotations

import pytest
from rich.console import Console

from diary_api.cli import paper
from diary_api.cli.client import Problem
from diary_api.cli.screen import show_problem

MARKUP = "[/bold] [red]7-А[/] [link=https://example.org]"


def test_a_class_named_like_markup_is_drawn_as_named() -> None:
    """Square brackets in the name of a class or a school neither colour the drawing nor break it."""
    screen = Console(width=100, record=True)
    screen.print(paper.week(MARKUP, MARKUP, [], width=90))
    assert screen.export_text().count(MARKUP) == 2


def test_a_problem_worded_like_markup_is_shown_as_worded(capsys: pytest.CaptureFixture[str]) -> None:
    """The words of a gateway, which may quote a name, are printed as they came."""
    show_problem(Problem(code="child_unclear", title=MARKUP, detail=MARKUP, remedy=MARKUP))
    assert capsys.readouterr().err.count(MARKUP) == 3
