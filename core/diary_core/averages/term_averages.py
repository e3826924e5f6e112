"""The averages of a term, subject by subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from diary_core.averages.comparing import compare
from diary_core.averages.counting import count_marks
from diary_core.averages.rounding import mark_made, rounding_for
from diary_core.averages.subjects import same_subject
from diary_core.averages.tally import Tally, exact_decimal, figure
from diary_core.model import Average, DiaryAverage, Mark, Maybe, NotLoaded, Subject, Term, Unavailable


def averages_of(
    marks: Iterable[Mark],
    term: Term,
    *,
    shown: Maybe[Sequence[DiaryAverage]],
    up_from: Decimal | None = None,
) -> tuple[Average, ...]:
    """Return the average of every subject that has marks in a term, or a figure in the diary, by name.

    Args:
        marks: Those of other days are left out.
        term: Over which.
        shown: The diary's own averages of the term, or why there are none.
        up_from: The fraction from which the school rounds up, when the asker knows better than the diary.

    Raises:
        ValueError: `up_from` is not above 0 and at most 1.
    """
    of_term = [mark for mark in marks if term.since <= mark.date <= term.until]
    known_shown = () if isinstance(shown, NotLoaded | Unavailable) else shown
    subjects: list[Subject] = []
    for subject in (*(mark.subject for mark in of_term), *(one.subject for one in known_shown)):
        if not any(same_subject(subject, other) for other in subjects):
            subjects.append(subject)
    return tuple(
        in_subject(of_term, subject, term, shown=shown, up_from=up_from)
        for subject in sorted(subjects, key=lambda subject: (subject.name, subject.id or ""))
    )


def in_subject(
    marks: Iterable[Mark],
    subject: Subject,
    term: Term,
    *,
    shown: Maybe[Sequence[DiaryAverage]],
    up_from: Decimal | None = None,
) -> Average:
    """Return the average of one subject, also of one without marks; the arguments as for all of them."""
    own = [
        mark
        for mark in marks
        if same_subject(mark.subject, subject) and term.since <= mark.date <= term.until
    ]
    counting = count_marks(own)
    tally = Tally.of(counting.inputs)
    upstream = _upstream(subject, shown)
    rounding = rounding_for(subject, () if isinstance(shown, NotLoaded | Unavailable) else shown, up_from)
    agrees, disagreement = compare(
        counting, None if isinstance(upstream, NotLoaded | Unavailable) else upstream
    )
    return Average(
        subject=subject,
        term_id=term.id,
        value=None if tally.mean is None else figure(tally.mean),
        total=exact_decimal(tally.total),
        weight=exact_decimal(tally.weight),
        rule=counting.rule,
        weights=counting.weights,
        scale=counting.scale,
        inputs=counting.inputs,
        left_out=counting.left_out,
        rounds_to=None if tally.mean is None else mark_made(tally.mean, rounding),
        rounding=rounding,
        upstream=upstream,
        agrees=agrees,
        disagreement=disagreement,
    )


def _upstream(subject: Subject, shown: Maybe[Sequence[DiaryAverage]]) -> Maybe[Decimal | None]:
    if isinstance(shown, NotLoaded | Unavailable):
        return shown
    return next((one.value for one in shown if same_subject(one.subject, subject)), None)
