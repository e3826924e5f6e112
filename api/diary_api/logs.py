"""Structured logs: JSON for machines or colours for people, never anything personal."""

from __future__ import annotations

import logging
import sys
import sysconfig
import traceback
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from diary_api.redaction import redacted, redacted_text
from diary_api.settings import Settings

_CHATTY = (
    "httpx2",
    "httpcore2",
    "aiosqlite",
    "sqlalchemy.engine",
    "alembic",
    "asyncio",
    "multipart",
    "taskiq",
)
"""Libraries whose small talk holds addresses, or nothing a reader wants."""
_STANDARD_LIBRARY = f"{sysconfig.get_path('stdlib')}/"
_ENVELOPE = frozenset({"timestamp", "level", "logger", "request_id", "trace_id"})


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Set up logging for this process; called once by whoever starts a server.

    Args:
        settings: The format and the level.
        stream: Where to write; standard error unless given.
    """
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer()
    )
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        where_it_broke,
        redact,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def redact(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Mask what looks like a secret or a person."""
    del logger, method
    return {
        key: value if key.startswith("_") or key in _ENVELOPE else redacted(key, value)
        for key, value in event.items()
    }


def where_it_broke(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace a traceback by its places: messages of strangers' errors may quote data."""
    del logger, method
    error = _error_of(event.pop("exc_info", None))
    if error is not None:
        event.update(fault(error))
    return event


def fault(error: BaseException) -> dict[str, object]:
    """Return what may be logged of an unexpected error."""
    return {"error": type(error).__name__, "places": places_of(error)}


def places_of(error: BaseException) -> list[str]:
    """Return where an error came from: causes first, each its class, then `file:line function` inwards.

    Of libraries only the place is told that raised it: what lies between is theirs, and a screen long.
    """
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = traceback.extract_tb(error.__traceback__)
    places = [_place(frame) for frame in frames if frame is frames[-1] or _ours(frame)]
    return [*(places_of(cause) if cause else ()), type(error).__name__, *places]


def _ours(frame: traceback.FrameSummary) -> bool:
    """Tell whether it is this project's, or a plugin's: all packages of both are called `diary_…`."""
    library = frame.filename.startswith(("<", _STANDARD_LIBRARY)) or "/site-packages/" in frame.filename
    return not library or "/site-packages/diary_" in frame.filename


def _place(frame: traceback.FrameSummary) -> str:
    return redacted_text(f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}")


ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def _error_of(given: BaseException | ExcInfo | bool | tuple[None, None, None] | None) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1]
    return sys.exc_info()[1] if given else None
