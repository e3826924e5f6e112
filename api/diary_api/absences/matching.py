"""Finding a notice among those a diary lists, pure.

The comment is not compared: a diary may tidy it, and a notice told twice is worse than one in other words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diary_core.model import AbsenceNotice, NewAbsenceNotice


def arrived(told: NewAbsenceNotice, standing: Iterable[AbsenceNotice]) -> bool:
    """Tell whether a notice whose answer was lost is among those that stand.

    Told of several lessons, the diary takes all of them or none: one that stands is proof enough.
    """
    return any(
        notice.reason is None or notice.reason.code == told.reason_code
        for notice in standing
        if same_place(told, notice) and notice.told_by != "other"
    )


def to_take_back(told: NewAbsenceNotice, standing: Iterable[AbsenceNotice]) -> Sequence[str]:
    """Return the diary's ids of what was told, as far as it stands."""
    return [notice.id for notice in standing if same_place(told, notice) and notice.told_by != "other"]


def beside(told: Iterable[NewAbsenceNotice], standing: Iterable[AbsenceNotice]) -> Sequence[AbsenceNotice]:
    """Return what stands and is none of the told ones: another parent's, or told on the diary's own site."""
    known = list(told)
    return [
        notice
        for notice in standing
        if notice.told_by == "other" or not any(same_place(one, notice) for one in known)
    ]


def overlaps(told: NewAbsenceNotice, standing: Iterable[AbsenceNotice]) -> bool:
    """Tell whether something stands where a notice is to be told: a whole day leaves no room for lessons."""
    return any(
        notice.date == told.date
        and (not told.lesson_ids or notice.lesson_id is None or notice.lesson_id in told.lesson_ids)
        for notice in standing
    )


def meet(one: NewAbsenceNotice, other: NewAbsenceNotice) -> bool:
    """Tell whether two notices speak of the same lesson, or one of them of the other's whole day."""
    if one.date != other.date:
        return False
    whole = not one.lesson_ids or not other.lesson_ids
    return whole or not set(one.lesson_ids).isdisjoint(other.lesson_ids)


def same_place(told: NewAbsenceNotice, notice: AbsenceNotice) -> bool:
    """Tell whether a listed notice is of a day, or of a lesson, that was told of."""
    return notice.date == told.date and notice.lesson_id in (told.lesson_ids or (None,))


def as_told(notice: AbsenceNotice) -> NewAbsenceNotice:
    """Return a listed notice in the words it may have been told with."""
    return NewAbsenceNotice(
        date=notice.date,
        lesson_ids=() if notice.lesson_id is None else (notice.lesson_id,),
        reason_code=notice.reason.code if notice.reason else "",
        comment=notice.comment,
    )
