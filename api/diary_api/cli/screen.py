"""What the command line prints on."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from diary_api.cli.client import Problem
from diary_core.errors import DiaryError, GatewayBusy, TellUs

screen = Console(highlight=False)
"""For answers."""
aside = Console(stderr=True, highlight=False)
"""For progress and trouble, so that answers can be piped."""


def complain(error: DiaryError) -> None:
    """Print what went wrong and what to do about it; what only its operator can mend says so in itself."""
    if isinstance(error, TellUs):
        aside.print(f"[bold red]{escape(str(error))}[/] [dim]({error.code})[/]")
        return
    aside.print(f"[bold red]{error.title.en}[/] [dim]({error.code})[/]: {escape(str(error))}")
    aside.print(error.remedy.en)
    if isinstance(error, GatewayBusy):
        aside.print("If it stays so: DIARY_DATABASE_URL, is that server up and does it let this user in?")


def show_problem(problem: Problem) -> None:
    """Print what the gateway refused, in its own words."""
    aside.print(f"[bold red]{escape(problem.title)}[/] [dim]({escape(problem.code)})[/]")
    if problem.reason:
        aside.print(problem.reason, markup=False)
    if problem.detail:
        unnamed = problem.field is not None and problem.field not in problem.detail
        told = f"{problem.field}: {problem.detail}" if unnamed else problem.detail
        aside.print(f"[dim]{escape(told)}[/]")
    if problem.remedy:
        aside.print(problem.remedy, markup=False)
