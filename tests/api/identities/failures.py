"""Reading and leaving a page that says what went wrong."""

from __future__ import annotations

from urllib.parse import urljoin

import httpx2
from bs4 import BeautifulSoup
from tests.api.identities.window import Window

from diary_api.problems import PROBLEMS, status_of
from diary_api.web.pages import who_can_mend


def code_of(page: httpx2.Response) -> str:
    """Return the error code of a page that says what happened, who acts, and has one button to go on."""
    soup = BeautifulSoup(page.text, "html.parser")
    said, code = soup.get_text(" ", strip=True), page.text.partition("Код ошибки: ")[2].partition(".")[0]
    error = PROBLEMS[code]
    wanted = (error.title.ru, error.remedy.ru, who_can_mend(error.actor))
    assert [words for words in wanted if words not in said] == []
    assert [button.text for button in soup.select("a.button")] == ["Попробовать ещё раз"]
    assert page.status_code == status_of(error)
    return code


async def pressed(window: Window, page: httpx2.Response) -> httpx2.Response:
    """Press the button of a page that says what went wrong."""
    (button,) = BeautifulSoup(page.text, "html.parser").select("a.button")
    return await window.http.get(urljoin(str(page.url), str(button["href"]) or str(page.url)))
