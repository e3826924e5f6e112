"""What is written down of a call."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace

import httpx2
import structlog
from typing_extensions import override

from diary_core.errors import DiaryError
from diary_core.http.layer import ATTEMPTS, Attempts, Layer, flows
from diary_core.http.observer import Call, Observe
from diary_core.http.statuses import is_trouble, meaning

_PLAIN = re.compile(r"v\d{1,2}(\.\d{1,2})?|[a-z]{1,20}([_.-][a-z]{1,20}){0,4}", re.ASCII)
_OK = "ok"
_OTHERS = ("httpx2", "httpcore2")


class Journal(Layer):
    """Writes one line a call: who, where, what came of it, how long it took; and tells the observer.

    Never a query, a header, a body or user information; of the path only the plain words,
    as `/v2/persons/{}/marks`, since a number, a date or a mixed word may name a person or open a door.
    A file that flows on has its line when it is closed.
    """

    def __init__(
        self,
        inner: httpx2.AsyncBaseTransport,
        *,
        name: str,
        clock: Callable[[], float],
        observe: Observe | None = None,
    ) -> None:
        super().__init__(inner)
        self._name, self._clock, self._observe = name, clock, observe
        self._log = structlog.get_logger(
            "diary.http", instance=name
        )  # made when first used, as configured then
        for other in _OTHERS:  # httpx2 logs whole addresses at INFO, httpcore2 headers at DEBUG
            logging.getLogger(other).setLevel(logging.WARNING)

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        attempts = Attempts()
        request.extensions = {**request.extensions, ATTEMPTS: attempts}
        entry = _Entry(self._finished, self._clock, request, attempts, self._clock())
        with entry.on_failure():
            response = await self._inner.handle_async_request(request)
            if flows(request, response):
                response.stream = _Counted(response, entry)
                return response
            size_bytes = len(await response.aread())
        outcome = meaning(response).code if is_trouble(response) else _OK
        entry.write(_Result(outcome, response.status_code, size_bytes))
        return response

    def _finished(self, request: httpx2.Request, result: _Result, seconds: float, attempts: int) -> None:
        """Tell of a call that is over; run in the context in which it was begun."""
        told: dict[str, str | int] = {}
        if result.status is not None:
            told |= {"status": result.status, "bytes": result.size_bytes}
        if result.error is not None:
            told |= _told(result.error)
        self._log.info(
            "upstream call",
            method=request.method,
            host=request.url.host,
            path=template(request.url.path),
            duration_ms=round(seconds * 1000),
            **told,
        )
        if self._observe is not None:
            self._observe(
                Call(
                    instance=self._name,
                    host=request.url.host if attempts else None,
                    method=request.method,
                    outcome=result.outcome,
                    status=result.status,
                    seconds=seconds,
                    size_bytes=result.size_bytes,
                    attempts=attempts,
                )
            )


@dataclass(frozen=True)
class _Result:
    """What came of a call."""

    outcome: str
    status: int | None = None
    size_bytes: int = 0
    error: BaseException | None = None


@dataclass(frozen=True)
class _Entry:
    """The line of one call."""

    finished: Callable[[httpx2.Request, _Result, float, int], None]
    clock: Callable[[], float]
    request: httpx2.Request
    attempts: Attempts
    began: float
    context: Context = field(default_factory=copy_context)
    """A file may be closed by somebody else than whoever opened it."""

    def write(self, result: _Result) -> None:
        """Write it."""
        seconds = self.clock() - self.began
        self.context.run(self.finished, self.request, result, seconds, self.attempts.made)

    @contextmanager
    def on_failure(self) -> Generator[None]:
        """Write it when what is inside fails or is cancelled."""
        try:
            yield
        except BaseException as error:
            self.write(_Result(_outcome(error), error=error))
            raise


class _Counted(httpx2.AsyncByteStream):
    """A body that flows on, and has its line written when it is closed."""

    def __init__(self, response: httpx2.Response, entry: _Entry) -> None:
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101  the layer below makes it
        self._stream, self._entry = response.stream, entry
        self._result = _Result(_OK, response.status_code)
        self._open = True

    @override
    async def __aiter__(self) -> AsyncGenerator[bytes]:
        taken = 0
        try:
            async for piece in self._stream:
                taken += len(piece)
                self._result = replace(self._result, size_bytes=taken)
                yield piece
        except DiaryError as error:
            self._result = replace(self._result, outcome=error.code, error=error)
            raise

    @override
    async def aclose(self) -> None:
        """Leave the rest where it is."""
        if self._open:
            self._open = False
            self._entry.write(self._result)
        await self._stream.aclose()


def _outcome(error: BaseException) -> str:
    match error:
        case DiaryError():
            return error.code
        case Exception():
            return "fault"
        case _:
            return "cancelled"


def _told(error: BaseException) -> dict[str, str | int]:
    match error:
        case DiaryError():
            return {"error": error.code, "detail": error.detail}
        case Exception():
            return {"error": type(error).__name__}
        case _:
            return {"error": "cancelled"}


def template(path: str) -> str:
    """Return a path with everything but plain lower-case words and version numbers as `{}`."""
    parts = path.split("/")
    return "/".join(part if not part or _PLAIN.fullmatch(part) else "{}" for part in parts)
