"""When two answers say the same."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# answers are JSON of any shape, and are compared as such

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

OF_THE_MOMENT: Final = frozenset({"as_of", "listed_at", "stale", "stale_reason"})
"""What may differ between two answers of equal content."""
WHAT_LACKS: Final = frozenset({"partial", "unavailable", "missing"})
"""Where an answer says what is not in it."""
NOT_THERE: Final = frozenset({"unavailable", "not_loaded"})
"""How a value says that it is not there."""
RECKONED: Final = frozenset(
    {"agrees", "count", "counts", "disagreement", "inputs", "lessons_left", "mean", "needed", "outcomes"}
    | {"reachable", "rounded", "rounding", "rounds_to", "rule", "share", "title", "total", "value", "ways"}
    | {"weight", "weights"}
)
"""What the gateway reckons from all it has: from less it reckons something else, and says that it lacks."""
_SHOWN: Final = 200
"""Characters of a content that are told."""
_SPARE_ID = re.compile(r"entry-\d+|\d+-homework-\d+")
"""By which a homework goes while the diary's own list of them cannot be had."""
_UNNAMED: Final = "—"
"""How a subject goes by while the diary's list of them cannot be had."""
_OUR_ID = re.compile(r"\b([a-z]{2,4})_[a-z2-7]{26}\b")


@dataclass(frozen=True)
class Told:
    """What came of one request."""

    status: int
    body: dict[str, Any] = field(repr=False)

    @property
    def code(self) -> str | None:
        """The code of a problem."""
        return self.body.get("code")

    @cached_property
    def plain(self) -> Any:  # as JSON has it
        """The content: without the gateway's own ids and whatever tells of the moment."""
        if self.status != 200:
            return self.code
        told = _timeless(json.loads(_OUR_ID.sub(r"\1", json.dumps(self.body))))
        told.pop("at", None)  # of a family's day
        if "needs" in told:  # that signing in again is due is said besides
            told["needs"] = [need for need in told["needs"] if need["kind"] != "sign_in"]
        return told


def weaker(seen: Any, calm: Any) -> bool:  # as JSON has it
    """Tell whether one content is the other, or the other without what it says to lack."""
    return _weaker(seen, calm, lacks=_lacks(seen))


def first_strength(seen: Any, calm: Any) -> str:  # as JSON has it
    """Return where a content first says what neither the other says nor a lack explains; empty if nowhere."""
    return _strength(seen, calm, "", lacks=_lacks(seen))


def _strength(seen: Any, calm: Any, place: str, *, lacks: bool) -> str:  # as JSON has it
    if _weaker(seen, calm, lacks=lacks):
        return ""
    parts: list[tuple[str, Any, Any]] = []
    if isinstance(seen, dict) and isinstance(calm, dict) and seen.keys() == calm.keys():
        closed = seen.keys() - _open_keys(lacks=lacks)
        parts = [(f"{place}.{key}", seen[key], calm[key]) for key in seen if key in closed]
    elif isinstance(seen, list) and isinstance(calm, list) and len(seen) == len(calm):
        parts = [(f"{place}[{nth}]", *pair) for nth, pair in enumerate(zip(seen, calm, strict=True))]
    deeper = (_strength(one, other, at, lacks=lacks) for at, one, other in parts)
    here = f"{place}: {str(seen)[:_SHOWN]} instead of {str(calm)[:_SHOWN]}"
    return next(filter(None, deeper), here)


def _weaker(seen: Any, calm: Any, *, lacks: bool) -> bool:  # as JSON has it
    if seen == calm or (isinstance(seen, dict) and seen.get("state") in NOT_THERE):
        return True
    if lacks and (seen in (None, _UNNAMED) or (isinstance(seen, str) and _SPARE_ID.fullmatch(seen))):
        return True
    if isinstance(seen, dict) and isinstance(calm, dict):
        return seen.keys() == calm.keys() and all(
            key in _open_keys(lacks=lacks) or _weaker(seen[key], calm[key], lacks=lacks) for key in seen
        )
    if isinstance(seen, list) and isinstance(calm, list):
        return (lacks or len(seen) == len(calm)) and all(
            any(_weaker(one, other, lacks=lacks) for other in calm) or (lacks and _is_spare(one))
            for one in seen
        )
    return False


def _open_keys(*, lacks: bool) -> frozenset[str]:
    """Return the fields that may say anything."""
    return WHAT_LACKS | RECKONED if lacks else WHAT_LACKS


def _is_spare(item: Any) -> bool:  # as JSON has it
    """Tell whether it is a homework of which the diary does not say now whether it is done."""
    return isinstance(item, dict) and _SPARE_ID.fullmatch(str(item.get("id"))) is not None


def _lacks(value: Any) -> bool:  # as JSON has it
    """Tell whether a content says of any part that it is not there."""
    if isinstance(value, dict):
        not_there = value.get("state") in NOT_THERE
        return not_there or any((key in WHAT_LACKS and part) or _lacks(part) for key, part in value.items())
    return isinstance(value, list) and any(_lacks(part) for part in value)


def _timeless(value: Any) -> Any:  # as JSON has it
    if isinstance(value, dict):
        return {key: _timeless(part) for key, part in value.items() if key not in OF_THE_MOMENT}
    if isinstance(value, list):
        return [_timeless(part) for part in value]
    return value
