"""Every page a parent meets can be read: on a phone and a desk, by day and by night, by keyboard."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from playwright.async_api import ConsoleMessage, Page, Route
from tests.browser.conftest import DESKTOP, PHONE

from diary_api.connections.browser_pages import Leaving
from diary_api.web import pages
from diary_core.errors import Actor

pytestmark = pytest.mark.anyio
ADDRESS: Final = "http://127.0.0.1/page"
_AGAIN: Final = "/v1/sign-ins/x/again?confirmation=x"
_LONG: Final = "Муниципальное бюджетное общеобразовательное учреждение «Школа № 9905»"
_UNBROKEN: Final = "МуниципальноеАвтономноеОбщеобразовательноеУчреждениеСредняяШкола"
_FAILED: Final[dict[str, Any]] = {
    "title": "Недостаточно данных для доступа к дневнику",
    "remedy": "Почта, телефон или СНИЛС в школе не совпадают с вашей учётной записью.",
    "who": pages.who_can_mend(Actor.SCHOOL),
    "code": "not_enough_data",
    "request_id": "req_aeoowshn3cq2bx7wq5yyp3a5da",
}
_LEAVING: Final = Leaving("Госуслуги", "https://esia.gosuslugi.ru/idp/ext/Logout?client_id=X")
SHOWN: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "confirm": (
        "confirm",
        {
            "diary": "Дневник.ру: Архангельская область",
            "way": "Через Госуслуги",
            "account": "ol•••@example.test",
            "reason": "Дневник не сообщает, чей он. Войдите один раз логином и паролем самого дневника.",
            "go_url": "/go",
        },
    ),
    "confirm entry": ("confirm_entry", {"service": "Госуслуги", "go_url": "/go"}),
    "confirm proof": (
        "confirm_proof",
        {"service": "Госуслуги", "account": "без почты, создан 01.09.2026", "go_url": "/go"},
    ),
    "code": ("entered", {"code": "K7QM-2XNP", "minutes": 10, "leaving": _LEAVING}),
    "entered": ("entered", {"code": None, "minutes": 0, "leaving": _LEAVING}),
    "status": (
        "status",
        {
            "well": False,
            "headline": "Один дневник не отвечает",
            "groups": [
                (
                    "Дневники",
                    [
                        {
                            "title": f"Дневник.ру: Архангельская область, {_LONG}",
                            "tone": "bad",
                            "state": "не отвечает",
                            "sentence": "Сайт дневника не отвечает, мы показываем последнее известное.",
                            "since": "18:40",
                            "figures": "за 10 минут 40 обращений, не удались 38",
                        }
                    ],
                )
            ],
            "as_of": "20:15",
        },
    ),
    "signed out": ("signed_out", {"service": "Госуслуги"}),
    "failed, to be tried again": ("failed", _FAILED | {"again_url": _AGAIN}),
    "failed": ("failed", _FAILED | {"again_url": None}),
    "linked": (
        "linked",
        {
            "diary": "Дневник МЭШ, Москва",
            "owner": "Дневник ваш: СНИЛС и имя в нём те же, что на Госуслугах.",
            "children": [
                ("Артём", f"7-Б, {_LONG}; 2-А, {_UNBROKEN}"),
                ("Анна-Мария-Александра-Виктория-Елизавета", "3-А, ГБОУ Школа № 9902"),
            ],
            "leaving": _LEAVING,
        },
    ),
    "linked, children later": (
        "linked",
        {"diary": "Дневник МЭШ, Москва", "owner": None, "children": [], "leaving": None},
    ),
    "one more step: the diary's login": (
        "one_more_step",
        {"reason": "Дневник не сообщает, чей он.", "wanted": ["Логин", "Пароль"]},
    ),
    "one more step: a birth date": (
        "one_more_step",
        {"reason": "Имя записано по-разному.", "wanted": ["Ваша дата рождения"]},
    ),
    "one more step": ("one_more_step", {"reason": None, "wanted": []}),
    "under way": ("under_way", {}),
    "proven": ("proven", {"service": "Госуслуги", "leaving": _LEAVING}),
    "problem": (
        "problem",
        {
            "title": "Дневник региона не отвечает",
            "remedy": "Попробуйте через несколько минут.",
            "who": pages.who_can_mend(Actor.DIARY),
            "title_en": "The region's diary is down",
            "remedy_en": "Try again in a few minutes.",
            "code": "region_down",
            "http_status": 502,
        },
    ),
    "invitation": ("invitation", {"scripted": True, "host": "diary.example.org"}),
    "welcome": (
        "welcome",
        {
            "links": {
                "name": "diary-gateway",
                "version": "0.1.0",
                "regions": "/v1/regions",
                "description": "/openapi.json",
                "problems": "/problems",
            }
        },
    ),
}
MEASURE: Final = """() => {
  const parse = colour => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const contrast = element => {
    const pair = [parse(getComputedStyle(element).color), behind(element)];
    const [low, high] = pair.map(light).sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  const buttons = [...document.querySelectorAll('.button:not([hidden])')];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    if (text && contrast(walker.currentNode.parentElement) < 4.5) faint.push(text);
  }
  return {
    lang: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll('h1').length,
    scripts: document.scripts.length,
    landmarks: document.querySelectorAll('main').length,
    wider: document.documentElement.scrollWidth - innerWidth,
    small: buttons.filter(one => one.offsetHeight < 44).length,
    faint,
  };
}"""
FOCUS: Final = """() => {
  const one = document.activeElement;
  return [one.className, getComputedStyle(one).outlineStyle];
}"""


@dataclass
class Showing:
    """A window that is shown pages of ours without a server, as the server would send them."""

    page: Page
    asked: list[str] = field(default_factory=list[str])
    broken: list[str] = field(default_factory=list[str])

    async def show(self, name: str) -> None:
        """Show one page."""
        template, facts = SHOWN[name]
        answer = pages.page(template, **facts)

        async def fulfil(route: Route) -> None:
            self.asked.append(route.request.url)
            body = bytes(answer.body)
            await route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=body)

        await self.page.route("**/*", fulfil)
        await self.page.goto(ADDRESS)


@pytest.fixture
async def showing(window: Page) -> AsyncGenerator[Showing]:
    """The window, and what it asks and complains of."""
    showing = Showing(window)

    def complain(message: ConsoleMessage) -> None:
        showing.broken.append(message.text)

    window.on("console", complain)
    yield showing
    window.remove_listener("console", complain)
    await window.unroute_all()
    await window.set_viewport_size(PHONE)  # pyright: ignore[reportArgumentType]  two ints
    assert set(showing.asked) == {ADDRESS}
    assert showing.broken == []


def test_every_page_is_looked_at() -> None:
    """A page that is added is added here."""
    templates = (Path(pages.__file__).parent / "templates").glob("*.html")
    assert {template.stem for template in templates} - {"page", "icons", "leaving"} == {
        template for template, _ in SHOWN.values()
    }


@pytest.mark.parametrize("name", SHOWN)
async def test_a_page(showing: Showing, name: str) -> None:
    """It has a language, a title, one heading, text to be read, buttons to be hit, and no scroll sideways."""
    await showing.show(name)
    size: dict[str, Any]
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for size, scheme in product((PHONE, DESKTOP), schemes):
        await showing.page.set_viewport_size(size)  # pyright: ignore[reportArgumentType]  two ints
        await showing.page.emulate_media(color_scheme=scheme)
        measured = await showing.page.evaluate(MEASURE)
        assert measured == {
            "lang": "ru",
            "title": f"{measured['title'].removesuffix(' · Школьные дневники')} · Школьные дневники",
            "headings": 1,
            "scripts": 1 if name == "invitation" else 0,
            "landmarks": 1,
            "wider": 0,
            "small": 0,
            "faint": [],
        }


@pytest.mark.parametrize(
    "name", [name for name, (_, facts) in SHOWN.items() if "go_url" in facts or facts.get("again_url")]
)
async def test_the_button_is_the_first_thing_a_keyboard_meets(showing: Showing, name: str) -> None:
    """One press of Tab stands on it, and it can be seen."""
    await showing.show(name)
    await showing.page.keyboard.press("Tab")
    assert await showing.page.evaluate(FOCUS) == ["button", "solid"]
