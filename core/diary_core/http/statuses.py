"""What a status means when its plugin knows no better."""

from __future__ import annotations

from typing import Final, NoReturn

import httpx2
from typing_extensions import override

from diary_core.errors import (
    DiaryError,
    LoginRequired,
    NotFound,
    NotPermitted,
    RegionBusy,
    RegionChanged,
    RegionDown,
    RegionMaintenance,
    RegionSlow,
)
from diary_core.http.layer import Layer
from diary_core.http.retry_after import retry_after

SLOW_DOWN: Final = frozenset({429, 433})
"""433 is what Дневник.ру says beside 429; seen in public clients, September 2026."""
_HEAD_BYTES = 2048


class Refusals(Layer):
    """Raises what is trouble of the server whoever asked; every other answer is its plugin's to judge.

    Raises:
        RegionBusy: 429 or 433, with the wait it asks for.
        RegionMaintenance: A page of its own where an answer should be, with 500 and above.
        RegionSlow: 504.
        RegionDown: 500 and above otherwise.
    """

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        if is_trouble(response):
            await response.aread()
            refuse(response)
        return response


def is_trouble(response: httpx2.Response) -> bool:
    """Tell whether an answer means trouble of the server, whoever asked."""
    return response.status_code in SLOW_DOWN or response.status_code >= 500


def refuse(response: httpx2.Response) -> NoReturn:
    """Raise the default error of a status; for an answer its plugin cannot read anything better from.

    Raises:
        LoginRequired: 401.
        NotPermitted: 403.
        NotFound: 404.
        TryLater: 429, 433, 500 and above; 405 with a page, which is how Дневник.ру is under maintenance.
        RegionChanged: Anything else, redirects included.
    """
    raise meaning(response)


def meaning(response: httpx2.Response) -> DiaryError:
    """Return the error that `refuse` raises."""
    status = response.status_code
    wait = retry_after(response)
    detail = f"status {status}"
    if status in SLOW_DOWN:
        return RegionBusy(detail, retry_after=wait)
    if (status == 405 or status >= 500) and is_page(response) and not _is_stock(response):
        return RegionMaintenance(detail, retry_after=wait)
    if status == 504:
        return RegionSlow(detail, retry_after=wait)
    if status >= 500:
        return RegionDown(detail, retry_after=wait)
    kind = {401: LoginRequired, 403: NotPermitted, 404: NotFound}.get(status, RegionChanged)
    return kind(detail)


def is_page(response: httpx2.Response) -> bool:
    """Tell whether the answer is a web page: by its first sign, or by its type when that is no JSON."""
    first = response.content[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return first == b"<" or ("html" in response.headers.get("content-type", "") and first not in b'{["')


def _is_stock(response: httpx2.Response) -> bool:
    """Tell whether a proxy made the page: nginx and Apache title theirs with the status."""
    head = response.content[:_HEAD_BYTES].lower().replace(b" ", b"")
    return f"<title>{response.status_code}".encode() in head
