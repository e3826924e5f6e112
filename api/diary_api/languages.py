"""Which of our two languages a request prefers."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from diary_core.bilingual import Language


def language_of(request: HTTPConnection) -> Language:
    """Return the preferred language by `Accept-Language`; Russian unless English is wanted more.

    Source: RFC 9110, section 12.5.4.
    """
    weights: dict[Language, float] = {"ru": 0.0, "en": 0.0}
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, parameter = part.partition(";")
        weight = _weight(parameter)
        match tag.strip().lower().split("-")[0]:
            case "ru":
                weights["ru"] = max(weights["ru"], weight)
            case "en":
                weights["en"] = max(weights["en"], weight)
            case _:
                continue
    return "en" if weights["en"] > weights["ru"] else "ru"


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
