"""What every command that reads a diary shares: a gateway, a token, and words when it refuses."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated

import typer

from diary_api.cli.client import Gateway, Problem, Refused
from diary_api.cli.screen import show_problem

NO_TOKEN = Problem(
    code="token_missing",
    title="Нужен токен с правом diary:read",
    remedy="Передайте его в переменной DIARY_TOKEN. Выпускает его POST /v1/tokens, готовый печатает демо.",
)

ChildWord = Annotated[str | None, typer.Argument(help="Id or first name, with several children.")]
Url = Annotated[str, typer.Option(envvar="DIARY_URL", help="Where the gateway listens.")]
Token = Annotated[str, typer.Option(envvar="DIARY_TOKEN", help="A token with the right diary:read.")]
WritingToken = Annotated[
    str, typer.Option(envvar="DIARY_TOKEN", help="A token with the rights diary:read and diary:write.")
]
AccountToken = Annotated[
    str, typer.Option(envvar="DIARY_TOKEN", help="A session, or a token with the right account:manage.")
]
ChoosingToken = Annotated[
    str,
    typer.Option(
        envvar="DIARY_TOKEN", help="A session, or a token with the rights account:manage and diary:read."
    ),
]
DAY_TYPED = ["%Y-%m-%d"]
"""How a day is typed, for `formats`."""
HERE = "http://127.0.0.1:8000"
"""Where `diary serve` listens."""


@contextmanager
def signed_in(url: str, token: str) -> Generator[Gateway]:
    """Open a gateway; what it refuses is printed in its own words and ends the command.

    Raises:
        typer.Exit: It refused, or there is no token.
    """
    if not token:
        show_problem(NO_TOKEN)
        raise typer.Exit(1)
    with Gateway(url, token) as gateway:
        try:
            yield gateway
        except Refused as refused:
            show_problem(refused.problem)
            raise typer.Exit(1) from refused
