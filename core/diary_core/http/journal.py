"""What is written down of a call."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import httpx2
import structlog
from typing_extensions import override

from diary_core.errors import DiaryError
from diary_core.http.layer import Layer

_PLAIN = re.compile(r"v\d{1,2}(\.\d{1,2})?|[a-z]{1,20}([_.-][a-z]{1,20}){0,4}", re.ASCII)
_OTHERS = ("httpx2", "httpcore2")


class Journal(Layer):
    """Writes one line a call: who, where, what came of it, how long it took.

    Never a query, a header, a body or user information; of the path only the plain words,
    as `/v2/persons/{}/marks`, since a number, a date or a mixed word may name a person or open a door.
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
        began = self._clock()
        outcome: dict[str, str | int] = {"error": "cancelled"}
        try:
            response = await self._inner.handle_async_request(request)
            outcome = {"status": response.status_code, "bytes": len(await response.aread())}
        except DiaryError as error:
            outcome = {"error": error.code, "detail": error.detail}
            raise
        except Exception as error:
            outcome = {"error": type(error).__name__}
            raise
        finally:
            self._log.info(
                "upstream call",
                method=request.method,
                host=request.url.host,
                path=template(request.url.path),
                duration_ms=round((self._clock() - began) * 1000),
                **outcome,
            )
        return response


def template(path: str) -> str:
    """Return a path with everything but plain lower-case words and version numbers as `{}`."""
    parts = path.split("/")
    return "/".join(part if not part or _PLAIN.fullmatch(part) else "{}" for part in parts)
