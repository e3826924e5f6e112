"""A parent's browser at the diary's sign-in site: it fills forms and stops where the gateway takes over."""

from __future__ import annotations

import re
from html import unescape
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx2

CALLBACK: Final = "http://gateway.test/v1/callback"
_FORM: Final = re.compile(r'<form method="post" action="([^"]*)">(.*?)</form>', re.DOTALL)
_HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')


class Browser:
    """Follows redirects until one leads to the gateway."""

    def __init__(self) -> None:
        self._http = httpx2.AsyncClient(trust_env=False)

    async def __aenter__(self) -> Browser:
        """Open."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close, forgetting every cookie."""
        await self._http.aclose()

    async def open(self, url: str) -> httpx2.Response:
        """Open an address; the answer is a page, or the redirect to the gateway."""
        return await self._settle(await self._http.get(url))

    async def submit(self, page: httpx2.Response, **fields: str) -> httpx2.Response:
        """Send the form of a page with its hidden fields."""
        form = _FORM.search(page.text)
        assert form is not None, page.text
        hidden = {unescape(name): unescape(value) for name, value in _HIDDEN.findall(form[2])}
        url = urljoin(str(page.url), unescape(form[1]))
        return await self._settle(await self._http.post(url, data={**hidden, **fields}))

    async def _settle(self, answer: httpx2.Response) -> httpx2.Response:
        while answer.is_redirect and not answer.headers["location"].startswith(CALLBACK):
            answer = await self._http.get(urljoin(str(answer.url), answer.headers["location"]))
        return answer


def brought_back(answer: httpx2.Response) -> dict[str, str]:
    """Return the query the browser came back to the gateway with."""
    assert answer.is_redirect, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))
