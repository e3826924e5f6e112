"""Comparing what a diary said with the truth, field by field; a gap is not compared, but remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from diary_core.model import Model, NotLoaded, Unavailable

IDS = frozenset({"id", "lesson_id", "parent_id", "term_id"})
"""The wire's business: how they are made is tested with the sandbox."""


@dataclass
class Comparison:
    """Differences found so far, and the gaps met on the way."""

    differences: list[str] = field(default_factory=list[str])
    gaps: set[str] = field(default_factory=set[str])
    leave_out: frozenset[str] = frozenset()
    """Dotted paths that are known to differ by nature, told where the comparison is made."""

    def each(self, seen: Sequence[Model], truth: Sequence[Model], where: str) -> None:
        """Compare two sequences; both are put in one order first."""
        if len(seen) != len(truth):
            self.differences.append(f"{where}: {len(seen)} seen, {len(truth)} true")
        for one, other in zip(sorted(seen, key=_place), sorted(truth, key=_place), strict=False):
            self.one(one, other, where, "")

    def one(self, seen: Model, truth: Model, where: str, path: str) -> None:
        """Compare two models of one type."""
        for name in type(truth).model_fields:
            inner = f"{path}.{name}" if path else name
            if name not in IDS and inner not in self.leave_out:
                self._value(getattr(seen, name), getattr(truth, name), where, inner)

    def _value(self, seen: object, truth: object, where: str, path: str) -> None:
        if isinstance(seen, NotLoaded | Unavailable):
            reason = f" ({seen.reason})" if isinstance(seen, Unavailable) else ""
            self.gaps.add(f"{path}: {seen.state}{reason}")
        elif isinstance(truth, NotLoaded | Unavailable):
            self.gaps.add(f"{path}: only one side tells")
        elif isinstance(seen, Model) and isinstance(truth, Model) and type(seen) is type(truth):
            self.one(seen, truth, where, path)
        elif isinstance(seen, tuple) and isinstance(truth, tuple):
            self._tuples(cast("tuple[object, ...]", seen), cast("tuple[object, ...]", truth), where, path)
        elif seen != truth:
            self.differences.append(f"{where} {path}: {seen!r} seen, {truth!r} true")

    def _tuples(self, seen: tuple[object, ...], truth: tuple[object, ...], where: str, path: str) -> None:
        if len(seen) != len(truth):
            self.differences.append(f"{where} {path}: {len(seen)} seen, {len(truth)} true")
        for one, other in zip(sorted(seen, key=_place), sorted(truth, key=_place), strict=False):
            self._value(one, other, where, path)


def _place(thing: object) -> str:
    """Return a key that orders a thing the same on both sides, whatever its ids and gaps."""
    if not isinstance(thing, Model):
        return repr(thing)
    words = (
        "date",
        "due_on",
        "since",
        "kind",
        "slot",
        "display",
        "form",
        "text",
        "name",
        "title",
        "entered_at",
        "published_at",
        "week",
    )
    parts = [repr(getattr(thing, word, None)) for word in words]
    half = getattr(thing, "actual", None) or getattr(thing, "planned", None)
    starts = repr(getattr(half, "starts", None))
    subject = getattr(half, "subject", None) or getattr(thing, "subject", None)
    return "|".join([parts[0], starts, repr(getattr(subject, "name", None)), *parts[1:]])
