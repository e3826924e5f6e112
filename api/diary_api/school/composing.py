"""Answers put together from several readings, as trustworthy as the worst of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from diary_api.connections.family import Asked
from diary_api.school.readings import Reading
from diary_api.school.schemas import DiaryAnswer, outgoing
from diary_api.school.service import SchoolDiaries
from diary_core.model import Answer, Missing, Model, Reason, Unavailable

ItemT = TypeVar("ItemT", bound=Model)
Parts = Mapping[str, DiaryAnswer[Any]]  # answers about anything, by the name of the part


async def part(
    school: SchoolDiaries, asked: Asked, reading: Reading[ItemT], *, patience: timedelta | None = None
) -> DiaryAnswer[ItemT]:
    """Return what the diary says, or last said, to be put together with more.

    Raises:
        DiaryError: As `SchoolDiaries.read`.
    """
    served = await school.read(asked, reading, patience=patience)
    return DiaryAnswer[reading.item].model_validate_json(served.body)  # pyright: ignore[reportReturnType]  its own item


def composed(items: tuple[ItemT, ...], parts: Parts, gaps: Mapping[str, Unavailable]) -> DiaryAnswer[ItemT]:
    """Return one answer: as old as its oldest part, stale when one is, and lacking what any of them lacks.

    Args:
        items: What was made of the parts.
        parts: By name, the one that gives the source first.
        gaps: Parts that could not be had, by name: those the diary failed to deliver are partial.
    """
    first = next(iter(parts.values()))
    stale = next((one for one in parts.values() if one.stale), first)
    lacking = [
        Missing(what=f"{name}.{missing.what}", reason=missing.reason)
        for name, one in parts.items()
        for missing in one.partial
    ]
    failed = {name: gap.reason for name, gap in gaps.items() if gap.reason is Reason.UPSTREAM_ERROR}
    refused = {name: gap.reason for name, gap in gaps.items() if name not in failed}
    made = outgoing(
        Answer(
            items=items,
            source=first.source,
            as_of=min(one.as_of for one in parts.values()),
            stale=stale.stale,
            stale_reason=stale.stale_reason,
            partial=(*lacking, *(Missing(what=name, reason=reason) for name, reason in failed.items())),
        )
    )
    without = [Missing(what=name, reason=reason) for name, reason in refused.items()]
    unavailable = sorted([*made.unavailable, *without], key=lambda missing: missing.what)
    return made.model_copy(update={"unavailable": tuple(unavailable)})
