"""What the command line prints on."""

from __future__ import annotations

from rich.console import Console

from diary_api.cli.client import Problem
from diary_core.errors import DiaryError

screen = Console(highlight=False)
"""For answers."""
aside = Console(stderr=True, highlight=False)
"""For progress and trouble, so that answers can be piped."""


def complain(error: DiaryError) -> None:
    """Print what went wrong and what to do about it."""
    aside.print(f"[bold red]{error.title.en}[/] [dim]({error.code})[/]: {error}")
    aside.print(error.remedy.en)


def show_problem(problem: Problem) -> None:
    """Print what the gateway refused, in its own words."""
    aside.print(f"[bold red]{problem.title}[/] [dim]({problem.code})[/]")
    if problem.detail:
        aside.print(f"[dim]{problem.detail}[/]")
    if problem.remedy:
        aside.print(problem.remedy)
