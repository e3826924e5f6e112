"""`python -m diary_api` is the `diary` command."""

from __future__ import annotations

from diary_api.cli import main

main()
