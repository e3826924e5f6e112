"""From figures to a state, and from a state to words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from diary_api.status.schemas import Figures, Part, State, Whose
from diary_api.status.windows import MINUTES, Window
from diary_core.bilingual import Bilingual
from diary_core.errors import RegionMaintenance

_SLOW_S: Final = 5.0
"""Nineteen of twenty calls end sooner while a server is not slow."""
_FAILING: Final = 0.1
"""From this share of failed calls on, a parent notices."""
_DOWN_CALLS: Final = 2
"""One failed call alone makes nothing down."""
_DOWN_IN_ROW: Final = 3
"""So many failures since the last success do, however well it went before."""

_OF_THE_DIARY: Final[Mapping[State, Bilingual]] = {
    State.OK: Bilingual("Дневник отвечает.", "The diary answers."),
    State.SLOW: Bilingual(
        "Дневник отвечает медленно: придётся подождать.", "The diary answers slowly: expect to wait."
    ),
    State.FAILING: Bilingual(
        "Дневник отвечает через раз: тогда видно то, что он показывал раньше.",
        "The diary fails now and then: what it showed before is shown instead.",
    ),
    State.DOWN: Bilingual(
        "Дневник не отвечает: видно то, что он показывал раньше.",
        "The diary does not answer: what it showed before is shown.",
    ),
    State.RESTING: Bilingual(
        "Дневник не отвечал раз за разом, мы дали ему передышку: видно то, что он показывал раньше.",
        "The diary failed again and again and is left alone for a while: what it showed before is shown.",
    ),
    State.MAINTENANCE: Bilingual(
        "В дневнике идут работы: видно то, что он показывал раньше.",
        "The diary is being worked on: what it showed before is shown.",
    ),
    State.UNKNOWN: Bilingual(
        "В последние минуты к дневнику никто не обращался.", "Nobody has asked the diary in the last minutes."
    ),
}
_OF_GOSUSLUGI: Final[Mapping[State, Bilingual]] = {
    State.OK: Bilingual("Вход через Госуслуги работает.", "Signing in through Gosuslugi works."),
    State.SLOW: Bilingual("Госуслуги отвечают медленно.", "Gosuslugi answers slowly."),
    State.FAILING: Bilingual(
        "Вход через Госуслуги удаётся не каждый раз.", "Signing in through Gosuslugi fails now and then."
    ),
    State.DOWN: Bilingual(
        "Госуслуги не отвечают: через них сейчас не войти.",
        "Gosuslugi does not answer: nobody can sign in through it.",
    ),
    State.RESTING: Bilingual(
        "Госуслуги не отвечали раз за разом: попробуйте через минуту.",
        "Gosuslugi failed again and again: try in a minute.",
    ),
    State.MAINTENANCE: Bilingual("На Госуслугах идут работы.", "Gosuslugi is being worked on."),
    State.UNKNOWN: Bilingual(
        "В последние минуты через Госуслуги никто не входил.",
        "Nobody has signed in through Gosuslugi in the last minutes.",
    ),
}
_OF_US: Final[Mapping[State, Bilingual]] = {
    State.OK: Bilingual("Работает.", "It works."),
    State.SLOW: Bilingual("Работает медленно.", "It is slow."),
    State.FAILING: Bilingual("Работает с перебоями.", "It fails now and then."),
    State.DOWN: Bilingual("Не работает: мы уже знаем об этом.", "It does not work: we know."),
}
_WORDS: Final[Mapping[Whose, Mapping[State, Bilingual]]] = {
    "diary": _OF_THE_DIARY,
    "gosuslugi": _OF_GOSUSLUGI,
    "us": _OF_US,
}
_FOR_SPEED: Final = frozenset({"redis"})
"""Parts of ours that cost nothing but speed when they are lost."""
_WELL: Final = frozenset({State.OK, State.UNKNOWN})


def state_of(window: Window) -> State:
    """Return the state that figures of the last minutes show."""
    answered, failed = window.last_success, window.last_failure
    broken = failed is not None and (answered is None or failed > answered)
    if window.last_refusal and all(one is None or one <= window.last_refusal for one in (answered, failed)):
        return State.RESTING if window.calls or broken else State.UNKNOWN
    if not window.calls:
        return State.UNKNOWN
    if broken and window.last_failure_code == RegionMaintenance.code:
        return State.MAINTENANCE
    if window.failed == window.calls >= _DOWN_CALLS or (broken and window.failed_in_row >= _DOWN_IN_ROW):
        return State.DOWN
    if window.failed >= _FAILING * window.calls and window.failed:
        return State.FAILING
    return State.SLOW if (window.quantile(0.95) or 0) >= _SLOW_S else State.OK


def figures_of(window: Window) -> Figures:
    """Return what is told of a window."""
    return Figures(
        minutes=MINUTES,
        calls=window.calls,
        failed_share=round(window.failed / window.calls, 3) if window.calls else 0,
        p50_s=window.quantile(0.5),
        p95_s=window.quantile(0.95),
        last_success=window.last_success,
        last_failure=window.last_failure,
        last_failure_code=window.last_failure_code,
    )


def sentence(whose: Whose, state: State) -> Bilingual:
    """Return a state in words."""
    return _WORDS[whose][state]


def headline(parts: Iterable[Part]) -> Bilingual:
    """Return the most important of it: our own trouble, then Gosuslugi's, the diaries', our slowness."""
    ill = [part for part in parts if part.state not in _WELL]
    if not ill:
        return Bilingual("Всё работает.", "Everything works.")
    ours = [part for part in ill if part.whose == "us"]
    slow = [part for part in ours if part.state == State.SLOW or part.name in _FOR_SPEED]
    if len(ours) > len(slow):
        return Bilingual("Неполадка у нас: мы чиним.", "The trouble is ours: we are mending it.")
    if len(slow) == len(ill):
        return Bilingual("Всё работает, но медленнее обычного.", "Everything works, but slower than usual.")
    if any(part.whose == "gosuslugi" for part in ill):
        return Bilingual(
            "У нас всё работает; неполадка на Госуслугах.", "We are well; Gosuslugi is in trouble."
        )
    return Bilingual(
        "У нас всё работает; неполадки у некоторых дневников.", "We are well; some diaries are in trouble."
    )
