"""What marks weigh, and what their kinds are called: facts of the school, read beside the marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from diary_core.model import Maybe, Unavailable
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.parse.tables import DANGLING


@dataclass(frozen=True)
class Weights:
    """The school's kinds of work, and whether it weighs them."""

    kinds: Mapping[str, wire.WorkType] = field(default_factory=dict[str, wire.WorkType])
    weighs: bool | None = None
    """None when the school does not say: then the weights it lists hold."""
    kinds_gap: Unavailable | None = None
    """Why the kinds are not known, when they are not."""
    gap: Unavailable | None = None
    """Why weights are not known, when they are not."""

    @classmethod
    def read(cls, kinds: Sequence[wire.WorkType] | Unavailable, school: wire.School | Unavailable) -> Weights:
        """Put both side calls together; a school that does not weigh needs no kinds to say so."""
        kinds_gap = kinds if isinstance(kinds, Unavailable) else None
        school_gap = school if isinstance(school, Unavailable) else None
        weighs = None if isinstance(school, Unavailable) else school.uses_weighted_avg
        return cls(
            kinds={} if isinstance(kinds, Unavailable) else {kind.id: kind for kind in kinds},
            weighs=weighs,
            kinds_gap=kinds_gap,
            gap=None if weighs is False else school_gap or kinds_gap,
        )

    def weight(self, kind_id: str | None) -> Maybe[Decimal | None]:
        """Return what marks of a kind weigh; None when the school does not weigh.

        A school that does not weigh lists weights all the same.
        """
        if self.weighs is False:
            return None
        if self.gap is not None:
            return self.gap
        kind = self.kinds.get(kind_id or "")
        return DANGLING if kind is None or kind.weight is None else kind.weight
