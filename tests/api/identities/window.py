"""A person's browser window, as far as sign-in pages need one; it stops before the gateway's callback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
from bs4 import BeautifulSoup

_MOST_PAGES = 14


class Stuck(AssertionError):
    """The pages lead no further; the message is what the last one says."""


class Window:
    """Cookies of its own, redirects followed, forms filled in.

    Args:
        gateway: Base address of the gateway.
    """

    def __init__(self, gateway: str) -> None:
        self._gateway = f"{gateway}/"
        self.callback = f"{gateway}/v1/callback"
        self.visited: list[str] = []
        """Every address it was at or sent to."""
        self.page: httpx2.Response | None = None
        """Where it got stuck."""
        self.http = httpx2.AsyncClient(
            trust_env=False, verify=False, timeout=30, headers={"Accept": "text/html"}
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def go(
        self,
        url: str,
        person: str,
        *,
        button: str | None = None,
        stop_at: str | None = None,
        stuck_at: str = "\0",
        **typed: str,
    ) -> str:
        """Walk as a person of the town, and return the address that is about to be called.

        Args:
            url: Where to start, such as the link of a sign-in.
            person: Their login at Gosuslugi, before the `@`.
            button: Words of a link to follow, once, where they stand.
            stop_at: How the address begins to stop at; the gateway's callback unless given.
            stuck_at: Words of a page to stay on.
            typed: What to type or press, by the name of the input; the first button is pressed otherwise.

        Raises:
            Stuck: A page leads no further, says no, or is the one to stay on.
        """
        answers = {"login": f"{person}@esia.test", "password": "sandbox-esia", **typed}
        start = await self._settled(await self.http.get(url), stop_at or self.callback)
        return await self._walk(start, answers, button, stop_at or self.callback, stuck_at)

    async def go_on(self, **typed: str) -> str:
        """Go on from the page it is stuck at, typing something else than before.

        Raises:
            Stuck: Once more.
        """
        assert self.page is not None
        return await self._walk(self.page, typed, None, self.callback, "\0")

    async def back(self, url: str) -> httpx2.Response:
        """Come back to the gateway by an address, and return the page it ends on."""
        self.visited.append(url)
        answer = await self.http.get(url)
        while answer.is_redirect and answer.headers["location"].startswith(("/v1/", self._gateway)):
            answer = await self.http.get(urljoin(url, answer.headers["location"]))
        return answer

    async def _walk(
        self,
        start: httpx2.Response | str,
        answers: Mapping[str, str],
        button: str | None,
        stop_at: str,
        stuck_at: str,
    ) -> str:
        page = start
        for _ in range(_MOST_PAGES):
            if isinstance(page, str):
                return page
            self.page, soup = page, BeautifulSoup(page.text, "html.parser")
            if stuck_at in page.text:
                raise Stuck(soup.get_text(" ", strip=True))
            link = soup.find("a", string=button) if button else None
            if link is not None:
                button = None
                answer = await self.http.get(urljoin(str(page.url), str(link["href"])))
            else:
                answer = await self._on(page, soup, answers)
            page = await self._settled(answer, stop_at)
        raise Stuck("the pages go round in circles")

    async def _on(
        self, page: httpx2.Response, soup: BeautifulSoup, answers: Mapping[str, str]
    ) -> httpx2.Response:
        """Fill in the form of a page, or follow its link."""
        form, said = soup.select_one("form"), soup.get_text(" ", strip=True)
        if soup.select_one("blockquote, .message") or page.status_code >= 400:
            raise Stuck(said)
        if form is None:
            link = soup.select_one("a.button, a")
            if link is None:
                raise Stuck(said)
            return await self.http.get(urljoin(str(page.url), str(link["href"])))
        code = soup.select_one("#sandbox-code")
        data = {
            str(field["name"]): answers.get(str(field["name"]))
            or str(field.get("value") or (code.get_text() if code else ""))
            for field in [*form.select("button[name]")[:1], *form.select("input[name]")]
        }
        action = urljoin(str(page.url), str(form.get("action") or ""))
        return await self.http.post(action, data=data)

    async def _settled(self, answer: httpx2.Response, stop_at: str) -> httpx2.Response | str:
        """Follow redirects to a page, or to the address to stop at."""
        while answer.is_redirect:
            target = urljoin(str(answer.url), answer.headers["location"])
            self.visited.append(target)
            if target.startswith(stop_at):
                return target
            answer = await self.http.get(target)
        return answer


def query_of(url: str) -> dict[str, str]:
    """Return the query of an address, each value once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
