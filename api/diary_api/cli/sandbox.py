"""The command that runs the invented town; it is a program of its own and is only started here."""

from __future__ import annotations

import os
import sys

import typer

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": ["--about"]}
"""Options after the command are the sandbox's own, `--help` included."""


def command(context: typer.Context) -> None:
    """Run the sandbox: an invented town behind real wire formats. `--help` after it lists its options."""
    arguments = [sys.executable, "-m", "diary_sandbox", *context.args]
    os.execv(sys.executable, arguments)  # noqa: S606  our own module under our own interpreter
