"""What the database of a gateway is asked, seen from beside it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from sqlalchemy import event

from tests.api.running import RunningGateway


@contextmanager
def listening(gate: RunningGateway, heard: Callable[[str], None]) -> Generator[None]:
    """Tell of each statement before it is made."""

    def executed(connection: object, cursor: object, statement: str, *rest: object) -> None:
        del connection, cursor, rest
        heard(statement)

    storage = gate.gateway.storage
    engines = {engine.sync_engine for engine in (storage.engine, storage.readers)}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", executed)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", executed)


@contextmanager
def statements(gate: RunningGateway) -> Generator[list[str]]:
    """Collect what the database is asked meanwhile."""
    asked: list[str] = []
    with listening(gate, asked.append):
        yield asked
