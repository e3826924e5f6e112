"""One memory of compiled statements for all the gateways of a run.

SQLAlchemy compiles a statement once for each engine, and nearly every test opens engines of its own:
compiling the same again and again was a quarter of what the tests of the API cost. All engines of one kind
are set up alike here, so what one has compiled is right for the others.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.util import LRUCache

_DIALECTS = (SQLiteDialect_aiosqlite, PGDialect_asyncpg)
"""Part of what a compiled statement is found by."""


@contextmanager
def compiled_once() -> Generator[None]:
    """Let engines of one kind use what another has compiled."""
    compiled = LRUCache[Any, Any](4_000)  # of keys and values that are SQLAlchemy's own affair

    def remember(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)

    with pytest.MonkeyPatch.context() as patch:
        for dialect in _DIALECTS:
            patch.setattr(dialect, "__eq__", _is_same_kind)
            patch.setattr(dialect, "__hash__", _hash_of_kind)
        event.listen(Engine, "engine_connect", remember)
        try:
            yield
        finally:
            event.remove(Engine, "engine_connect", remember)


def _is_same_kind(one: object, other: object) -> bool:
    return type(one) is type(other)


def _hash_of_kind(one: object) -> int:
    return hash(type(one))
