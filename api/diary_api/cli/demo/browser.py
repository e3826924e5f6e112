"""A browser small enough to read: it follows redirects, keeps cookies, and fills in forms.

The demo uses it where a parent would use their own, so that the sign-in it shows is the real one.
"""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx2

from diary_core.errors import RegionChanged

MOST_STEPS = 12
ENDS = ("/v1/callback", "/outcome")
"""How the addresses end that the gateway shows the outcome at, a failure first."""


class Browser:
    """A window with its own cookies."""

    def __init__(self) -> None:
        self._http = httpx2.Client(follow_redirects=True, timeout=30, headers={"Accept": "text/html"})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def walk(self, url: str, answers: Mapping[str, str]) -> str:
        """Go from page to page, filling in forms and pressing buttons, until back at the gateway.

        Args:
            url: Where to start.
            answers: What to type, by the name of the input; other inputs keep what they hold.

        Returns:
            The page the gateway shows at the end.

        Raises:
            RegionChanged: The pages lead nowhere.
        """
        page = self._http.get(url)
        for _ in range(MOST_STEPS):
            if page.url.path.endswith(ENDS):
                return page.text
            page = self._next(page, answers)
        raise RegionChanged("the sign-in pages go round in circles", field="form")

    def _next(self, page: httpx2.Response, answers: Mapping[str, str]) -> httpx2.Response:
        reader = _Reader()
        reader.feed(page.text)
        here = str(page.url)
        if reader.forms:
            form = reader.forms[0]
            values = {name: answers.get(name, held) for name, held in form.inputs.items()}
            return self._http.request(form.method, urljoin(here, form.action), data=values)
        if reader.buttons:
            return self._http.get(urljoin(here, reader.buttons[0]))
        raise RegionChanged(f"a page of {page.url.host!r} leads nowhere", field="form")


class _Form:
    def __init__(self, attributes: Mapping[str, str | None]) -> None:
        self.action = attributes.get("action") or ""
        self.method = (attributes.get("method") or "get").upper()
        self.inputs: dict[str, str] = {}


class _Reader(HTMLParser):
    """Reads the forms of a page; of several buttons of one name the first counts."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self.buttons: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append(_Form(attributes))
            self._inside = True
        elif tag in {"input", "button"} and self._inside and attributes.get("name"):
            self.forms[-1].inputs.setdefault(attributes["name"] or "", attributes.get("value") or "")
        elif tag == "a" and "button" in (attributes.get("class") or "").split():
            self.buttons.append(attributes.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
