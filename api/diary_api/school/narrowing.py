"""What of an answer a trusted person gets: the parts she has no right to are unavailable, and say so."""

from __future__ import annotations

from diary_api.grants.rights import Right, Rights, read
from diary_api.school.cache import Served
from diary_api.school.readings import Kind
from diary_api.school.schemas import ChildShown, DayAnswer, GrantedShown, outgoing
from diary_api.storage.tables import GrantRow
from diary_core.model import Answer, Day, Lesson, Reason, Unavailable

_HIDDEN = Unavailable(reason=Reason.NOT_PERMITTED)
_ON_A_LESSON = {
    "homework": Right.HOMEWORK,
    "marks": Right.MARKS,
    "attendance": Right.ATTENDANCE,
    "remark": Right.REMARKS,
}
"""What stands on a lesson besides the lesson, and the right to it."""
_OF_ANOTHER = frozenset(_ON_A_LESSON.values())


def answered_to(rights: Rights | None, kind: str, served: Served) -> Served:
    """Return an answer with no more in it than the reader may see.

    Args:
        rights: The reader's; None for the child's own parent.
        kind: What was read; only `days` mix what several rights open.
        served: The whole answer.
    """
    if rights is None or kind != Kind.DAYS or rights >= _OF_ANOTHER:
        return served
    whole = DayAnswer.model_validate_json(served.body)
    narrowed = Answer[Day](
        items=tuple(_day(day, rights) for day in whole.items),
        source=whole.source,
        as_of=whole.as_of,
        stale=whole.stale,
        stale_reason=whole.stale_reason,
        partial=whole.partial,
    )
    return Served(outgoing(narrowed).model_dump_json().encode())


def shown_through(grant: GrantRow | None, child: ChildShown) -> ChildShown:
    """Return a child with no more told of it than its grant lets the reader know."""
    if grant is None:
        return child
    rights = read(grant.rights)
    hidden = {} if Right.SCHOOL in rights else {"school": _HIDDEN, "group": _HIDDEN}
    private = {"since": _HIDDEN, **hidden}
    return child.model_copy(
        update={
            "label": None,
            "birth_date": _HIDDEN,
            "class_standing_shown": False,
            "enrolments": tuple(one.model_copy(update=private) for one in child.enrolments),
            "granted": GrantedShown(grant_id=grant.id, rights=tuple(sorted(rights)), until=grant.ends_at),
        }
    )


def _day(day: Day, rights: Rights) -> Day:
    hidden = {} if Right.HOMEWORK in rights else {"homework": _HIDDEN}
    return day.model_copy(update={"lessons": tuple(_lesson(one, rights) for one in day.lessons), **hidden})


def _lesson(lesson: Lesson, rights: Rights) -> Lesson:
    return lesson.model_copy(
        update={part: _HIDDEN for part, right in _ON_A_LESSON.items() if right not in rights}
    )
