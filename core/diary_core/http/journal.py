"""What is written down of a call."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager

import httpx2
import structlog
from typing_extensions import override

from diary_core.errors import DiaryError
from diary_core.http.layer import Layer, flows

_PLAIN = re.compile(r"v\d{1,2}(\.\d{1,2})?|[a-z]{1,20}([_.-][a-z]{1,20}){0,4}", re.ASCII)
_OTHERS = ("httpx2", "httpcore2")


class Journal(Layer):
    """Writes one line a call: who, where, what came of it, how long it took.

    Never a query, a header, a body or user information; of the path only the plain words,
    as `/v2/persons/{}/marks`, since a number, a date or a mixed word may name a person or open a door.
    A file that flows on has its line when it is closed.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport, *, name: str, clock: Callable[[], float]) -> None:
        super().__init__(inner)
        self._clock = clock
        self._log = structlog.get_logger(
            "diary.http", instance=name
        )  # made when first used, as configured then
        for other in _OTHERS:  # httpx2 logs whole addresses at INFO, httpcore2 headers at DEBUG
            logging.getLogger(other).setLevel(logging.WARNING)

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        entry = _Entry(self._log, self._clock, request)
        with entry.on_failure():
            response = await self._inner.handle_async_request(request)
            if flows(request, response):
                response.stream = _Counted(response, entry)
                return response
            entry.write(status=response.status_code, bytes=len(await response.aread()))
        return response


class _Entry:
    """The line of one call."""

    def __init__(
        self, log: structlog.typing.FilteringBoundLogger, clock: Callable[[], float], request: httpx2.Request
    ) -> None:
        self._log, self._clock, self._began = log, clock, clock()
        self._call = {
            "method": request.method,
            "host": request.url.host,
            "path": template(request.url.path),
        }

    def write(self, **outcome: str | int) -> None:
        """Write it."""
        duration_ms = round((self._clock() - self._began) * 1000)
        self._log.info("upstream call", **self._call, duration_ms=duration_ms, **outcome)

    @contextmanager
    def on_failure(self) -> Generator[None]:
        """Write it when what is inside fails or is cancelled."""
        try:
            yield
        except BaseException as error:
            self.write(**_outcome(error))
            raise


class _Counted(httpx2.AsyncByteStream):
    """A body that flows on, and has its line written when it is closed."""

    def __init__(self, response: httpx2.Response, entry: _Entry) -> None:
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101  the layer below makes it
        self._stream, self._entry = response.stream, entry
        self._told: dict[str, str | int] = {"status": response.status_code, "bytes": 0}
        self._open = True

    @override
    async def __aiter__(self) -> AsyncGenerator[bytes]:
        taken = 0
        try:
            async for piece in self._stream:
                taken += len(piece)
                self._told["bytes"] = taken
                yield piece
        except DiaryError as error:
            self._told |= _outcome(error)
            raise

    @override
    async def aclose(self) -> None:
        """Leave the rest where it is."""
        if self._open:
            self._open = False
            self._entry.write(**self._told)
        await self._stream.aclose()


def _outcome(error: BaseException) -> dict[str, str | int]:
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
